"""Korean: 1천500만유로, 3퍼센트, 24개월, 2027년 8월 2일."""

from __future__ import annotations

import re

from campaign.regulations.values.printing import NBSP, Printer

CURRENCIES = {"KRW": "원", "EUR": "유로", "USD": "달러", "JPY": "엔", "GBP": "파운드"}
UNITS = {"day": "일", "working day": "영업일", "week": "주", "month": "개월", "year": "년"}


MYRIAD = 10_000
GROUPS = ("", "만", "억", "조", "경")  # each a myriad times the one before


class Korean(Printer):
    def duration(self, match: re.Match[str]) -> str:
        return f"{self.number(match[1])}{UNITS[match[2]]}"

    def percentage(self, match: re.Match[str]) -> str:
        return f"{match[1]}퍼센트"

    def money(self, match: re.Match[str]) -> str:
        name = CURRENCIES.get(match[1])
        said = self.sum(match[2])
        return f"{said}{name}" if name else f"{said}{NBSP}{match[1]}"

    def sum(self, digits: str) -> str:
        """An amount as statutes write it, 200억 or 1천500만; in digits where it ends below a thousand."""
        whole, _, cents = digits.partition(".")
        count = int(whole)
        if not count or count % 1000 or cents.strip("0"):
            return self.number(digits)
        said = ""
        for name in GROUPS:
            count, rest = divmod(count, MYRIAD)
            if rest:
                thousands, rest = divmod(rest, 1000)
                said = f"{f'{thousands}천' if thousands else ''}{rest or ''}{name}{said}"
        return said

    def date(self, match: re.Match[str]) -> str:
        return f"{match[1]}년{NBSP}{int(match[2])}월{NBSP}{int(match[3])}일"


korean_value = Korean()
