"""English, as four legal cultures write it."""

from __future__ import annotations

import re

from campaign.regulations.values.printing import MONTHS, NBSP, Printer

SIGNS = {"USD": "$", "GBP": "£", "EUR": "€"}


class European(Printer):
    """EUR 15 000 000, 3 %, 24 months, six months, 2 August 2027: the Interinstitutional Style Guide."""

    group = NBSP
    small: tuple[str, ...] = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

    def duration(self, match: re.Match[str]) -> str:
        return f"{self.counted(match[1])}{NBSP}{match[2]}{'' if int(match[1]) == 1 else 's'}"

    def date(self, match: re.Match[str]) -> str:
        return f"{int(match[3])}{NBSP}{MONTHS[int(match[2]) - 1]}{NBSP}{match[1]}"


class International(European):
    """EUR 15,000,000, 3 per cent, six months, 24 months: the United Nations."""

    group = ","

    def percentage(self, match: re.Match[str]) -> str:
        return f"{match[1]}{NBSP}per{NBSP}cent"


class British(European):
    """£15,000,000, 3%, 6 months: Acts of Parliament write periods and numbers in figures."""

    group = ","
    small = ()

    def percentage(self, match: re.Match[str]) -> str:
        return f"{match[1]}%"

    def money(self, match: re.Match[str]) -> str:
        sign = SIGNS.get(match[1])
        return f"{sign}{self.number(match[2])}" if sign else super().money(match)


class American(British):
    """$15,000,000, 3 percent, 6 months, August 2, 2027: the House drafting manual. Only its own currency has a sign."""

    def percentage(self, match: re.Match[str]) -> str:
        return f"{match[1]}{NBSP}percent"

    def money(self, match: re.Match[str]) -> str:
        if match[1] == "USD":
            return f"${self.number(match[2])}"
        return f"{match[1]}{NBSP}{self.number(match[2])}"

    def date(self, match: re.Match[str]) -> str:
        return f"{MONTHS[int(match[2]) - 1]}{NBSP}{int(match[3])}, {match[1]}"


english_value = European()
international_value = International()
british_value = British()
american_value = American()
