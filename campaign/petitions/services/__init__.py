"""The verbs of petitions."""

from campaign.petitions.services.confirming import ConfirmationTooLate, confirm_signature
from campaign.petitions.services.leaving import withdraw_signature
from campaign.petitions.services.ledger import number_signatures, number_waiting_signatures
from campaign.petitions.services.petition import (
    CampaignIsDraft,
    ClosingDateIsPast,
    PetitionCannotMove,
    close_due_petitions,
    close_petition,
    create_petition,
    edit_petition,
    publish_petition,
)
from campaign.petitions.services.signing import PetitionNotOpen, SignerData, sign_petition

__all__ = [
    "CampaignIsDraft",
    "ClosingDateIsPast",
    "ConfirmationTooLate",
    "PetitionCannotMove",
    "PetitionNotOpen",
    "SignerData",
    "close_due_petitions",
    "close_petition",
    "confirm_signature",
    "create_petition",
    "edit_petition",
    "number_signatures",
    "number_waiting_signatures",
    "publish_petition",
    "sign_petition",
    "withdraw_signature",
]
