"""What an authority answers: written down as a draft, then published."""

from datetime import date, datetime
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.campaigns.models import Authority
from campaign.core.errors import DomainError
from campaign.petitions.models import PUBLIC_STATES, Correction, OfficialResponse, Petition, ResponseState
from campaign.petitions.services.handover import PetitionIsNotPublic


class ResponseCannotMove(DomainError):
    message = _("The response has moved on meanwhile. Load the page again to see where it stands.")


class ResponseFields(TypedDict):
    """The authority's words and where they come from; `comment` is the team's own."""

    authority: Authority
    answered_on: date
    title: str
    text: str
    locale: str
    url: NotRequired[str]
    comment: NotRequired[str]


def draft_response(*, petition: Petition, by: User, **fields: Unpack[ResponseFields]) -> OfficialResponse:
    """Write down a response for the team to look at. Raises PetitionIsNotPublic."""
    if not Petition.objects.public().filter(pk=petition.pk).exists():
        raise PetitionIsNotPublic
    return OfficialResponse.objects.create(petition=petition, written_by=by, **fields)


def edit_response(*, response: OfficialResponse, **fields: Unpack[ResponseFields]) -> None:
    """Change a draft. Raises ResponseCannotMove for one that is published."""
    if not _draft(response).update(**fields):
        raise ResponseCannotMove


def discard_response(*, response: OfficialResponse) -> None:
    """Throw a draft away. Raises ResponseCannotMove for one that is published."""
    _total, deleted = _draft(response).delete()
    if not deleted:
        raise ResponseCannotMove


def _draft(response: OfficialResponse) -> QuerySet[OfficialResponse]:
    return OfficialResponse.objects.filter(pk=response.pk, state=ResponseState.DRAFT)


@transaction.atomic
def publish_response(*, response: OfficialResponse, by: User, at: datetime) -> None:
    """Show a draft on the petition's page. From now on it is corrected only beside it.

    Raises ResponseCannotMove, PetitionIsNotPublic.
    """
    if not _draft(response).update(state=ResponseState.PUBLISHED, published_by=by, published_at=at):
        raise ResponseCannotMove
    petition = Petition.objects.filter(pk=response.petition_id, state__in=PUBLIC_STATES).first()
    if petition is None:
        raise PetitionIsNotPublic
    log_act(
        subject_id=petition.campaign_id,
        act="petitions.response_published",
        actor=by,
        at=at,
        petition=petition.title,
    )


def correct_response(*, response: OfficialResponse, text: str, by: User, at: datetime) -> None:
    """Say what is right instead; the published lines stay. Raises ResponseCannotMove for a draft."""
    if not OfficialResponse.objects.published().filter(pk=response.pk).exists():
        raise ResponseCannotMove
    Correction.objects.create(response=response, text=text, by=by, at=at)
