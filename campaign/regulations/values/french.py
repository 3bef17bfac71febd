"""French: 15 000 000 €, 3 %, vingt-quatre mois, 1er août 2027."""

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


TO_SIXTEEN = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
    "onze", "douze", "treize", "quatorze", "quinze", "seize",
)  # fmt: skip
LONGEST = 1000  # from here on a period of time stands in digits
TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}


def in_words(count: int) -> str:
    """A number below a thousand in words, as laws write periods of time: trente, quatre-vingt-dix, cent vingt."""
    if count >= 100:
        hundreds, rest = divmod(count, 100)
        said = "cent" if hundreds == 1 else f"{TO_SIXTEEN[hundreds]} cent{'' if rest else 's'}"
        return f"{said} {in_words(rest)}" if rest else said
    if count <= 16:
        return TO_SIXTEEN[count]
    if count < 20:
        return f"dix-{TO_SIXTEEN[count - 10]}"
    # From 60 on the French count by twenties: soixante-dix, quatre-vingt-onze.
    ten = count // 20 * 20 if count >= 60 else count // 10 * 10
    rest = count - ten
    if not rest:
        return "quatre-vingts" if ten == 80 else TENS[ten]
    if rest in {1, 11} and ten < 80:
        return f"{TENS[ten]} et {in_words(rest)}"
    return f"{TENS[ten]}-{in_words(rest)}"


class French(Printer):
    point = ","
    group = NNBSP
    small = TO_SIXTEEN[:10]

    def duration(self, match: re.Match[str]) -> str:
        number = int(match[1])
        count = in_words(number) if number < LONGEST else self.number(match[1])
        if match[2] == "week" and number % 100 != 11 and number % 10 == 1:
            count += "e"  # une semaine, vingt et une semaines
        return f"{count}{NBSP}{UNITS[match[2]][number > 1]}".replace(" ", NBSP)

    def money(self, match: re.Match[str]) -> str:
        return f"{self.number(match[2])}{NBSP}{'€' if match[1] == 'EUR' else match[1]}"

    def date(self, match: re.Match[str]) -> str:
        day = "1er" if match[3] == "01" else str(int(match[3]))
        return f"{day}{NBSP}{MONTHS[int(match[2]) - 1]}{NBSP}{match[1]}"


french_value = French()
