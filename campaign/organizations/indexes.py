"""What the blind indexes of stored addresses should be, for the rotation of their key."""

from functools import partial
from typing import Any

from campaign.core.rotation import Indexed, Keys, KeysOf
from campaign.mailing.services import recipient_key


def _address_indexes(field: str) -> KeysOf:
    def keys_of(row: Any) -> list[Keys]:
        address = getattr(row, field)
        return [{"email_key": recipient_key(address) if address else b""}]

    return keys_of


ALL = [
    Indexed(
        model=f"organizations.{model}",
        reads=(field,),
        writes=("email_key",),
        keys=partial(_address_indexes, field),
    )
    for model, field in (
        ("CallInvitation", "email"),
        ("Endorsement", "signatory_email"),
        ("Invitation", "email"),
        ("Mandate", "signatory_email"),
        ("PersonalEndorsement", "email"),
    )
]
