"""Variables of an instrument: how a value is written down, checked, and printed in a language.

A value is kept as it is typed in a template file (“24 months”, “10^25”, “EUR 15000000”); everything else is derived.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from campaign.regulations.kinds import VariableType

NBSP = "\u00a0"
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SMALL_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS_IN = {
    "day": Decimal(1),
    "working day": Decimal("1.4"),
    "week": Decimal(7),
    "month": Decimal("30.4375"),
    "year": Decimal("365.25"),
}

FORMS = {
    VariableType.INTEGER: (re.compile(r"\d{1,15}"), "a whole number like 250"),
    VariableType.PERCENTAGE: (re.compile(r"(\d{1,3}(?:\.\d+)?) ?%"), "a percentage like 20 %"),
    VariableType.MONEY: (re.compile(r"([A-Z]{3}) (\d{1,15}(?:\.\d\d)?)"), "an amount like EUR 15000000"),
    VariableType.DURATION: (
        re.compile(r"(\d{1,5}) (working day|day|week|month|year)s?"),
        "a duration like 24 months (days, working days, weeks, months or years)",
    ),
    VariableType.COMPUTE: (
        re.compile(r"(?:(\d(?:\.\d+)?) ?[x×] ?)?10\^(\d{1,3})"),
        "a number of operations like 10^25 or 3.2 × 10^25",
    ),
    VariableType.DATE: (re.compile(r"(\d{4})-(\d\d)-(\d\d)"), "a date like 2027-08-02"),
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
class VariableSpec:
    """What a variable is and what it may hold. `minimum`, `maximum` and `default` are written as values are."""

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


def english_value(spec: VariableSpec, value: str) -> str:
    """A checked value as European legal English prints it: EUR 15 000 000, 3 %, 24 months, six months, 10²⁵."""
    if spec.type in CHOICES:
        return next(option.text for option in spec.options if option.key == value)
    if spec.type not in FORMS:
        return value
    match = FORMS[VariableType(spec.type)][0].fullmatch(value)
    if match is None:
        raise ValueRefused(f"“{value}” does not fit the variable {spec.name}")
    return _ENGLISH[spec.type](match)


def _grouped(digits: str) -> str:
    whole, _, cents = digits.partition(".")
    return f"{int(whole):,}".replace(",", NBSP) + (f".{cents}" if cents.strip("0") else "")


def _integer(match: re.Match[str]) -> str:
    number = int(match[0])
    return SMALL_NUMBERS[number] if number < len(SMALL_NUMBERS) else _grouped(match[0])


def _duration(match: re.Match[str]) -> str:
    number = int(match[1])
    count = SMALL_NUMBERS[number] if number < len(SMALL_NUMBERS) else _grouped(match[1])
    return f"{count}{NBSP}{match[2]}{'' if number == 1 else 's'}"


def _compute(match: re.Match[str]) -> str:
    power = f"10{match[2].translate(_SUPERSCRIPT)}"
    return f"{match[1]}{NBSP}×{NBSP}{power}" if match[1] else power


_ENGLISH: dict[str, Callable[[re.Match[str]], str]] = {
    VariableType.INTEGER: _integer,
    VariableType.PERCENTAGE: lambda match: f"{match[1]}{NBSP}%",
    VariableType.MONEY: lambda match: f"{match[1]}{NBSP}{_grouped(match[2])}",
    VariableType.DURATION: _duration,
    VariableType.COMPUTE: _compute,
    VariableType.DATE: lambda match: f"{int(match[3])}{NBSP}{MONTHS[int(match[2]) - 1]}{NBSP}{match[1]}",
}
