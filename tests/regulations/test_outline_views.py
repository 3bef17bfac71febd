"""Paste a law, decide on doubtful lines, take it into a draft."""

import pytest
from django.urls import reverse

from campaign.regulations.models import Edition, Template
from campaign.regulations.queries import edition_tree
from campaign.regulations.tree import walk
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory, TeamMemberFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

TEXT = "An act on things\nArticle 1\nPurpose\n1. It returns things.\n2. It keeps nothing.\nOdd line here.\n"


@pytest.fixture
def campaign():
    return CampaignFactory()


@pytest.fixture
def editor(client, campaign):
    member = TeamMemberFactory(campaign=campaign, role="editor")
    client.force_login(member.user)
    return client


def address(campaign):
    return reverse("instrument_paste", args=[campaign.slug])


def filled(**more):
    return {
        "title": "The act on things",
        "kind": "law-in-force",
        "tradition": "eu-regulation",
        "locale": "en",
        "summary": "It returns things.",
        "disclaimer": "Not legal advice.",
        "text": TEXT,
        "address": "https://example.org/law",
        "version_date": "2026-01-01",
        **more,
    }


def test_paste_shows_what_was_read_and_stores_nothing(editor, campaign):
    page = editor.post(address(campaign), filled())

    assert page.status_code == 200
    assert page.templates[0].name == "regulations/outline_confirm.html"
    assert [line.number for line in page.context["outline"].doubtful] == [6]
    assert not Template.objects.exists()


def test_confirmed_law_in_force_is_published_as_it_was_decided(editor, campaign):
    answer = editor.post(address(campaign), filled(confirm="1", **{"line-6": "join"}))

    edition = Edition.objects.get()
    assert answer.url == reverse("edition", args=[edition.template.slug, "1.0"])
    assert edition.is_published
    assert (edition.title, edition.change_note) == ("An act on things", "https://example.org/law, 2026-01-01")
    assert [(unit.key, unit.body) for unit, _above in walk(edition_tree(edition=edition))] == [
        ("purpose", ""),
        ("purpose-1", "It returns things."),
        ("purpose-2", "It keeps nothing. Odd line here."),
    ]


def test_confirmed_draft_from_elsewhere_becomes_a_draft(editor, campaign):
    answer = editor.post(address(campaign), filled(confirm="1", kind="act"))

    edition = Edition.objects.get()
    assert answer.url == reverse("draft", args=[edition.template.slug])
    assert not edition.is_published
    assert edition.template.campaign == campaign


def test_back_to_the_text_keeps_what_was_typed(editor, campaign):
    page = editor.post(address(campaign), filled(back="1"))

    assert page.templates[0].name == "regulations/instrument_paste.html"
    assert page.context["form"]["text"].value() == TEXT


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": ""}, "This field is required."),
        ({"text": "Article 1\x01"}, "The text holds control characters"),
        ({"text": "Article 1\u202e"}, "The text holds control characters"),
        ({"text": "Only a title", "confirm": "1"}, "No provision was found in the text."),
        ({"locale": "ko"}, "This tradition has no forms in that language."),
        ({"address": "ftp:/x"}, "Enter a valid URL."),
    ],
)
def test_bad_input_is_told_and_keeps_the_form(editor, campaign, fields, told):
    page = editor.post(address(campaign), filled(**fields))

    said = [str(error) for errors in page.context["form"].errors.values() for error in errors]
    assert page.status_code == 422
    assert any(error.startswith(told) for error in said), said
    assert page.context["form"]["title"].value() == "The act on things"
    assert not Template.objects.exists()


def test_text_of_too_many_lines_is_refused(editor, campaign):
    page = editor.post(address(campaign), filled(text="x\n" * 13_000))

    assert page.status_code == 422
    assert page.context["form"].errors["text"][0].startswith("The text is too long")


def test_paste_needs_sign_in(client, campaign):
    assert client.get(address(campaign)).status_code == 302


def test_paste_is_unknown_to_strangers(client, campaign):
    client.force_login(UserFactory())

    assert client.get(address(campaign)).status_code == 404


def test_paste_is_refused_to_viewers(client, campaign):
    client.force_login(TeamMemberFactory(campaign=campaign, role="viewer").user)

    assert client.get(address(campaign)).status_code == 403


def test_paste_takes_no_other_method(editor, campaign):
    assert editor.put(address(campaign)).status_code == 405
