"""Japanese, as statutes write numbers: 千五百万ユーロ, 百分の三, 二十四月, 令和九年八月二日."""

from __future__ import annotations

import re

from campaign.regulations.values.printing import Printer

DIGITS = "〇一二三四五六七八九"
CURRENCIES = {"JPY": "円", "EUR": "ユーロ", "USD": "米ドル", "GBP": "英ポンド", "KRW": "ウォン"}
UNITS = {"day": "日", "working day": "営業日", "week": "週間", "month": "月", "year": "年"}
REIWA = 2018  # its first year is the one after


def kanji(count: int) -> str:
    """十, 二十四, 百五, 千五百万: a count from 1 on; 〇 for none."""
    if not count:
        return DIGITS[0]
    said, groups = "", iter(("", "万", "億", "兆"))
    while count:
        count, rest = divmod(count, 10_000)
        name = next(groups)
        said = (_below_ten_thousand(rest) + name if rest else "") + said
    return said


def _below_ten_thousand(count: int) -> str:
    said = ""
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        times, count = divmod(count, size)
        if times:
            said += ("" if times == 1 and name else DIGITS[times]) + name
    return said


class Japanese(Printer):
    point = "・"

    def number(self, digits: str) -> str:
        whole, _, cents = digits.partition(".")
        return kanji(int(whole)) + (f"{self.point}{_spelled(cents)}" if cents.strip("0") else "")

    def decimal(self, digits: str) -> str:
        whole, _, rest = digits.partition(".")
        return kanji(int(whole)) + (f"{self.point}{_spelled(rest)}" if rest else "")

    def duration(self, match: re.Match[str]) -> str:
        return f"{kanji(int(match[1]))}{UNITS[match[2]]}"

    def percentage(self, match: re.Match[str]) -> str:
        """Of a hundred, or of as many as make the share whole: 百分の三, 千分の二十五."""
        whole, _, rest = match[1].partition(".")
        rest = rest.rstrip("0")
        return f"{kanji(10 ** (2 + len(rest)))}分の{kanji(int(whole + rest))}"

    def money(self, match: re.Match[str]) -> str:
        return f"{self.number(match[2])}{CURRENCIES.get(match[1], match[1])}"

    def date(self, match: re.Match[str]) -> str:
        """By era from 2020 on; by the common year before, where the era changed within a year."""
        year = int(match[1])
        name = f"令和{kanji(year - REIWA)}年" if year > REIWA + 1 else f"{_spelled(match[1])}年"
        return f"{name}{kanji(int(match[2]))}月{kanji(int(match[3]))}日"

    def compute(self, match: re.Match[str]) -> str:
        power = f"十の{kanji(int(match[2]))}乗"
        return f"{power}に{self.decimal(match[1])}を乗じた数" if match[1] else power


def _spelled(digits: str) -> str:
    return "".join(DIGITS[int(digit)] for digit in digits)


japanese_value = Japanese()
