"""What the blind indexes of a stored signature should be, for the rotation of their key."""

from campaign.core.rotation import Indexed, Keys, KeysOf
from campaign.guard.queries import mailbox_rules
from campaign.mailing.services import recipient_key
from campaign.petitions.keys import domain_keys, mailbox_keys, name_keys, network_keys, postcode_keys
from campaign.petitions.models import Signature, Supporter


def signature_indexes() -> KeysOf:
    """From the texts of a row; None for what was erased.

    Providers' rules may have changed since somebody signed: two addresses that were two mailboxes then and are one now keep
    their own keys, by their own spelling. Nobody's signature is lost by a new rule.
    """
    rules = mailbox_rules()

    def keys_of(row: Signature) -> list[Keys]:
        others = {
            "domain_key": domain_keys(row.email)[0] if row.email else None,
            "network_key": network_keys(row.network)[0] if row.network else None,
            "name_key": name_keys(row.name)[0] if row.name else None,
            "postcode_key": postcode_keys(row.postcode)[0] if row.postcode else None,
        }
        if not row.email:
            return [{"email_key": None, **others}]
        return [
            {"email_key": key, **others}
            for key in (mailbox_keys(row.email, rules)[0], recipient_key(row.email))
        ]

    return keys_of


SIGNATURE = Indexed(
    model="petitions.Signature",
    reads=("name", "email", "postcode", "network"),
    writes=("email_key", "domain_key", "network_key", "name_key", "postcode_key"),
    keys=signature_indexes,
)


def supporter_indexes() -> KeysOf:
    """As the signature has it: signatures come first, the tables are gone through by their names."""

    def keys_of(row: Supporter) -> list[Keys]:
        return [{"person_key": bytes(row.signature.email_key or b"")}]

    return keys_of


SUPPORTER = Indexed(
    model="petitions.Supporter",
    reads=("signature__email_key",),
    writes=("person_key",),
    keys=supporter_indexes,
    joins=("signature",),
)
