"""What would fill a machine or reach out of it: it fails that one document, with a reason, within the limits."""

import logging
import time

import pytest

from campaign.documents.builders import TextSource, WordSource, register_builder
from campaign.documents.children import RendererCrashed, RenderFailed
from campaign.documents.formats import DOCX, ODT, TEXT
from campaign.documents.models import Document
from campaign.documents.reasons import Reason
from campaign.documents.services import render_document
from campaign.documents.word import run_word_maker
from tests.factories.documents import MOMENT, DocumentFactory

pytestmark = pytest.mark.django_db

State = Document.State


def word(body, media_type=DOCX):
    html = f'<!doctype html><html lang="en"><head><title>t</title></head><body>{body}</body></html>'
    return run_word_maker(html=html, media_type=media_type, locale="en", moment=MOMENT)


@pytest.fixture
def small(settings):
    """Limits that a test can wait for."""
    settings.RENDER_SECONDS, settings.RENDER_MEMORY_MB = 3, 300


BOMBS = {
    "nested divs": "<div>" * 20_000 + "a",
    "nested lists": "<ul><li>" * 5_000 + "a",
    "nested tables": "<table><tr><td>" * 400 + "a",
    "one endless paragraph": "<p>" + "word " * 900_000,
    "many rows": "<table>" + "<tr><td>a</td><td>b</td></tr>" * 100_000 + "</table>",
    "wide cells": '<table><tr><td colspan="1000000000" rowspan="1000000000">a</td></tr></table>',
    "many notes": '<a role="doc-noteref" href="#n">1</a>' * 20_000
    + '<section role="doc-endnotes"><ol><li id="n">'
    + "x" * 1_000
    + "</li></ol></section>",
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("media_type", [DOCX, ODT])
def test_word_bomb_is_made_or_fails_within_the_limits(name, media_type, small):
    started = time.monotonic()

    outcome = outcome_of(BOMBS[name], media_type)

    assert outcome in {"made", "crashed", Reason.TOO_LONG, Reason.TOO_LARGE}
    assert time.monotonic() - started < 60


def outcome_of(body, media_type):
    try:
        made = word(body, media_type)
    except RenderFailed as failure:
        return failure.reason
    except RendererCrashed:
        return "crashed"
    return "made" if len(made) < 50_000_000 else "too much"


def test_word_of_more_than_its_share_of_html_is_refused_before_it_starts():
    with pytest.raises(RenderFailed) as failure:
        word("a" * 5_000_001)

    assert failure.value.reason == Reason.TOO_LARGE


@pytest.mark.parametrize(
    "body",
    [
        '<img src="/etc/passwd">',
        '<img src="file:///etc/hostname" alt="a">',
        '<img src="http://127.0.0.1:9/a.png">',
        '<iframe src="/etc/passwd"></iframe>',
        '<link rel="stylesheet" href="/etc/passwd">',
        '<object data="/etc/passwd"></object>',
        '<base href="http://127.0.0.1:9/"><img src="a.png">',
    ],
)
def test_word_reads_no_file_and_no_address(body):
    made = word(body)

    assert b"root:" not in made
    assert b"media/" not in made


def test_bomb_fails_its_document_and_the_next_is_made(small, caplog):
    caplog.set_level(logging.CRITICAL)
    sources = [
        WordSource(html="a" * 5_000_001, title="t", locale="en", file_name="t"),
        TextSource(text="fine", file_name="t"),
    ]
    for kind, source, media_type in (("tests.bomb", sources[0], DOCX), ("tests.fine", sources[1], TEXT)):
        register_builder(kind, lambda *_, source=source: source, media_type=media_type)
    bomb = DocumentFactory(kind="tests.bomb", media_type=DOCX)
    fine = DocumentFactory(kind="tests.fine", media_type=TEXT)

    for document in (bomb, fine):
        render_document(document_id=str(document.pk), at=MOMENT)
        document.refresh_from_db()

    assert (bomb.state, bomb.reason) == (State.FAILED, Reason.TOO_LARGE)
    assert bomb.reason_sentence == str(Reason.TOO_LARGE.label)
    assert fine.state == State.READY
