"""Orders of documents: taken once, made once, given back when a worker vanishes, ended with a reason."""

import hashlib
import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import translation

from campaign.core.errors import DomainError
from campaign.documents import making
from campaign.documents.builders import DocumentSource, UnknownDocumentKind, register_builder
from campaign.documents.models import Document
from campaign.documents.reasons import Reason
from campaign.documents.rendering import RenderedPdf, RendererCrashed, RenderFailed
from campaign.documents.services import (
    MAX_ATTEMPTS,
    SWEEP_AFTER,
    SWEEP_BATCH,
    release_stale_documents,
    render_document,
    render_source,
    request_document,
    sweep_documents,
)
from tests.factories.documents import MOMENT, DocumentFactory, FrozenTextFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

State = Document.State
PDF = RenderedPdf(content=b"%PDF-1.7 a\n%%EOF", page_count=3, fingerprint='{"look":"a"}')


@pytest.fixture
def renderer(monkeypatch):
    """Stands in for the renderer process: gives or raises what the test puts into the list, PDF at the end."""
    outcomes = []

    def run(**job):
        outcome = outcomes.pop(0) if outcomes else PDF
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    monkeypatch.setattr(making, "run_renderer", run)
    return outcomes


def stored_files():
    def below(folder):
        folders, files = default_storage.listdir(folder)
        return [f"{folder}/{name}" for name in files] + [
            file for name in folders for file in below(f"{folder}/{name}")
        ]

    return below("documents") if default_storage.exists("documents") else []


@pytest.fixture(autouse=True)
def empty_store():
    for name in stored_files():
        default_storage.delete(name)


# --- Ordering -----------------------------------------------------------------------


def test_request_document_orders_one_and_nudges_after_commit(build, django_capture_on_commit_callbacks):
    text = FrozenTextFactory()

    with django_capture_on_commit_callbacks() as nudges:
        document = request_document(kind="tests.document", frozen_text=text, locale="en", at=MOMENT)

    assert (document.state, document.requested_at, document.attempts) == (State.REQUESTED, MOMENT, 0)
    assert len(nudges) == 1


def test_request_document_again_gives_the_same_row(build):
    text = FrozenTextFactory()
    first = request_document(kind="tests.document", frozen_text=text, locale="en", at=MOMENT)

    again = request_document(
        kind="tests.document", frozen_text=text, locale="en", at=MOMENT + timedelta(hours=1)
    )

    assert (again.pk, again.requested_at) == (first.pk, MOMENT)
    assert Document.objects.count() == 1


def test_request_document_in_another_locale_gives_another_row(build):
    text = FrozenTextFactory()
    first = request_document(kind="tests.document", frozen_text=text, locale="en", at=MOMENT)

    other = request_document(kind="tests.document", frozen_text=text, locale="de", at=MOMENT)

    assert other.pk != first.pk


def test_request_document_that_failed_orders_it_again(build):
    row = DocumentFactory(
        state=State.FAILED, reason="too_long", attempts=3, claimed_at=MOMENT, finished_at=MOMENT
    )
    later = MOMENT + timedelta(hours=1)

    document = request_document(kind=row.kind, frozen_text=row.frozen_text, locale=row.locale, at=later)

    assert (document.pk, document.state, document.requested_at) == (row.pk, State.REQUESTED, later)
    assert (document.reason, document.attempts, document.finished_at) == ("", 0, None)


@pytest.mark.parametrize("state", [State.RENDERING, State.READY])
def test_request_document_at_work_or_ready_changes_and_nudges_nothing(
    state, build, django_capture_on_commit_callbacks
):
    row = DocumentFactory(state=state, attempts=1, claimed_at=MOMENT)

    with django_capture_on_commit_callbacks() as nudges:
        document = request_document(kind=row.kind, frozen_text=row.frozen_text, locale=row.locale, at=MOMENT)

    assert (document.state, nudges) == (state, [])


def test_request_document_of_unknown_kind_is_refused():
    with pytest.raises(UnknownDocumentKind):
        request_document(kind="tests.unknown", frozen_text=FrozenTextFactory(), locale="en", at=MOMENT)

    assert Document.objects.count() == 0


def test_register_builder_refuses_a_second_one_of_the_same_name(build):
    register_builder("tests.document", build)

    with pytest.raises(ValueError, match="two builders"):
        register_builder("tests.document", print)


# --- Making -------------------------------------------------------------------------


def test_render_document_makes_a_real_file_and_records_it(build):
    document = DocumentFactory(frozen_text__title="A real page")

    render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    content = document.file.read()
    assert document.state == State.READY
    assert content.startswith(b"%PDF-1.7")
    assert document.file_digest == hashlib.sha256(content).hexdigest()
    assert (document.byte_size, document.page_count, document.attempts) == (len(content), 1, 1)
    assert document.file_name == "small_page.pdf"
    assert (
        document.source_digest == hashlib.sha256(build(document.frozen_text, "en").html.encode()).hexdigest()
    )
    assert '"weasyprint":' in document.fingerprint
    assert document.claimed_at == MOMENT < document.finished_at


def test_render_source_of_the_same_text_gives_the_bytes_of_the_stored_file(build):
    document = DocumentFactory()
    render_document(document_id=str(document.pk), at=MOMENT)
    document.refresh_from_db()

    again = render_source(source=build(document.frozen_text, "en"), frozen_text=document.frozen_text)

    assert again.content == document.file.read()
    assert again.fingerprint == document.fingerprint


def test_render_document_delivered_twice_works_once(build, renderer):
    document = DocumentFactory()
    render_document(document_id=str(document.pk), at=MOMENT)
    renderer.append(AssertionError("a second rendering was started"))

    render_document(document_id=str(document.pk), at=MOMENT + timedelta(minutes=1))

    document.refresh_from_db()
    assert (document.state, document.attempts, document.claimed_at) == (State.READY, 1, MOMENT)


@pytest.mark.parametrize("state", [State.RENDERING, State.READY, State.FAILED])
def test_render_document_not_ordered_does_nothing(state, build, renderer):
    renderer.append(AssertionError("a rendering was started"))
    document = DocumentFactory(state=state, claimed_at=MOMENT)

    render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    assert (document.state, document.attempts) == (state, 0)


def test_render_document_that_is_gone_does_nothing(build):
    render_document(document_id="01890a5d-ac96-774b-bcce-b302099a8057", at=MOMENT)

    assert Document.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_render_document_by_several_at_once_is_claimed_by_one(build, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip(
            "a database in memory belongs to one connection; SQLite lets one writer in at a time anyway"
        )
    document = DocumentFactory()
    made, together = [], threading.Barrier(4)

    def run_slowly(**job):
        made.append(job)
        return PDF

    monkeypatch.setattr(making, "run_renderer", run_slowly)

    def work():
        together.wait()
        render_document(document_id=str(document.pk), at=MOMENT)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    document.refresh_from_db()
    assert (len(made), document.state, document.attempts) == (1, State.READY, 1)


def test_render_document_builds_in_the_documents_locale(renderer):
    seen = []

    def build_page(frozen_text, locale):
        seen.append((locale, translation.get_language()))
        return DocumentSource(html="", title="t", locale=locale, file_name="t.pdf")

    register_builder("tests.document", build_page)
    document = DocumentFactory(locale="en-xa")

    render_document(document_id=str(document.pk), at=MOMENT)

    assert seen == [("en-xa", "en-xa")]
    assert translation.get_language() == "en"


@pytest.mark.parametrize(
    ("file_name", "stored"),
    [("an answer.pdf", "an_answer.pdf"), ("../../etc/passwd.pdf", "....etcpasswd.pdf"), ("", "document.pdf")],
)
def test_render_document_stores_only_below_its_own_folder(file_name, stored, renderer):
    source = DocumentSource(html="", title="t", locale="en", file_name=file_name)
    register_builder("tests.document", lambda *_: source)
    document = DocumentFactory()

    render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    folder, claim, name = document.file.name.rsplit("/", 2)
    assert (folder, name) == (f"documents/{document.pk}", stored)
    assert claim.startswith("1-")


# --- Failing ------------------------------------------------------------------------


@pytest.mark.parametrize("reason", [Reason.TOO_LONG, Reason.GLYPHS])
def test_render_document_that_cannot_be_rendered_fails_with_the_reason(reason, build, renderer):
    renderer.append(RenderFailed(reason, "U+AC00"))
    document = DocumentFactory()

    render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    assert (document.state, document.reason) == (State.FAILED, f"{reason}:U+AC00")
    assert document.reason_sentence
    assert stored_files() == []


def test_render_document_whose_builder_refuses_the_text_fails():
    def refuse(frozen_text, locale):
        raise DomainError("a question is missing")

    register_builder("tests.document", refuse)
    document = DocumentFactory()

    render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    assert (document.state, document.reason) == (State.FAILED, Reason.REFUSED)


def test_render_document_without_a_builder_fails():
    document = DocumentFactory()

    render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    assert (document.state, document.reason) == (State.FAILED, Reason.NO_BUILDER)


def test_render_document_after_crashes_is_given_back_and_then_made(build, renderer):
    renderer.extend([RendererCrashed("exit -9")] * (MAX_ATTEMPTS - 1))
    document = DocumentFactory()

    states = []
    for _attempt in range(MAX_ATTEMPTS):
        render_document(document_id=str(document.pk), at=MOMENT)
        document.refresh_from_db()
        states.append(document.state)

    assert states == [State.REQUESTED] * (MAX_ATTEMPTS - 1) + [State.READY]


def test_render_document_that_crashes_each_time_fails_in_the_end(build, renderer):
    renderer.extend([RendererCrashed("exit -9")] * MAX_ATTEMPTS)
    document = DocumentFactory()

    for _attempt in range(MAX_ATTEMPTS):
        render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    assert (document.state, document.reason) == (State.FAILED, Reason.INTERRUPTED)
    assert document.attempts == MAX_ATTEMPTS


def test_render_document_without_a_store_is_given_back(build, renderer, monkeypatch):
    def full(name, content, max_length=None):
        raise OSError("no space left")

    monkeypatch.setattr(default_storage, "save", full)
    document = DocumentFactory()

    render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    assert (document.state, document.file.name, document.file_digest) == (State.REQUESTED, "", "")


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), SystemExit(), ZeroDivisionError()])
def test_render_document_in_a_worker_that_stops_is_given_back_at_once(stop, build, renderer):
    renderer.append(stop)
    document = DocumentFactory()

    with pytest.raises(type(stop)):
        render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    assert (document.state, document.claimed_at) == (State.REQUESTED, None)


def test_render_document_whose_claim_was_taken_leaves_row_and_store_alone(build, monkeypatch):
    document = DocumentFactory()
    later = MOMENT + timedelta(hours=1)

    def run_too_long(**job):
        release_stale_documents(at=later)
        Document.objects.filter(pk=document.pk).update(state=State.RENDERING, attempts=2, claimed_at=later)
        return PDF

    monkeypatch.setattr(making, "run_renderer", run_too_long)

    render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    assert (document.state, document.attempts, document.claimed_at) == (State.RENDERING, 2, later)
    assert stored_files() == []


# --- Keeping orders moving ------------------------------------------------------------


def test_release_stale_documents_gives_back_what_a_vanished_worker_claimed(settings):
    document = DocumentFactory(state=State.RENDERING, attempts=1, claimed_at=MOMENT)
    limit = timedelta(seconds=settings.RENDER_SECONDS + 120)

    moved = [release_stale_documents(at=MOMENT + limit), release_stale_documents(at=MOMENT + limit * 1.01)]

    document.refresh_from_db()
    assert moved == [0, 1]
    assert (document.state, document.attempts, document.claimed_at) == (State.REQUESTED, 1, None)


def test_release_stale_documents_ends_what_vanished_too_often():
    document = DocumentFactory(state=State.RENDERING, attempts=MAX_ATTEMPTS, claimed_at=MOMENT)
    later = MOMENT + timedelta(hours=1)

    release_stale_documents(at=later)

    document.refresh_from_db()
    assert (document.state, document.reason, document.finished_at) == (
        State.FAILED,
        Reason.INTERRUPTED,
        later,
    )


@pytest.mark.parametrize("state", [State.REQUESTED, State.READY, State.FAILED])
def test_release_stale_documents_leaves_others_alone(state):
    document = DocumentFactory(state=state, claimed_at=MOMENT)

    assert release_stale_documents(at=MOMENT + timedelta(days=1)) == 0

    document.refresh_from_db()
    assert document.state == state


def test_sweep_documents_nudges_what_waits_and_nothing_else(django_capture_on_commit_callbacks):
    for state in State:
        DocumentFactory(state=state)
    DocumentFactory(requested_at=MOMENT + SWEEP_AFTER * 2)

    with django_capture_on_commit_callbacks() as nudges:
        swept = sweep_documents(at=MOMENT + SWEEP_AFTER * 2)

    assert (swept, len(nudges)) == (1, 1)


@pytest.mark.parametrize("waiting", [1, 3])
def test_sweep_documents_asks_the_database_once(waiting, django_assert_num_queries):
    DocumentFactory.create_batch(waiting)

    with transaction.atomic(), django_assert_num_queries(1):
        assert sweep_documents(at=MOMENT + timedelta(minutes=1)) == waiting


def test_sweep_documents_takes_a_batch_at_a_time():
    DocumentFactory.create_batch(SWEEP_BATCH + 1)

    assert sweep_documents(at=MOMENT + timedelta(minutes=1)) == SWEEP_BATCH


def test_order_outlives_a_broker_that_is_down(build, monkeypatch, django_capture_on_commit_callbacks):
    def down(**message):
        raise ConnectionRefusedError

    monkeypatch.setattr("campaign.documents.tasks.render.apply_async", down)

    with django_capture_on_commit_callbacks(execute=True):
        request_document(kind="tests.document", frozen_text=FrozenTextFactory(), locale="en", at=MOMENT)

    assert Document.objects.get().state == State.REQUESTED
