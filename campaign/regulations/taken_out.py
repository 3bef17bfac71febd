"""What was taken out of a draft, by the name it would have if it were put back."""

from __future__ import annotations

from dataclasses import replace

from campaign.regulations.drafts import draft_rows
from campaign.regulations.models import RemovedProvision
from campaign.regulations.services.removing import unit_of_data
from campaign.regulations.tree import LegalText, copy_units, walk


def name_if_back(text: LegalText, removed: RemovedProvision, key: str) -> str:
    """How people would call a provision that was taken out with `removed`: as it is cited, and its heading or first words."""
    provisions = copy_units(text.provisions)
    siblings = provisions
    if removed.parent_key:
        found = (unit.children for unit, _above in walk(provisions) if unit.key == removed.parent_key)
        siblings = next(found, provisions)
    keys = [unit.key for unit in siblings]
    place = keys.index(removed.after_key) + 1 if removed.after_key in keys else len(siblings)
    siblings.insert(place if removed.after_key else 0, unit_of_data(removed.subtree))
    row = next(row for row in draft_rows(replace(text, provisions=provisions)) if row.unit.key == key)
    said = row.heading or row.unit.term or row.body
    words = said if len(said) <= 60 else f"{said[:59]}…"
    return row.name if row.name == words else f"{row.name} – {words}".removesuffix(" – ")
