"""Give a draft its values, and take optional provisions into its text or out of it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.regulations.models import Edition
from campaign.regulations.options import can_be_switched, is_switched_on
from campaign.regulations.queries import edition_text
from campaign.regulations.services.opening import open_draft
from campaign.regulations.services.seen import require_seen
from campaign.regulations.tree import LegalText, Unit, walk
from campaign.regulations.values import ValueRefused


class NotSwitchable(DomainError):
    message = _("This provision is not optional: it always stands in the text.")


class NoSuchVariable(DomainError):
    message = _("Somebody has removed this value meanwhile, or given it another name.")


class ValuesDoNotFit(DomainError):
    """Values of a wrong form or out of bounds. `refused` has, by the name of a variable, a sentence that says what to write."""

    message = _("Some values do not fit.")

    def __init__(self, refused: dict[str, str]) -> None:
        super().__init__()
        self.refused = refused


@transaction.atomic
def set_options(
    *, edition: Edition, values: dict[str, str], switches: dict[str, bool], seen: str | None = None
) -> None:
    """Give variables values of this draft's own, and take optional provisions into the text or out of it; all or nothing.

    What is not named stays as it is. An empty value goes back to the default. Of alternatives, the others go out when one comes
    in. `seen` is the state of the draft's options that this was decided over (`seen_of`). Raises DraftIsPublished, RowChanged,
    NoSuchVariable, NotSwitchable, and ValuesDoNotFit with a sentence for each value refused.
    """
    draft = open_draft(edition)
    require_seen(draft, seen)
    text = edition_text(edition=draft)
    draft.values = _with_values(text, values)
    draft.switches = _with_switches(text, switches)
    draft.save(update_fields=["values", "switches"])


def _with_values(text: LegalText, given: dict[str, str]) -> dict[str, str]:
    if given.keys() - text.variables.keys():
        raise NoSuchVariable
    refused = {}
    for name, value in given.items():
        try:
            if value:
                text.variables[name].check(value)
        except ValueRefused as refusal:
            refused[name] = whole_sentence(str(refusal))
    if refused:
        raise ValuesDoNotFit(refused)
    return {
        name: value
        for name, value in (text.values | given).items()
        if name in text.variables and value and value != text.variables[name].default
    }


def whole_sentence(words: str) -> str:
    """What a refused value says, as a sentence of its own."""
    return f"{words[:1].upper()}{words[1:]}."


def _with_switches(text: LegalText, given: dict[str, bool]) -> dict[str, bool]:
    units = {unit.key: unit for unit, _above in walk(text.provisions)}
    if any(key not in units or not can_be_switched(units[key]) for key in given):
        raise NotSwitchable
    taken = {units[key].choice for key, is_on in given.items() if is_on and units[key].choice}
    others = {unit.key: False for unit in units.values() if unit.choice in taken and not given.get(unit.key)}
    return {
        key: is_on
        for key, is_on in (text.switches | given | others).items()
        if key in units and is_on != units[key].is_default
    }


def drop_switches(draft: Edition, keys: set[str]) -> None:
    """Forget how provisions were switched that cannot be any more: a switch that is left stands against publishing."""
    if keys & draft.switches.keys():
        draft.switches = {key: is_on for key, is_on in draft.switches.items() if key not in keys}
        draft.save(update_fields=["switches"])


def put_back_switches(draft: Edition, units: list[Unit], back: list[Unit], switches: dict[str, bool]) -> None:
    """Switch provisions that come back into a draft of `units` as they were. Of alternatives, the one that stands now stays."""
    text = LegalText("", "", "", units, switches=dict(draft.switches))
    standing = {unit.choice for unit, _above in walk(units) if unit.choice and is_switched_on(unit, text)}
    fresh = {}
    for unit, _above in walk(back):
        if can_be_switched(unit):
            is_on = switches.get(unit.key, unit.is_default) and unit.choice not in standing
            if is_on != unit.is_default:
                fresh[unit.key] = is_on
    if fresh:
        draft.switches = draft.switches | fresh
        draft.save(update_fields=["switches"])
