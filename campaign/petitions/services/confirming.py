"""Confirming: the mailbox's owner says yes to what was typed."""

import secrets
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.core.fields import sealed
from campaign.petitions.models import Signature, SignatureState
from campaign.petitions.proofs import SALT_BYTES, commitment, trace


class ConfirmationTooLate(DomainError):
    message = _("This signature can no longer be confirmed: the petition closed more than 24 hours ago.")


def confirm_signature(*, signature: Signature, at: datetime) -> bool:
    """Confirm what `signature` holds. Twice is once. False when it changed since it was shown: show it again.

    The row alone is written: its state, and the salt with which its entry in the ledger can be shown to be this address's.
    Raises ConfirmationTooLate later than 24 hours after the petition closed.
    """
    if signature.state == SignatureState.CONFIRMED:
        return True
    if not signature.petition.confirms_at(at):
        raise ConfirmationTooLate
    if not signature.email:
        return False
    salt = secrets.token_bytes(SALT_BYTES)
    shown = Signature.objects.filter(pk=signature.pk, signed_at=signature.signed_at)
    changed = shown.filter(state=SignatureState.PENDING, quarantined_at=None).update(
        state=SignatureState.CONFIRMED,
        confirmed_at=at,
        salt=sealed(signature, "salt", salt.hex()),
        commitment=commitment(salt=salt, address=signature.email),
        trace=trace(salt=salt, address=signature.email),
    )
    # Two clicks at once: the second one finds the row confirmed.
    return bool(changed) or shown.filter(state=SignatureState.CONFIRMED).exists()
