"""Internal dates: planned back from the deadline, set by hand, done, and moved along when the deadline moves."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.consultations.deadlines import datetime_in, wall_time_at
from campaign.consultations.models import (
    CalendarEntry,
    Consultation,
    Milestone,
    MilestoneKind,
    Submission,
    SubmissionState,
)
from campaign.core.errors import DomainError

# Calendar days before the deadline, at the same time of day.
DISTANCES = {
    MilestoneKind.LEGAL_CHECK: 12,
    MilestoneKind.TRANSLATION: 8,
    MilestoneKind.SIGN_OFF: 4,
    MilestoneKind.FILING: 1,
}


class DeadlineHasPassed(DomainError):
    message = _("The deadline has passed. There is nothing left to plan back from it.")


class MilestoneChangedMeanwhile(DomainError):
    message = _(
        "Somebody else changed these dates meanwhile. Nothing was saved: theirs stand below, and what you typed is still in "
        "the form. Saving again replaces theirs."
    )


@dataclass(frozen=True)
class Plan:
    """Dates by kind, and whether they had to be squeezed between now and the deadline."""

    dates: dict[MilestoneKind, datetime]
    is_squeezed: bool


@dataclass(frozen=True)
class Edit:
    """What the form says of one date. `pk` is None for a new one; `version` is the one that was shown."""

    pk: uuid.UUID | None
    version: int
    label: str
    due_at: datetime
    is_removed: bool = False


def plan_back(*, closes_at: datetime, zone: str, at: datetime) -> Plan:
    """The dates that DISTANCES give. When one of them has passed, all are spread evenly between `at` and the deadline."""
    there = wall_time_at(closes_at, zone)
    dates = {kind: datetime_in(there - timedelta(days=days), zone) for kind, days in DISTANCES.items()}
    if min(dates.values()) > at:
        return Plan(dates, is_squeezed=False)
    step = (closes_at - at) / (len(DISTANCES) + 1)
    spread = {kind: at + step * place for place, kind in enumerate(DISTANCES, start=1)}
    return Plan({kind: _whole_minute(moment, at) for kind, moment in spread.items()}, is_squeezed=True)


def _whole_minute(moment: datetime, at: datetime) -> datetime:
    """Rounded down to what people type, but never to before `at`."""
    minute = moment.replace(second=0, microsecond=0)
    return minute if minute > at else moment.replace(microsecond=0)


@transaction.atomic
def plan_milestones(*, submission: Submission, at: datetime) -> Plan:
    """Add the dates that are missing, planned back from the deadline. Those that are there stay. Raises DeadlineHasPassed."""
    consultation = submission.consultation
    if not consultation.is_open_at(at):
        raise DeadlineHasPassed
    plan = plan_back(closes_at=consultation.closes_at, zone=consultation.time_zone, at=at)
    Milestone.objects.bulk_create(
        [
            Milestone(
                submission=submission,
                kind=kind,
                due_at=due_at,
                time_zone=consultation.time_zone,
                planned_for=consultation.closes_at,
                changed_at=at,
            )
            for kind, due_at in plan.dates.items()
        ],
        ignore_conflicts=True,
    )
    return plan


@transaction.atomic
def edit_milestones(*, submission: Submission, edits: Sequence[Edit], at: datetime) -> None:
    """Store all edits or none. A date that changed was set by hand: it stays when the deadline moves.

    Raises MilestoneChangedMeanwhile when one of them is not as it was shown, or gone.
    """
    # The row locks make two saves, and a save and a button, wait for each other.
    Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    rows = {row.pk: row for row in Milestone.objects.select_for_update().filter(submission=submission)}
    for edit in edits:
        if edit.pk is None:
            _add_own(submission, edit, at)
            continue
        row = rows.get(edit.pk)
        if row is None or row.version != edit.version:
            raise MilestoneChangedMeanwhile
        if edit.is_removed:
            row.delete()
        elif (row.label or "", row.due_at) != (edit.label, edit.due_at):
            _change(row, edit, at)


def _add_own(submission: Submission, edit: Edit, at: datetime) -> None:
    Milestone.objects.create(
        submission=submission,
        kind=MilestoneKind.OWN,
        label=edit.label,
        due_at=edit.due_at,
        time_zone=submission.consultation.time_zone,
        planned_for=submission.consultation.closes_at,
        is_by_hand=True,
        changed_at=at,
    )


def _change(row: Milestone, edit: Edit, at: datetime) -> None:
    if row.due_at != edit.due_at:
        row.is_by_hand, row.moved_from, row.moved_at = True, None, None
    row.label, row.due_at, row.version, row.changed_at = edit.label, edit.due_at, row.version + 1, at
    row.save()


def mark_done(*, milestone: Milestone, by: User, at: datetime) -> None:
    """Note that it is done, and by whom. Twice is once."""
    Milestone.objects.filter(pk=milestone.pk, done_at=None).update(
        done_at=at, done_by=by, version=F("version") + 1, changed_at=at
    )


def mark_undone(*, milestone: Milestone, at: datetime) -> None:
    """Take back that it is done. Twice is once."""
    Milestone.objects.filter(pk=milestone.pk, done_at__isnull=False).update(
        done_at=None, done_by=None, version=F("version") + 1, changed_at=at
    )


# --- When deadlines move --------------------------------------------------------
def follow_deadlines(*, at: datetime) -> int:
    """Note for calendars which consultations changed, and move dates along with moved deadlines. Returns how many dates moved."""
    for consultation in Consultation.objects.select_related("calendar_entry").order_by("pk"):
        _note_change(consultation, at)
    left_behind = _left_behind().values_list("submission", flat=True).distinct().order_by("submission")
    return sum(_move_along(submission_id, at) for submission_id in left_behind)


def entry_digest(consultation: Consultation) -> str:
    """A digest of what calendars show of a consultation."""
    shown = [
        consultation.title,
        consultation.slug,
        consultation.closes_at.isoformat(),
        consultation.time_zone,
        consultation.closes_stated_as,
        consultation.closes_is_assumed,
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def _note_change(consultation: Consultation, at: datetime) -> None:
    digest = entry_digest(consultation)
    entry = getattr(consultation, "calendar_entry", None)
    if entry is None:
        row = CalendarEntry(consultation=consultation, digest=digest, changed_at=at)
        CalendarEntry.objects.bulk_create([row], ignore_conflicts=True)
    elif entry.digest != digest:
        CalendarEntry.objects.filter(pk=entry.pk, digest=entry.digest).update(
            digest=digest, sequence=F("sequence") + 1, changed_at=at
        )


def _left_behind() -> QuerySet[Milestone]:
    """Dates that were planned back from a deadline that is another one now. What was done or set by hand stays."""
    return (
        Milestone.objects.filter(done_at=None, is_by_hand=False)
        .exclude(submission__state=SubmissionState.FILED)
        .exclude(planned_for=F("submission__consultation__closes_at"))
    )


@transaction.atomic
def _move_along(submission_id: uuid.UUID, at: datetime) -> int:
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission_id)
    consultation = submission.consultation
    behind = _left_behind().filter(submission=submission)
    rows = list(behind.select_for_update(of=("self",)).order_by("due_at", "pk"))
    if not consultation.is_open_at(at):  # a deadline in the past moves nothing; it counts as seen
        Milestone.objects.filter(pk__in=[row.pk for row in rows]).update(planned_for=consultation.closes_at)
        return 0
    plan = plan_back(closes_at=consultation.closes_at, zone=consultation.time_zone, at=at)
    for row in rows:
        row.moved_from, row.moved_at, row.due_at = row.due_at, at, plan.dates[MilestoneKind(row.kind)]
        row.planned_for, row.time_zone = consultation.closes_at, consultation.time_zone
        row.version, row.changed_at = row.version + 1, at
        row.save()
    return len(rows)
