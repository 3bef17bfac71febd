"""What the model changed, as its drafters decide on it: all at once, one by one, and the page."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaign.regulations.following import ModelMove, changes_to_follow
from campaign.regulations.models import ModelChange, ModelDecision
from campaign.regulations.queries import edition_text, edition_tree, open_changes
from campaign.regulations.services import (
    DraftIsPublished,
    ModelMovedOn,
    NothingToFollow,
    Spot,
    StillToDecide,
    TakeOverMovesFirst,
    Traits,
    Words,
    WordsChanged,
    change_variable,
    follow_model,
    insert_provision,
    publish_edition,
    remove_provision,
    save_words,
    settle_model,
    take_over_untouched,
)
from tests.factories.accounts import UserFactory
from tests.factories.regulations import FILE, MOMENT, text, unit
from tests.regulations.drafts import NEXT, adaptation, assert_guarded, member, publish, words
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LATER = MOMENT + timedelta(days=1)
OURS = "Each model is returned within [[period]]."


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def draft():
    """The adaptation of edition 1.0, whose model then publishes edition 1.1."""
    draft = adaptation()
    publish(NEXT, at=LATER)
    return draft


@pytest.fixture
def drafter(client, draft):
    client.force_login(member(draft.template.campaign))
    return client


def newer(draft):
    return draft.model_edition.template.editions.get(label="1.1")


def left(draft):
    draft.refresh_from_db()
    return [change.key for change in open_changes(edition=draft).provisions]


def write(draft, person, key, body, version=1):
    save_words(edition=draft, key=key, version=version, words=Words(body=body), person=person, at=MOMENT)


# --- all that was left untouched ------------------------------------------------------
def test_take_over_untouched_takes_all_of_an_untouched_text(draft, person):
    taken = take_over_untouched(edition=draft, person=person, at=LATER).count

    draft.refresh_from_db()
    decisions = ModelChange.objects.filter(edition=draft).values_list("key", "decision", "decided_by")
    assert taken == 4
    assert edition_tree(edition=draft) == edition_tree(edition=newer(draft))
    assert draft.model_edition.label == "1.1"
    assert set(decisions) == {
        (key, ModelDecision.TAKEN, person.pk)
        for key in ("duty-return", "duty-limits-c", "penalty", "duty-limits-b")
    }


def test_take_over_untouched_leaves_what_the_drafters_changed(draft, person):
    write(draft, person, "duty-return", OURS)

    taken = take_over_untouched(edition=draft, person=person, at=LATER).count

    assert (taken, left(draft)) == (3, ["duty-return"])
    assert words(draft)["duty-return"] == OURS
    assert draft.model_edition.label == "1.0"


def test_take_over_untouched_leaves_a_removal_that_would_take_along_what_is_ours(draft, person):
    insert_provision(
        edition=draft,
        traits=Traits(kind="point"),
        words=Words(body="ours."),
        spot=Spot("duty-limits-b"),
        person=person,
        at=MOMENT,
        key="own",
    )

    take_over_untouched(edition=draft, person=person, at=LATER)

    assert left(draft) == ["duty-limits-b"]
    assert words(draft)["own"] == "ours."


def test_take_over_untouched_leaves_an_addition_whose_parent_is_gone(draft, person):
    remove_provision(edition=draft, key="duty-limits", person=person, at=MOMENT)

    take_over_untouched(edition=draft, person=person, at=LATER)

    assert left(draft) == ["duty-limits-c"]


def test_take_over_untouched_of_a_published_edition_is_refused(draft, person):
    publish_edition(edition=draft, at=LATER)

    with pytest.raises(DraftIsPublished):
        take_over_untouched(edition=draft, person=person, at=LATER)


# --- one by one -----------------------------------------------------------------------
MOVED_OUT = (
    FILE.replace('label: "1.0"', 'label: "1.1"\n  base: "1.0"')
    .replace(
        "        children:\n          - key: duty-limits-a\n            kind: point\n            text: to a first thing;\n"
        "          - key: duty-limits-b\n            kind: point\n            text: to a second thing.\n",
        "",
    )
    .replace(
        '      - key: duty-limits\n        kind: paragraph\n        text: "[[ref:duty-return]] shall not apply:"\n',
        "",
    )
    + '  - key: limits\n    kind: article\n    heading: Limits\n    text: "[[ref:duty]] shall not apply:"\n    children:\n'
    "      - key: duty-limits-a\n        kind: point\n        text: to a first thing;\n"
    "      - key: duty-limits-b\n        kind: point\n        text: to a second thing.\n"
)


@pytest.fixture
def moved_out():
    """The model takes a paragraph out and keeps its points in a new article."""
    draft = adaptation()
    publish(MOVED_OUT, at=LATER)
    return draft


def test_a_removal_waits_for_what_the_model_keeps_elsewhere(moved_out, person):
    with pytest.raises(TakeOverMovesFirst):
        follow_model(
            edition=moved_out, key="duty-limits", decision=ModelDecision.TAKEN, person=person, at=LATER
        )

    assert "duty-limits-a" in words(moved_out)


def test_take_over_untouched_moves_before_it_removes(moved_out, person):
    take_over_untouched(edition=moved_out, person=person, at=LATER)

    moved_out.refresh_from_db()
    assert edition_tree(edition=moved_out) == edition_tree(edition=newer(moved_out))
    assert moved_out.model_edition.label == "1.1"


def test_a_decision_on_another_edition_than_was_seen_is_refused(draft, person):
    with pytest.raises(ModelMovedOn):
        follow_model(
            edition=draft,
            key="penalty",
            decision=ModelDecision.TAKEN,
            person=person,
            at=LATER,
            model_edition_id=uuid4(),
        )

    assert not ModelChange.objects.exists()


def test_settle_model_only_when_all_is_decided(draft, person):
    for key in ("duty-limits-c", "penalty", "duty-limits-b"):
        follow_model(edition=draft, key=key, decision=ModelDecision.KEPT, person=person, at=LATER)
    with pytest.raises(StillToDecide):
        settle_model(edition=draft)
    write(draft, person, "duty-return", "Every model shall be returned in full within [[period]].")

    settle_model(edition=draft)

    draft.refresh_from_db()
    assert draft.model_edition.label == "1.1"
    with pytest.raises(NothingToFollow):
        settle_model(edition=draft)


def test_a_switch_goes_with_the_provision_that_cannot_be_switched_any_more(person):
    optional = FILE.replace("    heading: Duty\n", "    heading: Duty\n    optional: true\n")
    draft = adaptation(model=publish(optional))
    draft.switches = {"duty": False}
    draft.save()
    publish(FILE.replace('label: "1.0"', 'label: "1.1"'), at=LATER)

    take_over_untouched(edition=draft, person=person, at=LATER)

    draft.refresh_from_db()
    assert draft.switches == {}


@pytest.mark.parametrize("is_there", [True, False])
def test_a_move_is_not_asked_for_what_is_in_place_or_was_taken_out(is_there):
    one, two = unit("one", "article"), unit("two", "article")
    ours = [two, one] if is_there else [one]

    found = changes_to_follow(old=text(one, two), new=text(two, one), ours=text(*ours))

    assert [change.key for change in found if change.move == ModelMove.MOVED and change.key == "two"] == []


def test_an_addition_that_is_there_already_is_not_asked():
    one, two = unit("one", "article"), unit("two", "article")

    assert changes_to_follow(old=text(one), new=text(one, two), ours=text(one, two)) == []


# --- two at once ----------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
def test_words_saved_while_all_is_taken_over_are_not_lost():
    draft, person = adaptation(), UserFactory()
    publish(NEXT, at=LATER)
    told = []

    def save():
        try:
            write(draft, person, "duty-return", OURS)
        except WordsChanged:
            told.append(True)

    in_threads([save, lambda: take_over_untouched(edition=draft, person=person, at=LATER)])

    assert (words(draft)["duty-return"] == OURS) is not bool(told)
    assert ("duty-return" in left(draft)) is not bool(told)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
def test_two_who_decide_at_once_decide_once():
    draft, person = adaptation(), UserFactory()
    publish(NEXT, at=LATER)
    refused = []

    def decide(decision):
        try:
            follow_model(edition=draft, key="penalty", decision=decision, person=person, at=LATER)
        except NothingToFollow:
            refused.append(decision)

    in_threads([lambda: decide(ModelDecision.TAKEN), lambda: decide(ModelDecision.KEPT)])

    kept = ModelChange.objects.get(edition=draft, key="penalty").decision
    assert len(refused) == 1
    assert ("penalty" in words(draft)) is (kept == ModelDecision.TAKEN)


# --- the page -------------------------------------------------------------------------
def at(name, draft, *args):
    return reverse(name, args=[draft.template.slug, *args])


def test_page_shows_each_change_with_its_words_marked(drafter, draft):
    page = drafter.get(at("draft_model", draft)).content.decode()

    assert "Edition 1.1 of the model is published" in page
    assert page.count('class="redline__change"') == 5  # four provisions, and the value that one of them uses
    assert "in full " in page
    assert page.count("<ins>") > 1
    assert "The model has taken this provision out." in page
    assert "Take over all 4 changes to what we left untouched" in page
    assert "5 to decide" in page


def test_page_shows_ours_where_it_differs(drafter, draft, person):
    write(draft, person, "duty-return", OURS)

    blocks = {block.change.key: block for block in drafter.get(at("draft_model", draft)).context["blocks"]}

    assert blocks["duty-return"].ours.body == OURS
    assert blocks["duty-limits-b"].ours is None
    assert blocks["penalty"].place == "There it stands at the top, after “Article 2”."


def test_page_tells_what_has_to_be_taken_over_first(drafter, draft, person):
    remove_provision(edition=draft, key="duty-limits", person=person, at=MOMENT)

    page = drafter.get(at("draft_model", draft)).content.decode()

    assert "which your text does not have." in page
    assert "It can only be kept out, unless you add that one." in page


def test_page_names_what_a_removal_would_take_along(drafter, draft, person):
    insert_provision(
        edition=draft,
        traits=Traits(kind="point"),
        words=Words(body="ours."),
        spot=Spot("duty-limits-b"),
        person=person,
        at=MOMENT,
    )

    page = drafter.get(at("draft_model", draft)).content.decode()

    assert "What you put below it would go, too:" in page


def test_page_escapes_hostile_words(drafter, draft):
    hostile = "<script>alert(1)</script>"
    row = newer(draft).provisions.get(key="penalty")
    row.heading, row.body = hostile, hostile
    row.save()

    page = drafter.get(at("draft_model", draft)).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_page_of_an_adaptation_of_the_newest_edition_says_so(client):
    draft = adaptation()
    client.force_login(member(draft.template.campaign))

    page = client.get(at("draft_model", draft)).content.decode()

    assert "That is the newest edition of the model." in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_takes_a_constant_number_of_queries(client, item_count, django_assert_num_queries):
    draft = adaptation()
    more = "".join(
        f"  - key: more-{index}\n    kind: article\n    heading: More\n    text: More of it.\n"
        for index in range(item_count)
    )
    publish(FILE.replace('label: "1.0"', 'label: "1.1"') + more, at=LATER)
    client.force_login(member(draft.template.campaign))

    with django_assert_num_queries(34):
        client.get(at("draft_model", draft))


def test_decide_takes_over_and_tells_what_is_left(drafter, draft):
    address = at("model_decide", draft, "penalty")

    answer = drafter.post(address, {"decision": "taken", "seen": newer(draft).pk}, follow=True)

    assert "3 changes are left to decide." in answer.content.decode()
    assert "penalty" in words(draft)


def test_decide_the_last_says_what_the_draft_rests_on(drafter, draft):
    for key in ("duty-limits-c", "penalty", "duty-limits-b", "duty-return"):
        answer = drafter.post(
            at("model_decide", draft, key), {"decision": "kept", "seen": newer(draft).pk}, follow=True
        )

    page = answer.content.decode()
    assert "All is decided. The draft rests on the newer edition of its model now." in page
    assert "to decide</span>" not in page


@pytest.mark.parametrize("data", [{}, {"decision": "maybe", "seen": str(uuid4())}, {"decision": "kept"}])
def test_decide_with_bad_input_decides_nothing(drafter, draft, data):
    page = drafter.post(at("model_decide", draft, "penalty"), data, follow=True).content.decode()

    assert "Choose whether to take it over or to keep yours." in page
    assert not ModelChange.objects.exists()


def test_decide_after_the_model_moved_on_again_is_told(drafter, draft):
    seen = newer(draft).pk
    publish(NEXT.replace('label: "1.1"\n  base: "1.0"', 'label: "1.2"'), at=LATER + timedelta(days=1))

    page = drafter.post(
        at("model_decide", draft, "penalty"), {"decision": "taken", "seen": seen}, follow=True
    ).content.decode()

    assert "The model has published another edition meanwhile." in page
    assert "penalty" not in words(draft)


def test_untouched_and_settle_by_button(drafter, draft):
    seen = {"seen": newer(draft).pk}

    early = drafter.post(at("model_settle", draft), seen, follow=True).content.decode()
    page = drafter.post(at("model_untouched", draft), seen, follow=True).content.decode()

    draft.refresh_from_db()
    assert "Some changes of the model are not decided yet." in early
    assert "4 changes are taken over." in page
    assert draft.model_edition.label == "1.1"


def test_settle_by_button_when_ours_says_the_same(client, person):
    draft = adaptation()
    spec = replace(edition_text(edition=draft).variables["period"], default="12 months")
    change_variable(edition=draft, name="period", spec=spec)
    publish(FILE.replace('label: "1.0"', 'label: "1.1"').replace("default: 24", "default: 12"), at=LATER)
    client.force_login(member(draft.template.campaign))

    before = client.get(at("draft_model", draft)).content.decode()
    client.post(at("model_settle", draft), {"seen": newer(draft).pk})

    draft.refresh_from_db()
    assert "Let the draft rest on edition 1.1" in before
    assert draft.model_edition.label == "1.1"


@pytest.mark.parametrize("name", ["draft_model", "model_decide", "model_untouched", "model_settle"])
def test_pages_are_for_drafters_of_an_adaptation(client, draft, name):
    args = ["penalty"] if name == "model_decide" else []
    method, wrong = ("get", "post") if name == "draft_model" else ("post", "get")

    assert_guarded(client, draft, at(name, draft, *args), method=method)
    client.force_login(member(draft.template.campaign))
    assert getattr(client, wrong)(at(name, draft, *args)).status_code == 405
    assert not ModelChange.objects.exists()


@pytest.mark.parametrize("item_count", [1, 12])
def test_take_over_untouched_reads_the_tree_once(person, item_count):
    added = "".join(f"  - key: new{n}\n    kind: article\n    text: New {n}.\n" for n in range(item_count))
    draft = adaptation()
    publish(FILE.replace('label: "1.0"', 'label: "1.1"\n  base: "1.0"') + added)

    with CaptureQueriesContext(connection) as queries:
        followed = take_over_untouched(edition=draft, person=person, at=MOMENT)

    order = [unit.key for unit in edition_tree(edition=draft)]
    assert followed.count == item_count
    assert order[3:] == [f"new{n}" for n in range(item_count)]
    assert len(queries) <= 95 + 4 * item_count
