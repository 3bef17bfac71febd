"""A petition, its signatures, and the ledger that numbers them."""

from campaign.petitions.models.ledger import (
    Dimension,
    EntryKind,
    EntryReason,
    LedgerEntry,
    LedgerKey,
    LedgerTile,
    Tally,
    TreeHead,
)
from campaign.petitions.models.petition import (
    PUBLIC_STATES,
    CheckWhen,
    Petition,
    PetitionState,
    ReportedCount,
    ReportedKind,
    SearchText,
    SigningPause,
    Threshold,
)
from campaign.petitions.models.signature import (
    ReasonState,
    Signature,
    SignatureState,
    SignRequest,
)

__all__ = [
    "PUBLIC_STATES",
    "CheckWhen",
    "Dimension",
    "EntryKind",
    "EntryReason",
    "LedgerEntry",
    "LedgerKey",
    "LedgerTile",
    "Petition",
    "PetitionState",
    "ReasonState",
    "ReportedCount",
    "ReportedKind",
    "SearchText",
    "SignRequest",
    "Signature",
    "SignatureState",
    "SigningPause",
    "Tally",
    "Threshold",
    "TreeHead",
]
