"""Ways of writing numbers that several traditions share."""

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


class Letters:
    """a … z, aa, ab …; between two of them da, db …"""

    _form = re.compile(r"[a-z]{1,3}")

    def write(self, count: int) -> str:
        letters = ""
        while count:
            count, rest = divmod(count - 1, 26)
            letters = chr(ord("a") + rest) + letters
        return letters

    def read(self, number: str, *, after: int) -> int | None:
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
    """i, ii, iii … or, with `upper`, I, II, III …; between two of them iia, IIa …"""

    _form = re.compile(r"([ivxlcdm]+?)([ab]?)", re.IGNORECASE)

    def __init__(self, *, upper: bool = False) -> None:
        self.upper = upper

    def write(self, count: int) -> str:
        text = ""
        for value, letters in ROMAN:
            times, count = divmod(count, value)
            text += letters * times
        return text.upper() if self.upper else text

    def read(self, number: str, *, after: int) -> int | None:
        match = self._form.fullmatch(number)
        if match is None:
            raise ValueError(number)
        count = self._count(match[1])
        if self.write(count) != match[1]:
            raise ValueError(number)
        return None if match[2] else count

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
