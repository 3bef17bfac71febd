"""Nothing that was typed is lost: the draft, the neighbor or the kind may have gone meanwhile, and words are kept in time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from campaign.regulations.models import Edition
from campaign.regulations.queries import edition_tree, edition_variables, provision_revisions
from campaign.regulations.services import (
    DraftIsDiscarded,
    DraftIsPublished,
    Traits,
    Words,
    WordsChanged,
    add_variable,
    change_traits,
    change_variable,
    discard_draft,
    publish_edition,
    remove_provision,
    save_words,
    set_options,
    split_provision,
    start_edition,
)
from campaign.regulations.services.following import follow_model
from campaign.regulations.views import drafts as drafts_views
from tests.factories.accounts import UserFactory
from tests.factories.regulations import MOMENT
from tests.regulations.drafts import NEXT, adaptation, member, publish, words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

MINE = "An hour of my work."


@pytest.fixture
def draft():
    return adaptation()


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def drafter(client, draft):
    client.force_login(member(draft.template.campaign))
    return client


def at(name, draft, *args):
    return reverse(name, args=[draft.template.slug, *args])


def save(draft, person, body, *, version, moment=MOMENT):
    said = Words(body=body)
    return save_words(edition=draft, key="duty-return", version=version, words=said, person=person, at=moment)


def kept(draft, key="duty-return"):
    return [row.body for row in provision_revisions(edition=draft, key=key)]


ADDS = [
    ("provision_add", {"kind": "article", "body": MINE}),
    ("hook_add", {"citation": MINE}),
    ("objection_add", {"argument": MINE}),
    ("variable_add", {"label": MINE}),
    ("choice_add", {"label": MINE}),
    ("draft_options", {"value:period": MINE, "initial-value:period": ""}),
    ("draft_publish", {"change_note": MINE}),
]


# --- pages that add -------------------------------------------------------------------
def test_provision_add_after_a_neighbor_that_went_stands_at_the_end(drafter, draft, person):
    remove_provision(edition=draft, key="duty-limits-b", person=person, at=MOMENT)
    fields = {"parent": "duty-limits", "after": "duty-limits-b", "kind": "point", "body": MINE}

    answer = drafter.post(at("provision_add", draft), fields)

    below = draft.provisions.filter(parent__key="duty-limits").order_by("position")
    assert answer.status_code == 302
    assert [row.body for row in below] == ["to a first thing;", MINE]


def test_provision_add_below_a_provision_that_went_shows_what_was_typed(drafter, draft, person):
    remove_provision(edition=draft, key="duty-limits", person=person, at=MOMENT)
    fields = {"parent": "duty-limits", "after": "duty-limits-b", "kind": "point", "body": MINE}

    answer = drafter.post(at("provision_add", draft), fields)

    assert answer.status_code == 409
    assert MINE in answer.content.decode()
    assert "Somebody has taken this provision out meanwhile." in answer.content.decode()


def test_provision_add_page_after_an_unknown_neighbor_is_not_found(drafter, draft):
    assert drafter.get(at("provision_add", draft), {"after": "nowhere"}).status_code == 404


@pytest.mark.parametrize(("page", "fields"), ADDS)
def test_what_was_typed_for_a_published_draft_is_shown(drafter, draft, page, fields):
    publish_edition(edition=draft, at=MOMENT)

    answer = drafter.post(at(page, draft), fields)

    assert answer.status_code == 409
    assert MINE in answer.content.decode()
    assert str(DraftIsPublished.message) in answer.content.decode()


@pytest.mark.parametrize(("page", "fields"), ADDS)
def test_what_was_typed_for_a_discarded_draft_is_shown(drafter, draft, person, page, fields):
    publish_edition(edition=draft, at=MOMENT)
    second = start_edition(template=draft.template, person=person, at=MOMENT)
    discard_draft(edition=second, person=person, at=MOMENT + timedelta(days=1))

    answer = drafter.post(at(page, draft), fields)

    assert answer.status_code == 409
    assert MINE in answer.content.decode()
    assert str(DraftIsDiscarded.message) in answer.content.decode()


# --- discarded ------------------------------------------------------------------------
def opened(drafter, draft, key="duty-return"):
    """The token of the words that a browser sends back."""
    return drafter.get(at("provision_edit", draft, key)).context["form"]["version"].value()


def test_words_for_a_draft_discarded_with_its_instrument_are_shown(drafter, draft, person):
    address, version = at("provision_edit", draft, "duty-return"), opened(drafter, draft)
    discard_draft(edition=draft, person=person, at=MOMENT)

    answer = drafter.post(address, {"version": version, "body": MINE})
    autosaved = drafter.post(address, {"version": version, "body": MINE, "autosave": "1"})

    assert (answer.status_code, autosaved.status_code) == (404, 404)
    assert MINE in answer.content.decode()
    assert "it was discarded meanwhile" in answer.content.decode()
    assert "it was discarded meanwhile" in autosaved.json()["message"]


def test_a_stranger_is_told_the_same_of_a_draft_and_of_none(client, draft):
    client.force_login(UserFactory())
    fields = {"version": 1, "body": MINE}
    there = client.post(at("provision_edit", draft, "duty-return"), fields)
    nowhere = client.post(reverse("provision_edit", args=["nowhere", "duty-return"]), fields)

    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.context["error"].args == nowhere.context["error"].args
    assert draft.template.title not in there.content.decode()


@pytest.mark.parametrize("is_published", [True, False])
def test_words_for_a_draft_that_was_closed_are_told_how(drafter, draft, person, is_published):
    publish_edition(edition=draft, at=MOMENT)
    second = start_edition(template=draft.template, person=person, at=MOMENT)
    address, version = at("provision_edit", second, "duty-return"), opened(drafter, second)
    if is_published:
        publish_edition(edition=second, at=MOMENT + timedelta(days=1))
    else:
        discard_draft(edition=second, person=person, at=MOMENT)

    answer = drafter.post(address, {"version": version, "body": MINE})
    autosaved = drafter.post(address, {"version": version, "body": MINE, "autosave": "1"})

    said = str(DraftIsPublished.message if is_published else DraftIsDiscarded.message)
    assert (answer.status_code, autosaved.status_code) == (409, 409)
    assert str(answer.context["error"]) == said
    assert MINE in answer.content.decode()
    assert autosaved.json()["message"] == said


def test_save_words_into_a_discarded_draft_says_so(draft, person):
    discard_draft(edition=Edition.objects.get(pk=draft.pk), person=person, at=MOMENT)

    with pytest.raises(DraftIsDiscarded):
        save(draft, person, MINE, version=1)


# --- versions -------------------------------------------------------------------------
def test_words_written_over_another_draft_are_a_conflict(drafter, draft, person):
    address, version = at("provision_edit", draft, "duty-return"), opened(drafter, draft)
    theirs = "Every model shall be returned soon, within [[period]]."
    save(draft, person, theirs, version=1)
    publish_edition(edition=draft, at=MOMENT)
    second = start_edition(template=draft.template, person=person, at=MOMENT)

    answer = drafter.post(address, {"version": version, "body": MINE})
    autosaved = drafter.post(address, {"version": version, "body": MINE, "autosave": "1"})
    form = answer.context["form"]
    between = words(second)["duty-return"]
    again = drafter.post(address, {"version": form["version"].value(), "body": MINE})

    assert answer.status_code == 422
    assert (form["body"].value(), answer.context["theirs"].body) == (MINE, theirs)
    assert (autosaved.status_code, autosaved.json()["theirs"]["body"]) == (409, theirs)
    assert between == theirs
    assert (again.status_code, words(second)["duty-return"]) == (302, MINE)


def test_words_written_over_what_the_model_brought_back_are_a_conflict(drafter, draft, person):
    version = opened(drafter, draft)
    remove_provision(edition=draft, key="duty-return", person=person, at=MOMENT)
    publish(NEXT)
    follow_model(edition=draft, key="duty-return", decision="taken", person=person, at=MOMENT)

    answer = drafter.post(at("provision_edit", draft, "duty-return"), {"version": version, "body": MINE})

    assert answer.status_code == 422
    assert draft.provisions.get(key="duty-return").version == 2
    assert "in full within" in words(draft)["duty-return"]


@pytest.mark.parametrize("version", ["", "x", "1:x"])
def test_a_form_with_a_version_that_is_none_stores_nothing(drafter, draft, version):
    answer = drafter.post(at("provision_edit", draft, "duty-return"), {"version": version, "body": MINE})

    assert answer.status_code == 422
    assert words(draft)["duty-return"] != MINE


def test_split_twice_makes_the_parts_once(drafter, draft):
    address = at("provision_edit", draft, "duty-return")
    fields = {"version": opened(drafter, draft), "body": "One model.\n\nTwo models.", "split": "1"}

    first, second = drafter.post(address, fields), drafter.post(address, fields)

    assert (first.status_code, second.status_code) == (302, 422)
    assert draft.provisions.filter(body="Two models.").count() == 1


def test_split_over_other_words_is_refused_though_the_first_part_stands_there(draft, person):
    present = words(draft)["duty-return"]
    save(draft, person, "Others.", version=1)
    save(draft, person, present, version=2)

    with pytest.raises(WordsChanged):
        split_provision(
            edition=draft,
            key="duty-return",
            version=1,
            words=Words(body=present),
            parts=["More."],
            person=person,
            at=MOMENT,
        )


# --- a sitting ------------------------------------------------------------------------
def test_a_sitting_ends_though_somebody_saves_every_other_minute(draft, person):
    for minute in range(0, 32, 2):
        save(
            draft,
            person,
            f"Words of minute {minute}.",
            version=1 + minute // 2,
            moment=MOMENT + timedelta(minutes=minute),
        )

    assert kept(draft) == [
        "Words of minute 28.",
        "Words of minute 18.",
        "Words of minute 8.",
        "Every model shall be returned within [[period]].",
    ]


@pytest.mark.parametrize(("length", "left", "is_kept"), [(200, 99, True), (200, 100, False), (199, 1, False)])
def test_words_of_which_much_is_taken_away_are_kept(draft, person, length, left, is_kept):
    save(draft, person, "a" * length, version=1)

    save(draft, person, "a" * left, version=2, moment=MOMENT + timedelta(seconds=5))

    assert ("a" * length in kept(draft)) == is_kept


# --- kinds and options ----------------------------------------------------------------
@pytest.mark.parametrize("more", [{}, {"autosave": "1"}])
def test_a_term_for_what_is_no_definition_any_more_is_kept(drafter, draft, more):
    change_traits(edition=draft, key="def-model", traits=Traits(kind="point"))
    fields = {"version": 1, "term": "my better term", "body": "means a thing.", **more}

    answer = drafter.post(at("provision_edit", draft, "def-model"), fields)

    assert answer.status_code == 422
    assert draft.provisions.get(key="def-model").term == "model"
    if more:
        assert "only a definition has a term" in answer.json()["message"]
    else:
        assert answer.context["form"]["term"].value() == "my better term"


def test_traits_that_the_form_does_not_show_stay(drafter, draft):
    draft.provisions.filter(key="duty-return").update(act="An act", place=[["article", "3"]])
    form = drafter.get(at("provision_edit", draft, "duty-return")).context["traits"]
    typed = {form.add_prefix(name): form[name].value() for name in form.fields if form[name].value()}

    answer = drafter.post(at("provision_traits", draft, "duty-return"), typed | {"traits-fixed_number": "2a"})

    row = draft.provisions.get(key="duty-return")
    assert answer.status_code == 302
    assert (row.fixed_number, row.act, row.place) == ("2a", "An act", [["article", "3"]])


def meanwhile(monkeypatch, draft, *changes):
    """Let somebody else store options just before each of the first attempts does."""
    real, left = set_options, list(changes)

    def raced(**more):
        if left:
            real(edition=draft, values=left.pop(0), switches={})
        real(**more)

    monkeypatch.setattr(drafts_views, "set_options", raced)


def test_options_stored_at_the_same_moment_are_shown(drafter, draft, monkeypatch):
    meanwhile(monkeypatch, draft, {"period": "6 months"})
    fields = {"value:period": "12 months", "initial-value:period": ""}

    answer = drafter.post(at("draft_options", draft), fields)

    draft.refresh_from_db()
    assert answer.status_code == 422
    assert [each.value for each in answer.context["theirs"]] == ["6 months"]
    assert draft.values == {"period": "6 months"}


def test_options_others_store_again_and_again_say_that_nothing_is_stored(drafter, draft, monkeypatch):
    second = replace(edition_variables(edition=draft)["period"], name="second", label="Second")
    add_variable(edition=draft, spec=second)
    meanwhile(monkeypatch, draft, *({"second": f"{month} months"} for month in (6, 7, 8)))
    fields = {
        "value:period": "12 months",
        "initial-value:period": "",
        "value:second": "",
        "initial-value:second": "",
    }

    answer = drafter.post(at("draft_options", draft), fields)

    assert answer.status_code == 422
    assert "Nothing of yours is stored yet" in answer.content.decode()
    assert drafter.post(at("draft_options", draft), fields).status_code == 302


# --- values under another name --------------------------------------------------------
def test_earlier_words_follow_a_value_to_its_new_name(draft, person):
    save(draft, person, "Other words.", version=1)
    spec = edition_variables(edition=draft)["period"]

    change_variable(edition=draft, name="period", spec=replace(spec, name="delay"))

    assert kept(draft) == ["Every model shall be returned within [[delay]]."]


def test_words_of_a_provision_with_a_condition_alone_can_be_saved_after_a_rename(drafter, draft):
    draft.provisions.filter(key="recital").update(needs=["period=x"])
    version = opened(drafter, draft, "recital")
    spec = edition_variables(edition=draft)["period"]
    change_variable(edition=draft, name="period", spec=replace(spec, name="delay"))

    answer = drafter.post(at("provision_edit", draft, "recital"), {"version": version, "body": MINE})

    assert answer.status_code == 302
    assert draft.provisions.get(key="recital").needs == ["delay=x"]


def test_a_form_under_the_old_name_says_that_it_may_have_another(drafter, draft):
    spec = edition_variables(edition=draft)["period"]
    change_variable(edition=draft, name="period", spec=replace(spec, name="delay"))

    answer = drafter.post(at("variable_edit", draft, "period"), {"label": MINE, "seen": "x"})

    assert answer.status_code == 409
    assert MINE in answer.content.decode()
    assert "or given it another name" in answer.content.decode()


def test_taking_over_traits_alone_keeps_no_words(draft, person):
    publish(
        NEXT.replace(
            "key: duty-limits-a\n            kind: point",
            "key: duty-limits-a\n            kind: point\n            optional: true",
        )
    )
    version = draft.provisions.get(key="duty-limits-a").version

    follow_model(edition=draft, key="duty-limits-a", decision="taken", person=person, at=MOMENT)

    row = draft.provisions.get(key="duty-limits-a")
    assert (row.is_optional, row.version, kept(draft, "duty-limits-a")) == (True, version, [])
    assert [unit.key for unit in edition_tree(edition=draft)] == ["recital", "terms", "duty"]
