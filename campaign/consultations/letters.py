"""What mails about deadlines say."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from campaign.accounts.models import User
from campaign.campaigns.models import TeamMember, TeamRole
from campaign.consultations.deadlines import time_left, wall_time_at
from campaign.consultations.models import DeadlineChoices, Reminder, Submission, SubmissionState
from campaign.core.links import link_token
from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail


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
