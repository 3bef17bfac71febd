"""Reads of petitions: numbers come from the tally, one indexed row, at 10 signatures or 10 million."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, OuterRef, Prefetch, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language
from django_countries import countries

from campaign.campaigns.models import CampaignPartner
from campaign.documents.models import Document, FrozenText, envelope
from campaign.organizations.models import Call
from campaign.organizations.queries import EndorserGlance, endorser_glance
from campaign.petitions.models import (
    Correction,
    Dimension,
    Handover,
    LedgerEntry,
    OfficialResponse,
    Petition,
    PetitionState,
    ReasonState,
    ReportedKind,
    Signature,
    SignatureState,
    SigningPause,
    Tally,
)

HANDOVER = "petitions.handover"  # the kind of its record, and of the document made from it
SMALLEST_CELL = 5  # fewer people in a country are shown as part of "other countries"


@dataclass(frozen=True)
class CountryShare:
    """One row of the public table: `share` is a percentage of the total, 0 to 100."""

    code: str  # "" for the merged small ones
    name: str
    total: int
    share: float


@dataclass(frozen=True)
class PublicName:
    """A signer who agreed to be named, with the reason that the team has chosen to show, if any."""

    name: str
    country_name: str
    at: datetime
    reason: str = ""


def with_totals(petitions: QuerySet[Petition]) -> QuerySet[Petition]:
    """Adds `signature_total` to each petition."""
    total = Tally.objects.filter(petition=OuterRef("pk"), dimension=Dimension.TOTAL, key="")
    return petitions.annotate(signature_total=Coalesce(Subquery(total.values("counted")[:1]), Value(0)))


def petition_cards(*, words: Iterable[str] = ()) -> QuerySet[Petition]:
    """Public petitions with all a card shows, open ones first, the most signed first.

    With `words` (of `search_words`), those that hold each of them anywhere in title, text, addressee or campaign.
    """
    rows = Petition.objects.public().filter(campaign__state="published")
    for word in words:
        rows = rows.filter(found_by__text__contains=word)
    is_closed = Case(When(state=PetitionState.OPEN, then=Value(0)), default=Value(1))
    return (
        with_totals(rows)
        .select_related("campaign", "addressee")
        .order_by(is_closed, "-signature_total", "pk")
    )


@dataclass(frozen=True)
class PageFacts:
    """What decides which drawing of a public petition's page is shown."""

    id: uuid.UUID
    state: str
    closes_at: datetime
    paused_at: datetime | None
    pause_note: str
    site_paused: bool
    campaign_state: str
    campaign_id: uuid.UUID
    partners_ask: bool  # some partner of the campaign asks signers for consent to its news

    def key(self, at: datetime) -> str:
        facts = (self.state, self.paused_at, self.pause_note, self.site_paused, self.campaign_state)
        return f"{self.id.hex}:{at < self.closes_at}:{hash(facts):x}"


def page_facts(*, slug: str) -> PageFacts | None:
    """One small read for each visit of a public petition's page. None when there is no such petition in public."""
    row = (
        Petition.objects.public()
        .filter(slug=slug)
        .values_list(
            "id",
            "state",
            "closes_at",
            "paused_at",
            "pause_note",
            Exists(SigningPause.objects.all()),
            "campaign__state",
            "campaign_id",
            Exists(CampaignPartner.objects.accepted().filter(campaign=OuterRef("campaign"), asks_news=True)),
        )
        .first()
    )
    return PageFacts(*row) if row else None


def petition_of_page(*, petition_id: uuid.UUID) -> Petition:
    """A petition with what its page shows."""
    rows = Petition.objects.select_related("campaign__owner", "addressee", "frozen_text").with_site_pause()
    done = Handover.objects.done().filter(petition=OuterRef("pk"))
    published = OfficialResponse.objects.published().filter(petition=OuterRef("pk"))
    # Most petitions have neither yet: then the page reads no more.
    rows = rows.annotate(has_handovers=Exists(done), has_responses=Exists(published))
    return rows.get(pk=petition_id)


def public_handovers(*, petition: Petition) -> list[Handover]:
    """Those that were done, the first first, each with its corrections and `pdf`, its document or None."""
    if not getattr(petition, "has_handovers", True):
        return []
    rows = petition.handovers.done().select_related("addressee")
    rows = rows.prefetch_related(Prefetch("corrections", Correction.objects.order_by("at", "pk")))
    return _with_documents(rows.order_by("done_at", "pk"))


def public_responses(*, petition: Petition) -> QuerySet[OfficialResponse]:
    """What authorities answered, the first first, each with its corrections."""
    if not getattr(petition, "has_responses", True):
        return OfficialResponse.objects.none()
    rows = petition.responses.published().select_related("authority")
    rows = rows.prefetch_related(Prefetch("corrections", Correction.objects.order_by("at", "pk")))
    return rows.order_by("answered_on", "pk")


def handover_address(record: FrozenText, at: datetime) -> str:
    """Path of the public page that tells of the hand-over a record is of; empty while it is not public."""
    rows = Handover.objects.done().filter(record=record, petition__in=Petition.objects.public())
    handover = rows.select_related("petition").first()
    return reverse("petition_detail", args=[handover.petition.slug]) if handover else ""


def team_handovers(*, petition: Petition) -> QuerySet[Handover]:
    """All of them, the newest first."""
    return petition.handovers.select_related("addressee").order_by("-prepared_at", "-pk")


def team_responses(*, petition: Petition) -> QuerySet[OfficialResponse]:
    """Drafts too, the newest first."""
    return petition.responses.select_related("authority").order_by("-answered_on", "-pk")


def corrections_of(*, record: Handover | OfficialResponse) -> QuerySet[Correction]:
    """The first first, each with who wrote it."""
    return record.corrections.select_related("by").order_by("at", "pk")


def handover_document(*, handover: Handover) -> Document | None:
    """Its PDF, or the order of it, in the petition's language."""
    return Document.objects.filter(kind=HANDOVER, frozen_text=handover.record_id).order_by("pk").first()


def _with_documents(rows: QuerySet[Handover]) -> list[Handover]:
    handovers = list(rows)
    records = [row.record_id for row in handovers]
    documents = Document.objects.filter(kind=HANDOVER, frozen_text__in=records).order_by("pk")
    by_record = {document.frozen_text_id: document for document in documents}
    for row in handovers:
        row.pdf = by_record.get(row.record_id)  # type: ignore[attr-defined]
    return handovers


def signers_to_tell() -> QuerySet[Signature]:
    """Counted signers, of any petition, who want mail when something happens with it."""
    return Signature.objects.select_related("petition").filter(
        state=SignatureState.CONFIRMED,
        counted=True,
        number__isnull=False,
        wants_updates=True,
        email__isnull=False,
    )


@dataclass(frozen=True)
class Counts:
    """The kinds of numbers, which are never added up. Endorsements of organizations are none of them."""

    confirmed: int  # each by mail; the public number
    removed: int  # once confirmed, and withdrawn or invalidated since
    pending: int  # signed, and not confirmed by mail yet
    paper: int  # reported
    partner: int  # reported


def petition_counts(*, petition: Petition) -> Counts:
    """Each kind apart. Confirmed and removed are of one moment: the ledger's last entry."""
    last = (
        LedgerEntry.objects.filter(petition=petition)
        .order_by("-position")
        .values_list("additions", "total")
        .first()
    )
    additions, total = last or (0, 0)
    reported = dict(
        petition.reported_counts.filter(withdrawn_at=None).values_list("kind").annotate(Sum("count"))
    )
    return Counts(
        confirmed=total,
        removed=additions - total,
        pending=petition.signatures.filter(state=SignatureState.PENDING, quarantined_at=None).count(),
        paper=reported.get(ReportedKind.PAPER, 0),
        partner=reported.get(ReportedKind.PARTNER, 0),
    )


def signature_total(*, petition: Petition) -> int:
    """The public number."""
    row = (
        Tally.objects.filter(petition=petition, dimension=Dimension.TOTAL, key="")
        .values_list("counted")
        .first()
    )
    return row[0] if row else 0


def public_total(*, slug: str) -> int | None:
    """The public number of a public petition, in one read. None when there is none in public."""
    rows: QuerySet[Any] = with_totals(Petition.objects.public().filter(slug=slug))
    row = rows.values_list("signature_total").first()
    return row[0] if row else None


def signature_totals_by_country(*, petition: Petition) -> list[CountryShare]:
    """The public number by country, largest first, merged where fewer than SMALLEST_CELL people could be told apart.

    The parts always add up to the whole.
    """
    rows = Tally.objects.filter(petition=petition, dimension=Dimension.COUNTRY, counted__gt=0)
    return country_shares(list(rows.values_list("key", "counted")))


def country_shares(rows: list[tuple[str, int]]) -> list[CountryShare]:
    """(code, people) of each country, as they may be shown."""
    rows = sorted(rows, key=lambda row: (-row[1], row[0]))
    total = sum(counted for _, counted in rows)
    large = [(code, counted) for code, counted in rows if counted >= SMALLEST_CELL]
    rest = total - sum(counted for _, counted in large)
    if 0 < rest < SMALLEST_CELL and large:
        # A single small rest could be told from the total: the smallest named country joins it.
        rest += large.pop()[1]
    shares = [
        CountryShare(code, str(countries.name(code)), counted, 100 * counted / total)
        for code, counted in large
    ]
    if rest:
        shares.append(CountryShare("", "", rest, 100 * rest / total))
    return shares


def signature_totals_by_day(*, petition: Petition) -> list[tuple[str, int]]:
    """The public number by day of confirmation (UTC, ISO), the first day first."""
    rows = Tally.objects.filter(petition=petition, dimension=Dimension.DAY, counted__gt=0)
    return list(rows.order_by("key").values_list("key", "counted"))


def recent_public_names(*, petition: Petition, limit: int = 10) -> list[PublicName]:
    """The newest counted signers who agreed to be named."""
    rows = Signature.objects.filter(petition=petition, counted=True, name_is_public=True).order_by("-number")
    return [
        PublicName(row.name, str(row.country.name), row.confirmed_at)
        for row in rows[:limit]
        if row.confirmed_at and row.name
    ]


def shown_reasons(*, petition: Petition, limit: int = 10) -> list[PublicName]:
    """The newest counted signers who agreed to be named and whose reason the team has chosen to show."""
    rows = Signature.objects.filter(
        petition=petition, reason_state=ReasonState.SHOWN, name_is_public=True, counted=True
    ).exclude(reason_state=ReasonState.NONE)  # in so many words: the index is looked up by them
    return [
        PublicName(row.name, str(row.country.name), row.confirmed_at, row.reason)
        for row in rows.order_by("-pk")[:limit]
        if row.confirmed_at and row.name and row.reason
    ]


@dataclass(frozen=True)
class TeamWork:
    """What waits for somebody: reasons for the team, quarantined signatures for the site's moderators."""

    reasons: int
    quarantined: int


def team_work(*, petition: Petition) -> TeamWork:
    aside = petition.signatures.filter(state=SignatureState.PENDING, quarantined_at__isnull=False)
    return TeamWork(
        reasons=reasons_of(petition=petition, state=ReasonState.WAITING).count(), quarantined=aside.count()
    )


def reasons_of(*, petition: Petition, state: ReasonState) -> QuerySet[Signature]:
    """Confirmed signatures whose reason stands at `state`, the oldest first."""
    rows = Signature.objects.filter(
        petition=petition, state=SignatureState.CONFIRMED, reason_state=state, reason__isnull=False
    )
    return rows.exclude(reason_state=ReasonState.NONE).order_by("pk")


def petition_endorsements(*, petition: Petition) -> EndorserGlance:
    """Organizations behind exactly the published text: how many, and the first by name in the language of the page."""
    return endorser_glance(frozen_text_id=petition.frozen_text_id, locale=get_language() or petition.locale)


FROZEN_KIND = "petitions.petition"


def petition_payload(petition: Petition) -> dict[str, str]:
    """What is frozen of a petition: whom it asks for what, and who may sign."""
    text = {
        "addressee": petition.addressee.name,
        "campaign": petition.campaign.title,
        "petition": petition.slug,
        "text": petition.text,
    }
    return text | ({"eligibility": petition.eligibility} if petition.eligibility else {})


def petition_call(*, petition: Petition) -> Call | None:
    """The call for endorsements of its text; None until a text was fixed."""
    return Call.objects.select_related("frozen_text").filter(kind=FROZEN_KIND, subject_id=petition.pk).first()


def says_what_was_frozen(petition: Petition, text: FrozenText) -> bool:
    """Whether a petition still says exactly what `text` fixed."""
    frozen = envelope(
        kind=FROZEN_KIND, title=petition.title, locale=petition.locale, payload=petition_payload(petition)
    )
    return frozen == text.canonical_bytes
