"""Secret links in mails: who holds the link may do one thing to one row.

A token is the row's id with a keyed signature over id and purpose (SECRET_KEY; older keys through SECRET_KEY_FALLBACKS).
Nothing about it is stored, so a stolen database opens no link, a repeated mail carries the same link, and how long it works is
a fact of the row. What it opens is done once, because the row's state says so.
"""

import uuid

from django.core import signing


def link_token(*, purpose: str, row_id: uuid.UUID) -> str:
    """The token that opens `purpose` for one row."""
    return signing.Signer(salt=f"campaign.links:{purpose}", sep=".").sign(row_id.hex)


def linked_row_id(*, purpose: str, token: str) -> uuid.UUID | None:
    """The row a token was made for, or None when it was not made by us for this purpose."""
    try:
        return uuid.UUID(hex=signing.Signer(salt=f"campaign.links:{purpose}", sep=".").unsign(token))
    except (signing.BadSignature, ValueError):
        return None
