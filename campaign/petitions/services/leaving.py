"""Withdrawing and erasing."""

from datetime import datetime

from campaign.petitions.models import Signature, SignatureState


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
