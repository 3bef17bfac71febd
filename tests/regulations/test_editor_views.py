"""The editor of a draft: its pages and what autosave answers."""

from uuid import uuid4

import pytest
from django.urls import reverse

from campaign.regulations.models import RemovedProvision
from campaign.regulations.queries import edition_tree
from campaign.regulations.services import Words, publish_edition, remove_provision, save_words, seen_of
from tests.factories.accounts import UserFactory
from tests.factories.regulations import MOMENT, ProvisionFactory
from tests.regulations.drafts import adaptation, assert_guarded, member, outline, words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

OURS = "Each model is returned within [[period]]."


@pytest.fixture
def draft():
    return adaptation()


@pytest.fixture
def drafter(client, draft):
    client.force_login(member(draft.template.campaign))
    return client


def at(name, draft, *args):
    return reverse(name, args=[draft.template.slug, *args])


def keys(draft):
    return [key for key, _depth in outline(edition_tree(edition=draft))]


# --- the text -------------------------------------------------------------------------
def test_draft_shows_the_text_as_it_is_printed(drafter, draft):
    page = drafter.get(at("draft", draft)).content.decode()

    assert "Every model shall be returned within 24\u00a0months." in page
    assert f'href="{at("provision_edit", draft, "duty-return")}"' in page
    assert "Nothing to mend" in page


def test_draft_names_what_has_to_be_mended(drafter, draft):
    draft.provisions.filter(key="duty-return").update(body="A model: [[ref:nowhere]].")

    page = drafter.get(at("draft", draft)).content.decode()

    assert "points to no provision" in page
    assert "A model: [ref:nowhere]." in page


def test_draft_escapes_what_people_write(drafter, draft):
    draft.provisions.filter(key="duty-return").update(
        heading="<img src=x onerror=alert(1)>", body="A model. <script>alert(1)</script>"
    )

    pages = [
        drafter.get(at(name, draft, *args)).content.decode()
        for name, args in (("draft", []), ("provision_edit", ["duty-return"]))
    ]

    assert not any("<script>alert(1)" in page or "<img src=x" in page for page in pages)


@pytest.mark.parametrize("item_count", [1, 30])
def test_draft_takes_a_constant_number_of_queries(drafter, draft, item_count, django_assert_num_queries):
    for _index in range(item_count):
        ProvisionFactory(edition=draft)

    with django_assert_num_queries(11):
        drafter.get(at("draft", draft))


def test_a_published_edition_has_no_draft_page(drafter, draft):
    publish_edition(edition=draft, at=MOMENT)

    assert drafter.get(at("draft", draft)).status_code == 404


# --- words ----------------------------------------------------------------------------
def test_provision_edit_saves_and_goes_back_to_its_place(drafter, draft):
    answer = drafter.post(at("provision_edit", draft, "duty-return"), {"version": 1, "body": OURS})

    assert (answer.status_code, answer.url) == (302, f"{at('draft', draft)}#duty-return")
    assert words(draft)["duty-return"] == OURS


def test_provision_edit_over_words_of_somebody_else_shows_both(drafter, draft):
    save_words(
        edition=draft,
        key="duty-return",
        version=1,
        words=Words(body="Theirs."),
        person=UserFactory(),
        at=MOMENT,
    )

    answer = drafter.post(at("provision_edit", draft, "duty-return"), {"version": 1, "body": OURS})

    form, page = answer.context["form"], answer.content.decode()
    assert answer.status_code == 422
    assert form["body"].value() == OURS
    assert "Theirs." in page
    assert words(draft)["duty-return"] == "Theirs."
    again = drafter.post(
        at("provision_edit", draft, "duty-return"), {"version": form["version"].value(), "body": OURS}
    )
    assert (again.status_code, words(draft)["duty-return"]) == (302, OURS)


@pytest.mark.parametrize("body", ["Text with a \u202e mark.", "One.\n\nTwo.", "x" * 20_001])
def test_provision_edit_with_bad_input_keeps_the_form(drafter, draft, body):
    answer = drafter.post(at("provision_edit", draft, "duty-return"), {"version": 1, "body": body})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["body"])
    assert answer.context["form"]["body"].value() == body
    assert words(draft)["duty-return"].startswith("Every model")


def test_provision_edit_splits_at_the_empty_lines(drafter, draft):
    fields = {"version": 1, "body": "One model.\n\nTwo.\n\nThree.", "split": "1"}

    answer = drafter.post(at("provision_edit", draft, "duty-return"), fields)

    duty = next(unit for unit in edition_tree(edition=draft) if unit.key == "duty")
    assert answer.status_code == 302
    assert [unit.body for unit in duty.children][:3] == ["One model.", "Two.", "Three."]


def test_autosave_answers_with_the_provision_as_it_prints(drafter, draft):
    fields = {"version": 1, "body": f"{OURS} See [[ref:nowhere]].", "autosave": "1"}

    answer = drafter.post(at("provision_edit", draft, "duty-return"), fields)

    said = answer.json()
    assert (answer.status_code, said["version"]) == (200, f"2:{draft.pk}")
    assert said["printed"]["body"] == "Each model is returned within 24\u00a0months. See [ref:nowhere]."
    assert said["problems"] == [
        "The reference [[ref:nowhere]] points to no provision. Correct the key or add the provision."
    ]


def test_autosave_over_words_of_somebody_else_gives_theirs(drafter, draft):
    save_words(
        edition=draft,
        key="duty-return",
        version=1,
        words=Words(body="Theirs."),
        person=UserFactory(),
        at=MOMENT,
    )

    answer = drafter.post(
        at("provision_edit", draft, "duty-return"), {"version": 1, "body": OURS, "autosave": "1"}
    )

    assert answer.status_code == 409
    assert answer.json()["theirs"] == {"heading": "", "term": "", "body": "Theirs."}
    assert words(draft)["duty-return"] == "Theirs."


@pytest.mark.parametrize(
    ("key", "fields", "status"),
    [
        ("duty-return", {"version": 1, "body": "\u202e"}, 422),
        ("duty-return", {"body": OURS}, 422),
        ("gone", {"version": 1, "body": OURS}, 409),
    ],
)
def test_autosave_that_cannot_be_stored_says_why(drafter, draft, key, fields, status):
    answer = drafter.post(at("provision_edit", draft, key), fields | {"autosave": "1"})

    assert answer.status_code == status
    assert answer.json()["message"]


# --- put in, move, take out -----------------------------------------------------------
def test_provision_add_puts_it_after_its_neighbor(drafter, draft):
    fields = {"parent": "duty", "after": "duty-return", "kind": "paragraph", "body": "New."}

    answer = drafter.post(at("provision_add", draft), fields)

    place = keys(draft).index("duty-return") + 1
    assert answer.url == f"{at('draft', draft)}#{keys(draft)[place]}"
    assert words(draft)[keys(draft)[place]] == "New."


def test_provision_add_with_bad_input_keeps_the_form(drafter, draft):
    fields = {"parent": "duty", "after": "", "kind": "paragraph", "body": "One.\n\nTwo.", "term": "no"}

    answer = drafter.post(at("provision_add", draft), fields)

    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"body", "term"})
    assert answer.context["form"]["body"].value() == "One.\n\nTwo."


@pytest.mark.parametrize("spot", [{"parent": "nowhere"}, {"after": "nowhere"}])
def test_provision_add_beside_what_is_not_there_is_not_found(drafter, draft, spot):
    assert drafter.get(at("provision_add", draft), spot).status_code == 404


@pytest.mark.parametrize(
    ("key", "step", "before"),
    [("duty-limits", "up", "duty"), ("duty-return", "down", "duty-limits-b"), ("recital", "up", "")],
)
def test_provision_move_by_a_step(drafter, draft, key, step, before):
    drafter.post(at("provision_move", draft, key), {"step": step})

    place = keys(draft).index(key)
    assert (keys(draft)[place - 1] if place else "") == before


def test_provision_move_with_htmx_gives_the_text_back(drafter, draft):
    answer = drafter.post(
        at("provision_move", draft, "duty-limits"), {"step": "up"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert answer.templates[0].name == "regulations/_draft_text.html"
    assert keys(draft).index("duty-limits") < keys(draft).index("duty-return")


def test_provision_move_into_itself_is_told(drafter, draft):
    page = drafter.post(
        at("provision_move", draft, "duty"), {"parent": "duty-limits", "after": ""}, follow=True
    ).content.decode()

    assert "A provision cannot be moved into itself or below itself." in page


def test_provision_edit_lists_every_place_it_may_move_to(drafter, draft):
    page = drafter.get(at("provision_edit", draft, "duty-limits-b"))

    places = page.context["places"]
    values = [place.value for place in places]
    assert [place.value for place in places if place.is_here] == ["after:duty-limits-a"]
    assert values[-7:] == [
        "in:duty",
        "in:duty-return",
        "after:duty-return",
        "in:duty-limits",
        "in:duty-limits-a",
        "after:duty-limits-a",
        "after:duty-limits",
    ]
    assert {"in:", "in:recital", "after:recital", "after:duty"} & set(values) == set()
    assert ("up", "Up") in page.context["steps"]
    assert "After Article 2(2), point (a) · to a first thing" in page.content.decode()


@pytest.mark.parametrize(
    ("place", "after"),
    [
        ("in:duty-return", ["duty-return", "duty-limits-b"]),
        ("in:duty-limits", ["duty-limits", "duty-limits-b"]),
    ],
)
def test_provision_move_to_a_place_of_the_list(drafter, draft, place, after):
    answer = drafter.post(at("provision_move", draft, "duty-limits-b"), {"place": place})

    order = keys(draft)
    assert answer.url == f"{at('draft', draft)}#duty-limits-b"
    assert order[order.index("duty-limits-b") - 1 :][:2] == after


@pytest.mark.parametrize("place", ["after:nowhere", "in:nowhere", "somewhere"])
def test_provision_move_to_a_place_that_is_not_there_moves_nothing(drafter, draft, place):
    before = keys(draft)

    answer = drafter.post(at("provision_move", draft, "duty-limits-b"), {"place": place})

    assert answer.status_code in {302, 404}
    assert keys(draft) == before


@pytest.mark.parametrize(
    ("key", "step", "said"),
    [
        ("duty-limits", "up", "Article 2(2) is now Article 2(1)."),
        ("duty", "up", "Article 2 is now Article 1."),
        ("terms", "up", "Article 1 now stands at the beginning."),
        ("recital", "up", "There is no further to go that way."),
    ],
)
def test_provision_move_says_what_it_did(drafter, draft, key, step, said):
    answer = drafter.post(at("provision_move", draft, key), {"step": step}, headers={"HX-Request": "true"})

    assert answer.context["said"] == said
    assert answer.context["is_refused"] == said.startswith("There is no")
    assert f'data-said="{said}"' in answer.content.decode()


# --- earlier words --------------------------------------------------------------------
def test_earlier_words_are_shown_with_what_would_change_and_used_again(drafter, draft):
    first = words(draft)["duty-return"]
    address = at("provision_edit", draft, "duty-return")
    drafter.post(address, {"version": 1, "body": OURS})
    page = drafter.get(address).content.decode()

    answer = drafter.post(address, {"version": 2, "body": first, "earlier": "1"})

    assert "Use these words" in page
    assert "<ins>" in page
    assert f'<input type="hidden" name="body" value="{first}">' in page
    assert (answer.status_code, words(draft)["duty-return"]) == (302, first)
    # Typed in the same sitting, and kept all the same.
    assert draft.revisions.order_by("-replaced_at", "-pk").values_list("body", flat=True)[0] == OURS


def test_earlier_words_over_words_of_somebody_else_show_both(drafter, draft):
    save_words(
        edition=draft,
        key="duty-return",
        version=1,
        words=Words(body="Theirs."),
        person=UserFactory(),
        at=MOMENT,
    )

    answer = drafter.post(
        at("provision_edit", draft, "duty-return"), {"version": 1, "body": OURS, "earlier": "1"}
    )

    assert (answer.status_code, answer.context["form"]["body"].value()) == (422, OURS)
    assert words(draft)["duty-return"] == "Theirs."


def test_earlier_words_of_a_definition_show_and_bring_back_its_term(drafter, draft):
    address = at("provision_edit", draft, "def-model")
    term = draft.provisions.get(key="def-model").term
    body = words(draft)["def-model"]
    drafter.post(address, {"version": 1, "term": "other", "body": body})

    page = drafter.get(address).content.decode()
    drafter.post(address, {"version": 2, "term": term, "body": body, "earlier": "1"})

    assert f'<input type="hidden" name="term" value="{term}">' in page
    assert draft.provisions.get(key="def-model").term == term


# --- what to mend ---------------------------------------------------------------------
@pytest.mark.parametrize("name", ["draft", "draft_publish", "draft_downloads"])
def test_places_to_mend_are_named_by_number_and_lead_to_where_they_are_mended(drafter, draft, name):
    draft.provisions.filter(key="duty-limits-a").update(body="see [[ref:duty-limits#2]] and [[term]];")
    draft.variables.filter(name="period").update(default="")
    draft.provisions.filter(key="duty-return").update(is_optional=True, excludes=["duty-limits"])

    page = drafter.get(at(name, draft)).content.decode()

    assert "Article 2(2), point (a)</a>: there is no open value [[term]]." in page
    assert "“Article 2(2)” has 1 sentence." in page
    assert "it cannot stand where “Article 2(2)” stands in the text." in page
    for address in (
        at("provision_edit", draft, "duty-limits-a"),
        at("variable_edit", draft, "period"),
        at("draft_options", draft),
    ):
        assert f'href="{address}"' in page


def test_place_to_mend_of_a_value_that_is_not_declared_leads_to_the_open_values(drafter, draft):
    draft.values = {"gone": "24 months"}
    draft.save(update_fields=["values"])

    page = drafter.get(at("draft_publish", draft)).content.decode()

    assert f'<a href="{at("draft_variables", draft)}">[[gone]]</a>: a value is set for it' in page


def test_sentences_of_what_to_mend_are_translated_when_they_are_shown(drafter, draft, monkeypatch):
    monkeypatch.setattr("campaign.regulations.checks._", lambda said: f"in other words: {said}")
    draft.provisions.filter(key="duty-return").update(body="", heading="")

    page = drafter.get(at("draft_publish", draft)).content.decode()

    assert "in other words: it says nothing. Write its text or remove it." in page


def test_provision_traits_changes_the_kind_and_keeps_bad_input(drafter, draft):
    address = at("provision_traits", draft, "duty-limits-a")

    seen = {"traits-seen": seen_of(draft.provisions.get(key="duty-limits-a"))}
    kept = drafter.post(address, seen | {"traits-kind": "chapter"})
    answer = drafter.post(address, seen | {"traits-kind": "point", "traits-is_optional": "on"})

    row = draft.provisions.get(key="duty-limits-a")
    assert (kept.status_code, answer.status_code) == (422, 302)
    assert (row.kind, row.is_optional, row.is_default) == ("point", True, False)


def test_provision_is_taken_out_and_put_back(drafter, draft):
    before = keys(draft)

    drafter.post(at("provision_remove", draft, "duty-limits"))
    without = keys(draft)
    page = drafter.get(at("draft", draft)).content.decode()
    drafter.post(at("provision_restore", draft, RemovedProvision.objects.get().pk))

    assert "duty-limits-a" not in without
    assert "Taken out" in page
    assert keys(draft) == before


def test_provision_that_is_back_already_is_told(drafter, draft):
    page = drafter.post(at("provision_restore", draft, uuid4()), follow=True).content.decode()

    assert "Somebody has put this back meanwhile." in page


# --- for whom -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "args"), [("draft", []), ("provision_add", []), ("provision_edit", ["duty-return"])]
)
def test_pages_are_for_drafters(client, draft, name, args):
    assert_guarded(client, draft, at(name, draft, *args))
    client.force_login(member(draft.template.campaign))
    assert client.get(at(name, draft, *args)).status_code == 200
    assert client.put(at(name, draft, *args)).status_code == 405


@pytest.mark.parametrize("name", ["provision_traits", "provision_move", "provision_remove"])
def test_acts_are_for_drafters_and_by_post(client, draft, name):
    before = keys(draft)

    assert_guarded(client, draft, at(name, draft, "duty-return"), method="post")
    client.force_login(member(draft.template.campaign))
    assert client.get(at(name, draft, "duty-return")).status_code == 405
    assert client.post(at(name, draft, "nowhere")).status_code == (302 if name == "provision_move" else 404)
    assert keys(draft) == before


@pytest.mark.parametrize("sent", [{"step": "up"}, {"place": "after:duty"}])
def test_move_of_what_somebody_took_out_says_so(client, draft, sent):
    remove_provision(edition=draft, key="duty-return", person=UserFactory(), at=MOMENT)
    client.force_login(member(draft.template.campaign))

    answer = client.post(at("provision_move", draft, "duty-return"), sent, headers={"hx-request": "true"})

    assert "Somebody has taken this provision out meanwhile." in answer.content.decode()


def test_move_behind_what_somebody_took_out_says_so(client, draft):
    client.force_login(member(draft.template.campaign))
    before = keys(draft)

    answer = client.post(
        at("provision_move", draft, "duty-return"), {"place": "after:nowhere"}, headers={"hx-request": "true"}
    )

    assert "Somebody has taken this provision out meanwhile." in answer.content.decode()
    assert keys(draft) == before


def test_restore_is_for_drafters_and_of_this_draft_alone(client, draft):
    other = adaptation(slug_title="Other", model=draft.model_edition)
    removed = remove_provision(edition=other, key="duty", person=UserFactory(), at=MOMENT)
    address = at("provision_restore", draft, removed.pk)

    assert_guarded(client, draft, address, method="post")
    client.force_login(member(draft.template.campaign))
    client.post(address)
    assert client.get(address).status_code == 405
    assert "duty" not in words(other)
