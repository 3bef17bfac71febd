"""Ways of writing numbers that several traditions share."""

from __future__ import annotations

import re

ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip


class Arabic:
    """1, 2, 3 …; between two of them 1a, 1b …"""

    _form = re.compile(r"([1-9]\d{0,4})([a-z]{0,2})")

    def write(self, count: int) -> str:
        return str(count)

    def read(self, number: str, *, after: int) -> int | None:
        match = self._form.fullmatch(number)
        if match is None:
            raise ValueError(number)
        return None if match[2] else int(match[1])


class Inserted:
    """1, 2, 3 …; `between` is the form of what an inserted number adds: 2A, 1 bis, 3의2, 三の二 (typed 3の2).

    `before` is the form of what may stand before a number that comes ahead of another (ZA1, A1).
    """

    def __init__(self, between: str, *, before: str = "") -> None:
        self._form = re.compile(
            rf"({before})([1-9][0-9]{{0,4}})({between})" if before else rf"()([1-9][0-9]{{0,4}})({between})"
        )

    def write(self, count: int) -> str:
        return str(count)

    def read(self, number: str, *, after: int) -> int | None:
        match = self._form.fullmatch(number)
        if match is None:
            raise ValueError(number)
        return None if match[1] or match[3] else int(match[2])


class Row:
    """A fixed row of signs (가, 나 … 하), then `beyond`; `between` is the form of what an inserted one adds."""

    def __init__(self, signs: str, *, between: str = "") -> None:
        self.signs, self._between = signs, re.compile(between) if between else None

    def write(self, count: int) -> str:
        """Past the end of the row two signs stand together, as letters do after z."""
        written = ""
        while count:
            count, rest = divmod(count - 1, len(self.signs))
            written = self.signs[rest] + written
        return written

    def read(self, number: str, *, after: int) -> int | None:
        plain = number.rstrip("".join(set("0123456789의の")))
        added = number[len(plain) :]
        if not plain or len(plain) > 3 or any(sign not in self.signs for sign in plain):
            raise ValueError(number)
        if added:
            if self._between is None or not self._between.fullmatch(added):
                raise ValueError(number)
            return None
        count = 0
        for sign in plain:
            count = count * len(self.signs) + self.signs.index(sign) + 1
        return count


class Named:
    """Another style, and names that stand beside its count (부칙)."""

    def __init__(self, style: Arabic | Inserted | Roman | Letters, names: frozenset[str]) -> None:
        self.style, self.names = style, names

    def write(self, count: int) -> str:
        return self.style.write(count)

    def read(self, number: str, *, after: int) -> int | None:
        return None if number in self.names else self.style.read(number, after=after)


class Capitals:
    """A … Z, AA, AB …; between two of them AA, AB …"""

    def __init__(self) -> None:
        self.letters = Letters()

    def write(self, count: int) -> str:
        return self.letters.write(count).upper()

    def read(self, number: str, *, after: int) -> int | None:
        if not number.isupper():
            raise ValueError(number)
        return self.letters.read(number.lower(), after=after)


class Repeated:
    """aa, bb … zz, aaa, bbb …: items of an American bill, Doppelbuchstaben of a German act. `first` signs at the least."""

    def __init__(self, *, first: int = 2, upper: bool = False) -> None:
        self.first, self.upper = first, upper
        self._form = re.compile(r"([a-z])\1*")

    def write(self, count: int) -> str:
        more, letter = divmod(count - 1, 26)
        written = chr(ord("a") + letter) * (self.first + more)
        return written.upper() if self.upper else written

    def read(self, number: str, *, after: int) -> int | None:
        small = number.lower() if self.upper else number
        if not self._form.fullmatch(small) or (self.upper and not number.isupper()):
            raise ValueError(number)
        count = (len(small) - self.first) * 26 + ord(small[0]) - ord("a") + 1
        if count < 1 or self.write(count) != number:
            raise ValueError(number)
        return count


class Letters:
    """a … z, aa, ab …; between two of them da, db …, and what `between` allows besides (a1, a bis)."""

    _form = re.compile(r"[a-z]{1,3}")

    def __init__(self, *, between: str = "") -> None:
        self._between = re.compile(rf"[a-z]{{1,2}}(?:{between})") if between else None

    def write(self, count: int) -> str:
        letters = ""
        while count:
            count, rest = divmod(count - 1, 26)
            letters = chr(ord("a") + rest) + letters
        return letters

    def read(self, number: str, *, after: int) -> int | None:
        if self._between and self._between.fullmatch(number):
            return None
        if not self._form.fullmatch(number):
            raise ValueError(number)
        # “aa” follows “z”, but between “a” and “b” it is an insertion.
        if len(number) > 1 and after < 26:
            return None
        count = 0
        for letter in number:
            count = count * 26 + ord(letter) - ord("a") + 1
        return count


class Roman:
    """i, ii, iii … or, with `upper`, I, II, III …; between two of them iia, IIa …, or what `between` allows (I bis)."""

    _plain = re.compile(r"[ivxlcdm]+", re.IGNORECASE)

    def __init__(self, *, upper: bool = False, between: str = "[ab]?") -> None:
        self.upper = upper
        self._form = re.compile(rf"([ivxlcdm]+?)({between})", re.IGNORECASE)

    def write(self, count: int) -> str:
        text = ""
        for value, letters in ROMAN:
            times, count = divmod(count, value)
            text += letters * times
        return text.upper() if self.upper else text

    def read(self, number: str, *, after: int) -> int | None:
        if self._plain.fullmatch(number) and self.write(count := self._count(number)) == number:
            return count
        match = self._form.fullmatch(number)
        if match is None or not match[2] or self.write(self._count(match[1])) != match[1]:
            raise ValueError(number)
        return None

    def _count(self, letters: str) -> int:
        values = {letter: value for value, letter in ROMAN if len(letter) == 1}
        worth = [values[letter] for letter in letters.lower()]
        following = [*worth[1:], 0]
        return sum(-value if value < after else value for value, after in zip(worth, following, strict=True))


def ordinal_word(count: int) -> str:
    """first, second …; beyond twentieth 21st, 22nd …"""
    if count <= len(ORDINALS):
        return ORDINALS[count - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th") if count % 100 not in {11, 12, 13} else "th"
    return f"{count}{ending}"
