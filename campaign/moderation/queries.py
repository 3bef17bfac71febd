"""What moderators look at."""

import json
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, Min, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from campaign.activity.models import LogEntry
from campaign.activity.queries import log_entries
from campaign.core.ids import first_uuid7_at
from campaign.guard.mailboxes import mail_domain
from campaign.guard.models import Cause
from campaign.guard.queries import mailbox_rules, past_spellings
from campaign.moderation.models import (
    Alert,
    AlertKind,
    ModerationAct,
    Report,
    ReportState,
    Sweep,
    SweepKind,
    SweepState,
)
from campaign.petitions.keys import domain_keys, mailbox_keys, network_keys
from campaign.petitions.models import Petition, PetitionState, Signature, SignatureState

SHOWN = 50  # rows of signers a page shows
LAST_HOUR = timedelta(hours=1)
LAST_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Criteria:
    """Which signatures are meant. Empty fields do not narrow it down; the name's pattern is judged by `name_matcher`."""

    only: str = ""  # "", a SignatureState, or "quarantined"
    domain: str = ""
    network: str = ""  # cut: "203.0.113.0/24"
    address: str = ""
    since: datetime | None = None  # when the signature came in, not when it was confirmed
    until: datetime | None = None
    name: str = ""  # * for any letters, ? for one

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str | None) -> "Criteria":
        """Empty ones where they were forgotten (`forget_searches`)."""
        data: dict[str, Any] = json.loads(text or "{}")
        for name in ("since", "until"):
            data[name] = datetime.fromisoformat(data[name]) if data.get(name) else None
        return cls(**data)

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows it down but, at most, the state."""
        return self == Criteria(only=self.only)


def matching_signatures(*, petition: Petition, criteria: Criteria) -> QuerySet[Signature]:
    """The signatures of all criteria but the name: by keyed columns and the primary key, without opening a row.

    Withdrawn ones are never among them: nothing is left of them that could be looked at.
    """
    rows = Signature.objects.filter(petition=petition).exclude(state=SignatureState.WITHDRAWN)
    if criteria.only == "quarantined":
        rows = rows.filter(quarantined_at__isnull=False)
    elif criteria.only:
        rows = rows.filter(state=criteria.only)
    if criteria.domain:
        rows = rows.filter(domain_key__in=domain_keys(f"@{criteria.domain}"))
    if criteria.network:
        rows = rows.filter(network_key__in=network_keys(criteria.network))
    if criteria.address:
        rows = rows.filter(email_key__in=mailbox_keys(criteria.address, mailbox_rules(), past_spellings()))
    if criteria.since:
        rows = rows.filter(pk__gte=first_uuid7_at(criteria.since))
    if criteria.until:
        rows = rows.filter(pk__lt=first_uuid7_at(criteria.until))
    return rows


def name_matcher(pattern: str) -> Callable[[str | None], bool]:
    """Whether a name fits a pattern, whatever its case. Without * and ?, the pattern may stand anywhere in the name."""
    if not set("*?") & set(pattern):
        pattern = f"*{pattern}*"
    # Taken apart before it is folded: folding makes a plain question mark of others.
    parts = re.split(r"([*?])", pattern)
    wild = {"*": ".*", "?": "."}
    expression = re.compile("".join(wild.get(part) or re.escape(_folded(part)) for part in parts), re.DOTALL)
    return lambda name: bool(name) and expression.fullmatch(_folded(name or "")) is not None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def signatures_of_pass(*, petition: Petition, kind: SweepKind, criteria: Criteria) -> QuerySet[Signature]:
    """The rows a pass goes through: those its act can change. A pattern for names is judged row by row, not here."""
    rows = matching_signatures(petition=petition, criteria=criteria)
    if kind == SweepKind.INVALIDATE:
        return rows.filter(state__in=[SignatureState.PENDING, SignatureState.CONFIRMED])
    if kind == SweepKind.RELEASE:
        return rows.filter(state=SignatureState.PENDING, quarantined_at__isnull=False)
    return rows


@dataclass(frozen=True)
class SignerRow:
    """A signature as moderators see it, opened. What was erased is empty."""

    number: int | None
    name: str
    address: str
    network: str
    state: str  # a SignatureState, or "quarantined"
    cause: str  # of the quarantine, in words
    signed_at: datetime

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[self.state])


STATE_NAMES = {
    SignatureState.PENDING: _("not confirmed yet"),
    SignatureState.CONFIRMED: _("confirmed"),
    SignatureState.INVALIDATED: _("invalidated"),
    SignatureState.WITHDRAWN: _("withdrawn"),
    "quarantined": _("in quarantine"),
}


def signer_rows(*, petition: Petition, ids: Sequence[str]) -> list[SignerRow]:
    """Signatures of one petition by their ids, in the order they came in. Who left since is among them, without a name."""
    rows = Signature.objects.filter(petition=petition, pk__in=ids).order_by("pk")
    causes = dict(Cause.choices)
    return [
        SignerRow(
            number=row.number,
            name=row.name or "",
            address=row.email or "",
            network=row.network or "",
            state="quarantined" if row.quarantined_at and row.state == SignatureState.PENDING else row.state,
            cause=str(causes.get(row.quarantine_cause, "")) if row.quarantined_at else "",
            signed_at=row.signed_at,
        )
        for row in rows
    ]


# --- What comes in -----------------------------------------------------------------
@dataclass(frozen=True)
class Trend:
    """Signatures of one mail domain or one network in a stretch of time."""

    kind: AlertKind
    key: int
    label: str  # the domain, or the cut network
    count: int
    share: float  # of all signatures in that time, 0 to 100


@dataclass(frozen=True)
class Trends:
    """What came in since then, and where most of it came from, the busiest first."""

    since: datetime
    total: int
    domains: list[Trend]
    networks: list[Trend]


def trends(*, petition: Petition, since: datetime, limit: int = 6) -> Trends:
    """The mail domains and the networks that most signatures came from, and at least two: five reads at most."""
    rows = Signature.objects.filter(petition=petition, pk__gte=first_uuid7_at(since))
    total = rows.count()
    return Trends(
        since,
        total,
        _busiest(rows, AlertKind.DOMAIN, "domain_key", total, limit),
        _busiest(rows, AlertKind.NETWORK, "network_key", total, limit),
    )


def _busiest(rows: QuerySet[Signature], kind: AlertKind, column: str, total: int, limit: int) -> list[Trend]:
    groups = list(
        rows.filter(**{f"{column}__isnull": False})
        .values_list(column)
        .annotate(count=Count("pk"), one=one_of_group())
        .filter(count__gte=2)
        .order_by("-count", column)[:limit]
    )
    labels = group_labels(kind, {key: one for key, _count, one in groups})
    return [Trend(kind, key, labels[key], count, 100 * count / total) for key, count, _one in groups]


def one_of_group() -> Min:
    """For an annotation: the id of one row of each group, as text. PostgreSQL has no smallest UUID before version 18."""
    return Min(Cast("pk", CharField(max_length=36)))


def group_labels(kind: AlertKind, ones: dict[int, str]) -> dict[int, str]:
    """What keys stand for, each read from one of its rows. Empty where that row was erased."""
    rows = Signature.objects.in_bulk([uuid.UUID(one) for one in ones.values()])
    return {key: _label(kind, rows[uuid.UUID(one)]) for key, one in ones.items()}


def _label(kind: AlertKind, row: Signature) -> str:
    return (row.network or "") if kind == AlertKind.NETWORK else mail_domain(row.email or "")


# --- What waits -------------------------------------------------------------------
def open_alerts() -> QuerySet[Alert]:
    """Alerts that nobody has dismissed, the latest first."""
    return Alert.objects.filter(dismissed_at=None).select_related("petition").order_by("-last_seen_at", "pk")


def open_report_count() -> int:
    return Report.objects.filter(state=ReportState.OPEN).count()


def petitions_to_publish() -> QuerySet[Petition]:
    """What teams have handed in, the oldest first."""
    rows = Petition.objects.filter(state=PetitionState.IN_MODERATION)
    return rows.select_related("campaign", "addressee").order_by("pk")


def petitions_with_signatures(*, words: Iterable[str] = (), limit: int = 10) -> QuerySet[Petition]:
    """The petitions opened last, those taken down too; with `words` (of `search_words`), those that hold each of them."""
    rows = Petition.objects.filter(opened_at__isnull=False)
    for word in words:
        rows = rows.filter(found_by__text__contains=word)
    return rows.order_by("-opened_at", "pk")[:limit]


@dataclass(frozen=True)
class Quarantined:
    """How many signatures of a petition wait for moderators."""

    slug: str
    title: str
    locale: str
    count: int


def quarantined_by_petition() -> list[Quarantined]:
    """Petitions with signatures in quarantine, the most first."""
    rows = (
        Signature.objects.filter(state=SignatureState.PENDING, quarantined_at__isnull=False)
        .values_list("petition__slug", "petition__title", "petition__locale")
        .annotate(count=Count("pk"))
        .order_by("-count", "petition__slug")
    )
    return [Quarantined(*row) for row in rows]


def quarantined_count(*, petition: Petition) -> int:
    return petition.signatures.filter(state=SignatureState.PENDING, quarantined_at__isnull=False).count()


def unfinished_passes() -> QuerySet[Sweep]:
    """Passes that wait or run, the oldest first."""
    rows = Sweep.objects.filter(state__in=[SweepState.WAITING, SweepState.RUNNING])
    return rows.select_related("petition", "asked_by").order_by("asked_at", "pk")


def passes_of(*, petition: Petition, limit: int = 20) -> list[Sweep]:
    """The latest passes over a petition's signatures, the newest first, with what undid them."""
    rows = Sweep.objects.filter(petition=petition).select_related("asked_by")
    return list(rows.prefetch_related("undone_by").order_by("-asked_at", "-pk")[:limit])


# --- Decisions ---------------------------------------------------------------------
def reports(*, is_open: bool) -> QuerySet[Report]:
    """Reports to decide, the oldest first; or those that were decided, the latest first."""
    rows = Report.objects.select_related("petition", "decided_by")
    if is_open:
        return rows.filter(state=ReportState.OPEN).order_by("reported_at", "pk")
    return rows.exclude(state=ReportState.OPEN).order_by("-decided_at", "-pk")


def taken_down_petitions() -> QuerySet[Petition]:
    """Petitions that moderators have taken down, by title."""
    rows = Petition.objects.filter(state=PetitionState.HIDDEN)
    return rows.select_related("campaign", "addressee").order_by("title", "pk")


def recorded_acts(*, petition: Petition | None = None) -> QuerySet[ModerationAct]:
    """The record, of the whole site or of one petition, the latest first."""
    rows = ModerationAct.objects.select_related("actor", "petition", "sweep").order_by("-at", "-pk")
    return rows if petition is None else rows.filter(petition=petition)


HANDLED = ("moderation.own_supporters_exported", "moderation.supporter_looked_up")


def handled_supporters(*, organization_id: uuid.UUID, limit: int = 10) -> QuerySet[LogEntry]:
    """What was done with an organization's supporters, as its own log has it, the latest first."""
    return log_entries(subject_id=organization_id).filter(act__in=HANDLED)[:limit]
