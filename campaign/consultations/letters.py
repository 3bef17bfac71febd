"""What mails about deadlines say."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from campaign.accounts.models import User
from campaign.campaigns.models import TeamMember, TeamRole
from campaign.consultations.deadlines import time_left, wall_time_at
from campaign.consultations.models import (
    Assignment,
    CoSigner,
    DeadlineChoices,
    Receipt,
    Reminder,
    Submission,
    SubmissionState,
    WorkStatus,
)
from campaign.consultations.queries import embargo_of, is_public
from campaign.consultations.services.approvals import SIGNED_OFF_IN
from campaign.core.links import link_token
from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.mailing.services import recipient_keys


def reminder_letter(mail: OutgoingMail) -> Letter | None:
    """None when it is filed, done, moved or over meanwhile, or the person wants no mails or has left the team."""
    rows = Reminder.objects.select_related("user", "milestone", "submission__consultation__authority")
    row = rows.filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    now = timezone.now()
    if row is None or not _still_holds(row, now):
        return None
    choices = DeadlineChoices.objects.filter(user=row.user).first()
    if (choices and not choices.wants_reminders) or not _works_on(row.user, row.submission):
        return None
    consultation = row.submission.consultation
    address = reverse("milestone_list" if row.milestone else "submission_detail", args=[row.submission.pk])
    return letter_from_templates(
        "consultations/email/reminder",
        {
            "submission": row.submission,
            "consultation": consultation,
            "milestone": row.milestone,
            "left": time_left(consultation.closes_at, now),
            "clocks": both_clocks(
                row.moment, there=consultation.time_zone, here=choices.time_zone if choices else ""
            ),
            "link": settings.SITE_URL + address,
            "stop_link": settings.SITE_URL
            + reverse("reminders_stop", args=[link_token(purpose="deadline-reminders", row_id=row.user.pk)]),
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        },
    )


def sign_off_letter(mail: OutgoingMail) -> Letter | None:
    """To those who answer for a co-signer. None when the text was opened again, or is signed off meanwhile."""
    rows = CoSigner.objects.select_related(
        "organization", "submission__consultation__authority", "submission__frozen_text"
    )
    row = rows.filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if row is None or row.submission.state not in SIGNED_OFF_IN:
        return None
    text = row.submission.frozen_text
    if text is None or row.organization.endorsements.filter(frozen_text=text, state="accepted").exists():
        return None
    consultation = row.submission.consultation
    return letter_from_templates(
        "consultations/email/sign_off",
        {
            "submission": row.submission,
            "consultation": consultation,
            "organization": row.organization,
            "frozen_text": text,
            "clocks": both_clocks(consultation.closes_at, there=consultation.time_zone, here=""),
            "text_link": settings.SITE_URL + reverse("frozen_text", args=[text.digest]),
            "link": settings.SITE_URL + reverse("endorse_signed_in", args=[text.digest]),
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        },
    )


def filed_letter(mail: OutgoingMail) -> Letter | None:
    """To those who answer for an organization behind the text: it was handed in, and under which number."""
    rows = Receipt.objects.defer("file").select_related(
        "filing__submission__consultation__authority", "filing__frozen_text"
    )
    receipt = rows.filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if receipt is None:
        return None
    submission = receipt.filing.submission
    embargo = embargo_of(submission=submission, at=timezone.now())
    return letter_from_templates(
        "consultations/email/filed",
        {
            "receipt": receipt,
            "submission": submission,
            "consultation": submission.consultation,
            "frozen_text": receipt.filing.frozen_text,
            "clocks": both_clocks(receipt.filed_at, there=receipt.time_zone, here=""),
            "embargo": both_clocks(embargo, there=receipt.time_zone, here="") if embargo else [],
            "is_public": is_public(filing=receipt.filing, at=timezone.now()),
            "link": settings.SITE_URL + reverse("filing_detail", args=[receipt.filing_id]),
            "text_link": settings.SITE_URL + reverse("frozen_text", args=[receipt.filing.frozen_text.digest]),
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        },
    )


def assignment_letter(mail: OutgoingMail) -> Letter | None:
    """None when somebody else has the question meanwhile, it is done or gone, or the person has left the team."""
    rows = Assignment.objects.select_related(
        "owner", "assigned_by", "question", "submission__consultation", "submission__campaign"
    )
    row = rows.filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if row is None or row.owner is None or bytes(mail.recipient_key) not in recipient_keys(row.owner.email):
        return None
    is_over = row.status == WorkStatus.READY or row.submission.state != SubmissionState.DRAFTING
    if is_over or row.question.gone_at or not _works_on(row.owner, row.submission):
        return None
    return letter_from_templates(
        "consultations/email/assigned",
        {
            "row": row,
            "submission": row.submission,
            "question": row.question,
            "consultation": row.submission.consultation,
            "by": row.assigned_by,
            "link": settings.SITE_URL + reverse("answer_edit", args=[row.submission_id, row.question.number]),
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        },
    )


def _still_holds(row: Reminder, now: datetime) -> bool:
    if row.submission.state == SubmissionState.FILED or not row.submission.consultation.is_open_at(now):
        return False
    if row.milestone is None:
        return row.moment == row.submission.consultation.closes_at
    return not row.milestone.is_done and row.moment == row.milestone.due_at


def _works_on(user: User, submission: Submission) -> bool:
    team = TeamMember.objects.active().filter(
        campaign=submission.campaign_id, user=user, role__in=[TeamRole.OWNER, TeamRole.EDITOR]
    )
    return user.is_active and team.exists()


def both_clocks(moment: datetime, *, there: str, here: str) -> list[tuple[str, str]]:
    """(what the clock shows, its zone) for the authority's clock, then the reader's; UTC where that is not known."""
    zones = dict.fromkeys([there, here or "UTC"])
    return [(date_format(wall_time_at(moment, zone), "DATETIME_FORMAT"), zone) for zone in zones]
