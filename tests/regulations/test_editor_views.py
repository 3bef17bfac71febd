"""The editor of a draft: its pages and what autosave answers."""

from uuid import uuid4

import pytest
from django.urls import reverse

from campaign.regulations.models import RemovedProvision
from campaign.regulations.queries import edition_tree
from campaign.regulations.services import Words, publish_edition, remove_provision, save_words
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
    assert (answer.status_code, said["version"]) == (200, 2)
    assert said["printed"]["body"] == "Each model is returned within 24\u00a0months. See [ref:nowhere]."
    assert said["problems"] == [
        "the reference [[ref:nowhere]] points to no provision. Correct the key or add the provision."
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


def test_provision_traits_changes_the_kind_and_keeps_bad_input(drafter, draft):
    address = at("provision_traits", draft, "duty-limits-a")

    kept = drafter.post(address, {"traits-kind": "chapter"})
    answer = drafter.post(address, {"traits-kind": "point", "traits-is_optional": "on"})

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
    assert client.post(at(name, draft, "nowhere")).status_code == 404
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
