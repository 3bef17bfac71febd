"""What the deadline radar shows: consultations, and the internal dates of one's own submissions, in one order."""

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign, Jurisdiction
from campaign.campaigns.queries import campaigns_worked_in
from campaign.consultations.deadlines import Closing, closing_of, time_left, wall_time_at
from campaign.consultations.models import (
    Consultation,
    DeadlineChoices,
    Milestone,
    MilestoneKind,
    Submission,
    SubmissionState,
)


@dataclass(frozen=True)
class Entry:
    """A deadline of an authority, or (`milestone`) a date of one's own team. `there` is what the clock shows in `zone`."""

    moment: datetime
    zone: str
    there: datetime
    here: datetime  # what the reader's clock shows
    left: str
    is_open: bool
    address: str
    consultation: Consultation
    milestone: Milestone | None = None

    @property
    def day(self) -> date:
        return self.there.date()

    @property
    def closing(self) -> Closing:
        return closing_of(self.there, self.zone)

    @property
    def is_named_by_kind(self) -> bool:
        """Whether its name is a word of the interface, and not the team's own."""
        return self.milestone is not None and not self.milestone.label


def worked_campaigns(user: User | AnonymousUser) -> QuerySet[Campaign]:
    """Campaigns whose internal dates a person sees. None for strangers."""
    return campaigns_worked_in(user=user) if user.is_authenticated else Campaign.objects.none()


def radar_entries(
    *, user: User | AnonymousUser, at: datetime, zone: str, only_mine: bool = False, jurisdiction: str = ""
) -> list[Entry]:
    """What is open first, the next one at the top; then what has closed, the last one first.

    `only_mine`: what the person's campaigns answer. `zone` is the reader's, `jurisdiction` the code of the authority's.
    """
    consultations = Consultation.objects.select_related("authority__jurisdiction").order_by("closes_at", "pk")
    milestones = team_milestones(user=user).filter(done_at=None, submission__consultation__closes_at__gt=at)
    if only_mine:
        answered = Submission.objects.filter(campaign__in=worked_campaigns(user))
        consultations = consultations.filter(pk__in=answered.values("consultation"))
    if jurisdiction:
        consultations = consultations.filter(authority__jurisdiction__code=jurisdiction)
        milestones = milestones.filter(submission__consultation__authority__jurisdiction__code=jurisdiction)
    entries = [_of_consultation(row, at, zone) for row in consultations]
    if user.is_authenticated:
        entries += [_of_milestone(row, at, zone) for row in milestones]
    entries.sort(key=lambda each: (each.moment, each.address))
    return [each for each in entries if each.is_open] + [
        each for each in reversed(entries) if not each.is_open
    ]


def team_milestones(*, user: User | AnonymousUser) -> QuerySet[Milestone]:
    """The internal dates of what a person's campaigns have not filed yet, in their order."""
    return (
        Milestone.objects.filter(submission__campaign__in=worked_campaigns(user))
        .exclude(submission__state=SubmissionState.FILED)
        .select_related("submission__consultation__authority__jurisdiction")
        .order_by("due_at", "pk")
    )


def submission_milestones(*, submission: Submission) -> QuerySet[Milestone]:
    """All internal dates of a submission in their order, with who has done them."""
    return submission.milestones.select_related("done_by").order_by("due_at", "pk")


def lacks_milestones(milestones: Iterable[Milestone]) -> bool:
    """Whether a date that is usually planned is missing."""
    return bool(set(MilestoneKind.values) - {MilestoneKind.OWN} - {each.kind for each in milestones})


def asking_jurisdictions() -> QuerySet[Jurisdiction]:
    """Jurisdictions whose authorities ask, by name."""
    return (
        Jurisdiction.objects.filter(authorities__consultations__isnull=False)
        .distinct()
        .order_by("name", "pk")
    )


def deadline_choices(user: User | AnonymousUser) -> DeadlineChoices:
    """What a person chose; what holds without a choice for everybody else."""
    found = DeadlineChoices.objects.filter(user=user).first() if user.is_authenticated else None
    return found or DeadlineChoices()


def _of_consultation(row: Consultation, at: datetime, zone: str) -> Entry:
    return Entry(
        moment=row.closes_at,
        zone=row.time_zone,
        there=wall_time_at(row.closes_at, row.time_zone),
        here=wall_time_at(row.closes_at, zone),
        left=time_left(row.closes_at, at),
        is_open=row.is_open_at(at),
        address=reverse("consultation_detail", args=[row.slug]),
        consultation=row,
    )


def _of_milestone(row: Milestone, at: datetime, zone: str) -> Entry:
    return Entry(
        moment=row.due_at,
        zone=row.time_zone,
        there=wall_time_at(row.due_at, row.time_zone),
        here=wall_time_at(row.due_at, zone),
        left=time_left(row.due_at, at),
        is_open=True,
        address=reverse("milestone_list", args=[row.submission_id]),
        consultation=row.submission.consultation,
        milestone=row,
    )


# --- A month ----------------------------------------------------------------------
@dataclass(frozen=True)
class Day:
    day: date
    is_of_month: bool
    entries: list[Entry]


def month_weeks(entries: Iterable[Entry], month: date) -> list[list[Day]]:
    """The weeks of a month, Monday first (ISO 8601), each day with what falls on it on the authority's clock."""
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda each: (each.there, each.address)):
        by_day[entry.day].append(entry)
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    return [[Day(day, day.month == month.month, by_day[day]) for day in week] for week in weeks]


def month_of(text: str, *, today: date) -> date:
    """The first day of a month written like 2026-02; that of `today` for anything else."""
    try:
        month = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  a month has no zone
    except ValueError:
        month = today.replace(day=1)
    return month if 1950 < month.year < 2200 else today.replace(day=1)


def month_beside(month: date, step: int) -> date:
    """The month before (-1) or after (1)."""
    index = month.year * 12 + month.month - 1 + step
    return date(index // 12, index % 12 + 1, 1)
