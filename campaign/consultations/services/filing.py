"""Freezing, thawing, and fixing what is filed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.campaigns.services import move_campaign_call
from campaign.consultations.amendments import drawn_amendments
from campaign.consultations.checks import filing_findings, freeze_findings
from campaign.consultations.models import Filing, Submission, SubmissionState, Thaw, Topic
from campaign.consultations.payloads import filing_payload, submission_payload
from campaign.consultations.printed.kinds import wanted_kinds
from campaign.consultations.queries import can_prepare, is_open_anywhere
from campaign.consultations.requirements import requirements_of
from campaign.consultations.services.answer import lock_questions
from campaign.consultations.services.approvals import ask_co_signers
from campaign.consultations.services.decisions import Decided, keep_decisions, require_decided
from campaign.core.errors import DomainError
from campaign.documents.models import FrozenText
from campaign.documents.services import freeze_text, request_document
from campaign.regulations.services import freeze_comparison

KIND = "consultations.submission"


class Purpose(TextChoices):
    """What a filing is made for. Before the deadline it is a reply; after it, one of the others."""

    REPLY = "reply", _("A reply in time")
    LATE = "late", _("A late reply. The authority decides whether it takes it.")
    PRACTICE = "practice", _("Practice, for learning and for showing. Everybody can read it at once.")


class DeadlineSaysOtherwise(DomainError):
    message = _("The deadline has passed or was moved since this page was opened. Read it again, then go on.")


class SubmissionCannotMove(DomainError):
    message = _("The submission has moved on meanwhile. Load the page again to see where it stands.")


@transaction.atomic
def freeze_submission(
    *, submission: Submission, decided: Decided, by: User | None, at: datetime
) -> Submission:
    """Fix the exact text, so that organizations can stand behind it. Who endorsed the one before is asked again.

    Raises NotDecided, ReasonMissing, WarningsNotRead with the findings concerned, or SubmissionCannotMove.
    """
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if submission.state != SubmissionState.DRAFTING:
        raise SubmissionCannotMove
    lock_questions(submission.consultation_id)
    findings = freeze_findings(submission=submission, at=at)
    require_decided(findings, decided)
    amendments = _freeze_amendments(submission, at)
    submission.frozen_text = freeze_text(
        kind=KIND,
        title=submission.title,
        locale=submission.locale,
        payload=submission_payload(submission=submission, amendments=amendments, at=at),
        at=at,
    )
    keep_decisions(
        submission=submission,
        frozen_text=submission.frozen_text,
        findings=findings,
        decided=decided,
        by=by,
        at=at,
    )
    move_campaign_call(
        campaign=submission.campaign,
        kind=KIND,
        subject_id=submission.pk,
        frozen_text=submission.frozen_text,
        at=at,
    )
    submission.state = SubmissionState.FROZEN
    submission.save(update_fields=["frozen_text", "state"])
    ask_co_signers(submission=submission, at=at)
    return submission


def _freeze_amendments(submission: Submission, at: datetime) -> FrozenText | None:
    if submission.amends is None or submission.annex is None:
        return None
    drawn = drawn_amendments(old=submission.amends, new=submission.annex, form=submission.amendments_form)
    return freeze_comparison(writing=drawn.writing, drafts=[], at=at)


@transaction.atomic
def thaw_submission(*, submission: Submission, reason: str, by: User | None, at: datetime) -> Thaw:
    """Go back to drafting. The frozen text and who stands behind it stay on record; a new freeze asks them all again.

    Raises SubmissionCannotMove.
    """
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if submission.state == SubmissionState.DRAFTING or submission.frozen_text is None:
        raise SubmissionCannotMove
    submission.state = SubmissionState.DRAFTING
    submission.save(update_fields=["state"])
    log_act(
        subject_id=submission.campaign_id,
        act="consultations.thawed",
        actor=by,
        at=at,
        submission=submission.title,
        reason=reason,
    )
    return Thaw.objects.create(
        submission=submission,
        frozen_text=submission.frozen_text,
        reason=reason,
        thawed_by=by,
        thawed_at=at,
    )


@transaction.atomic
def prepare_filing(
    *,
    submission: Submission,
    decided: Decided,
    by: User | None,
    at: datetime,
    purpose: Purpose,
    after: UUID | None = None,
) -> Filing:
    """Fix what is filed: the text, who stands behind it now, what is counted now, the portal's requirements. Order its documents.

    A practice filing says so everywhere and is public at once. Nobody has handed another one in yet: a receipt says that, and
    until then it can be fixed anew. `after`: the filing that was the newest one on the page.
    Raises DeadlineSaysOtherwise, NotDecided, ReasonMissing, WarningsNotRead with the findings concerned, SubmissionCannotMove.
    """
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    text = submission.frozen_text
    newest = submission.filings.order_by("-fixed_at", "pk").first()
    is_asked_twice = (newest.pk if newest else None) != after
    if text is None or is_asked_twice or not can_prepare(submission=submission):
        raise SubmissionCannotMove
    lock_questions(submission.consultation_id)
    is_open = is_open_anywhere(consultation=submission.consultation, at=at)
    if is_open != (purpose == Purpose.REPLY):
        raise DeadlineSaysOtherwise
    is_practice = purpose == Purpose.PRACTICE
    findings = filing_findings(submission=submission, at=at)
    require_decided(findings, decided)
    record = freeze_text(
        kind="consultations.filing",
        title=submission.title,
        locale=submission.locale,
        payload=filing_payload(submission=submission, text=text, is_practice=is_practice, at=at),
        at=at,
    )
    filing = Filing.objects.create(
        submission=submission,
        frozen_text=text,
        record=record,
        is_practice=is_practice,
        fixed_by=by,
        fixed_at=at,
    )
    keep_decisions(
        submission=submission, frozen_text=record, findings=findings, decided=decided, by=by, at=at
    )
    submission.state = SubmissionState.READY
    submission.save(update_fields=["state"])
    formats = requirements_of(submission.consultation).value(Topic.ATTACHMENT_FORMATS) or []
    for kind in wanted_kinds(str(each).lower() for each in formats):
        request_document(kind=kind, frozen_text=record, locale=submission.locale, at=at)
    log_act(
        subject_id=submission.campaign_id,
        act="consultations.filing_prepared",
        actor=by,
        at=at,
        submission=submission.title,
    )
    return filing
