"""Portal profiles and consultations from files."""

from campaign.consultations.importer.consultations import datetime_in, import_consultation, load_consultation
from campaign.consultations.importer.profiles import load_profiles

__all__ = ["datetime_in", "import_consultation", "load_consultation", "load_profiles"]
