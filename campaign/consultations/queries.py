"""Reads of consultations and submissions."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign, CampaignState
from campaign.campaigns.queries import campaigns_worked_in
from campaign.consultations.models import (
    Answer,
    Channel,
    Consultation,
    DeadlineChange,
    Filing,
    PortalProfile,
    Question,
    Section,
    Submission,
    SubmissionState,
)
from campaign.documents.models import Document
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


def public_filings() -> QuerySet[Filing]:
    """Filings of published campaigns, newest first."""
    return (
        Filing.objects.filter(submission__campaign__state="published")
        .select_related("submission__consultation__authority", "submission__campaign__owner", "record")
        .order_by("-filed_at", "pk")
    )


def submission_filings(*, submission: Submission) -> QuerySet[Filing]:
    """Everything filed from a submission, newest first."""
    return submission.filings.select_related("record", "frozen_text").order_by("-filed_at", "pk")


def is_practice(*, submission: Submission, at: datetime) -> bool:
    """Whether what was filed last, or would be filed at `at`, comes after the deadline."""
    latest = submission_filings(submission=submission).first()
    if submission.state == SubmissionState.FILED and latest is not None:
        return latest.is_practice
    return not submission.consultation.is_open_at(at)


def filing_document(*, filing: Filing) -> Document | None:
    """The file made for a filing, in whatever state it is."""
    return Document.objects.filter(
        kind="consultations.filing", frozen_text=filing.record_id, locale=filing.submission.locale
    ).first()


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


def campaign_instruments(*, campaign: Campaign) -> QuerySet[Template]:
    """Published instruments that the campaign has filed as an annex."""
    filed = Submission.objects.filter(campaign=campaign, filings__isnull=False, annex__isnull=False)
    return published_templates().filter(pk__in=filed.values("annex__template"))


def citable_petitions(*, campaign_id: UUID | None) -> QuerySet[Petition]:
    """Petitions whose count a submission of this campaign may cite."""
    return Petition.objects.public().filter(campaign=campaign_id).order_by("title", "pk")
