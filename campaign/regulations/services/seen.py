"""Which state of a row somebody had before them when they wrote: of two who save over the same one, the second is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.regulations.models import ChoiceGroup, Edition, Hook, Objection, Provision, Template, Variable
from campaign.regulations.values import VariableSpec

# What people write in the form of each.
WRITTEN: dict[type[Model], tuple[str, ...]] = {
    ChoiceGroup: ("label", "required", "help"),
    Edition: ("values", "switches"),
    Hook: ("citation", "address", "note", "checked_by", "checked_on"),
    Objection: ("argument", "reply"),
    # Its words have a version of their own.
    Provision: (
        "kind",
        "fixed_number",
        "act",
        "place",
        "is_optional",
        "is_default",
        "choice",
        "needs",
        "excludes",
    ),
    Template: ("title", "kind", "tradition", "locale", "summary", "disclaimer"),
    Variable: tuple(each.name for each in fields(VariableSpec)),
}


class RowChanged(DomainError):
    """Somebody saved this first. Nothing was stored."""

    message = _(
        "Somebody else saved this while you wrote. Nothing is lost: theirs and yours stand below. "
        "Take into yours what should stay, and save again."
    )


def seen_of(row: Model) -> str:
    """A short digest of what is written in a row: its form carries it, and it is another once somebody has saved."""
    return _digest({name: getattr(row, name) for name in WRITTEN[type(row)]})


def require_seen(row: Model, seen: str | None, saying: Mapping[str, Any] | None = None) -> None:
    """Before a row is saved or removed: it is still as `seen`. The caller has locked the draft, and read the row since.

    Saving what stands there already (`saying`) harms nobody. Without `seen` nobody looked. Raises RowChanged.
    """
    present = seen_of(row)
    if seen is None or seen == present:
        return
    if saying is None or _digest(dict(saying)) != present:
        raise RowChanged


def _digest(said: dict[str, Any]) -> str:
    plain = json.dumps(said, sort_keys=True, default=str)  # dates are written as text
    return hashlib.sha256(plain.encode()).hexdigest()[:16]
