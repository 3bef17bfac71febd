"""What the authority answered, and what became of each demand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.campaigns.models import Authority
from campaign.consultations.models import DemandOutcome, Filing, FilingResponse, Receipt, ResponseState
from campaign.core.errors import DomainError


class NothingWasFiled(DomainError):
    message = _("No receipt is on record yet, so there is nothing to answer. Record the receipt first.")


class ResponseChanged(DomainError):
    """Somebody saved the response meanwhile. `current` is what stands now."""

    message = _(
        "Somebody else saved this response meanwhile. What you typed is still here; saving again replaces theirs."
    )

    def __init__(self, current: FilingResponse) -> None:
        super().__init__()
        self.current = current


class ResponseIsPublic(DomainError):
    message = _("This response is public. What was wrong about it is said in a correction.")


@dataclass(frozen=True)
class ResponseData:
    """What an authority said and where; the comment is the team's."""

    authority: Authority
    answered_on: date
    title: str
    text: str
    locale: str
    url: str
    comment: str


@dataclass(frozen=True)
class DemandData:
    """One demand and what became of it."""

    question_number: str
    demand: str
    outcome: str
    where: str


@transaction.atomic
def save_response(
    *,
    filing: Filing,
    response: FilingResponse | None,
    version: int,
    data: ResponseData,
    demands: Sequence[DemandData],
    by: User | None,
    token: UUID | None = None,
) -> FilingResponse:
    """Write down what the authority answered, with each demand's outcome in the order given; a new one where `response` is None.

    `token` is the id of a new one: sent twice, it is one.

    Raises NothingWasFiled, ResponseChanged, ResponseIsPublic.
    """
    if not Receipt.objects.filter(filing=filing).exists():
        raise NothingWasFiled
    if response is None and token:
        response = FilingResponse.objects.filter(pk=token, filing=filing).first()
    if response is None:
        row = FilingResponse(filing=filing, **({"pk": token} if token else {}))
    else:
        row = FilingResponse.objects.select_for_update(of=("self",)).get(pk=response.pk)
        if row.state != ResponseState.DRAFT:
            raise ResponseIsPublic
        if row.version != version:
            raise ResponseChanged(row)
        row.version += 1
    for name in ("authority", "answered_on", "title", "text", "locale", "url", "comment"):
        setattr(row, name, getattr(data, name))
    row.written_by = by
    row.save()
    row.outcomes.all().delete()
    DemandOutcome.objects.bulk_create(
        DemandOutcome(
            response=row,
            position=position,
            question_number=demand.question_number,
            demand=demand.demand,
            outcome=demand.outcome,
            where=demand.where,
        )
        for position, demand in enumerate(demands, start=1)
    )
    return row


@transaction.atomic
def publish_response(*, response: FilingResponse, version: int, by: User | None, at: datetime) -> None:
    """Show it on the filing's page, for good. Raises ResponseChanged; twice is once."""
    row = FilingResponse.objects.select_for_update(of=("self",)).get(pk=response.pk)
    if row.state == ResponseState.PUBLISHED:
        return
    if row.version != version:
        raise ResponseChanged(row)
    row.state, row.published_at = ResponseState.PUBLISHED, at
    row.save(update_fields=["state", "published_at"])
    log_act(
        subject_id=row.filing.submission.campaign_id,
        act="consultations.response_published",
        actor=by,
        at=at,
        submission=row.filing.submission.title,
    )
