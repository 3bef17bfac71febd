"""What went out of the house, and what changed in a list after that."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from campaign.documents.models import FrozenText
from campaign.organizations.models import (
    Correction,
    CorrectionKind,
    Endorsement,
    EndorsementState,
    Inclusion,
)

ENDS = {
    EndorsementState.WITHDRAWN: CorrectionKind.WITHDRAWN,
    EndorsementState.REJECTED: CorrectionKind.REJECTED,
}


def note_correction(
    *, frozen_text: FrozenText, kind: CorrectionKind, at: datetime, was: str = "", now: str = ""
) -> None:
    """Add a line to the corrections of a list."""
    Correction.objects.create(frozen_text=frozen_text, kind=kind, was=was, now=now, at=at)


@transaction.atomic
def include_endorsements(
    *, frozen_text: FrozenText, record: FrozenText, title: str, address: str, at: datetime
) -> int:
    """Note that everyone who stood behind a text at `at` was in a list that was filed or handed over. Returns how many.

    `record` is what was fixed of that act, `address` the path of its page. Who left between `at` and now gets a correction.
    """
    stood = (
        Endorsement.objects.filter(
            frozen_text=frozen_text, accepted_at__lte=at, is_late=False, organization__proven_at__isnull=False
        )
        .filter(Q(ended_at=None) | Q(ended_at__gt=at))
        .order_by("pk")
    )
    rows = list(stood)
    Inclusion.objects.bulk_create(
        (
            Inclusion(endorsement=row, record=record, title=title[:300], address=address, included_at=at)
            for row in rows
        ),
        ignore_conflicts=True,
        batch_size=500,
    )
    for row in rows:
        if kind := ENDS.get(EndorsementState(row.state)):
            note_correction(frozen_text=frozen_text, kind=kind, was=row.display_name, at=row.ended_at or at)
    return len(rows)
