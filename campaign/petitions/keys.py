"""The blind indexes of a signature: what equal mailboxes, domains, networks, names and postcodes are found by.

The lists name all that a stored row may hold, the current key first: two while index keys are being rotated.
"""

import re
import unicodedata

from campaign.core.crypto import short_keys
from campaign.guard.mailboxes import Past, Rules, mail_domain, stored_spellings
from campaign.mailing.services import recipient_keys

# Accents and other marks that Latin, Greek and Cyrillic letters carry. In other scripts marks are vowels, which tell names apart.
_ACCENTS = re.compile("[\u0300-\u036f]")


def mailbox_keys(address: str, rules: Rules, past: Past | None = None) -> list[bytes]:
    """For `email_key`: one key for one mailbox, in whatever way it is spelled.

    Behind it what rows may hold that were stored before a rule changed: the key of the very spelling, and those by `past` rules.
    """
    spellings = stored_spellings(address, rules, past or {})
    return [key for spelling in spellings for key in recipient_keys(spelling)]


def domain_keys(address: str) -> list[int]:
    """For `domain_key`: the domain as it was typed, not the one it may be another name of."""
    return short_keys(mail_domain(address), purpose="mail-domain")


def network_keys(network: str) -> list[int]:
    """For `network_key`: of a cut network, like "203.0.113.0/24"."""
    return short_keys(network, purpose="network")


def name_keys(name: str) -> list[int]:
    """For `name_key`: of the folded name."""
    return short_keys(fold_name(name), purpose="folded-name")


def postcode_keys(postcode: str) -> list[int]:
    """For `postcode_key`: of its letters and digits."""
    return short_keys(fold_postcode(postcode), purpose="postcode")


def fold_name(name: str) -> str:
    """A name as it is compared: without case, accents, punctuation and the order of its words. Empty for signs alone."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", name).casefold())
    letters = "".join(sign if _counts(sign) else " " for sign in unicodedata.normalize("NFKC", plain))
    return " ".join(sorted(letters.split()))


def fold_postcode(postcode: str) -> str:
    """A postcode as it is compared: "SW1A 1AA" and "sw1a1aa" are one."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", postcode).upper() if sign.isalnum())


def _counts(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN"
