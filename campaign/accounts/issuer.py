"""The OpenID Connect issuer of the settings. Imports nothing of Django: settings use it."""

import re
from typing import Any
from urllib.parse import urlsplit

OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class IssuerFormatError(ValueError):
    """The RECLAIM_OIDC_ variables do not have the promised form."""


def parse_issuer(
    *, issuer_id: str, name: str, client_id: str, client_secret: str, server_url: str
) -> list[dict[str, Any]]:
    """What allauth takes as its apps: none without an address, else one.

    Raises IssuerFormatError, which names the variable and never the secret.
    """
    if not server_url:
        return []
    for variable, value in (("NAME", name), ("CLIENT_ID", client_id), ("CLIENT_SECRET", client_secret)):
        if not value:
            raise IssuerFormatError(
                f"RECLAIM_OIDC_{variable} is empty, and RECLAIM_OIDC_SERVER_URL is set: both are needed."
            )
    if not re.fullmatch(r"[a-z0-9-]{1,40}", issuer_id):
        raise IssuerFormatError(
            "RECLAIM_OIDC_ID: 1 to 40 small letters, digits and hyphens; it becomes part of an address."
        )
    parts = urlsplit(server_url)
    is_own = parts.scheme == "http" and parts.hostname in OWN_MACHINE
    if not parts.hostname or (parts.scheme != "https" and not is_own) or parts.query or parts.fragment:
        raise IssuerFormatError("RECLAIM_OIDC_SERVER_URL: the issuer's address, which begins with https://")
    return [
        {
            "provider_id": issuer_id,
            "name": name,
            "client_id": client_id,
            "secret": client_secret,
            "settings": {"server_url": server_url},
        }
    ]
