"""What all languages share in printing a value. A language says how it writes numbers, and what stands around them."""

from __future__ import annotations

import re

from campaign.regulations.kinds import VariableType
from campaign.regulations.values.spec import CHOICES, FORMS, ValueRefused, VariableSpec

NBSP = "\u00a0"
NNBSP = "\u202f"  # narrow
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Printer:
    """How one language prints values. What only a choice, a name or free words can say is printed as it was written."""

    point = "."
    group = ","
    small: tuple[str, ...] = ()  # numbers that are written as words, from zero

    def __call__(self, spec: VariableSpec, value: str) -> str:
        """A checked value in this language. Raises ValueRefused when it does not fit its variable."""
        if spec.type in CHOICES:
            return next(option.text for option in spec.options if option.key == value)
        if spec.type not in FORMS:
            return value
        match = FORMS[VariableType(spec.type)][0].fullmatch(value)
        if match is None:
            raise ValueRefused(f"“{value}” does not fit the variable {spec.name}")
        printed: str = getattr(self, spec.type)(match)
        return printed

    def number(self, digits: str) -> str:
        """Digits in groups of three; cents only where there are any."""
        whole, _, cents = digits.partition(".")
        said = f"{int(whole):,}".replace(",", self.group)
        return said + (f"{self.point}{cents}" if cents.strip("0") else "")

    def counted(self, digits: str) -> str:
        """A small number in words, others in digits."""
        count = int(digits)
        return self.small[count] if count < len(self.small) else self.number(digits)

    def decimal(self, digits: str) -> str:
        """A number below a thousand with its decimals."""
        return digits.replace(".", self.point)

    def integer(self, match: re.Match[str]) -> str:
        return self.counted(match[0])

    def percentage(self, match: re.Match[str]) -> str:
        return f"{self.decimal(match[1])}{NBSP}%"

    def money(self, match: re.Match[str]) -> str:
        return f"{match[1]}{NBSP}{self.number(match[2])}"

    def compute(self, match: re.Match[str]) -> str:
        power = f"10{match[2].translate(_SUPERSCRIPT)}"
        return f"{self.decimal(match[1])}{NBSP}×{NBSP}{power}" if match[1] else power
