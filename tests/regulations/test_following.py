"""An adaptation follows its model, provision by provision."""

from datetime import timedelta

import pytest

from campaign.regulations.following import ModelMove, changes_to_follow
from campaign.regulations.models import ModelDecision, ProvisionRevision
from campaign.regulations.queries import (
    edition_text,
    edition_tree,
    newer_model_edition,
    open_changes,
)
from campaign.regulations.services import (
    InstrumentFacts,
    NothingToFollow,
    Spot,
    TakeOverAboveFirst,
    Words,
    adapt_edition,
    follow_model,
    import_template,
    move_provision,
    publish_edition,
    remove_provision,
    save_words,
)
from campaign.regulations.tree import walk
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory, JurisdictionFactory
from tests.factories.regulations import FILE, MOMENT, node, published_edition, text, unit

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LATER = MOMENT + timedelta(days=1)

# What the model's next edition says: a paragraph changed, a point gone, a new article with a new value, a point added, one moved.
NEXT = (
    FILE.replace('label: "1.0"', 'label: "1.1"\n  base: "1.0"')
    .replace("shall be returned within", "shall be returned in full within")
    .replace(
        "          - key: duty-limits-b\n            kind: point\n            text: to a second thing.\n",
        "          - key: duty-limits-c\n            kind: point\n            text: to a third thing.\n",
    )
    .replace(
        "hooks:",
        "  - name: fine\n    label: Fine\n    type: percentage\n    default: 3 %\n    source: A source.\nhooks:",
    )
    + "  - key: penalty\n    kind: article\n    heading: Penalty\n    text: A fine of [[fine]] is due.\n"
)


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def draft(person):
    """The adaptation of edition 1.0, whose model then publishes edition 1.1."""
    model = published_edition()
    facts = InstrumentFacts(
        title="Small act there", tradition="eu-regulation", locale="en", summary="S.", disclaimer="D."
    )
    draft = adapt_edition(
        edition=model,
        campaign=CampaignFactory(),
        jurisdiction=JurisdictionFactory(),
        facts=facts,
        person=person,
        at=MOMENT,
    )
    assert newer_model_edition(edition=draft) is None
    assert open_changes(edition=draft).provisions == []
    import_template(node=node(NEXT), at=LATER)
    return draft


def keys(edition):
    return [unit.key for unit, _above in walk(edition_tree(edition=edition))]


def follow(draft, person, key, decision=ModelDecision.TAKEN):
    return follow_model(edition=draft, key=key, decision=decision, person=person, at=LATER).count


def test_adaptation_sees_what_the_model_changed(draft):
    found = [
        (change.key, change.move, change.is_ours_untouched)
        for change in open_changes(edition=draft).provisions
    ]

    assert found == [
        ("duty-return", ModelMove.CHANGED, True),
        ("duty-limits-c", ModelMove.ADDED, False),
        ("penalty", ModelMove.ADDED, False),
        ("duty-limits-b", ModelMove.REMOVED, True),
    ]


def test_all_taken_over_is_the_models_text_and_rests_on_its_edition(draft, person):
    left = [
        follow(draft, person, key) for key in ("duty-return", "duty-limits-c", "penalty", "duty-limits-b")
    ]

    newest = draft.model_edition.template.editions.get(label="1.1")
    draft.refresh_from_db()
    assert left == [4, 3, 1, 0]  # the new value comes along with the penalty
    assert draft.model_edition == newest
    assert edition_tree(edition=draft) == edition_tree(edition=newest)
    assert edition_text(edition=draft).variables["fine"].default == "3 %"
    assert publish_edition(edition=draft, at=LATER).is_published


def test_what_is_kept_stays_and_is_not_asked_again(draft, person):
    before = edition_tree(edition=draft)

    for key in ("duty-return", "duty-limits-c", "penalty", "duty-limits-b"):
        follow(draft, person, key, ModelDecision.KEPT)

    draft.refresh_from_db()
    assert edition_tree(edition=draft) == before
    assert draft.model_edition.label == "1.1"
    assert open_changes(edition=draft).provisions == []


def test_words_of_ours_that_are_taken_over_are_kept(draft, person):
    words = Words(body="Each model is returned within [[period]].")
    save_words(edition=draft, key="duty-return", version=1, words=words, person=person, at=MOMENT)
    change = next(each for each in open_changes(edition=draft).provisions if each.key == "duty-return")

    follow(draft, person, "duty-return")

    kept = ProvisionRevision.objects.filter(key="duty-return").order_by("replaced_at", "pk").last()
    row = draft.provisions.get(key="duty-return")
    assert not change.is_ours_untouched
    assert (kept.body, kept.written_by) == (words.body, person)
    assert (row.body, row.version) == ("Every model shall be returned in full within [[period]].", 3)


def test_what_we_changed_alike_need_not_be_decided(draft, person):
    words = Words(body="Every model shall be returned in full within [[period]].")
    save_words(edition=draft, key="duty-return", version=1, words=words, person=person, at=MOMENT)

    assert "duty-return" not in [change.key for change in open_changes(edition=draft).provisions]


def test_what_we_took_out_and_the_model_removed_need_not_be_decided(draft, person):
    remove_provision(edition=draft, key="duty-limits-b", person=person, at=MOMENT)

    assert "duty-limits-b" not in [change.key for change in open_changes(edition=draft).provisions]


def test_point_below_what_we_do_not_have_waits_for_what_is_above_it(draft, person):
    remove_provision(edition=draft, key="duty-limits", person=person, at=MOMENT)

    with pytest.raises(TakeOverAboveFirst):
        follow(draft, person, "duty-limits-c")

    assert "duty-limits-c" not in keys(draft)
    assert len(open_changes(edition=draft).provisions) == 3


def test_nothing_is_decided_twice(draft, person):
    follow(draft, person, "penalty")

    with pytest.raises(NothingToFollow):
        follow(draft, person, "penalty")


def test_added_provision_stands_where_the_model_has_it_though_ours_moved(draft, person):
    move_provision(edition=draft, key="terms", spot=Spot("", "duty"))

    follow(draft, person, "penalty")

    assert keys(draft)[:2] == ["recital", "duty"]
    assert [unit.key for unit in edition_tree(edition=draft)] == ["recital", "duty", "penalty", "terms"]


def test_moves_are_told_apart_from_what_only_made_room():
    one, two, three = (unit(key, "article") for key in ("one", "two", "three"))
    paragraph = unit("inner", "paragraph")

    found = changes_to_follow(
        old=text(unit("outer", "article", "", paragraph), one, two, three),
        new=text(unit("outer", "article", ""), three, one, unit("two", "article", "Other.", paragraph)),
        ours=text(unit("outer", "article", "", paragraph), one, two, three),
    )

    assert [(change.key, change.move, change.parent, change.after) for change in found] == [
        ("three", ModelMove.MOVED, "", "outer"),
        ("two", ModelMove.CHANGED, "", "one"),
        ("inner", ModelMove.MOVED, "two", ""),
    ]


def test_article_we_had_taken_out_comes_back_with_what_stood_below_it(draft, person):
    remove_provision(edition=draft, key="duty", person=person, at=MOMENT)
    import_template(
        node=node(NEXT.replace('label: "1.1"\n  base: "1.0"', 'label: "1.2"').replace("heading: Duty", "heading: The duty")),
        at=LATER + timedelta(days=1),
    )  # fmt: skip

    follow(draft, person, "duty")

    assert [key for key in keys(draft) if key.startswith("duty")] == [
        "duty", "duty-return", "duty-limits", "duty-limits-a", "duty-limits-c",
    ]  # fmt: skip
