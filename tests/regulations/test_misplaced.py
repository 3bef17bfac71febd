"""What cannot stand where it is in another tradition is mended step by step; what is out comes back with what it stood in."""

import pytest
from django.urls import reverse

from campaign.regulations.models import Template
from campaign.regulations.queries import edition_text, edition_tree
from campaign.regulations.services import (
    CannotStandThere,
    ParentIsOut,
    Spot,
    Traits,
    change_traits,
    draft_problems,
    move_provision,
    remove_provision,
    restore_provision,
)
from campaign.regulations.tree import walk
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory
from tests.factories.regulations import MOMENT, EditionFactory, ProvisionFactory
from tests.regulations.drafts import assert_guarded, member, outline

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def draft():
    """Two articles; the first with a paragraph that has a point, and in that a definition, which can stand in no point."""
    edition = EditionFactory(template__campaign=CampaignFactory())
    duty = ProvisionFactory(edition=edition, key="duty", position=0, heading="Duty", body="")
    para = ProvisionFactory(
        edition=edition, key="para", parent=duty, position=0, kind="paragraph", body="It:"
    )
    point = ProvisionFactory(
        edition=edition, key="point", parent=para, position=0, kind="point", body="a thing:"
    )
    ProvisionFactory(edition=edition, key="stray", parent=point, position=0, kind="article", body="Stray.")
    ProvisionFactory(edition=edition, key="end", position=1, heading="End", body="At once.")
    return edition


def keys(edition):
    return [key for key, _depth in outline(edition_tree(edition=edition))]


def places(edition):
    return {problem.place for problem in draft_problems(edition=edition, text=edition_text(edition=edition))}


# --- no worse than it was -------------------------------------------------------------
def test_a_move_with_what_is_misplaced_already_is_allowed_and_listed(draft):
    ProvisionFactory(edition=draft, key="other", position=2, heading="Other", body="")

    move_provision(edition=draft, key="para", spot=Spot("other"))

    assert outline(edition_tree(edition=draft))[-3:] == [("para", 1), ("point", 2), ("stray", 3)]
    assert "stray" in places(draft)


def test_what_is_misplaced_moves_to_where_it_lands_well(draft):
    move_provision(edition=draft, key="stray", spot=Spot("", "duty"))

    assert keys(draft) == ["duty", "para", "point", "stray", "end"]
    assert "stray" not in places(draft)


def test_a_move_that_would_misplace_something_else_is_refused(draft):
    before = outline(edition_tree(edition=draft))

    with pytest.raises(CannotStandThere):
        move_provision(edition=draft, key="end", spot=Spot("point"))

    assert outline(edition_tree(edition=draft)) == before


def test_traits_above_what_is_misplaced_already_can_be_changed(draft):
    change_traits(edition=draft, key="point", traits=Traits(kind="point", fixed_number="aa"))

    assert draft.provisions.get(key="point").fixed_number == "aa"
    assert "stray" in places(draft)


def test_traits_that_put_it_right_are_stored(draft):
    change_traits(edition=draft, key="stray", traits=Traits(kind="point"))

    assert "stray" not in places(draft)


def test_traits_that_misplace_something_else_are_refused(draft):
    with pytest.raises(CannotStandThere):
        change_traits(edition=draft, key="para", traits=Traits(kind="recital"))


def test_after_a_change_of_tradition_everything_can_be_moved(person):
    draft = EditionFactory(template__tradition="us-bill")
    head = ProvisionFactory(edition=draft, key="head", kind="section", position=0, heading="Head", body="")
    ProvisionFactory(edition=draft, key="one", kind="article", parent=head, position=0, body="One.")
    ProvisionFactory(edition=draft, key="two", kind="article", parent=head, position=1, body="Two.")
    Template.objects.filter(pk=draft.template_id).update(tradition="position-paper")
    draft.template.refresh_from_db()

    move_provision(edition=draft, key="two", spot=Spot("head"))

    assert keys(draft) == ["head", "two", "one"]


def test_what_was_misplaced_comes_back_to_its_own_place(draft, person):
    removed = remove_provision(edition=draft, key="stray", person=person, at=MOMENT)

    restore_provision(edition=draft, removed_id=removed.pk)

    assert keys(draft) == ["duty", "para", "point", "stray", "end"]


# --- what stood in what is out --------------------------------------------------------
@pytest.fixture
def taken_out(draft, person):
    """The point, then the article that it stood in."""
    draft.provisions.filter(key="stray").delete()
    point = remove_provision(edition=draft, key="point", person=person, at=MOMENT)
    duty = remove_provision(edition=draft, key="duty", person=person, at=MOMENT)
    return point, duty


def test_a_point_whose_parent_is_out_says_with_what_it_went(draft, taken_out):
    point, duty = taken_out

    with pytest.raises(ParentIsOut) as refusal:
        restore_provision(edition=draft, removed_id=point.pk)

    assert refusal.value.parent == duty
    assert keys(draft) == ["end"]


@pytest.fixture
def drafter(client, draft):
    client.force_login(member(draft.template.campaign))
    return client


def address_of(draft, removed):
    return reverse("provision_restore", args=[draft.template.slug, removed.pk])


def test_the_page_names_what_has_to_be_put_back_first(drafter, draft, taken_out):
    point, duty = taken_out

    answer = drafter.post(address_of(draft, point))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert answer.context["name"].replace("\u00a0", " ") == "Article 1(1) – It:"
    assert answer.context["whole"].replace("\u00a0", " ") == "Article 1 – Duty"
    assert f'action="{address_of(draft, duty)}"' in page
    assert f'value="{point.pk}"' in page


def test_the_page_names_it_as_it_would_be_printed(drafter, draft, taken_out):
    point, duty = taken_out
    for unit in duty.subtree["children"]:
        unit["body"] = "[[ref:end]] ends it:"
    duty.save(update_fields=["subtree"])

    name = drafter.post(address_of(draft, point)).context["name"]

    assert name.replace("\u00a0", " ") == "Article 1(1) – Article 2 ends it:"


def test_both_are_put_back_by_one_button(drafter, draft, taken_out):
    point, duty = taken_out

    answer = drafter.post(address_of(draft, duty), {"then": point.pk})

    assert answer.url == f"{reverse('draft', args=[draft.template.slug])}#point"
    assert keys(draft) == ["duty", "para", "point", "end"]
    assert not draft.removed_provisions.exists()


def test_only_what_is_above_it_is_put_back_when_asked(drafter, draft, taken_out):
    _point, duty = taken_out

    drafter.post(address_of(draft, duty))

    assert keys(draft) == ["duty", "para", "end"]


def test_putting_back_is_for_drafters_and_by_post(client, draft, taken_out):
    point, _duty = taken_out

    assert_guarded(client, draft, address_of(draft, point), method="post")
    client.force_login(member(draft.template.campaign))
    assert client.get(address_of(draft, point)).status_code == 405
    assert [unit.key for unit, _above in walk(edition_tree(edition=draft))] == ["end"]
