"""Signing: what somebody typed becomes a pending signature and a mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.core.fields import sealed
from campaign.mailing.models import Priority
from campaign.mailing.services import queue_mail, recipient_key
from campaign.petitions.consents import consents_given
from campaign.petitions.models import Petition, Signature


class PetitionNotOpen(DomainError):
    message = _("This petition is not collecting signatures.")


@dataclass(frozen=True)
class SignerData:
    """What a signer states. `purposes` are those they ticked a consent for; `network` is the cut address they came from."""

    name: str
    email: str
    country: str
    locale: str
    purposes: tuple[str, ...]
    source: str = ""
    postcode: str = ""
    reason: str = ""
    network: str = ""


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
        [Signature(petition=petition, email_key=key, signed_at=at, **_stated(signer, at))],
        ignore_conflicts=True,
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


def _stated(signer: SignerData, at: datetime) -> dict[str, Any]:
    return {
        "name": signer.name,
        "email": signer.email,
        "country": signer.country,
        "locale": signer.locale,
        "source": signer.source,
        "consents": consents_given(signer.purposes, locale=signer.locale, at=at),
        "name_is_public": "public_name" in signer.purposes,
        "wants_updates": "updates" in signer.purposes,
    }


def _keep_latest(*, petition: Petition, email_key: bytes, signer: SignerData, at: datetime) -> None:
    """Until somebody confirms, what was typed last stands: the mailbox's owner sees it before confirming.

    The same two statements for every address; a confirmed or invalidated row is not among those the second one changes.
    """
    row = Signature.objects.only("id").get(petition=petition, email_key=email_key, slot=1)
    fields = _stated(signer, at)
    for name in ("name", "email"):
        fields[name] = sealed(row, name, fields[name])
    Signature.objects.unconfirmed().filter(pk=row.pk).update(signed_at=at, **fields)
