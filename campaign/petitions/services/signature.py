"""Signing, confirming, withdrawing. Each touches the signature's row alone; the ledger follows."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
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
    signature = Signature(
        petition=petition,
        name=signer.name,
        email=signer.email,
        email_key=recipient_key(signer.email),
        country=signer.country,
        locale=signer.locale,
        source=signer.source,
        consents=signer.consents,
        name_is_public="public_name" in signer.consents,
        wants_updates="updates" in signer.consents,
        signed_at=at,
    )
    Signature.objects.bulk_create([signature], ignore_conflicts=True)
    queue_mail(
        kind="petitions.signed",
        to=signer.email,
        locale=signer.locale,
        about_id=petition.pk,
        at=at,
        priority=Priority.AT_THE_SCREEN,
    )


def confirm_signature(*, signature: Signature, at: datetime) -> None:
    """Confirm a pending signature, or one that was withdrawn by its signer and signed again. Twice is once.

    Raises ConfirmationTooLate later than 24 hours after the petition closed.
    """
    if signature.state == SignatureState.CONFIRMED:
        return
    if not signature.petition.confirms_at(at):
        raise ConfirmationTooLate
    Signature.objects.filter(
        pk=signature.pk, state__in=[SignatureState.PENDING, SignatureState.WITHDRAWN]
    ).update(state=SignatureState.CONFIRMED, confirmed_at=at, withdrawn_at=None)


def withdraw_signature(*, signature: Signature, at: datetime) -> None:
    """Take a signature back. It leaves the count at the ledger's next step; its name disappears at once."""
    Signature.objects.filter(
        pk=signature.pk, state__in=[SignatureState.PENDING, SignatureState.CONFIRMED]
    ).update(state=SignatureState.WITHDRAWN, withdrawn_at=at, name_is_public=False, wants_updates=False)
