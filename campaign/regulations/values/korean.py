"""Korean: 15,000,000유로, 3퍼센트, 24개월, 2027년 8월 2일."""

from __future__ import annotations

import re

from campaign.regulations.values.printing import NBSP, Printer

CURRENCIES = {"KRW": "원", "EUR": "유로", "USD": "달러", "JPY": "엔", "GBP": "파운드"}
UNITS = {"day": "일", "working day": "영업일", "week": "주", "month": "개월", "year": "년"}


class Korean(Printer):
    def duration(self, match: re.Match[str]) -> str:
        return f"{self.number(match[1])}{UNITS[match[2]]}"

    def percentage(self, match: re.Match[str]) -> str:
        return f"{match[1]}퍼센트"

    def money(self, match: re.Match[str]) -> str:
        name = CURRENCIES.get(match[1])
        return f"{self.number(match[2])}{name}" if name else f"{self.number(match[2])}{NBSP}{match[1]}"

    def date(self, match: re.Match[str]) -> str:
        return f"{match[1]}년{NBSP}{int(match[2])}월{NBSP}{int(match[3])}일"


korean_value = Korean()
