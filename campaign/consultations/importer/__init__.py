"""Portal profiles and consultations from files."""

from campaign.consultations.importer.changes import Changes, changes_of
from campaign.consultations.importer.consultations import (
    Call,
    import_consultation,
    known_consultation,
    load_consultation,
    read_call,
    store_call,
)
from campaign.consultations.importer.profiles import load_profiles

__all__ = [
    "Call",
    "Changes",
    "changes_of",
    "import_consultation",
    "known_consultation",
    "load_consultation",
    "load_profiles",
    "read_call",
    "store_call",
]
