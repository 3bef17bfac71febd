"""Files: what an authority gives with its call, and what will be put where it asks for a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from campaign.accounts.models import User
from campaign.consultations.checks.files import file_problems
from campaign.consultations.files import Brought, forget, keep
from campaign.consultations.models import (
    AuthorityDocument,
    Consultation,
    Question,
    RequirementStatus,
    Submission,
    SubmissionState,
    UploadedAnswer,
)
from campaign.consultations.requirements import requirements_of
from campaign.consultations.services.answer import SubmissionIsFrozen
from campaign.core.errors import DomainError
from campaign.documents.models import FrozenText

LOCK_SPACE = 0x5EC3  # first half of our advisory locks on PostgreSQL
MOST_DOCUMENTS = 50  # of one consultation


class TooManyDocuments(DomainError):
    message = gettext_lazy("A consultation can have at most 50 documents. Remove one first.")


class UploadIsRefused(DomainError):
    """The authority would not take the file; the message says why."""


@transaction.atomic
def add_document(
    *, consultation: Consultation, title: str, url: str, file: Brought | None, by: User, at: datetime
) -> AuthorityDocument:
    """Add what the authority gives: its address, a copy to keep, or both. Raises TooManyDocuments."""
    Consultation.objects.select_for_update(of=("self",), no_key=True).get(pk=consultation.pk)
    if consultation.documents.count() >= MOST_DOCUMENTS:
        raise TooManyDocuments
    row = AuthorityDocument(consultation=consultation, title=title, url=url, added_at=at, added_by=by)
    if file is not None:
        row.file_name, row.media_type, row.byte_size = file.name, file.media_type, len(file.content)
        row.digest = _keep(file)
    row.save()
    return row


@transaction.atomic
def remove_document(*, document: AuthorityDocument) -> None:
    """Take it out, and its copy with it. Twice is once."""
    AuthorityDocument.objects.filter(pk=document.pk).delete()
    _forget_later(document.digest)


@transaction.atomic
def upload_answer(
    *, submission: Submission, question: Question, file: Brought, by: User, at: datetime
) -> UploadedAnswer:
    """Take the file that will be put where the authority asks for one; one that was there before goes.

    Raises SubmissionIsFrozen, and UploadIsRefused where an official source says that the authority would not take it.
    """
    _drafting(submission)
    refusals = [
        words
        for status, words in file_problems(
            requirements_of(submission.consultation), name=file.name, size=len(file.content)
        )
        if status == RequirementStatus.VERIFIED
    ]
    if refusals:
        raise UploadIsRefused(" ".join(refusals))
    before = UploadedAnswer.objects.filter(submission=submission, question=question).first()
    row, _created = UploadedAnswer.objects.update_or_create(
        submission=submission,
        question=question,
        defaults={
            "file_name": file.name,
            "media_type": file.media_type,
            "digest": _keep(file),
            "byte_size": len(file.content),
            "uploaded_at": at,
            "uploaded_by": by,
        },
    )
    if before is not None and before.digest != row.digest:
        _forget_later(before.digest)
    return row


@transaction.atomic
def remove_upload(*, submission: Submission, question: Question) -> None:
    """Take the file back. Twice is once. Raises SubmissionIsFrozen."""
    _drafting(submission)
    for row in UploadedAnswer.objects.filter(submission=submission, question=question):
        row.delete()
        _forget_later(row.digest)


def _drafting(submission: Submission) -> None:
    """The row lock makes freezing wait for the file, or the file see the freeze."""
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if locked.state != SubmissionState.DRAFTING:
        raise SubmissionIsFrozen


def _keep(file: Brought) -> str:
    """Put the file into the store. Until its row is committed, nobody takes the same file out."""
    _hold(file.digest)
    return keep(file.content)


def _hold(digest: str) -> None:
    """Be the only one at a file until the transaction ends. On SQLite each begins with the only write lock there is."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, digest])


def _forget_later(digest: str) -> None:
    """Once it is sure that the row is gone, and no other row has the same file."""
    if digest:
        transaction.on_commit(lambda: _forget_unless_used(digest))


@transaction.atomic
def _forget_unless_used(digest: str) -> None:
    _hold(digest)
    rows: list[QuerySet[Any]] = [
        AuthorityDocument.objects.filter(digest=digest),
        UploadedAnswer.objects.filter(digest=digest),
        # What was frozen names its files by their digests, and whoever checks it must find them.
        FrozenText.objects.filter(kind="consultations.submission", payload__contains=digest),
    ]
    if not any(each.exists() for each in rows):
        forget(digest)
