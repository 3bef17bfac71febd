"""The ledger: numbering what counts, and checking what was numbered."""

from campaign.petitions.services.ledger.checking import Findings, verify_ledger, verify_ledgers
from campaign.petitions.services.ledger.numbering import (
    catch_up_trees,
    number_signatures,
    number_waiting_signatures,
)

__all__ = [
    "Findings",
    "catch_up_trees",
    "number_signatures",
    "number_waiting_signatures",
    "verify_ledger",
    "verify_ledgers",
]
