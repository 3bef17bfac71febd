"""What every tradition must be able to say, and the register they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise

from campaign.regulations.values import VariableSpec

SENTENCE = "sentence"  # kind of the last step to a sentence; in Germany also of one on the way to a point
CHAPEAU = "chapeau"  # kind of the step to the words above a list, where sentences of them are cited so


@dataclass(frozen=True, slots=True)
class Step:
    """One unit on the way from the top of an act to a provision.

    `number` is bare (“53a”, “1”, “d”), empty for units that are only counted, and the term of a definition without one; `ordinal`
    counts units; `alone` says that the act has no other unit of this kind beside it. Of sentences, `total` tells how many there
    are, `is_proviso` that this one is the exception to the one before, and `has_proviso` that the text holds such a one.
    """

    kind: str
    number: str = ""
    ordinal: int = 1
    alone: bool = False
    total: int = 0
    is_proviso: bool = False
    has_proviso: bool = False


@dataclass(frozen=True, slots=True)
class HeadingForm:
    """How a heading is set: in capitals, and between what. Parentheses make it part of the number: 제1조(목적)."""

    before: str = ""
    after: str = ""
    is_upper: bool = False

    def set(self, text: str) -> str:
        """The words of a heading, without what stands around them."""
        return text.upper() if self.is_upper else text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a provision stands. `act` is empty for the text itself and names the other act for text put into one."""

    steps: tuple[Step, ...]
    act: str = ""


class NumberStyle(Protocol):
    """A way to write counts as numbers, and to read them back."""

    def write(self, count: int) -> str:
        """The number for a count from 1 on."""

    def read(self, number: str, *, after: int) -> int | None:
        """The count a fixed number stands for when `after` units came before it.

        None for a number inserted between two others (“53a”): the count does not move. Raises ValueError for a number that this
        style cannot write at all.
        """


class Tradition(Protocol):
    """A drafting tradition. Texts are given and returned as plain text in the instrument's language."""

    key: str
    name: str | Promise
    languages: frozenset[str]
    layout: str  # class of the element around the law, on pages and in documents
    counts_on: dict[
        str, frozenset[str]
    ]  # kind → kinds at which its count starts anew; others start in each parent
    joints: frozenset[str]  # what may part references of one row: " and ", ", "
    counts_with: dict[
        str, str
    ]  # kind → the kind whose count it shares, so that no two of them get one number
    continues: frozenset[
        str
    ]  # kinds that go on from their parent's own text, which counts as the first of them
    cites_first: bool  # a point below a text that goes on is cited as in the first of its unnumbered units
    counts_lines: bool  # such units are counted with all points and lists before them (alinéas)
    counts_sentences: (
        bool  # sentences are units: such units are cited by their first one, points by that before them
    )
    names_chapeau: bool  # the words above a list are named when one of their sentences is cited
    apart: frozenset[str]  # fixed numbers that are names (부칙): they stand beside the count
    number_example: str  # fixed numbers as one types them, for the message that refuses another
    flags_quoted_terms: (
        bool  # words in the tradition's quotation marks for terms are held to be defined terms
    )

    def may_contain(self, chain: tuple[str, ...], kind: str) -> bool:
        """Whether a unit of `kind` may stand below the chain of kinds (outermost first, empty at the top)."""

    def order_at_top(self, kind: str) -> int:
        """Rank of a kind at the top of the text: a lower one may not follow a higher one."""

    def mixture_problem(self, kinds: list[str], has_body: bool) -> str:
        """Why units of these kinds cannot stand side by side below one unit (end of a sentence); empty when they can."""

    def style(self, chain: tuple[str, ...], kind: str) -> NumberStyle | None:
        """How units of `kind` are numbered below `chain`; None when they carry no number."""

    def label(self, steps: tuple[Step, ...], chain: tuple[str, ...], language: str) -> str:
        """The number of the last step as it is printed before the unit (“Article 1”, “1.”, “(a)”); empty when nothing is."""

    def kind_name(self, kind: str, chain: tuple[str, ...], language: str) -> str:
        """What the tradition calls a unit of `kind` below `chain`, in the language of the text: subsection, 항, Absatz."""

    def heading(self, kind: str, language: str) -> HeadingForm:
        """How the heading of such a unit is set."""

    def can_be_cited(self, kind: str) -> bool:
        """Whether a reference to such a unit can be put into words."""

    def reference(self, target: Place, source: Place | None, language: str) -> str:
        """The words by which a text at `source` refers to `target`; the full form without a source."""

    def link(self, words: list[str], after: str, language: str) -> list[str]:
        """References that stand in one row, as printed: “Articles 5, 6 and 7”. `after` is the text that follows the last."""

    def definition(self, term: str, language: str) -> str:
        """The defined term as it opens its definition."""

    def quote_marks(self, language: str) -> tuple[str, str]:
        """What opens and closes text put into another act."""

    def closing(self, last_in_list: bool) -> str:
        """What follows the closing quote: the end of an amending point."""

    def value(self, spec: VariableSpec, value: str, language: str) -> str:
        """A variable's value in the language of the text."""

    def meet(self, before: str, said: str, language: str) -> tuple[str, str]:
        """The words before a mark and what the mark says, where the two melt (à + le → au) or one bends the other."""

    def bind(self, text: str, language: str) -> str:
        """The text with non-breaking spaces where a line may not end."""

    def frame(self, language: str, kinds: frozenset[str]) -> dict[str, list[str]]:
        """The fixed words of a text with units of these kinds at its top.

        Lists under `preamble`, `before_recitals`, `enacting` and `end`, and where there are words over the title under `above`.
        """


class UnknownTradition(LookupError):
    """No tradition of this key is registered."""


_traditions: dict[str, Any] = {}


def register_tradition(new: Tradition) -> None:
    """Add a tradition. Raises ValueError when its key is taken by another class."""
    present = _traditions.get(new.key)
    if present is not None and type(present) is not type(new):
        raise ValueError(f"two traditions share the key {new.key}")
    _traditions[new.key] = new


def tradition(key: str) -> Tradition:
    """The tradition of that key. Raises UnknownTradition."""
    try:
        found: Tradition = _traditions[key]
    except KeyError:
        raise UnknownTradition(key) from None
    return found


def tradition_keys() -> list[str]:
    """Keys of all registered traditions, in alphabetical order."""
    return sorted(_traditions)
