import importlib

import pytest
from django.apps import apps
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.petitions import tasks
from campaign.petitions.models import PetitionState, SearchText
from campaign.petitions.queries import petition_cards
from campaign.petitions.search import folded, search_words
from campaign.petitions.services import create_petition, edit_petition, refresh_search_texts
from tests.factories.campaigns import AuthorityFactory, CampaignFactory
from tests.factories.petitions import DraftPetitionFactory, PetitionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def public(title, text="We ask for this.", **fields):
    """A petition in public, found by what it says."""
    row = PetitionFactory(title=title, text=text, **fields)
    refresh_search_texts()
    return row


def found(question):
    return [row.title for row in petition_cards(words=search_words(question))]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Über die Brücke", "uber die brucke"),
        ("STRASSE Straße", "strasse strasse"),
        ("Ἀθήνα, Ελλάς", "αθηνα ελλασ"),
        ("Ёлка и йогурт", "елка и иогурт"),
        ("İstanbul", "istanbul"),
        ("open-source", "open source"),
        ("ﬁle", "file"),
        ("हिन्दी", "हिन्दी"),
        ("한국어", "한국어"),
    ],
)
def test_folded_drops_case_accents_and_signs(typed, stored):
    assert folded(typed) == stored


@given(st.text(max_size=40))
def test_folding_again_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@example("\u0345")  # a Greek iota below its letter is a letter of its own in the other case
@given(st.text(max_size=40))
def test_whatever_case_is_typed_finds_the_same(text):
    assert folded(text.casefold()) == folded(text)


@pytest.mark.parametrize(
    "question",
    ["brücke", "BRUCKE", "Brucke sanieren", "sanieren  brücke", "sanier", "jetzt!", "100%", "(Brücke)"],
)
def test_search_finds_words_in_any_order_and_spelling(question):
    public("Die Brücke sanieren", "Jetzt, zu 100%.")
    public("Water for all")

    assert found(question) == ["Die Brücke sanieren"]


@pytest.mark.parametrize("question", ["council", "rivers", "council rivers bridge"])
def test_search_looks_at_addressee_and_campaign_too(question):
    campaign = CampaignFactory(title="Clean rivers")
    public("The bridge", campaign=campaign, addressee=AuthorityFactory(name="City council"))
    public("Another one")

    assert found(question) == ["The bridge"]


@pytest.mark.parametrize("question", ["bridge water", "bridgewater", "thebridge", "ebr"])
def test_search_needs_all_words(question):
    public("The bridge")
    public("The water")

    assert found(question) == []


def test_search_shows_open_ones_first():
    public("Bridge, old", state=PetitionState.CLOSED)
    public("Bridge, new")

    assert found("bridge") == ["Bridge, new", "Bridge, old"]


def test_search_shows_nothing_that_is_not_public():
    DraftPetitionFactory(title="Bridge")
    public("Bridge hidden", state=PetitionState.HIDDEN)

    assert found("bridge") == []


def fields(**changes):
    return {
        "title": "The bridge",
        "text": "Mend it.",
        "addressee": AuthorityFactory(name="City council"),
        "goal": None,
        "closing_date": DraftPetitionFactory.build().closing_date,
        "time_zone": "UTC",
        **changes,
    }


def test_new_petition_is_found_by_its_words():
    petition = create_petition(campaign=CampaignFactory(title="Rivers"), **fields())

    assert SearchText.objects.get(petition=petition).text == "the bridge\ncity council\nrivers\nmend it"


def test_edited_petition_is_found_by_its_new_words():
    petition = create_petition(campaign=CampaignFactory(title="Rivers"), **fields())

    edit_petition(petition=petition, **fields(title="The ferry"))

    assert SearchText.objects.get(petition=petition).text.startswith("the ferry\n")


def test_nightly_task_follows_a_campaign_with_a_new_title():
    petition = public("The bridge")
    petition.campaign.title = "Lakes"
    petition.campaign.save()

    tasks.refresh_search()

    assert found("lakes") == ["The bridge"]
    assert refresh_search_texts() == 0


def test_migration_fills_what_old_petitions_are_found_by_and_back():
    migration = importlib.import_module("campaign.petitions.migrations.0004_search_texts_of_old_petitions")
    PetitionFactory(title="Die Brücke")

    migration.forwards(apps, None)
    migration.forwards(apps, None)

    assert found("brucke") == ["Die Brücke"]
    assert refresh_search_texts() == 0
    migration.backwards(apps, None)
    assert not SearchText.objects.exists()


def test_list_keeps_the_question_and_says_how_many(client):
    public("Die Brücke")
    public("Water")

    page = client.get(reverse("petition_list"), {"q": " Brücke "})

    assert [row.title for row in page.context["petitions"]] == ["Die Brücke"]
    assert 'value="Brücke"' in page.content.decode()
    assert "1 petition found." in page.content.decode()


@pytest.mark.parametrize("question", ["nowhere", "!!!", "%", "_", "<script>"])
def test_list_without_an_answer_says_what_to_try(client, question):
    public("The bridge")

    page = client.get(reverse("petition_list"), {"q": question})

    assert list(page.context["petitions"]) == []
    assert "Try fewer words" in page.content.decode()
    assert "<script>”" not in page.content.decode()


def test_list_has_twenty_on_a_page_and_keeps_the_question(client):
    for number in range(21):
        PetitionFactory(title=f"Bridge & more {number}")
    refresh_search_texts()

    first = client.get(reverse("petition_list"), {"q": "bridge & more"})
    second = client.get(reverse("petition_list"), {"q": "bridge & more", "page": "2"})

    assert (len(first.context["petitions"]), len(second.context["petitions"])) == (20, 1)
    assert "?q=bridge%20%26%20more&amp;page=2" in first.content.decode()


@pytest.mark.parametrize("page", ["0", "99", "x", ""])
def test_list_answers_an_odd_page_number(client, page):
    assert client.get(reverse("petition_list"), {"page": page}).status_code == 200
