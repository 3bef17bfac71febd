"""French: 15 000 000 EUR, 3 %, six mois, 24 mois, 1er août 2027."""

from __future__ import annotations

import re

from campaign.regulations.values.printing import NBSP, NNBSP, Printer

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
UNITS = {
    "day": ("jour", "jours"),
    "working day": ("jour ouvré", "jours ouvrés"),
    "week": ("semaine", "semaines"),
    "month": ("mois", "mois"),
    "year": ("an", "ans"),
}


class French(Printer):
    point = ","
    group = NNBSP
    small = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")

    def duration(self, match: re.Match[str]) -> str:
        count = "une" if match[2] == "week" and int(match[1]) == 1 else self.counted(match[1])
        return f"{count}{NBSP}{UNITS[match[2]][int(match[1]) > 1].replace(' ', NBSP)}"

    def money(self, match: re.Match[str]) -> str:
        return f"{self.number(match[2])}{NBSP}{match[1]}"

    def date(self, match: re.Match[str]) -> str:
        day = "1er" if match[3] == "01" else str(int(match[3]))
        return f"{day}{NBSP}{MONTHS[int(match[2]) - 1]}{NBSP}{match[1]}"


french_value = French()
