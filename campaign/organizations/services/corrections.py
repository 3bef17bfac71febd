"""What went out of the house, and what changed in a list after that."""

from datetime import datetime

from django.db import transaction

from campaign.documents.models import FrozenText
from campaign.organizations.models import Correction, CorrectionKind, Endorsement, Inclusion


def note_correction(
    *, frozen_text: FrozenText, kind: CorrectionKind, at: datetime, was: str = "", now: str = ""
) -> None:
    """Add a line to the corrections of a list."""
    Correction.objects.create(frozen_text=frozen_text, kind=kind, was=was, now=now, at=at)


@transaction.atomic
def include_endorsements(
    *, frozen_text: FrozenText, record: FrozenText, title: str, address: str, at: datetime
) -> int:
    """Note that everyone who stands behind a text at `at` was in a list that was filed or handed over. Returns how many.

    `record` is what was fixed of that act, `address` the path of its page.
    """
    standing = Endorsement.objects.accepted_by(at).filter(frozen_text=frozen_text).order_by("pk")
    rows = [
        Inclusion(endorsement_id=pk, record=record, title=title[:300], address=address, included_at=at)
        for pk in standing.values_list("pk", flat=True)
    ]
    Inclusion.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)
