"""Finding what a digest is of."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from campaign.documents.models import Document, DocumentState, FrozenText
from campaign.documents.text_kinds import public_address

MOST_FILES = 20  # of one digest: the same words in plain text can be the file of several texts


@dataclass(frozen=True, kw_only=True)
class DigestMatch:
    """A public text that a digest leads to, and the page on which its readers find it.

    `document` is set when the digest is that of a file made from the text; `is_before_seal` when it is that of the file as
    it was before the seal was put on.
    """

    text: FrozenText
    address: str
    document: Document | None = None
    is_before_seal: bool = False


def digest_matches(*, digest: str, at: datetime) -> list[DigestMatch]:
    """What is public at `at` and has this digest: the text first, then files. What is not public looks like nothing at all."""
    matches = []
    text = FrozenText.objects.select_related("publication").filter(digest=digest).first()
    if text is not None and (address := public_address(text, at=at)):
        matches.append(DigestMatch(text=text, address=address))
    files = (
        Document.objects.filter(Q(file_digest=digest) | Q(unsealed_digest=digest), state=DocumentState.READY)
        .select_related("frozen_text__publication")
        .order_by("finished_at", "pk")[:MOST_FILES]
    )
    for document in files:
        if address := public_address(document.frozen_text, at=at):
            is_before_seal = document.file_digest != digest
            matches.append(
                DigestMatch(
                    text=document.frozen_text,
                    address=address,
                    document=document,
                    is_before_seal=is_before_seal,
                )
            )
    return matches
