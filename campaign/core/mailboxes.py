"""Mail addresses and host names: one spelling for one mailbox."""

import re
from functools import lru_cache

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

# The unquoted local parts of RFC 5321. Quoted ones are legal and used by nobody; they let one mailbox be spelled in many ways,
# and control characters into a header.
LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
MAX_HOST = 200


@lru_cache(maxsize=10_000)  # most people share a few providers
def ascii_host(host: str) -> str:
    """A host name in lower case and ASCII (IDNA 2008), without a final dot; "" when it is none."""
    try:
        encoded = idna.encode(host.strip().rstrip(".").lower(), uts46=False).decode()
    except (idna.IDNAError, UnicodeError):
        return ""
    return encoded if len(encoded) <= MAX_HOST else ""


def clean_address(address: str) -> str:
    """A mail address with its domain in ASCII and lower case. Raises ValidationError with a sentence."""
    local, _at, host = address.strip().rpartition("@")
    host = ascii_host(host)
    refusal = ValidationError(_("Write one mail address, like name@example.org."), code="invalid")
    if not LOCAL_PART.fullmatch(local) or "." not in host:
        raise refusal
    cleaned = f"{local}@{host}"
    try:
        validate_email(cleaned)
    except ValidationError:
        raise refusal from None
    return cleaned
