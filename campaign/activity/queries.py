"""Reads of the log and of edit locks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext

from campaign.activity.acts import sentence_of
from campaign.activity.models import EditLock, LogEntry

PAGE = 100
PERSON = "person:"  # how a fact that is a person begins
LOCK_MINUTES = 5  # a page renews its lock each minute; one that is gone is not waited for longer than this


@dataclass(frozen=True)
class Line:
    """A line of the log in the language that is active. `actor` is None for what the site did by itself."""

    actor: Any
    sentence: str
    at: datetime


def log_entries(*, subject_id: UUID) -> QuerySet[LogEntry]:
    """The log of one organization or campaign, newest first."""
    return LogEntry.objects.filter(subject_id=subject_id).select_related("actor").order_by("-at", "-pk")


def log_line(entry: LogEntry, names: Mapping[str, str] | None = None) -> Line:
    """What an entry says. `names` of people its facts point at, by the fact; who has left is told as such."""
    sentence: Promise | str = sentence_of(entry.act)
    try:
        worded = str(sentence) % {name: _worded(fact, names or {}) for name, fact in entry.facts.items()}
    except (KeyError, ValueError, TypeError):  # the sentence has changed since and names more
        worded = str(sentence)
    return Line(actor=entry.actor if entry.actor_id else None, sentence=worded, at=entry.at)


def _worded(fact: Any, names: Mapping[str, str]) -> Any:
    return names.get(fact, gettext("somebody who has left")) if str(fact).startswith(PERSON) else fact


def log_page(*, subject_id: UUID, number: str | None) -> dict[str, Any]:
    """One page of a log for a template: `page`, and `lines` in the language that is active."""
    page = Paginator(log_entries(subject_id=subject_id), PAGE).get_page(number)
    facts = {fact for entry in page for fact in entry.facts.values() if str(fact).startswith(PERSON)}
    names = {}
    if facts:
        people = get_user_model().objects.filter(pk__in=[fact.removeprefix(PERSON) for fact in facts])
        names = {f"{PERSON}{row.pk}": row.display_name for row in people}
    return {"page": page, "lines": [log_line(entry, names) for entry in page]}


def held_lock(*, key: str, at: datetime) -> EditLock | None:
    """Who has it open now; None when nobody has, or when their page is gone."""
    row = EditLock.objects.select_related("holder").filter(pk=key).first()
    if row is None or (at - row.renewed_at).total_seconds() > LOCK_MINUTES * 60:
        return None
    return row
