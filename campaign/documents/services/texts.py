"""Freezing texts, and listing them in public."""

import hashlib
import json
import uuid
from datetime import datetime
from typing import Any

from campaign.documents.canonical import canonical_json
from campaign.documents.models import FrozenText, Publication, envelope


def freeze_text(*, kind: str, title: str, locale: str, payload: dict[str, Any], at: datetime) -> FrozenText:
    """Fix a text for ever and give its row; the same kind, title, locale and payload give the same row.

    `payload` holds objects, lists, text, whole numbers, booleans and null. Raises NotCanonical for anything else.
    """
    frozen = envelope(kind=kind, title=title, locale=locale, payload=payload)
    digest = hashlib.sha256(frozen).hexdigest()
    known = FrozenText.objects.filter(digest=digest).first()
    if known is not None:
        return known
    fixed = json.loads(frozen)  # as the digest holds it: text in Unicode NFC
    row = FrozenText(
        kind=fixed["kind"],
        title=fixed["title"],
        locale=fixed["locale"],
        payload=canonical_json(fixed["payload"]).decode(),
        digest=digest,
        frozen_at=at,
    )
    # Of two that freeze the same text at once, the second waits here for the first and then adds nothing.
    FrozenText.objects.bulk_create([row], ignore_conflicts=True)
    return FrozenText.objects.get(digest=digest)


def publish_text(*, frozen_text: FrozenText, address: str, at: datetime) -> None:
    """Let a text be listed in public, with the page it is shown on. The first page stays."""
    Publication.objects.get_or_create(
        frozen_text=frozen_text, defaults={"address": address, "published_at": at}
    )


def unpublish_text(*, frozen_text_id: uuid.UUID | None) -> None:
    """List a text in public no more. Whoever has its link still finds it: it was frozen."""
    Publication.objects.filter(frozen_text_id=frozen_text_id, frozen_text_id__isnull=False).delete()
