"""Work on the provisions of a draft."""

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from campaign.regulations.models import Edition, Provision, ProvisionRevision
from campaign.regulations.queries import edition_tree
from campaign.regulations.services import (
    CannotStandThere,
    DraftIsPublished,
    KeyMalformed,
    KeyTaken,
    NoFurther,
    ProvisionGone,
    ProvisionIsBack,
    Spot,
    TooDeep,
    TooManyParts,
    Traits,
    Words,
    WordsChanged,
    WouldContainItself,
    change_traits,
    insert_provision,
    move_provision,
    publish_edition,
    remove_provision,
    restore_provision,
    save_words,
    split_provision,
    step_provision,
)
from campaign.regulations.tree import walk
from tests.factories.accounts import UserFactory
from tests.factories.regulations import MOMENT, EditionFactory, ProvisionFactory
from tests.threads import in_threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def draft():
    """Two articles; the first with two paragraphs, of which the second has a point."""
    edition = EditionFactory()
    duty = ProvisionFactory(edition=edition, key="duty", position=0, heading="Duty", body="")
    ProvisionFactory(edition=edition, key="first", parent=duty, position=0, kind="paragraph", body="One.")
    second = ProvisionFactory(
        edition=edition, key="second", parent=duty, position=1, kind="paragraph", body="Two:"
    )
    ProvisionFactory(edition=edition, key="point", parent=second, position=0, kind="point", body="a thing.")
    ProvisionFactory(edition=edition, key="end", position=1, heading="Entry into force", body="At once.")
    return edition


def outline(edition):
    return [(unit.key, len(above)) for unit, above in walk(edition_tree(edition=edition))]


def insert(edition, person, spot=Spot(), kind="paragraph", key="", **words):  # noqa: B008  a frozen value
    given = Words(**{"body": "New.", **words})
    return insert_provision(
        edition=edition, traits=Traits(kind=kind), words=given, spot=spot, person=person, at=MOMENT, key=key
    )


def save(edition, person, body, *, version=1, key="first", at=MOMENT):
    return save_words(edition=edition, key=key, version=version, words=Words(body=body), person=person, at=at)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("spot", "place"),
    [(Spot("duty"), 1), (Spot("duty", "first"), 2), (Spot("duty", "second"), 4)],
)
def test_insert_provision_puts_it_at_its_spot(draft, person, spot, place):
    row = insert(draft, person, spot)

    assert outline(draft)[place] == (row.key, 1)
    assert len(outline(draft)) == 6
    assert (row.body, row.edited_by, row.edited_at, row.version) == ("New.", person, MOMENT, 1)


def test_insert_provision_after_a_neighbor_that_is_gone_puts_it_at_the_end(draft, person):
    row = insert(draft, person, Spot("duty", "nowhere"))

    assert outline(draft)[4] == (row.key, 1)


def test_insert_provision_makes_a_key_that_was_never_used(draft, person):
    first = insert(draft, person, Spot(), kind="article", heading="Reporting to the public")
    second = insert(draft, person, Spot(), kind="article", heading="Reporting to the public")
    korean = insert(draft, person, Spot(), kind="article", heading="목적")

    assert first.key == "reporting-to-the-public"
    assert second.key.startswith("reporting-to-the-public-")
    assert korean.key == "provision"


@pytest.mark.parametrize(
    ("key", "error"), [("first", KeyTaken), ("gone", KeyTaken), ("Not one", KeyMalformed)]
)
def test_insert_provision_refuses_a_key_that_is_taken_or_malformed(draft, person, key, error):
    insert(draft, person, Spot("duty"), key="gone")
    remove_provision(edition=draft, key="gone", person=person, at=MOMENT)

    with pytest.raises(error):
        insert(draft, person, Spot("duty"), key=key)


def test_insert_provision_keeps_the_keys_of_earlier_editions_free(draft, person):
    publish_edition(edition=draft, at=MOMENT)
    following = EditionFactory(template=draft.template, label="1.1")

    with pytest.raises(KeyTaken):
        insert(following, person, Spot(), kind="article", key="first")


@pytest.mark.parametrize(
    ("spot", "kind", "error"),
    [
        (Spot(), "point", CannotStandThere),
        (Spot("first"), "article", CannotStandThere),
        (Spot("nowhere"), "paragraph", ProvisionGone),
    ],
)
def test_insert_provision_refuses_a_place_where_it_cannot_stand(draft, person, spot, kind, error):
    before = outline(draft)

    with pytest.raises(error):
        insert(draft, person, spot, kind=kind)

    assert outline(draft) == before


@pytest.mark.sqlite
def test_save_words_raises_the_version(draft, person):
    row = save(draft, person, "Other words.")

    assert (row.body, row.version, row.edited_by, row.edited_at) == ("Other words.", 2, person, MOMENT)


def test_save_words_over_words_of_another_is_refused_with_theirs(draft, person):
    save(draft, UserFactory(), "Theirs.")

    with pytest.raises(WordsChanged) as refusal:
        save(draft, person, "Mine.")

    assert (refusal.value.current.body, refusal.value.current.version) == ("Theirs.", 2)
    assert draft.provisions.get(key="first").body == "Theirs."


def test_save_words_that_stand_there_already_changes_nothing(draft, person):
    save(draft, UserFactory(), "The same.")

    assert save(draft, person, "The same.").version == 2
    assert ProvisionRevision.objects.count() == 1


def test_words_that_are_replaced_are_kept(draft, person):
    other = UserFactory()
    save(draft, other, "Theirs.")
    save(draft, person, "Mine.", version=2)

    kept = [(row.body, row.written_by) for row in ProvisionRevision.objects.order_by("replaced_at", "pk")]
    assert kept == [("One.", None), ("Theirs.", other)]


def test_words_of_one_sitting_are_kept_once(draft, person):
    for version in range(1, 4):
        save(draft, person, f"Version {version}.", version=version, at=MOMENT + timedelta(seconds=version))
    save(draft, person, "Next day.", version=4, at=MOMENT + timedelta(days=1))

    kept = ProvisionRevision.objects.order_by("replaced_at").values_list("body", flat=True)
    assert list(kept) == ["One.", "Version 3."]


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(draft):
    people = UserFactory.create_batch(2)

    refusals = []

    def write(person):
        try:
            save(draft, person, f"Words of {person.pk}.")
        except WordsChanged as refusal:
            refusals.append(refusal.current.body)

    in_threads([lambda person=person: write(person) for person in people])

    row = draft.provisions.get(key="first")
    assert row.version == 2
    assert refusals == [row.body]


@pytest.mark.parametrize(
    ("key", "spot", "expected"),
    [
        ("first", Spot("duty", "second"), ["duty", "second", "point", "first", "end"]),
        ("second", Spot("duty"), ["duty", "second", "point", "first", "end"]),
        ("end", Spot(), ["end", "duty", "first", "second", "point"]),
        ("point", Spot("first"), ["duty", "first", "point", "second", "end"]),
        ("second", Spot("end"), ["duty", "first", "end", "second", "point"]),
    ],
)
def test_move_provision_takes_what_is_below_along(draft, key, spot, expected):
    move_provision(edition=draft, key=key, spot=spot)

    assert [each for each, _depth in outline(draft)] == expected


@pytest.mark.parametrize("spot", [Spot("second"), Spot("point"), Spot("duty", "second")])
def test_move_provision_into_itself_is_refused(draft, spot):
    with pytest.raises(WouldContainItself):
        move_provision(edition=draft, key="second", spot=spot)

    assert [key for key, _depth in outline(draft)] == ["duty", "first", "second", "point", "end"]


def test_move_provision_where_something_below_it_cannot_stand_is_refused(draft, person):
    insert(draft, person, Spot("point"), kind="point", key="deeper")

    with pytest.raises(CannotStandThere):
        move_provision(edition=draft, key="second", spot=Spot("first"))


def test_move_provision_deeper_than_the_limit_is_refused(draft, person, monkeypatch):
    monkeypatch.setattr("campaign.regulations.services.placing.MAX_DEPTH", 3)

    with pytest.raises(TooDeep):
        insert(draft, person, Spot("point"), kind="point")


@pytest.mark.sqlite
@pytest.mark.parametrize("key", ["gone", "first"])
def test_move_provision_that_is_gone_or_below_what_is_gone_is_refused(draft, key):
    with pytest.raises(ProvisionGone):
        move_provision(edition=draft, key=key, spot=Spot("never-there"))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("key", "step", "expected"),
    [
        ("second", "up", ["duty", "second", "point", "first", "end"]),
        ("first", "down", ["duty", "second", "point", "first", "end"]),
        ("end", "up", ["end", "duty", "first", "second", "point"]),
        ("duty", "down", ["end", "duty", "first", "second", "point"]),
    ],
)
def test_step_provision_changes_places_with_its_neighbor(draft, key, step, expected):
    step_provision(edition=draft, key=key, step=step)

    assert [key for key, _depth in outline(draft)] == expected


@pytest.mark.sqlite
def test_step_provision_out_and_in_again_leaves_it_where_it_was(draft, person):
    before = outline(draft)
    row = insert(draft, person, Spot("second", "point"), kind="point", key="later")

    step_provision(edition=draft, key=row.key, step="in")
    inside = outline(draft)
    step_provision(edition=draft, key=row.key, step="out")

    assert inside == [*before[:4], ("later", 3), before[4]]
    assert outline(draft) == [*before[:4], ("later", 2), before[4]]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("key", "step"), [("first", "up"), ("second", "down"), ("first", "in"), ("end", "out"), ("duty", "in")]
)
def test_step_provision_where_there_is_no_further_is_refused(draft, key, step):
    before = outline(draft)

    with pytest.raises(NoFurther):
        step_provision(edition=draft, key=key, step=step)

    assert outline(draft) == before


@pytest.mark.sqlite
def test_split_provision_makes_one_of_each_part(draft, person):
    rows = split_provision(
        edition=draft, key="second", version=1, words=Words(body="Two:"), parts=["Three.", "Four."],
        person=person, at=MOMENT,
    )  # fmt: skip

    assert [(key, depth) for key, depth in outline(draft)][2:6] == [
        ("second", 1), ("point", 2), (rows[1].key, 1), (rows[2].key, 1),
    ]  # fmt: skip
    assert [(row.kind, row.body) for row in rows] == [
        ("paragraph", "Two:"), ("paragraph", "Three."), ("paragraph", "Four."),
    ]  # fmt: skip


def test_split_provision_keeps_the_heading_that_was_typed(draft, person):
    split_provision(
        edition=draft, key="second", version=1, words=Words(heading="Scope", body="Two:"), parts=["Three."],
        person=person, at=MOMENT,
    )  # fmt: skip

    row = draft.provisions.get(key="second")
    assert (row.heading, row.body) == ("Scope", "Two:")


def test_split_provision_into_too_many_is_refused(draft, person):
    with pytest.raises(TooManyParts):
        split_provision(
            edition=draft, key="first", version=1, words=Words(body="One."), parts=["x"] * 100, person=person, at=MOMENT
        )  # fmt: skip

    assert len(outline(draft)) == 5


def test_split_provision_over_words_of_another_stores_nothing(draft, person):
    save(draft, UserFactory(), "Theirs.")

    with pytest.raises(WordsChanged):
        split_provision(
            edition=draft,
            key="first",
            version=1,
            words=Words(body="One."),
            parts=["Two."],
            person=person,
            at=MOMENT,
        )

    assert len(outline(draft)) == 5


def test_remove_provision_can_be_put_back_with_all_below_it(draft, person):
    before = edition_tree(edition=draft)

    removed = remove_provision(edition=draft, key="duty", person=person, at=MOMENT)

    assert outline(draft) == [("end", 0)]
    assert restore_provision(edition=draft, removed_id=removed.pk) == "duty"
    assert edition_tree(edition=draft) == before


def test_restore_provision_puts_it_after_the_sibling_it_followed(draft, person):
    for letter in "cba":
        insert(draft, person, Spot("second", "point"), kind="point", key=letter)
    move_provision(edition=draft, key="a", spot=Spot("second", "c"))
    before = outline(draft)
    removed = remove_provision(edition=draft, key="b", person=person, at=MOMENT)

    restore_provision(edition=draft, removed_id=removed.pk)

    assert outline(draft) == before


def test_restore_provision_whose_parent_is_gone_puts_it_at_the_end(draft, person):
    insert(draft, person, Spot("", "end"), kind="chapter", key="last", heading="Last")
    insert(draft, person, Spot("last"), kind="article", key="inner", heading="Inner")
    removed = remove_provision(edition=draft, key="inner", person=person, at=MOMENT)
    remove_provision(edition=draft, key="last", person=person, at=MOMENT)

    restore_provision(edition=draft, removed_id=removed.pk)

    assert outline(draft)[-1] == ("inner", 0)


def test_restore_provision_whose_key_stands_again_is_refused(draft, person):
    removed = remove_provision(edition=draft, key="first", person=person, at=MOMENT)
    ProvisionFactory(edition=draft, key="first", kind="paragraph", parent=draft.provisions.get(key="duty"))

    with pytest.raises(ProvisionIsBack):
        restore_provision(edition=draft, removed_id=removed.pk)


def test_words_opened_before_a_provision_was_taken_out_and_put_back_are_old(draft, person):
    other = UserFactory()
    save(draft, other, "Theirs.")
    removed = remove_provision(edition=draft, key="first", person=other, at=MOMENT)
    restore_provision(edition=draft, removed_id=removed.pk)

    with pytest.raises(WordsChanged):
        save(draft, person, "Mine.", version=1)


def test_restore_provision_twice_puts_it_back_once(draft, person):
    removed = remove_provision(edition=draft, key="first", person=person, at=MOMENT)
    restore_provision(edition=draft, removed_id=removed.pk)

    with pytest.raises(ProvisionGone):
        restore_provision(edition=draft, removed_id=removed.pk)

    assert len(outline(draft)) == 5


def test_change_traits_makes_a_provision_optional_and_back(draft):
    change_traits(
        edition=draft, key="first", traits=Traits(kind="paragraph", is_optional=True, is_default=False)
    )
    Edition.objects.filter(pk=draft.pk).update(switches={"first": True})
    change_traits(edition=draft, key="first", traits=Traits(kind="paragraph"))

    row = draft.provisions.get(key="first")
    draft.refresh_from_db()
    assert (row.is_optional, row.is_default, draft.switches) == (False, True, {})


def test_change_traits_to_a_kind_that_cannot_stand_there_is_refused(draft):
    with pytest.raises(CannotStandThere):
        change_traits(edition=draft, key="first", traits=Traits(kind="recital"))


def test_published_edition_takes_no_work(draft, person):
    publish_edition(edition=draft, at=MOMENT)

    for work in (
        lambda: insert(draft, person, Spot("duty")),
        lambda: save(draft, person, "Other."),
        lambda: move_provision(edition=draft, key="first", spot=Spot("duty", "second")),
        lambda: change_traits(edition=draft, key="first", traits=Traits(kind="paragraph")),
        lambda: remove_provision(edition=draft, key="first", person=person, at=MOMENT),
    ):
        with pytest.raises(DraftIsPublished):
            work()


class TestAnyOrderOfMoves(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(moves=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6)), max_size=12))
    def test_moves_lose_and_double_nothing(self, moves):
        edition = EditionFactory()
        keys = [f"p{number}" for number in range(6)]
        parent = ProvisionFactory(edition=edition, key="article", body="")
        for position, key in enumerate(keys):
            ProvisionFactory(edition=edition, key=key, parent=parent, position=position, kind="point")

        for which, below, after in moves:
            spot = Spot((["article", *keys])[below], ([*keys, ""])[after])
            try:
                move_provision(edition=edition, key=keys[which % 6], spot=spot)
            except (WouldContainItself, CannotStandThere):
                continue

        assert sorted(key for key, _depth in outline(edition)) == sorted(["article", *keys])
        assert Provision.objects.filter(edition=edition).count() == 7
