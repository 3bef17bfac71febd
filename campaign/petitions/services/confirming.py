"""Confirming: the mailbox's owner says yes to what was typed."""

from datetime import datetime

from django.db.models import Case, F, Value, When
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.petitions.models import Signature, SignatureState


class ConfirmationTooLate(DomainError):
    message = _("This signature can no longer be confirmed: the petition closed more than 24 hours ago.")


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
