"""A petition's life: draft, open, closed."""

import uuid
from datetime import date, datetime, time
from typing import Any, NotRequired, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Authority, Campaign, CampaignState
from campaign.campaigns.services import move_campaign_call, require_no_embargo
from campaign.core.errors import DomainError
from campaign.core.slugs import free_slug
from campaign.documents.models import FrozenText
from campaign.documents.services import freeze_text, publish_text, unpublish_text
from campaign.mailing.models import MailState, OutgoingMail
from campaign.mailing.services import mail_row, queue_mails
from campaign.petitions.models import (
    PUBLIC_STATES,
    Dimension,
    Petition,
    PetitionState,
    SearchText,
    Signature,
    SignatureState,
    SigningPause,
    Tally,
)
from campaign.petitions.queries import FROZEN_KIND, petition_payload
from campaign.petitions.search import search_text


class PetitionCannotMove(DomainError):
    message = _("The petition has moved on meanwhile. Load the page again to see where it stands.")


class ClosingDateIsPast(DomainError):
    message = _("The last day to sign has passed. Choose a later day.")


class CampaignIsDraft(DomainError):
    message = _("The campaign is still a draft. Publish the campaign first, then its petition.")


def end_of_day(*, day: date, time_zone: str) -> datetime:
    """The moment `day` is over in an IANA zone: the first instant of the next day there, exclusive."""
    return datetime.combine(date.fromordinal(day.toordinal() + 1), time(0), tzinfo=ZoneInfo(time_zone))


class PetitionFields(TypedDict):
    """What a team writes and sets before publishing."""

    title: str
    text: str
    addressee: Authority
    goal: int | None
    closing_date: date
    time_zone: str
    eligibility: NotRequired[str]
    asks_postcode: NotRequired[bool]
    asks_reason: NotRequired[bool]
    household_rule: NotRequired[bool]
    check_when: NotRequired[str]
    retention_days: NotRequired[int]


@transaction.atomic
def create_petition(*, campaign: Campaign, **fields: Unpack[PetitionFields]) -> Petition:
    """Begin a draft in the campaign's language."""
    slug = free_slug(fields["title"], taken=Petition.objects.all())
    petition = Petition.objects.create(campaign=campaign, slug=slug, locale=campaign.locale, **fields)
    SearchText.objects.create(petition=petition, text=_found_by(petition))
    return petition


@transaction.atomic
def edit_petition(*, petition: Petition, **fields: Unpack[PetitionFields]) -> None:
    """Change a draft, or what moderators sent back: it is a draft again. A published text never changes: PetitionCannotMove."""
    editable = Petition.objects.filter(
        pk=petition.pk, state__in=[PetitionState.DRAFT, PetitionState.REJECTED]
    )
    if not editable.update(**fields, state=PetitionState.DRAFT, hidden_note=""):
        raise PetitionCannotMove
    row = Petition.objects.select_related("campaign", "addressee").get(pk=petition.pk)
    SearchText.objects.update_or_create(petition=row, defaults={"text": _found_by(row)})


def _found_by(petition: Petition) -> str:
    return search_text(
        title=petition.title,
        text=petition.text,
        addressee=petition.addressee.name,
        campaign=petition.campaign.title,
    )


def refresh_search_texts() -> int:
    """Bring up to date what petitions are found by: campaigns and addressees may have new names. Returns how many changed."""
    changed = 0
    rows = Petition.objects.select_related("campaign", "addressee", "found_by").order_by("pk")
    for petition in rows.iterator(chunk_size=200):
        text = _found_by(petition)
        stored = getattr(petition, "found_by", None)
        if stored is None or stored.text != text:
            SearchText.objects.update_or_create(petition=petition, defaults={"text": text})
            changed += 1
    return changed


def submit_petition(*, petition: Petition) -> None:
    """Hand a draft to the site's moderators, who publish it or send it back. Raises CampaignIsDraft or PetitionCannotMove."""
    if petition.campaign.state != CampaignState.PUBLISHED:
        raise CampaignIsDraft
    _move(petition, {PetitionState.DRAFT}, state=PetitionState.IN_MODERATION)


def reject_petition(*, petition: Petition, note: str) -> None:
    """Send a submitted petition back to its team with the reason. Raises PetitionCannotMove."""
    _move(petition, {PetitionState.IN_MODERATION}, state=PetitionState.REJECTED, hidden_note=note)


def _move(petition: Petition, states: set[PetitionState], **changes: Any) -> None:
    if not Petition.objects.filter(pk=petition.pk, state__in=states).update(**changes):
        raise PetitionCannotMove


@transaction.atomic
def publish_petition(*, petition: Petition, at: datetime) -> Petition:
    """Freeze the text of a draft or of a submitted petition, and open it for signatures.

    Who endorsed a draft of it that said something else is asked again.
    Raises CampaignIsDraft, ClosingDateIsPast, UnderEmbargo, or PetitionCannotMove when it has moved on.
    """
    petition = Petition.objects.select_for_update(of=("self",)).get(pk=petition.pk)
    if petition.state not in {PetitionState.DRAFT, PetitionState.IN_MODERATION}:
        raise PetitionCannotMove
    if petition.campaign.state != CampaignState.PUBLISHED:
        raise CampaignIsDraft
    closes_at = end_of_day(day=petition.closing_date, time_zone=petition.time_zone)
    if closes_at <= at:
        raise ClosingDateIsPast
    require_no_embargo(kind=FROZEN_KIND, subject_id=petition.pk, at=at)
    address = reverse("petition_detail", args=[petition.slug])
    petition.frozen_text = _freeze(petition, address=address, at=at)
    publish_text(frozen_text=petition.frozen_text, address=address, at=at)
    petition.state, petition.opened_at, petition.closes_at = PetitionState.OPEN, at, closes_at
    petition.save(update_fields=["frozen_text", "state", "opened_at", "closes_at"])
    Tally.objects.get_or_create(petition=petition, dimension=Dimension.TOTAL, key="")
    return petition


@transaction.atomic
def freeze_draft(*, petition: Petition, at: datetime) -> FrozenText:
    """Fix the text of a draft as it is now, so that organizations can endorse it before it is published.

    Who endorsed what an earlier freeze said is asked again. Raises PetitionCannotMove.
    """
    petition = Petition.objects.select_for_update(of=("self",)).get(pk=petition.pk)
    if petition.state not in {PetitionState.DRAFT, PetitionState.REJECTED, PetitionState.IN_MODERATION}:
        raise PetitionCannotMove
    return _freeze(petition, address="", at=at)


def _freeze(petition: Petition, *, address: str, at: datetime) -> FrozenText:
    text = freeze_text(
        kind=FROZEN_KIND,
        title=petition.title,
        locale=petition.locale,
        payload=petition_payload(petition),
        at=at,
    )
    move_campaign_call(
        campaign=petition.campaign,
        kind=FROZEN_KIND,
        subject_id=petition.pk,
        frozen_text=text,
        at=at,
        address=address,
    )
    return text


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


@transaction.atomic
def hide_petition(*, petition: Petition, note: str) -> None:
    """Take a public petition down. Nothing is lost: `unhide_petition` brings it back as it was. Raises PetitionCannotMove."""
    _move(
        petition,
        set(PUBLIC_STATES),
        state=PetitionState.HIDDEN,
        state_before_hidden=F("state"),
        hidden_note=note,
    )
    unpublish_text(frozen_text_id=petition.frozen_text_id)


@transaction.atomic
def unhide_petition(*, petition: Petition, at: datetime) -> None:
    """Put a petition that was taken down back where it was, and mail those whose letters were due meanwhile.

    Raises PetitionCannotMove.
    """
    _move(
        petition,
        {PetitionState.HIDDEN},
        state=F("state_before_hidden"),
        state_before_hidden="",
        hidden_note="",
    )
    if petition.frozen_text:
        address = reverse("petition_detail", args=[petition.slug])
        publish_text(frozen_text=petition.frozen_text, address=address, at=at)
    _queue_dropped_letters(petition_id=petition.pk, at=at)


def _queue_dropped_letters(*, petition_id: uuid.UUID, at: datetime) -> None:
    """Queue the letter to confirm for signers who got none. One that is judged at this moment is caught up by the reminder."""
    if not Petition.objects.get(pk=petition_id).confirms_at(at):
        return
    mails = OutgoingMail.objects.filter(kind="petitions.signed", about_id=OuterRef("pk"))
    unsent = Signature.objects.filter(
        ~Exists(mails.exclude(state=MailState.DROPPED)),
        Exists(mails),
        petition_id=petition_id,
        state=SignatureState.PENDING,
        quarantined_at=None,
    )
    queue_mails(
        mail_row(kind="petitions.signed", to=row.email, locale=row.locale, about_id=row.pk, at=at)
        for row in unsent.only("id", "email", "locale").order_by("pk")
        if row.email
    )


def pause_petition(*, petition: Petition, note: str, at: datetime) -> None:
    """Stop taking signatures for now. Those given can still be confirmed. Twice is once."""
    Petition.objects.filter(pk=petition.pk, paused_at=None).update(paused_at=at, pause_note=note)


def resume_petition(*, petition: Petition) -> None:
    """Take signatures again. Twice is once."""
    Petition.objects.filter(pk=petition.pk).update(paused_at=None, pause_note="")


def pause_site(*, note: str, by: Any, at: datetime) -> None:
    """Stop signing on the whole site for now. Twice is once: the first note stands."""
    SigningPause.objects.get_or_create(only_one=True, defaults={"since": at, "note": note, "by": by})


def resume_site() -> None:
    """Let people sign again. Twice is once."""
    SigningPause.objects.all().delete()


def check_signers(*, petition: Petition, when: str) -> None:
    """Set when signers' browsers do a proof of work: a value of CheckWhen."""
    Petition.objects.filter(pk=petition.pk).update(check_when=when)
