"""Pages of a frozen text and of a document: what they say, and what they refuse."""

import hashlib
import json

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.html import format_html

from campaign.documents.models import Document
from campaign.documents.text_kinds import register_text_kind
from tests.factories.documents import MOMENT, DocumentFactory, FrozenTextFactory

pytestmark = pytest.mark.django_db

State = Document.State
UNKNOWN = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
def ready():
    document = DocumentFactory(
        state=State.READY, file_digest="a" * 64, byte_size=10, page_count=3, attempts=1, finished_at=MOMENT
    )
    document.file.save(f"documents/{document.pk}/1/an answer.pdf", ContentFile(b"%PDF-1.7 a"))
    return document


# --- Frozen texts ---------------------------------------------------------------------


def test_frozen_text_page_shows_what_when_and_how_to_check(client):
    register_text_kind("tests.text", label="A text of the tests", draw=lambda text: text.title)
    text = FrozenTextFactory(title="Give <b>it</b> back", payload={"demand": "<script>alert(1)</script>"})

    response = client.get(reverse("frozen_text", args=[text.digest]))

    page = response.content.decode()
    assert response.status_code == 200
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "Give &lt;b&gt;it&lt;/b&gt; back" in page
    assert "A text of the tests" in page
    assert text.digest in page
    assert reverse("frozen_text_json", args=[text.digest]) in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("name", ["frozen_text", "frozen_text_json"])
def test_frozen_text_that_is_unknown_is_not_found(name, client):
    assert client.get(reverse(name, args=["0" * 64])).status_code == 404


@pytest.mark.parametrize("name", ["frozen_text", "frozen_text_json"])
def test_frozen_text_posted_to_is_a_wrong_method(name, client):
    assert client.post(reverse(name, args=[FrozenTextFactory().digest])).status_code == 405


@pytest.mark.parametrize("path", ["/texts/abc/", "/texts/" + "A" * 64 + "/", "/texts/" + "0" * 65 + ".json"])
def test_address_without_a_digest_is_not_found(path, client):
    assert client.get(path).status_code == 404


def test_frozen_text_json_has_the_digest_in_its_address(client):
    text = FrozenTextFactory(title="Věta", payload={"b": [1, True, None], "a": "ž"})

    response = client.get(reverse("frozen_text_json", args=[text.digest]))

    assert hashlib.sha256(response.content).hexdigest() == text.digest
    assert json.loads(response.content) == {
        "kind": "tests.text",
        "locale": "en",
        "title": "Věta",
        "payload": {"a": "ž", "b": [1, True, None]},
    }
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_frozen_text_json_seen_before_is_not_sent_again(client):
    text = FrozenTextFactory()

    response = client.get(
        reverse("frozen_text_json", args=[text.digest]), headers={"if-none-match": f'"{text.digest}"'}
    )

    assert (response.status_code, response.content) == (304, b"")


# --- Documents ------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.REQUESTED, State.RENDERING])
def test_document_being_made_asks_again_by_itself(state, client):
    document = DocumentFactory(state=state)

    page = client.get(reverse("document", args=[document.pk])).content.decode()

    assert f'hx-get="{reverse("document_state", args=[document.pk])}"' in page
    assert 'hx-trigger="every 2s"' in page
    assert 'aria-live="polite"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert reverse("document_file", args=[document.pk]) not in page


def test_document_ready_offers_the_file_and_asks_no_more(ready, client):
    response = client.get(reverse("document", args=[ready.pk]))

    page = response.content.decode()
    assert reverse("document_file", args=[ready.pk]) in page
    assert "3 pages" in page
    assert ready.file_digest in page
    assert "hx-get" not in page
    assert "http-equiv" not in page
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in response.headers["Cache-Control"]


def test_document_failed_says_why_and_offers_to_try_again(client):
    document = DocumentFactory(state=State.FAILED, reason="glyphs:U+AC00")

    page = client.get(reverse("document", args=[document.pk])).content.decode()

    assert "No font on this site has these characters: U+AC00." in page
    assert f'<form method="post" action="{reverse("document", args=[document.pk])}">' in page
    assert "hx-get" not in page


def test_document_tried_again_is_ordered_and_shown(build, client):
    document = DocumentFactory(state=State.FAILED, reason="interrupted", attempts=3)

    response = client.post(reverse("document", args=[document.pk]))

    document.refresh_from_db()
    assert (response.status_code, response.url) == (302, reverse("document", args=[document.pk]))
    assert (document.state, document.attempts) == (State.REQUESTED, 0)


def test_document_tried_again_after_its_kind_is_gone_is_not_found(client):
    document = DocumentFactory(state=State.FAILED, reason="interrupted")

    assert client.post(reverse("document", args=[document.pk])).status_code == 404


def test_document_seen_changes_nothing(client):
    document = DocumentFactory(state=State.FAILED, reason="interrupted")

    for name in ("document", "document_state", "document_file"):
        client.get(reverse(name, args=[document.pk]))
        client.head(reverse(name, args=[document.pk]))

    document.refresh_from_db()
    assert (document.state, document.reason) == (State.FAILED, "interrupted")


@pytest.mark.parametrize(
    ("state", "asks_again"), [(State.REQUESTED, True), (State.RENDERING, True), (State.FAILED, False)]
)
def test_document_state_is_a_piece_of_a_page(state, asks_again, client):
    document = DocumentFactory(state=state, reason="too_long" if state == State.FAILED else "")

    response = client.get(reverse("document_state", args=[document.pk]), headers={"hx-request": "true"})

    piece = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in piece
    assert "aria-live" not in piece
    assert ('hx-trigger="every 2s"' in piece) is asks_again


def test_document_state_when_ready_offers_the_file(ready, client):
    response = client.get(reverse("document_state", args=[ready.pk]), headers={"hx-request": "true"})

    assert reverse("document_file", args=[ready.pk]) in response.content.decode()
    assert "hx-get" not in response.content.decode()


def test_document_state_opened_as_a_page_leads_to_the_page(client):
    document = DocumentFactory()

    response = client.get(reverse("document_state", args=[document.pk]))

    assert (response.status_code, response.url) == (302, reverse("document", args=[document.pk]))


def test_document_file_is_sent_for_saving(ready, client):
    response = client.get(reverse("document_file", args=[ready.pk]))

    assert b"".join(response.streaming_content) == b"%PDF-1.7 a"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{ready.file_name}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["ETag"] == f'"{ready.file_digest}"'
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_document_file_seen_before_is_not_sent_again(ready, client):
    response = client.get(
        reverse("document_file", args=[ready.pk]), headers={"if-none-match": f'"{ready.file_digest}"'}
    )

    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize("state", [State.REQUESTED, State.RENDERING, State.FAILED])
def test_document_file_not_made_yet_is_not_found(state, client):
    assert client.get(reverse("document_file", args=[DocumentFactory(state=state).pk])).status_code == 404


@pytest.mark.parametrize("name", ["document", "document_state", "document_file"])
def test_document_that_is_unknown_is_not_found(name, client):
    response = client.get(reverse(name, args=[UNKNOWN]), headers={"hx-request": "true"})

    assert response.status_code == 404


@pytest.mark.parametrize("name", ["document_state", "document_file"])
def test_document_piece_and_file_posted_to_are_a_wrong_method(name, ready, client):
    assert client.post(reverse(name, args=[ready.pk])).status_code == 405


def test_document_put_is_a_wrong_method(client):
    assert client.put(reverse("document", args=[DocumentFactory().pk])).status_code == 405


@pytest.mark.parametrize("name", ["document", "document_state"])
def test_document_pages_ask_the_database_once(name, ready, client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(reverse(name, args=[ready.pk]), headers={"hx-request": "true"})


def test_frozen_text_is_shown_as_its_room_draws_it(client):
    text = FrozenTextFactory(kind="tests.drawn", payload={"word": "<b>"})
    register_text_kind(
        "tests.drawn", label="Drawn", draw=lambda row: format_html("<em>{}</em>", row.data["word"])
    )

    page = client.get(reverse("frozen_text", args=[text.digest])).content.decode()

    assert "<em>&lt;b&gt;</em>" in page
    assert "Drawn" in page
