"""What the blind indexes of stored addresses should be, for the rotation of their key."""

from campaign.core.rotation import Indexed, KeysOf
from campaign.mailing.services import recipient_key


def _keys_of() -> KeysOf:
    return lambda row: [{"email_key": recipient_key(row.email) if row.email else b""}]


INVITATION = Indexed(model="campaigns.TeamInvitation", reads=("email",), writes=("email_key",), keys=_keys_of)
