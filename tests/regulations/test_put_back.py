"""What was taken out of a draft comes back as it was: in its order, switched as it was, with who wrote it; or says why not."""

import pytest
from django.urls import reverse

from campaign.regulations.models import RemovedProvision
from campaign.regulations.queries import edition_tree
from campaign.regulations.services import (
    ParentIsOut,
    Spot,
    StandsAlready,
    Traits,
    Words,
    add_choice,
    change_traits,
    follow_model,
    insert_provision,
    move_provision,
    remove_provision,
    restore_both,
    restore_provision,
    save_words,
    set_options,
)
from campaign.regulations.services.placing import TooManyProvisions
from tests.factories.accounts import UserFactory
from tests.factories.regulations import MOMENT
from tests.regulations.drafts import NEXT, adaptation, member, publish, words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def draft():
    return adaptation()


@pytest.fixture
def drafter(client, draft):
    client.force_login(member(draft.template.campaign))
    return client


@pytest.fixture
def out(draft, person):
    """Takes a provision out."""
    return lambda key: remove_provision(edition=draft, key=key, person=person, at=MOMENT)


def back(draft, removed):
    restore_provision(edition=draft, removed_id=removed.pk)
    draft.refresh_from_db()


def make_optional(draft, key, **more):
    change_traits(edition=draft, key=key, traits=Traits(kind="paragraph", is_optional=not more, **more))


def test_restore_keeps_the_switch_and_who_wrote_it(draft, person, out):
    make_optional(draft, "duty-return")
    set_options(edition=draft, values={}, switches={"duty-return": False})
    save_words(
        edition=draft, key="duty-return", version=1, words=Words(body="Ours."), person=person, at=MOMENT
    )
    draft.refresh_from_db()

    back(draft, out("duty-return"))

    row = draft.provisions.get(key="duty-return")
    assert draft.switches == {"duty-return": False}
    assert (row.edited_by, row.edited_at) == (person, MOMENT)


def test_restore_of_words_whose_writer_left_names_nobody(draft, person, out):
    save_words(
        edition=draft, key="duty-return", version=1, words=Words(body="Ours."), person=person, at=MOMENT
    )
    removed = out("duty-return")
    RemovedProvision.objects.update(removed_by=None)
    type(person).objects.filter(pk=person.pk).delete()

    back(draft, removed)

    row = draft.provisions.get(key="duty-return")
    assert (row.edited_by, row.edited_at) == (None, MOMENT)


def test_restore_of_an_alternative_leaves_the_one_that_stands_now(draft, person, out):
    group = add_choice(edition=draft, label="Way", required=True, help_text="").name
    make_optional(draft, "duty-return", choice=group, is_default=True)
    make_optional(draft, "duty-limits", choice=group, is_default=False)
    removed = out("duty-return")
    set_options(edition=draft, values={}, switches={"duty-limits": True})

    back(draft, removed)

    assert draft.switches == {"duty-limits": True, "duty-return": False}


# --- order ----------------------------------------------------------------------------
@pytest.fixture
def four(draft, person):
    """Four articles after the last one."""
    for number, after in enumerate(("duty", "n1", "n2", "n3"), start=1):
        insert_provision(
            edition=draft,
            traits=Traits(kind="article"),
            words=Words(body="Words."),
            spot=Spot("", after),
            person=person,
            at=MOMENT,
            key=f"n{number}",
        )


def top(draft):
    return [unit.key for unit in edition_tree(edition=draft)]


@pytest.mark.parametrize("taken", [("n2", "n1"), ("n1", "n2"), ("n1", "n3", "n2"), ("n3", "n2", "n1")])
@pytest.mark.parametrize("is_first_first", [True, False])
def test_restore_after_former_neighbors_that_are_out_keeps_the_order(draft, four, out, taken, is_first_first):
    before = top(draft)
    removed = [out(key) for key in taken]

    for each in removed if is_first_first else removed[::-1]:
        back(draft, each)

    assert top(draft) == before


def test_restore_after_a_neighbor_that_moved_stands_after_the_one_before(draft, four, out):
    removed = out("n3")
    move_provision(edition=draft, key="n2", spot=Spot("", ""))

    remove_it = out("n2")
    back(draft, removed)

    assert top(draft)[-3:] == ["n1", "n3", "n4"]
    assert remove_it.former == []


# --- both, or neither -----------------------------------------------------------------
def test_restore_both_of_which_one_cannot_names_what_is_above_that(drafter, draft, out):
    point, limits, terms = out("duty-limits-b"), out("duty-limits"), out("terms")

    with pytest.raises(ParentIsOut) as refusal:
        restore_both(edition=draft, removed_id=terms.pk, then=point.pk)
    answer = drafter.post(
        reverse("provision_restore", args=[draft.template.slug, terms.pk]), {"then": point.pk}
    )

    assert (refusal.value.removed, refusal.value.parent) == (point, limits)
    assert (answer.status_code, answer.context["parent"]) == (409, limits)
    assert draft.removed_provisions.count() == 3


def test_restore_both_of_which_one_is_refused_names_it_and_puts_back_none(drafter, draft, out, monkeypatch):
    point, limits = out("duty-limits-b"), out("duty-limits")
    total = draft.provisions.count()
    monkeypatch.setattr("campaign.regulations.services.removing.MAX_PROVISIONS", total + 2)

    page = drafter.post(
        reverse("provision_restore", args=[draft.template.slug, limits.pk]), {"then": point.pk}, follow=True
    ).content.decode()

    assert "to a second thing." in page
    assert str(TooManyProvisions.message) in page
    assert "Nothing was put back." in page
    assert (draft.provisions.count(), draft.removed_provisions.count()) == (total, 2)


# --- in the way -----------------------------------------------------------------------
def test_what_the_model_brought_back_stands_in_the_way_and_its_words_are_shown(drafter, draft, person, out):
    save_words(
        edition=draft, key="duty-return", version=1, words=Words(body="Ours <b>."), person=person, at=MOMENT
    )
    removed = out("duty-return")
    publish(NEXT)
    follow_model(edition=draft, key="duty-return", decision="taken", person=person, at=MOMENT)

    with pytest.raises(StandsAlready):
        restore_provision(edition=draft, removed_id=removed.pk)
    answer = drafter.post(reverse("provision_restore", args=[draft.template.slug, removed.pk]))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ours &lt;b&gt;." in page
    assert f'href="{reverse("provision_edit", args=[draft.template.slug, "duty-return"])}"' in page
    assert draft.removed_provisions.count() == 1
    assert "in full" in words(draft)["duty-return"]
