"""Putting a petition into its addressee's hands: prepared, then done or canceled."""

from datetime import datetime
from typing import NotRequired, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.core.errors import DomainError
from campaign.core.ids import uuid7
from campaign.documents.models import FrozenText
from campaign.documents.services import freeze_text, request_document
from campaign.organizations.services import include_endorsements
from campaign.petitions.models import PUBLIC_STATES, Correction, Handover, HandoverState, Petition
from campaign.petitions.payloads import HandoverPlan, handover_payload
from campaign.petitions.queries import HANDOVER
from campaign.petitions.services.ledger.lock import wait_to_be_only_sequencer


class PetitionIsNotPublic(DomainError):
    message = _("The petition is not public at the moment. This can be done once it is open or closed.")


class NobodyHasSigned(DomainError):
    message = _("No confirmed signature is in the count yet. Prepare the hand-over once there is one.")


class HandoverIsPrepared(DomainError):
    message = _(
        "A hand-over to this office is prepared already. Record it once it is done, or cancel it first."
    )


class HandoverCannotMove(DomainError):
    message = _("The hand-over has moved on meanwhile. Load the page again to see where it stands.")


class ActIsInFuture(DomainError):
    message = _("This moment has not come yet. Record the hand-over once it is done.")


class ActTooEarly(DomainError):
    """Before the document was fixed, and so before the petition opened too."""

    def __init__(self, fixed_on: str) -> None:
        sentence = gettext(
            "The document was fixed on %(day)s. It cannot have been handed over before that day."
        )
        super().__init__(sentence % {"day": fixed_on})


class HandoverAct(TypedDict):
    """What is recorded after the act: as it was, whatever was planned."""

    done_at: datetime
    time_zone: str  # IANA name, of the place
    received_by: str
    manner: str
    items: list[str]
    place: NotRequired[str]
    reference: NotRequired[str]
    public_note: NotRequired[str]


@transaction.atomic
def prepare_handover(*, petition: Petition, by: User, at: datetime, **plan: Unpack[HandoverPlan]) -> Handover:
    """Fix text, count, ledger head and endorsers as they are now, and order the document.

    Raises PetitionIsNotPublic, NobodyHasSigned, HandoverIsPrepared.
    """
    # Before any row is locked: a batch that is being numbered may look at the petition's row. Until this transaction ends no
    # number moves, so that total, countries, days and ledger head are of one moment.
    wait_to_be_only_sequencer(petition.pk)
    rows = Petition.objects.select_for_update(of=("self",), no_key=True)
    petition = rows.select_related("campaign__owner", "frozen_text").get(pk=petition.pk)
    text = _public_text(petition)
    _require_unprepared(petition, plan)
    handover_id = uuid7()
    payload = handover_payload(petition=petition, text=text, plan=plan, handover_id=str(handover_id), at=at)
    if not payload["signatures"]["total"]:
        raise NobodyHasSigned
    record = freeze_text(kind=HANDOVER, title=text.title, locale=text.locale, payload=payload, at=at)
    handover = Handover.objects.create(
        pk=handover_id,
        petition=petition,
        record=record,
        total=payload["signatures"]["total"],
        prepared_by=by,
        prepared_at=at,
        **plan,
    )
    request_document(kind=HANDOVER, frozen_text=record, locale=text.locale, at=at)
    log_act(
        subject_id=petition.campaign_id,
        act="petitions.handover_prepared",
        actor=by,
        at=at,
        petition=petition.title,
    )
    return handover


def _public_text(petition: Petition) -> FrozenText:
    if petition.state not in PUBLIC_STATES or petition.frozen_text is None:
        raise PetitionIsNotPublic
    return petition.frozen_text


def _require_unprepared(petition: Petition, plan: HandoverPlan) -> None:
    """The petition's row is locked: of two that prepare the same at once, the second sees the first."""
    prepared = petition.handovers.filter(state=HandoverState.PREPARED)
    if prepared.filter(addressee=plan["addressee"], office=plan.get("office", "")).exists():
        raise HandoverIsPrepared


@transaction.atomic
def record_handover(*, handover: Handover, by: User, at: datetime, **act: Unpack[HandoverAct]) -> Handover:
    """Put on record that it was handed over. From now on it is public, and corrected only beside it.

    Raises HandoverCannotMove, PetitionIsNotPublic, ActIsInFuture, ActTooEarly.
    """
    rows = Handover.objects.select_for_update(of=("self",)).select_related("petition__frozen_text")
    handover = rows.get(pk=handover.pk)
    if handover.state != HandoverState.PREPARED:
        raise HandoverCannotMove
    text = _public_text(handover.petition)
    _require_possible(handover, act["done_at"], ZoneInfo(act["time_zone"]), at)
    for name, value in act.items():
        setattr(handover, name, value)
    handover.state, handover.recorded_by, handover.recorded_at = HandoverState.DONE, by, at
    handover.save(update_fields=[*act, "state", "recorded_by", "recorded_at"])
    log_act(
        subject_id=handover.petition.campaign_id,
        act="petitions.handover_recorded",
        actor=by,
        at=at,
        petition=handover.petition.title,
    )
    include_endorsements(
        frozen_text=text,
        record=handover.record,
        title=handover.petition.title,
        address=reverse("petition_detail", args=[handover.petition.slug]),
        at=handover.prepared_at,
    )
    return handover


def _require_possible(handover: Handover, done_at: datetime, zone: ZoneInfo, at: datetime) -> None:
    if done_at > at:
        raise ActIsInFuture
    fixed_on = handover.prepared_at.astimezone(zone).date()
    if done_at.astimezone(zone).date() < fixed_on:
        raise ActTooEarly(date_format(fixed_on))


def cancel_handover(*, handover: Handover, reason: str, at: datetime) -> None:
    """Say that it did not happen. What was fixed stays. Raises HandoverCannotMove."""
    prepared = Handover.objects.filter(pk=handover.pk, state=HandoverState.PREPARED)
    if not prepared.update(state=HandoverState.CANCELED, cancel_reason=reason, canceled_at=at):
        raise HandoverCannotMove


def correct_handover(*, handover: Handover, text: str, by: User, at: datetime) -> None:
    """Say what is right instead; the recorded lines stay. Raises HandoverCannotMove when nothing is recorded."""
    if not Handover.objects.done().filter(pk=handover.pk).exists():
        raise HandoverCannotMove
    Correction.objects.create(handover=handover, text=text, by=by, at=at)
