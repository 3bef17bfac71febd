"""A petition, its signatures, and the ledger that numbers them."""

from campaign.petitions.models.handover import (
    Correction,
    Handover,
    HandoverState,
    Manner,
    OfficialResponse,
    ResponseState,
)
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
from campaign.petitions.models.supporter import Supporter

__all__ = [
    "PUBLIC_STATES",
    "CheckWhen",
    "Correction",
    "Dimension",
    "EntryKind",
    "EntryReason",
    "Handover",
    "HandoverState",
    "LedgerEntry",
    "LedgerKey",
    "LedgerTile",
    "Manner",
    "OfficialResponse",
    "Petition",
    "PetitionState",
    "ReasonState",
    "ReportedCount",
    "ReportedKind",
    "ResponseState",
    "SearchText",
    "SignRequest",
    "Signature",
    "SignatureState",
    "SigningPause",
    "Supporter",
    "Tally",
    "Threshold",
    "TreeHead",
]
