"""German: 15 Millionen Euro, 3 Prozent, sechs Monate, 24 Monate, 2. August 2027."""

from __future__ import annotations

import re

from campaign.regulations.values.printing import NBSP, Printer

MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
MILLION = 1_000_000
CURRENCIES = {"EUR": "Euro", "USD": "US-Dollar", "CHF": "Schweizer Franken", "GBP": "Pfund Sterling"}
UNITS = {
    "day": ("ein Tag", "Tage"),
    "working day": ("ein Arbeitstag", "Arbeitstage"),
    "week": ("eine Woche", "Wochen"),
    "month": ("ein Monat", "Monate"),
    "year": ("ein Jahr", "Jahre"),
}
_WANTS_DATIVE = re.compile(r"\b(?:aus|bei|binnen|mit|nach|seit|von|vor|zu|in)\s\Z", re.IGNORECASE)
_PLURAL = re.compile(r"\A(\w+(?:\u00a0\d{3})*\u00a0(?:Monate|Jahre|Tage|Arbeitstage))\Z")
_SINGULAR = re.compile(r"\Aein(e?)\u00a0(\w+)\Z")


class German(Printer):
    point = ","
    group = NBSP
    small = (
        "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
    )  # fmt: skip

    def duration(self, match: re.Match[str]) -> str:
        one, several = UNITS[match[2]]
        if int(match[1]) == 1:
            return one.replace(" ", NBSP)
        return f"{self.counted(match[1])}{NBSP}{several}"

    def percentage(self, match: re.Match[str]) -> str:
        return f"{self.decimal(match[1])}{NBSP}Prozent"

    def money(self, match: re.Match[str]) -> str:
        millions, below = divmod(int(match[2].partition(".")[0]), MILLION)
        said = self.number(match[2])
        if millions and not below and said == self.number(str(millions * MILLION)):  # no cents either
            said = f"{self.number(str(millions))}{NBSP}{'Million' if millions == 1 else 'Millionen'}"
        return f"{said}{NBSP}{CURRENCIES.get(match[1], match[1])}"

    def date(self, match: re.Match[str]) -> str:
        return f"{int(match[3])}.{NBSP}{MONTHS[int(match[2]) - 1]}{NBSP}{match[1]}"


def in_dative(before: str, said: str) -> str:
    """A duration as it reads after a preposition: innerhalb von 24 Monaten, nach einem Jahr."""
    if not _WANTS_DATIVE.search(before):
        return said
    said = _PLURAL.sub(r"\1n", said)
    return _SINGULAR.sub(lambda match: f"ein{'er' if match[1] else 'em'}{NBSP}{match[2]}", said)


german_value = German()
