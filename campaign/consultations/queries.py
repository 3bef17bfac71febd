"""Reads of consultations and submissions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign, CampaignState
from campaign.campaigns.queries import campaigns_worked_in
from campaign.consultations.models import (
    Answer,
    Channel,
    Consultation,
    DeadlineChange,
    Decision,
    DemandOutcome,
    Filing,
    FilingResponse,
    PortalProfile,
    Question,
    Receipt,
    Section,
    Submission,
    SubmissionState,
    Thaw,
)
from campaign.documents.models import FrozenText
from campaign.organizations.models import Call, Endorsement, EndorsementState, Organization
from campaign.petitions.models import Petition
from campaign.regulations.models import Edition, Template
from campaign.regulations.queries import published_templates


def consultation_cards() -> QuerySet[Consultation]:
    """All consultations, the latest deadline first, with `question_total`."""
    return (
        Consultation.objects.select_related("authority__jurisdiction")
        .annotate(question_total=Count("questions", filter=Q(questions__gone_at=None)))
        .order_by("-closes_at", "pk")
    )


def portal_profiles() -> QuerySet[PortalProfile]:
    """All portals by jurisdiction and name, those without a jurisdiction last, each with `consultation_total`."""
    return (
        PortalProfile.objects.select_related("jurisdiction")
        .annotate(consultation_total=Count("consultations"))
        .order_by(F("jurisdiction__name").asc(nulls_last=True), "name", "pk")
    )


def sections_with_questions(*, consultation: Consultation) -> QuerySet[Section]:
    """Sections in order, each with its questions in reading order as `ordered_questions`."""
    questions = Question.objects.order_by("position")
    return consultation.sections.order_by("position").prefetch_related(
        Prefetch("questions", questions, to_attr="ordered_questions")
    )


def ordered_channels(*, consultation: Consultation) -> list[Channel]:
    """The ways in, in the order of the authority, each with the consultation."""
    channels = list(consultation.channels.order_by("position", "pk"))
    for channel in channels:
        channel.consultation = consultation
    return channels


def deadline_changes(*, consultation: Consultation) -> QuerySet[DeadlineChange]:
    """Deadlines that held before, oldest first, each with its channel."""
    return consultation.deadline_changes.select_related("channel").order_by("noted_at", "pk")


def ordered_questions(*, consultation: Consultation) -> QuerySet[Question]:
    """All questions that are asked, in reading order."""
    return consultation.questions.filter(gone_at=None).select_related("section").order_by("position")


def ordered_answers(*, submission: Submission) -> list[Answer]:
    """All answers to what is asked, in the order of their questions."""
    answers = submission.answers.filter(question__gone_at=None)
    return list(answers.select_related("question").order_by("question__position"))


def gone_answers(*, submission: Submission) -> QuerySet[Answer]:
    """Written answers whose question the authority no longer asks, each with that question."""
    return (
        submission.answers.filter(question__gone_at__isnull=False)
        .exclude(text="", short_text="")
        .select_related("question")
        .order_by("question__gone_at", "question__position", "pk")
    )


def public_filings(*, at: datetime) -> QuerySet[Filing]:
    """What was filed, or made for practice, by published campaigns and is under no embargo at `at`; newest first."""
    rows = (
        Filing.objects.filter(submission__campaign__state=CampaignState.PUBLISHED)
        .filter(Q(is_practice=True) | Exists(Receipt.objects.filter(filing=OuterRef("pk"))))
        .exclude(Exists(_calls_under_embargo(at, subject=OuterRef("submission"))))
        .select_related("submission__consultation__authority", "submission__campaign__owner", "record")
    )
    return _with_receipts(rows).order_by("-fixed_at", "pk")


def is_public(*, filing: Filing, at: datetime) -> bool:
    """Whether everybody may see a filing at `at`."""
    return public_filings(at=at).filter(pk=filing.pk).exists()


def filing_address(record: FrozenText, at: datetime) -> str:
    """Path of the public page of the filing that a record is of; empty while not everybody may see it."""
    filing = public_filings(at=at).filter(record=record).first()
    return reverse("filing_detail", args=[filing.pk]) if filing else ""


def embargo_of(*, submission: Submission, at: datetime) -> datetime | None:
    """Until when a submission is kept quiet; None when it is not, or no longer."""
    call = _calls_under_embargo(at, subject=submission.pk).first()
    return call.embargo_until if call else None


def open_submissions(*, campaign: Campaign, at: datetime) -> QuerySet[Submission]:
    """Those of a campaign that are kept quiet by no embargo at `at`."""
    rows = Submission.objects.filter(campaign=campaign)
    return rows.exclude(Exists(_calls_under_embargo(at, subject=OuterRef("pk"))))


def _calls_under_embargo(at: datetime, *, subject: Any) -> QuerySet[Call]:
    return Call.objects.filter(kind="consultations.submission", subject_id=subject, embargo_until__gt=at)


def submission_filings(*, submission: Submission) -> QuerySet[Filing]:
    """Everything filed from a submission, newest first."""
    rows = submission.filings.select_related("record", "frozen_text")
    return _with_receipts(rows).order_by("-fixed_at", "pk")


def _with_receipts(filings: QuerySet[Filing]) -> QuerySet[Filing]:
    return filings.prefetch_related(Prefetch("receipts", Receipt.objects.defer("file")))


def can_prepare(*, submission: Submission) -> bool:
    """Whether what is filed can be fixed: the text is frozen, and what was fixed before, if anything, was not handed in."""
    if submission.state == SubmissionState.READY:
        latest = submission_filings(submission=submission).first()
        return latest is None or not latest.receipts.exists()
    return submission.state == SubmissionState.FROZEN


def newer_filing(*, filing: Filing) -> Filing | None:
    """What was fixed after a filing of the same submission."""
    later = Filing.objects.filter(submission=filing.submission_id, fixed_at__gt=filing.fixed_at)
    return later.order_by("-fixed_at", "pk").first()


def is_practice(*, submission: Submission, at: datetime) -> bool:
    """Whether what was fixed last, or would be fixed at `at`, comes after the deadline."""
    latest = submission_filings(submission=submission).first()
    if submission.state in {SubmissionState.READY, SubmissionState.FILED} and latest is not None:
        return latest.is_practice
    return not is_open_anywhere(consultation=submission.consultation, at=at)


def is_open_anywhere(*, consultation: Consultation, at: datetime) -> bool:
    """Whether the authority takes a reply at `at` by any of its channels, each by its own clock."""
    if consultation.is_open_at(at):
        return True
    return consultation.channels.filter(closes_at__gt=at).exists()


def filing_receipts(*, filing: Filing) -> list[Receipt]:
    """The receipts of a filing, oldest first, without their files."""
    return list(filing.receipts.defer("file").order_by("filed_at", "pk"))


def published_responses(*, filing: Filing) -> QuerySet[FilingResponse]:
    """What the authority answered, oldest first, each with its outcomes as `ordered_outcomes`."""
    outcomes = DemandOutcome.objects.order_by("position")
    return (
        filing.responses.published()
        .select_related("authority")
        .prefetch_related(Prefetch("outcomes", outcomes, to_attr="ordered_outcomes"))
        .order_by("answered_on", "pk")
    )


def submission_thaws(*, submission: Submission) -> QuerySet[Thaw]:
    """When and why the text was opened again, newest first."""
    return submission.thaws.select_related("frozen_text", "thawed_by").order_by("-thawed_at", "-pk")


def submission_decisions(*, submission: Submission) -> QuerySet[Decision]:
    """What was passed over with a reason, newest first."""
    return (
        submission.decisions.filter(is_override=True)
        .select_related("decided_by")
        .order_by("-decided_at", "-pk")
    )


@dataclass(frozen=True)
class SignOff:
    """Where a co-signer stands. `endorsement` is what it said of the text of now: accepted, waiting, or to be renewed."""

    organization: Organization
    endorsement: Endorsement | None

    @property
    def is_given(self) -> bool:
        return self.endorsement is not None and self.endorsement.state == EndorsementState.ACCEPTED


def sign_offs(*, submission: Submission) -> list[SignOff]:
    """Each co-signer by name, and where it stands with the frozen text. While drafting nobody has signed off."""
    rows = submission.co_signers.select_related("organization")
    organizations = [row.organization for row in rows.order_by("organization__display_name", "pk")]
    said: dict[UUID, Endorsement] = {}
    if submission.state != SubmissionState.DRAFTING and submission.frozen_text_id:
        endorsements = Endorsement.objects.filter(
            frozen_text=submission.frozen_text_id, organization__in=organizations
        ).exclude(state=EndorsementState.PENDING)
        for endorsement in endorsements.order_by("stated_at", "pk"):
            known = said.get(endorsement.organization_id)  # type: ignore[arg-type]  # filtered by it
            if known is None or known.state != EndorsementState.ACCEPTED:
                said[endorsement.organization_id] = endorsement  # type: ignore[index]
    return [SignOff(organization, said.get(organization.pk)) for organization in organizations]


def user_submissions(*, user: User) -> QuerySet[Submission]:
    """What the campaigns of a person are drafting or have filed; the latest deadline first."""
    return (
        Submission.objects.filter(campaign__in=campaigns_worked_in(user=user))
        .select_related("consultation", "campaign")
        .order_by("-consultation__closes_at", "pk")
    )


def published_editions(*, campaign_id: UUID | None) -> QuerySet[Edition]:
    """Editions that a submission of this campaign can have as an annex: its own, and what everybody may read."""
    return (
        Edition.objects.filter(frozen_text__isnull=False)
        .filter(
            Q(template__campaign=None)
            | Q(template__campaign__state=CampaignState.PUBLISHED)
            | Q(template__campaign=campaign_id)
        )
        .select_related("template", "frozen_text")
        .order_by("template__title", "-published_at", "pk")
    )


def campaign_instruments(*, campaign: Campaign, at: datetime) -> QuerySet[Template]:
    """Published instruments that the campaign has filed as an annex, as far as everybody may know at `at`."""
    filings = public_filings(at=at).filter(submission__campaign=campaign)
    filed = Submission.objects.filter(pk__in=filings.values("submission"), annex__isnull=False)
    return published_templates().filter(pk__in=filed.values("annex__template"))


def citable_petitions(*, campaign_id: UUID | None) -> QuerySet[Petition]:
    """Petitions whose count a submission of this campaign may cite."""
    return Petition.objects.public().filter(campaign=campaign_id).order_by("title", "pk")
