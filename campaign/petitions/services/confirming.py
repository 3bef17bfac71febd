"""Confirming: the mailbox's owner says yes to what was typed."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.core.fields import sealed
from campaign.petitions.consents import Asking, news_named
from campaign.petitions.models import Signature, SignatureState, Supporter
from campaign.petitions.proofs import SALT_BYTES, commitment, trace


class ConfirmationTooLate(DomainError):
    message = _("This signature can no longer be confirmed: the petition closed more than 24 hours ago.")


def confirm_signature(*, signature: Signature, at: datetime) -> bool:
    """Confirm what `signature` holds. Twice is once. False when it changed since it was shown: show it again.

    The row alone is written: its state, and the salt with which its entry in the ledger can be shown to be this address's. With
    it, for who ticked the news of organizations, a row for each of them.

    Raises ConfirmationTooLate later than 24 hours after the petition closed.
    """
    if signature.state == SignatureState.CONFIRMED:
        return True
    if not signature.petition.confirms_at(at):
        raise ConfirmationTooLate
    if not signature.email:
        return False
    shown = Signature.objects.filter(pk=signature.pk, signed_at=signature.signed_at)
    named = news_named(signature.consents)
    if not named:  # most people: one statement
        changed = _confirm(shown, signature, at)
    else:
        with transaction.atomic():
            changed = _confirm(shown, signature, at)
            if changed:
                _add_supports(signature, named, at)
    # Two clicks at once: the second one finds the row confirmed.
    return bool(changed) or shown.filter(state=SignatureState.CONFIRMED).exists()


def _confirm(shown: QuerySet[Signature], signature: Signature, at: datetime) -> int:
    """1 when the row still is as it was `shown`, and 0 otherwise."""
    salt, address = secrets.token_bytes(SALT_BYTES), signature.email or ""
    return shown.filter(state=SignatureState.PENDING, quarantined_at=None).update(
        state=SignatureState.CONFIRMED,
        confirmed_at=at,
        salt=sealed(signature, "salt", salt.hex()),
        commitment=commitment(salt=salt, address=address),
        trace=trace(salt=salt, address=address),
    )


def _add_supports(signature: Signature, named: list[Asking], at: datetime) -> None:
    """The mailbox key is read now: the row is ours until the end of the transaction, and its key cannot move on."""
    rows = Signature.objects.filter(pk=signature.pk).values_list("email_key", "petition_id", "consents")
    key, petition_id, consents = rows.get()
    given = {row.get("organization"): row["at"] for row in consents}
    Supporter.objects.bulk_create(
        [
            Supporter(
                signature=signature,
                organization_id=organization.id,
                petition_id=petition_id,
                person_key=key,
                since=datetime.fromisoformat(given[organization.id]),
            )
            for organization in named
        ],
        ignore_conflicts=True,
    )
