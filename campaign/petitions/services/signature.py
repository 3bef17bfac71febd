"""Signing, confirming, withdrawing. Each touches the signature's row alone; the ledger follows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.core.fields import sealed
from campaign.mailing.models import Priority
from campaign.mailing.services import queue_mail, recipient_key
from campaign.petitions.models import Petition, Signature, SignatureState


class PetitionNotOpen(DomainError):
    message = _("This petition is not collecting signatures.")


class ConfirmationTooLate(DomainError):
    message = _("This signature can no longer be confirmed: the petition closed more than 24 hours ago.")


@dataclass(frozen=True)
class SignerData:
    """What a signer states. `consents` maps a purpose to the version of the wording agreed to."""

    name: str
    email: str
    country: str
    locale: str
    consents: dict[str, str]
    source: str = ""


@transaction.atomic
def sign_petition(*, petition: Petition, signer: SignerData, at: datetime) -> None:
    """Record a pending signature and queue one mail to its address.

    Does the same work for a new and a known address and returns nothing, so that neither the answer nor its time tells who
    has signed. What the mail says is decided when it is sent (`petitions/letters.py`).

    Raises PetitionNotOpen when the petition is not collecting at `at`.
    """
    if not petition.collects_at(at):
        raise PetitionNotOpen
    key = recipient_key(signer.email)
    Signature.objects.bulk_create(
        [Signature(petition=petition, email_key=key, signed_at=at, **_stated(signer))], ignore_conflicts=True
    )
    _keep_latest(petition=petition, email_key=key, signer=signer, at=at)
    queue_mail(
        kind="petitions.signed",
        to=signer.email,
        locale=signer.locale,
        about_id=petition.pk,
        at=at,
        priority=Priority.AT_THE_SCREEN,
    )


def _stated(signer: SignerData) -> dict[str, Any]:
    return {
        "name": signer.name,
        "email": signer.email,
        "country": signer.country,
        "locale": signer.locale,
        "source": signer.source,
        "consents": signer.consents,
        "name_is_public": "public_name" in signer.consents,
        "wants_updates": "updates" in signer.consents,
    }


def _keep_latest(*, petition: Petition, email_key: bytes, signer: SignerData, at: datetime) -> None:
    """Until somebody confirms, what was typed last stands: the mailbox's owner sees it before confirming.

    The same two statements for every address; a confirmed or invalidated row is not among those the second one changes.
    """
    row = Signature.objects.only("id").get(petition=petition, email_key=email_key, slot=1)
    fields = _stated(signer)
    for name in ("name", "email"):
        fields[name] = sealed(row, name, fields[name])
    Signature.objects.unconfirmed().filter(pk=row.pk).update(signed_at=at, **fields)


def confirm_signature(*, signature: Signature, at: datetime) -> bool:
    """Confirm what `signature` holds. Twice is once. False when somebody signed anew meanwhile: show it again.

    A withdrawn signature can be confirmed once its signer has signed again. Raises ConfirmationTooLate later than 24 hours after
    the petition closed.
    """
    if signature.state == SignatureState.CONFIRMED:
        return True
    if not signature.petition.confirms_at(at):
        raise ConfirmationTooLate
    # A row that the ledger still counts (withdrawn a moment ago) keeps its day: the tallies were moved with it.
    confirmed_at = Case(When(counted=True, then=F("confirmed_at")), default=Value(at))
    shown = Signature.objects.unconfirmed().filter(pk=signature.pk, signed_at=signature.signed_at)
    changed = shown.filter(name__isnull=False).update(
        state=SignatureState.CONFIRMED, confirmed_at=confirmed_at, withdrawn_at=None
    )
    return bool(changed)


def withdraw_signature(*, signature: Signature, at: datetime) -> None:
    """Take a signature back. Name and address are erased at once; it leaves the count at the ledger's next step."""
    Signature.objects.filter(
        pk=signature.pk, state__in=[SignatureState.PENDING, SignatureState.CONFIRMED]
    ).update(
        state=SignatureState.WITHDRAWN,
        withdrawn_at=at,
        name=None,
        email=None,
        name_is_public=False,
        wants_updates=False,
    )
