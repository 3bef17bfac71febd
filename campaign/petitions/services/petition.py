"""A petition's life: draft, open, closed."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Authority, Campaign, CampaignState
from campaign.core.errors import DomainError
from campaign.core.slugs import free_slug
from campaign.documents.services import freeze_text, publish_text
from campaign.petitions.models import Dimension, Petition, PetitionState, Tally


class PetitionCannotMove(DomainError):
    message = _("The petition has moved on meanwhile. Load the page again to see where it stands.")


class ClosingDateIsPast(DomainError):
    message = _("The last day to sign has passed. Choose a later day.")


class CampaignIsDraft(DomainError):
    message = _("The campaign is still a draft. Publish the campaign first, then its petition.")


def end_of_day(*, day: date, time_zone: str) -> datetime:
    """The moment `day` is over in an IANA zone: the first instant of the next day there, exclusive."""
    return datetime.combine(date.fromordinal(day.toordinal() + 1), time(0), tzinfo=ZoneInfo(time_zone))


@transaction.atomic
def create_petition(
    *,
    campaign: Campaign,
    title: str,
    text: str,
    addressee: Authority,
    goal: int | None,
    closing_date: date,
    time_zone: str,
) -> Petition:
    """Begin a draft in the campaign's language."""
    return Petition.objects.create(
        campaign=campaign,
        slug=free_slug(title, taken=Petition.objects.all()),
        title=title,
        text=text,
        locale=campaign.locale,
        addressee=addressee,
        goal=goal,
        closing_date=closing_date,
        time_zone=time_zone,
    )


def edit_petition(
    *,
    petition: Petition,
    title: str,
    text: str,
    addressee: Authority,
    goal: int | None,
    closing_date: date,
    time_zone: str,
) -> None:
    """Change a draft. A published text never changes: raises PetitionCannotMove."""
    changed = Petition.objects.filter(pk=petition.pk, state=PetitionState.DRAFT).update(
        title=title,
        text=text,
        addressee=addressee,
        goal=goal,
        closing_date=closing_date,
        time_zone=time_zone,
    )
    if not changed:
        raise PetitionCannotMove


@transaction.atomic
def publish_petition(*, petition: Petition, at: datetime) -> Petition:
    """Freeze the text and open it for signatures.

    Raises CampaignIsDraft, ClosingDateIsPast, or PetitionCannotMove when it is no draft any more.
    """
    petition = Petition.objects.select_for_update(of=("self",)).get(pk=petition.pk)
    if petition.state != PetitionState.DRAFT:
        raise PetitionCannotMove
    if petition.campaign.state != CampaignState.PUBLISHED:
        raise CampaignIsDraft
    closes_at = end_of_day(day=petition.closing_date, time_zone=petition.time_zone)
    if closes_at <= at:
        raise ClosingDateIsPast
    petition.frozen_text = freeze_text(
        kind="petitions.petition",
        title=petition.title,
        locale=petition.locale,
        payload={
            "addressee": petition.addressee.name,
            "campaign": petition.campaign.title,
            "petition": petition.slug,
            "text": petition.text,
        },
        at=at,
    )
    publish_text(
        frozen_text=petition.frozen_text, address=reverse("petition_detail", args=[petition.slug]), at=at
    )
    petition.state, petition.opened_at, petition.closes_at = PetitionState.OPEN, at, closes_at
    petition.save(update_fields=["frozen_text", "state", "opened_at", "closes_at"])
    Tally.objects.get_or_create(petition=petition, dimension=Dimension.TOTAL, key="")
    return petition


def close_petition(*, petition: Petition, at: datetime) -> None:
    """Close before its date. Signatures given until now can be confirmed for 24 hours. Raises PetitionCannotMove."""
    changed = Petition.objects.filter(pk=petition.pk, state=PetitionState.OPEN).update(
        state=PetitionState.CLOSED, closed_at=Least(F("closes_at"), Value(at))
    )
    if not changed:
        raise PetitionCannotMove


def close_due_petitions(*, at: datetime) -> int:
    """Close what has reached its date. The date decides, not this run: late by a minute changes nothing."""
    due = Petition.objects.filter(state=PetitionState.OPEN, closes_at__lte=at)
    return due.update(state=PetitionState.CLOSED, closed_at=F("closes_at"))
