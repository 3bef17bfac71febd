"""Steps on the way, and stopping the work: while it waits, while it renders, in races with its end, by whom."""

import sys
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse

from campaign.documents import children, making
from campaign.documents.builders import DocumentSource, register_builder
from campaign.documents.children import NoLongerWanted, run_child
from campaign.documents.models import Document, DocumentStep
from campaign.documents.rendering import RenderedPdf
from campaign.documents.services import (
    DocumentIsFinished,
    cancel_document,
    render_document,
    request_document,
    sweep_documents,
)
from campaign.documents.services.work import _claim, _step
from tests.factories.accounts import UserFactory
from tests.factories.documents import MOMENT, DocumentFactory

pytestmark = pytest.mark.django_db

State = Document.State
PDF = RenderedPdf(content=b"%PDF-1.7 a\n%%EOF", page_count=3, fingerprint="{}")


@pytest.fixture
def answerable():
    """A user who answers for documents of the tests."""
    user = UserFactory()
    register_builder(
        "tests.document",
        lambda text, locale: DocumentSource(html="", title="t", locale=locale, file_name="t"),
        may_cancel=lambda text, person: person.pk == user.pk,
    )
    return user


def stored(document):
    folder = f"documents/{document.pk}"
    with suppress(FileNotFoundError):
        claims, _files = default_storage.listdir(folder)
        return [name for claim in claims for name in default_storage.listdir(f"{folder}/{claim}")[1]]
    return []


# --- Steps --------------------------------------------------------------------------


def test_render_document_says_each_step_while_it_is_at_it(build, monkeypatch):
    document, seen = DocumentFactory(), []

    def step_now(*_args, **_more):
        seen.append(Document.objects.get(pk=document.pk).step)
        return PDF

    monkeypatch.setattr(making, "run_renderer", step_now)
    monkeypatch.setattr("campaign.documents.services.work.check_file", step_now)
    save = default_storage.save
    monkeypatch.setattr(default_storage, "save", lambda *args, **more: step_now() and save(*args, **more))

    render_document(document_id=str(document.pk), at=MOMENT)

    assert seen == [DocumentStep.RENDERING, DocumentStep.CHECKING, DocumentStep.STORING]


def test_steps_of_a_document_at_work():
    document = DocumentFactory.build(frozen_text=None, state=State.RENDERING, step=DocumentStep.CHECKING)

    assert [(step.is_done, step.is_now) for step in document.steps] == [
        *[(True, False)] * 3,
        (False, True),
        (False, False),
    ]
    assert (document.step_number, document.step_total) == (4, 5)


def test_document_page_names_the_step(client):
    document = DocumentFactory(state=State.RENDERING, step=DocumentStep.RENDERING)

    page = client.get(reverse("document", args=[document.pk])).content.decode()

    assert "Step 3 of 5: Rendering." in page
    assert '<li data-step="now" aria-current="step">Rendering</li>' in page


# --- Canceling ----------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.REQUESTED, State.RENDERING])
def test_cancel_document_at_work_ends_it(state):
    document = DocumentFactory(state=state, attempts=1, claimed_at=MOMENT)

    cancel_document(document=document, at=MOMENT)

    document.refresh_from_db()
    assert (document.state, document.claimed_at, document.finished_at) == (State.CANCELED, None, MOMENT)


@pytest.mark.parametrize("state", [State.READY, State.FAILED, State.CANCELED])
def test_cancel_document_that_has_ended_is_refused(state):
    document = DocumentFactory(state=state)

    with pytest.raises(DocumentIsFinished):
        cancel_document(document=document, at=MOMENT)

    document.refresh_from_db()
    assert document.state == state


def test_canceled_document_is_left_alone_by_workers_and_sweeps(build):
    document = DocumentFactory()
    cancel_document(document=document, at=MOMENT)

    render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    assert document.state == State.CANCELED
    assert sweep_documents(at=MOMENT + timedelta(hours=1)) == 0


def test_canceled_document_can_be_ordered_again_and_is_made(build):
    document = DocumentFactory(attempts=2)
    cancel_document(document=document, at=MOMENT)

    again = request_document(kind=document.kind, frozen_text=document.frozen_text, locale="en", at=MOMENT)
    render_document(document_id=str(again.pk), at=MOMENT)

    again.refresh_from_db()
    assert (again.pk, again.state, again.attempts) == (document.pk, State.READY, 1)


@pytest.mark.parametrize("step", [DocumentStep.RENDERING, DocumentStep.CHECKING, DocumentStep.STORING])
def test_cancel_document_between_steps_stops_it_there(step, build, monkeypatch):
    document = DocumentFactory()

    def cancel_before(row, next_step):
        if next_step == step:
            cancel_document(document=row, at=MOMENT)
        _step(row, next_step)

    monkeypatch.setattr("campaign.documents.services.work._step", cancel_before)
    monkeypatch.setattr(making, "run_renderer", lambda **_: PDF)

    render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    assert (document.state, stored(document)) == (State.CANCELED, [])


def test_cancel_document_while_its_file_is_being_stored_leaves_no_file(build, monkeypatch):
    document = DocumentFactory()
    save = default_storage.save

    def cancel_after_saving(*args, **more):
        name = save(*args, **more)
        cancel_document(document=document, at=MOMENT)
        return name

    monkeypatch.setattr(default_storage, "save", cancel_after_saving)
    monkeypatch.setattr(making, "run_renderer", lambda **_: PDF)

    render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    assert (document.state, stored(document)) == (State.CANCELED, [])


def test_child_that_is_slow_to_listen_gets_the_whole_order():
    program = "import sys, time; time.sleep(2.5); print(len(sys.stdin.buffer.read()))"
    looks = []

    answer = run_child(
        [sys.executable, "-c", program], bytes(5_000_000), epoch=0, is_wanted=lambda: looks.append(1) or True
    )

    assert (answer, len(looks)) == (b"5000000\n", 2)


def test_child_that_does_not_listen_is_heard():
    answer = run_child([sys.executable, "-c", "print('no')"], bytes(5_000_000), epoch=0)

    assert answer == b"no\n"


def test_child_that_nobody_waits_for_is_stopped_within_two_seconds():
    started, since = time.monotonic(), []

    def is_wanted():
        since.append(time.monotonic())
        return False

    with pytest.raises(NoLongerWanted):
        run_child(["/bin/sleep", "60"], b"", epoch=0, is_wanted=is_wanted)

    assert time.monotonic() - started < children.LOOK_EVERY + 1


@pytest.mark.django_db(transaction=True)
def test_cancel_document_while_its_child_renders_stops_the_child(monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("a database in memory belongs to one connection")
    register_builder(
        "tests.document",
        lambda text, locale: DocumentSource(html="", title="t", locale=locale, file_name="t"),
    )
    monkeypatch.setattr(
        making,
        "run_renderer",
        lambda is_wanted, **_: run_child(["/bin/sleep", "60"], b"", epoch=0, is_wanted=is_wanted),
    )
    document = DocumentFactory()
    worker = threading.Thread(
        target=lambda: (render_document(document_id=str(document.pk), at=MOMENT), connection.close())
    )
    worker.start()
    while Document.objects.get(pk=document.pk).step != DocumentStep.RENDERING:
        time.sleep(0.02)

    canceled = time.monotonic()
    cancel_document(document=document, at=MOMENT)
    worker.join(10)

    document.refresh_from_db()
    assert time.monotonic() - canceled < 2
    assert (document.state, stored(document)) == (State.CANCELED, [])


@pytest.mark.django_db(transaction=True)
def test_cancel_claim_and_finish_at_once_leave_one_outcome(build, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("a database in memory belongs to one connection")
    monkeypatch.setattr(making, "run_renderer", lambda **_: PDF)
    for _round in range(12):
        document, together = DocumentFactory(), threading.Barrier(4)

        def work(row=document, start=together):
            start.wait()
            render_document(document_id=str(row.pk), at=MOMENT)
            connection.close()

        def cancel(row=document, start=together):
            start.wait()
            with suppress(DocumentIsFinished):
                cancel_document(document=row, at=MOMENT)
            connection.close()

        threads = [threading.Thread(target=target) for target in (work, work, cancel, cancel)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        document.refresh_from_db()
        assert document.state in {State.READY, State.CANCELED}
        assert len(stored(document)) == (1 if document.state == State.READY else 0)


def test_claim_after_a_cancel_finds_nothing():
    document = DocumentFactory()
    cancel_document(document=document, at=MOMENT)

    assert _claim(document_id=str(document.pk), at=MOMENT) is None


# --- By whom --------------------------------------------------------------------------


def cancel(client, document):
    return client.post(reverse("document_cancel", args=[document.pk]))


def test_document_canceled_by_who_answers_for_it(answerable, client):
    document = DocumentFactory()
    client.force_login(answerable)

    response = cancel(client, document)

    document.refresh_from_db()
    assert (response.status_code, response.url) == (302, reverse("document", args=[document.pk]))
    assert document.state == State.CANCELED


def test_document_canceled_by_who_runs_the_site(client):
    document = DocumentFactory()
    client.force_login(UserFactory(is_staff=True))

    cancel(client, document)

    document.refresh_from_db()
    assert document.state == State.CANCELED


def test_document_cancel_needs_sign_in(answerable, client):
    document = DocumentFactory()

    response = cancel(client, document)

    document.refresh_from_db()
    assert (response.status_code, document.state) == (302, State.REQUESTED)
    assert reverse("account_login") in response.url


def test_document_cancel_by_others_is_forbidden(answerable, client):
    document = DocumentFactory()
    client.force_login(UserFactory())

    response = cancel(client, document)

    document.refresh_from_db()
    assert (response.status_code, document.state) == (403, State.REQUESTED)


def test_document_cancel_that_comes_too_late_says_so(answerable, client):
    document = DocumentFactory(state=State.READY)
    client.force_login(answerable)

    response = client.post(reverse("document_cancel", args=[document.pk]), follow=True)

    assert "The work on this document has ended already." in response.content.decode()


def test_document_cancel_of_an_unknown_one_is_not_found(client):
    client.force_login(UserFactory())

    response = client.post(reverse("document_cancel", args=["01890a5d-ac96-774b-bcce-b302099a8057"]))

    assert response.status_code == 404


def test_document_cancel_by_get_is_a_wrong_method(answerable, client):
    client.force_login(answerable)

    assert client.get(reverse("document_cancel", args=[DocumentFactory().pk])).status_code == 405


def test_document_page_offers_to_cancel_to_who_may(answerable, client):
    document = DocumentFactory()
    address = reverse("document_cancel", args=[document.pk])

    stranger = client.get(reverse("document", args=[document.pk])).content.decode()
    client.force_login(answerable)
    mine = client.get(reverse("document", args=[document.pk])).content.decode()

    assert (address in stranger, address in mine) == (False, True)


def test_document_canceled_says_so_and_can_be_ordered_again(answerable, client):
    document = DocumentFactory(state=State.CANCELED)

    page = client.get(reverse("document", args=[document.pk])).content.decode()
    client.post(reverse("document", args=[document.pk]))

    document.refresh_from_db()
    assert "Order it again" in page
    assert document.state == State.REQUESTED
