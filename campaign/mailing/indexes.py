"""What the blind index of a stored mail should be, for the rotation of its key."""

from campaign.core.rotation import Indexed, Keys, KeysOf
from campaign.mailing.models import OutgoingMail
from campaign.mailing.services import recipient_key


def mail_indexes() -> KeysOf:
    """A mail that was sent has forgotten its recipient: the old index would only tell on them, and is emptied."""

    def keys_of(row: OutgoingMail) -> list[Keys]:
        return [{"recipient_key": recipient_key(row.recipient) if row.recipient else b""}]

    return keys_of


MAIL = Indexed(
    model="mailing.OutgoingMail", reads=("recipient",), writes=("recipient_key",), keys=mail_indexes
)
