"""Portal profiles and consultations from files, and what forms store in the same way."""

from campaign.consultations.importer import outline
from campaign.consultations.importer.changes import Changes, changes_of, changes_of_questions
from campaign.consultations.importer.channels import (
    NOT_SAID,
    ChannelData,
    Clock,
    Why,
    clock_of,
    store_channels,
    store_history,
)
from campaign.consultations.importer.consultations import (
    Call,
    authority_called,
    import_consultation,
    known_consultation,
    load_consultation,
    read_call,
    store_call,
)
from campaign.consultations.importer.lists import read_list
from campaign.consultations.importer.outline import OutlineDoesNotHold, PlaceIsGone, outline_of
from campaign.consultations.importer.pasted import read_lines
from campaign.consultations.importer.plain import sections_from_json, sections_to_json
from campaign.consultations.importer.profiles import load_profiles
from campaign.consultations.importer.questions import QuestionData, SectionData, flat
from campaign.consultations.importer.sheets import ListError
from campaign.consultations.importer.storing import store_questions
from campaign.consultations.importer.templates import template_csv, template_xlsx

__all__ = [
    "NOT_SAID",
    "Call",
    "Changes",
    "ChannelData",
    "Clock",
    "ListError",
    "OutlineDoesNotHold",
    "PlaceIsGone",
    "QuestionData",
    "SectionData",
    "Why",
    "authority_called",
    "changes_of",
    "changes_of_questions",
    "clock_of",
    "flat",
    "import_consultation",
    "known_consultation",
    "load_consultation",
    "load_profiles",
    "outline",
    "outline_of",
    "read_call",
    "read_lines",
    "read_list",
    "sections_from_json",
    "sections_to_json",
    "store_call",
    "store_channels",
    "store_history",
    "store_questions",
    "template_csv",
    "template_xlsx",
]
