"""What a variable is, and what a value of it may be.

A value is kept as it is typed in a template file (“24 months”, “10^25”, “EUR 15000000”); everything else is derived.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from campaign.regulations.kinds import VariableType

DAYS_IN = {
    "day": Decimal(1),
    "working day": Decimal("1.4"),
    "week": Decimal(7),
    "month": Decimal("30.4375"),
    "year": Decimal("365.25"),
}

FORMS = {
    VariableType.INTEGER: (re.compile(r"[0-9]{1,15}"), "a whole number like 250"),
    VariableType.PERCENTAGE: (re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?) ?%"), "a percentage like 20 %"),
    VariableType.MONEY: (
        re.compile(r"([A-Z]{3}) ([0-9]{1,15}(?:\.[0-9][0-9])?)"),
        "an amount like EUR 15000000",
    ),
    VariableType.DURATION: (
        re.compile(r"([0-9]{1,5}) (working day|day|week|month|year)s?"),
        "a duration like 24 months (days, working days, weeks, months or years)",
    ),
    VariableType.COMPUTE: (
        re.compile(r"(?:([0-9](?:\.[0-9]+)?) ?[x×] ?)?10\^([0-9]{1,3})"),
        "a number of operations like 10^25 or 3.2 × 10^25",
    ),
    VariableType.DATE: (re.compile(r"([0-9]{4})-([0-9][0-9])-([0-9][0-9])"), "a date like 2027-08-02"),
}
CHOICES = {VariableType.ENUM, VariableType.LICENSE}


class ValueRefused(ValueError):
    """A value does not fit its variable. The message says what to write, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an enum or license variable: `text` is what is printed in the law."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class JurisdictionDefault:
    """What a variable is proposed to be in one jurisdiction (its code, like KR), and where that comes from."""

    jurisdiction: str
    value: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class VariableSpec:
    """What a variable is and what it may hold. `minimum`, `maximum` and defaults are written as values are."""

    name: str
    type: str
    label: str
    unit: str = ""
    minimum: str = ""
    maximum: str = ""
    default: str = ""
    required: bool = True
    help: str = ""
    source: str = ""
    options: tuple[Option, ...] = ()
    defaults: tuple[JurisdictionDefault, ...] = ()

    def label_of(self, value: str) -> str:
        """The name of a choice; empty for values that are no choice."""
        return next((option.label for option in self.options if option.key == value), "")

    def check(self, value: str) -> None:
        """Raises ValueRefused when the value has the wrong form, is no option, or lies outside the bounds."""
        size = measure(self, value)
        for bound, beyond in ((self.minimum, "less"), (self.maximum, "more")):
            if not bound or size is None:
                continue
            limit = measure(self, bound)
            if size[0] != limit[0]:
                raise ValueRefused(f"the currency must be that of the bound {bound}")
            if (size[1] < limit[1]) if beyond == "less" else (size[1] > limit[1]):
                raise ValueRefused(f"“{value}” is {beyond} than the bound {bound}")


def measure(spec: VariableSpec, value: str) -> Any:
    """(dimension, size) for values that have an order, None for others. Raises ValueRefused on a wrong form."""
    if spec.type in CHOICES:
        known = [option.key for option in spec.options]
        if value not in known:
            raise ValueRefused(f"“{value}” is no option; use one of: {', '.join(known)}")
        return None
    if spec.type not in FORMS:
        return None
    pattern, example = FORMS[VariableType(spec.type)]
    match = pattern.fullmatch(value)
    if match is None:
        raise ValueRefused(f"“{value}” is not {example}")
    return _size(spec.type, match)


def _size(kind: str, match: re.Match[str]) -> tuple[str, Any]:
    if kind == VariableType.INTEGER:
        return "", int(match[0])
    if kind == VariableType.PERCENTAGE:
        if Decimal(match[1]) > 100:
            raise ValueRefused("a share cannot be more than 100 %")
        return "", Decimal(match[1])
    if kind == VariableType.MONEY:
        return match[1], Decimal(match[2])
    if kind == VariableType.DURATION:
        return "", int(match[1]) * DAYS_IN[match[2]]
    if kind == VariableType.COMPUTE:
        return "", Decimal(match[1] or 1) * Decimal(10) ** int(match[2])
    try:
        return "", dt.date.fromisoformat(match[0])
    except ValueError:
        raise ValueRefused(f"“{match[0]}” is no day of the calendar") from None
