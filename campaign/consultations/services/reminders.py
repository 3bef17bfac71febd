"""How people hear of deadlines: mails before them, their own calendar address, their own clock."""

import uuid
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction

from campaign.accounts.models import User
from campaign.campaigns.models import TeamMember, TeamRole
from campaign.consultations.deadlines import datetime_in, wall_time_at
from campaign.consultations.models import (
    DeadlineChoices,
    Milestone,
    Reminder,
    Submission,
    SubmissionState,
)
from campaign.mailing.services import queue_mail

STEPS = (14, 7, 2, 1)  # days before the deadline
LONGEST_DAY = timedelta(hours=48)  # the day of a moment begins no earlier before it, in any zone


def remind_of_deadlines(*, at: datetime) -> int:
    """Queue the reminders that are due at `at`, each once. Returns how many.

    After an outage nobody gets the steps that were missed one by one: only the last of them, which says what is left now.
    """
    return _remind_of_closings(at) + _remind_of_milestones(at)


def _remind_of_closings(at: datetime) -> int:
    queued = 0
    near = (
        Submission.objects.exclude(state=SubmissionState.FILED)
        .filter(consultation__closes_at__gt=at, consultation__closes_at__lte=at + timedelta(days=max(STEPS)))
        .select_related("consultation")
        .order_by("consultation__closes_at", "pk")
    )
    for submission in near:
        closes_at = submission.consultation.closes_at
        step = min(days for days in STEPS if closes_at - at <= timedelta(days=days))
        queued += _remind(submission, at, days_before=step, moment=closes_at)
    return queued


def _remind_of_milestones(at: datetime) -> int:
    queued = 0
    due = (
        Milestone.objects.filter(done_at=None, due_at__lte=at + LONGEST_DAY)
        .exclude(submission__state=SubmissionState.FILED)
        .filter(submission__consultation__closes_at__gt=at)
        .select_related("submission__consultation")
        .order_by("due_at", "pk")
    )
    for milestone in due:
        if day_begins(milestone) <= at:
            queued += _remind(
                milestone.submission, at, days_before=0, moment=milestone.due_at, milestone=milestone
            )
    return queued


def day_begins(milestone: Milestone) -> datetime:
    """The moment at which the day of a date begins on its clock. A date at 0:00 belongs to the day that ends with it."""
    there = wall_time_at(milestone.due_at - timedelta(seconds=1), milestone.time_zone)
    return datetime_in(datetime.combine(there.date(), time(0)), milestone.time_zone)


def _remind(
    submission: Submission,
    at: datetime,
    *,
    days_before: int,
    moment: datetime,
    milestone: Milestone | None = None,
) -> int:
    about = {"submission": submission, "days_before": days_before, "moment": moment, "milestone": milestone}
    told = set(Reminder.objects.filter(**about).values_list("user", flat=True))
    people = [user for user in _people(submission) if user.pk not in told]
    return sum(_remind_one(user, at, about) for user in people)


def _people(submission: Submission) -> Iterable[User]:
    """Who drafts and leads it, but for those who want no mail."""
    team = TeamMember.objects.active().filter(
        campaign=submission.campaign_id, role__in=[TeamRole.OWNER, TeamRole.EDITOR]
    )
    people = User.objects.filter(pk__in=team.values("user"), is_active=True)
    return people.exclude(deadline_choices__wants_reminders=False).order_by("pk")


def _remind_one(user: User, at: datetime, about: dict[str, object]) -> int:
    """1, or 0 when another worker was quicker: the row and its mail are stored together or not at all."""
    try:
        with transaction.atomic():
            row = Reminder.objects.create(user=user, queued_at=at, **about)
            queue_mail(
                kind="consultations.reminder", to=user.email, locale=user.locale, at=at, about_id=row.pk
            )
    except IntegrityError:
        return 0
    return 1


# --- What people choose -----------------------------------------------------------
def choose(*, user: User, time_zone: str, wants_reminders: bool) -> None:
    """Store a person's own clock ("" for UTC) and whether they are mailed."""
    DeadlineChoices.objects.update_or_create(
        user=user, defaults={"time_zone": time_zone, "wants_reminders": wants_reminders}
    )


def stop_reminders(*, user: User) -> None:
    """No more mails about deadlines to this person. Twice is once."""
    DeadlineChoices.objects.update_or_create(user=user, defaults={"wants_reminders": False})


def renew_calendar_key(*, user: User) -> uuid.UUID:
    """A new key for a person's calendar address: the address before shows nothing any more."""
    key = uuid.uuid4()
    DeadlineChoices.objects.update_or_create(user=user, defaults={"calendar_key": key})
    return key


def drop_calendar_key(*, user: User) -> None:
    """No calendar address any more. Twice is once."""
    DeadlineChoices.objects.filter(user=user).update(calendar_key=None)
