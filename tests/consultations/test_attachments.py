"""Files: what an authority gives with its call, for all; and the file an answer consists of, for its team alone."""

import hashlib
import io
import threading
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.checks.drafted import read
from campaign.consultations.checks.workspace import upload_findings
from campaign.consultations.files import FileIsRefused, kept, kept_name, read_file
from campaign.consultations.models import AuthorityDocument, Question, Submission, UploadedAnswer
from campaign.consultations.services import (
    SubmissionIsFrozen,
    UploadIsRefused,
    add_document,
    remove_document,
    remove_question,
    remove_upload,
    upload_answer,
)
from campaign.consultations.workspace import uploads_of
from tests.consultations.walk import freeze, prepare
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import (
    AnswerFactory,
    AuthorityDocumentFactory,
    ConsultationFactory,
    QuestionFactory,
    RequirementFactory,
    SubmissionFactory,
    UploadedAnswerFactory,
)
from tests.factories.documents import FrozenTextFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()
PDF = b"%PDF-1.7 a paper"


def archive_of(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


ODT = archive_of(mimetype="application/vnd.oasis.opendocument.text")
DOCX = archive_of(word__document_xml="<w/>")
XLSX = archive_of(xl__workbook_xml="<w/>")


# --- What may be kept ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("a.DOCX", DOCX),
        ("a.xlsx", XLSX),
        ("a.odt", ODT),
        ("a.zip", archive_of(anything="x")),
        ("a.txt", "Grüße".encode()),
        ("a.txt", "Grüße".encode("utf-16")),
        ("a.txt", "Grüße".encode("latin-1")),
        ("a.csv", b"a,b"),
    ],
)
def test_file_is_kept_by_its_ending_and_its_bytes(name, content):
    assert read_file(name=name, content=content).digest == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", b"<script>"),
        ("a.svg", b"<svg>"),
        ("a.exe", b"MZ"),
        ("a", PDF),
        ("a.pdf", b"<html>"),
        ("a.docx", XLSX),
        ("a.odt", DOCX),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.txt", b"a\x00b"),
        ("a.pdf", b""),
        ("a.txt", b"x" * 20_000_001),
    ],
)
def test_file_that_is_not_what_its_name_says_is_refused(name, content):
    with pytest.raises(FileIsRefused):
        read_file(name=name, content=content)


def test_name_of_a_file_leads_nowhere_and_breaks_no_header():
    names = [
        read_file(name=name, content=PDF).name
        for name in ('../../e"t\r\nc.pdf', "....pdf", "a" * 300 + ".pdf")
    ]

    assert names == ["e t c.pdf", "file.pdf", "a" * 120 + ".pdf"]


# --- Documents of the authority -----------------------------------------------------
def documented(**values):
    consultation = ConsultationFactory(imported_by=TeamMemberFactory().user)
    return AuthorityDocumentFactory(consultation=consultation, **values)


def test_document_is_kept_once_and_goes_with_the_last_that_names_it(django_capture_on_commit_callbacks):
    consultation, file = ConsultationFactory(), read_file(name="a.pdf", content=PDF)
    first, second = (
        add_document(consultation=consultation, title=title, url="", file=file, by=UserFactory(), at=NOW)
        for title in ("One", "Two")
    )

    with django_capture_on_commit_callbacks(execute=True):
        remove_document(document=first)
    there = kept(second.digest)
    with django_capture_on_commit_callbacks(execute=True):
        remove_document(document=second)

    assert there == PDF
    assert kept(second.digest) is None


def test_copy_that_was_changed_in_the_store_is_not_given_and_mended_when_it_is_brought_again():
    row = documented(content=PDF)
    with default_storage.open(kept_name(row.digest), "wb") as file:
        file.write(b"%PDF-1.7 another")
    damaged = kept(row.digest)
    documented(content=PDF)

    assert (damaged, kept(row.digest)) == (None, PDF)


def test_everybody_can_save_the_copy_and_no_browser_shows_it(client):
    row = documented(content=PDF)

    response = client.get(reverse("authority_document_file", args=[row.consultation.slug, row.pk]))

    assert (response.status_code, response.content) == (200, PDF)
    assert response.headers["Content-Disposition"] == 'attachment; filename="annex.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "application/pdf"


def test_copy_is_found_under_its_own_consultation_alone(client):
    row, other = documented(content=PDF), ConsultationFactory()

    assert client.get(reverse("authority_document_file", args=[other.slug, row.pk])).status_code == 404
    assert (
        client.get(reverse("authority_document_file", args=[other.slug, documented().pk])).status_code == 404
    )


def test_document_is_added_and_shown_with_its_digest(client):
    row = documented()
    client.force_login(row.consultation.imported_by)

    response = client.post(
        reverse("authority_document_add", args=[row.consultation.slug]),
        {"title": "The draft", "url": "", "file": SimpleUploadedFile("draft.pdf", PDF)},
    )

    added = AuthorityDocument.objects.get(title="The draft")
    assert response.url == reverse("consultation_edit", args=[row.consultation.slug])
    assert (added.file_name, added.byte_size, added.digest) == (
        "draft.pdf",
        16,
        hashlib.sha256(PDF).hexdigest(),
    )
    assert added.digest in client.get(reverse("consultation_detail", args=[row.consultation.slug])).text


@pytest.mark.parametrize(
    "data",
    [
        {"title": "Kept"},
        {"title": "Kept", "url": "javascript:alert(1)"},
        {"title": "Kept", "file": SimpleUploadedFile("a.html", b"<script>")},
    ],
)
def test_document_that_cannot_be_added_keeps_the_form(client, data):
    row = documented()
    client.force_login(row.consultation.imported_by)

    response = client.post(reverse("authority_document_add", args=[row.consultation.slug]), data)

    assert response.status_code == 422
    assert 'value="Kept"' in response.text
    assert AuthorityDocument.objects.count() == 1


def test_document_is_removed_by_who_may_and_by_post(client):
    row = documented()
    address = reverse("authority_document_remove", args=[row.consultation.slug, row.pk])

    assert client.post(address).status_code == 302
    client.force_login(UserFactory())
    assert client.post(address).status_code == 403
    client.force_login(row.consultation.imported_by)
    assert client.get(address).status_code == 405
    assert AuthorityDocument.objects.count() == 1
    assert client.post(address).status_code == 302
    assert AuthorityDocument.objects.count() == 0


# --- Files of answers ---------------------------------------------------------------
@pytest.fixture
def asked():
    """A submission that is asked for a file in question “file”."""
    submission = SubmissionFactory()
    QuestionFactory(consultation=submission.consultation, number="file", kind="upload")
    return submission


def upload(submission, content=PDF, name="paper.pdf"):
    return upload_answer(
        submission=submission,
        question=Question.objects.get(number="file"),
        file=read_file(name=name, content=content),
        by=UserFactory(),
        at=NOW,
    )


def test_another_file_takes_the_place_of_the_first(asked, django_capture_on_commit_callbacks):
    first = upload(asked)
    with django_capture_on_commit_callbacks(execute=True):
        upload(asked, content=b"%PDF-1.7 second")

    row = UploadedAnswer.objects.get()
    assert kept(row.digest) == b"%PDF-1.7 second"
    assert kept(first.digest) is None


def test_frozen_text_keeps_the_file_it_names(asked, django_capture_on_commit_callbacks):
    row = upload(asked)
    FrozenTextFactory(kind="consultations.submission", payload=f'{{"upload": "{row.digest}"}}')

    with django_capture_on_commit_callbacks(execute=True):
        remove_upload(submission=asked, question=row.question)

    assert UploadedAnswer.objects.count() == 0
    assert kept(row.digest) == PDF


def test_what_is_frozen_names_the_file_by_its_digest(asked):
    row = upload(asked)
    answer = AnswerFactory(submission=asked, question=row.question)
    other = AnswerFactory(submission=asked)

    named = {"name": "paper.pdf", "byte_size": len(PDF), "digest": hashlib.sha256(PDF).hexdigest()}
    assert uploads_of(answer.submission_id).get(answer.question_id) == named
    assert uploads_of(other.submission_id).get(other.question_id) is None
    assert uploads_of(asked.pk) == {row.question_id: named}


@pytest.mark.parametrize("status", ["verified", "reported", "uncertain"])
@pytest.mark.parametrize(
    ("topic", "subject", "unit", "value"),
    [
        ("attachment-size", "", "kilobytes", 1),
        ("attachment-size", "upload-question", "kilobytes", 1),
        ("attachment-formats", "", "", ["docx"]),
    ],
)
def test_file_that_an_official_source_refuses_is_refused_and_else_a_warning_is_shown(
    client, asked, status, topic, subject, unit, value
):
    RequirementFactory(
        profile=asked.consultation.profile,
        topic=topic,
        subject=subject,
        unit=unit,
        value=value,
        status=status,
    )
    content = PDF + b" " * 2_000

    if status == "verified":
        with pytest.raises(UploadIsRefused):
            upload(asked, content=content)
        assert UploadedAnswer.objects.count() == 0
        return
    upload(asked, content=content)
    client.force_login(TeamMemberFactory(campaign=asked.campaign, role="editor").user)
    page = client.get(reverse("answer_file", args=[asked.pk, "file"]))
    assert "notice--warn" in page.text


def test_kit_gives_the_frozen_file_whatever_the_authority_asks_by_now(client, asked):
    row = upload(asked)
    AnswerFactory(submission=asked)
    filing = prepare(freeze(asked, at=NOW), at=NOW)
    Question.objects.filter(pk=row.question_id).update(number="renumbered")
    client.force_login(TeamMemberFactory(campaign=asked.campaign, role="viewer", membership="viewer").user)
    address = reverse("filing_upload", args=[filing.pk, row.digest])

    kit = client.get(reverse("filing_kit", args=[filing.pk]))
    file = client.get(address)

    assert address in kit.content.decode()
    assert file.content == PDF
    assert file.headers["Content-Disposition"] == 'attachment; filename="paper.pdf"'


def test_frozen_file_is_for_the_team_and_no_other_digest_is_served(client, asked):
    row = upload(asked)
    AnswerFactory(submission=asked)
    filing = prepare(freeze(asked, at=NOW), at=NOW)
    address = reverse("filing_upload", args=[filing.pk, row.digest])

    assert client.get(address).status_code == 302
    client.force_login(TeamMemberFactory().user)
    assert client.get(address).status_code == 404
    client.force_login(TeamMemberFactory(campaign=asked.campaign).user)
    assert client.get(reverse("filing_upload", args=[filing.pk, "0" * 64])).status_code == 404
    assert client.post(address).status_code == 405


def test_file_cannot_change_once_the_text_is_frozen(asked):
    row = upload(asked)
    Submission.objects.filter(pk=asked.pk).update(state="frozen", frozen_text=FrozenTextFactory())

    with pytest.raises(SubmissionIsFrozen):
        upload(asked)
    with pytest.raises(SubmissionIsFrozen):
        remove_upload(submission=asked, question=row.question)

    assert kept(row.digest) == PDF


def test_question_with_a_file_stays_when_the_authority_takes_it_back(asked):
    row = upload(asked)
    consultation = asked.consultation

    remove_question(consultation=consultation, row=row.question_id, seen=consultation.revision, at=NOW)

    row.refresh_from_db()
    assert row.question.gone_at == NOW


def test_team_uploads_saves_and_removes_its_file(client, asked):
    client.force_login(TeamMemberFactory(campaign=asked.campaign, role="editor").user)
    address = reverse("answer_file", args=[asked.pk, "file"])

    response = client.post(address, {"file": SimpleUploadedFile("Paper ä.pdf", PDF)})
    saved = client.get(reverse("answer_file_download", args=[asked.pk, "file"]))
    shown = client.get(address)
    removed = client.post(address, {"remove": "1"})

    assert response.url == removed.url == address
    assert saved.content == PDF
    assert saved.headers["Content-Disposition"] == "attachment; filename*=utf-8''Paper%20%C3%A4.pdf"
    assert hashlib.sha256(PDF).hexdigest() in shown.text
    assert UploadedAnswer.objects.count() == 0


def test_file_of_another_kind_keeps_the_form(client, asked):
    client.force_login(TeamMemberFactory(campaign=asked.campaign, role="editor").user)

    response = client.post(
        reverse("answer_file", args=[asked.pk, "file"]), {"file": SimpleUploadedFile("a.html", b"<b>")}
    )

    assert response.status_code == 422
    assert UploadedAnswer.objects.count() == 0


def test_file_of_a_team_is_for_nobody_else(client):
    row = UploadedAnswerFactory(question__number="file")
    addresses = [
        reverse(name, args=[row.submission_id, "file"]) for name in ("answer_file", "answer_file_download")
    ]

    def statuses():
        return [client.get(address).status_code for address in addresses]

    anonymous = statuses()
    client.force_login(TeamMemberFactory().user)
    stranger = statuses()
    client.force_login(TeamMemberFactory(campaign=row.submission.campaign, role="viewer").user)
    viewer = statuses()

    assert (anonymous, stranger, viewer) == ([302, 302], [404, 404], [403, 200])


def test_question_that_asks_for_no_file_has_no_page_for_one(client):
    submission = SubmissionFactory()
    QuestionFactory(consultation=submission.consultation, number="1")
    client.force_login(TeamMemberFactory(campaign=submission.campaign, role="editor").user)

    assert client.get(reverse("answer_file", args=[submission.pk, "1"])).status_code == 404
    assert client.delete(reverse("answer_file", args=[submission.pk, "1"])).status_code == 405


def test_frozen_text_names_the_file_of_each_question(asked):
    row = upload(asked)
    AnswerFactory(submission=asked)

    frozen = freeze(asked, at=NOW).frozen_text.data

    uploads = {each["number"]: each["upload"] for part in frozen["sections"] for each in part["questions"]}
    named = {"name": "paper.pdf", "byte_size": len(PDF), "digest": row.digest}
    assert [each for each in uploads.values() if each] == [named]
    assert uploads[row.question.number] == named


@pytest.mark.parametrize("is_required", [True, False])
def test_question_that_asks_for_a_file_and_has_none_is_found(asked, is_required):
    Question.objects.filter(kind="upload").update(is_required=is_required)
    before = [(each.code, each.is_error) for each in upload_findings(read(asked))]

    upload(asked)

    assert before == [("no-file", is_required)]
    assert upload_findings(read(asked)) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_file_that_is_brought_again_while_it_is_taken_out_stays():
    first, second = UserFactory(), ConsultationFactory()
    file = read_file(name="a.pdf", content=PDF)
    old = add_document(consultation=ConsultationFactory(), title="One", url="", file=file, by=first, at=NOW)
    is_kept, may_commit = threading.Event(), threading.Event()

    def bring():
        with transaction.atomic():
            add_document(consultation=second, title="Two", url="", file=file, by=first, at=NOW)
            is_kept.set()
            may_commit.wait(1)

    def take_out():
        is_kept.wait(10)
        remove_document(document=old)

    in_threads([bring, take_out])

    assert kept(file.digest) == PDF
