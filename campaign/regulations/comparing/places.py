"""Where an amendment of the European Parliament belongs: “Article 53 – paragraph 1 – point d a (new)”."""

from __future__ import annotations

import re
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from campaign.regulations.comparing.changes import Comparison
from campaign.regulations.comparing.drafting import Part
from campaign.regulations.comparing.naming import FIXED, bare_number, capitalized, kind_word, ordinal
from campaign.regulations.comparing.outline import Node, Outline
from campaign.regulations.kinds import LISTED
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions.numbers import Letters

DASH = " – "
WORDS: dict[str, str | Promise] = {
    Kind.CITATION: pgettext_lazy("place of an amendment", "citation"),
    Kind.RECITAL: pgettext_lazy("place of an amendment", "recital"),
    Kind.TITLE: pgettext_lazy("place of an amendment", "title"),
    Kind.CHAPTER: pgettext_lazy("place of an amendment", "chapter"),
    Kind.SECTION: pgettext_lazy("place of an amendment", "section"),
    Kind.ARTICLE: pgettext_lazy("place of an amendment", "article"),
    Kind.PARAGRAPH: pgettext_lazy("place of an amendment", "paragraph"),
    Kind.SUBPARAGRAPH: pgettext_lazy("place of an amendment", "subparagraph"),
    Kind.POINT: pgettext_lazy("place of an amendment", "point"),
    Kind.DEFINITION: pgettext_lazy("place of an amendment", "point"),
    Kind.AMENDING_POINT: pgettext_lazy("place of an amendment", "point"),
    Kind.INDENT: pgettext_lazy("place of an amendment", "indent"),
    Kind.ANNEX: pgettext_lazy("place of an amendment", "annex"),
}
HEADS = {
    Kind.ARTICLE,
    Kind.ANNEX,
    Kind.RECITAL,
}  # counted through the whole text: no more is needed to find them
COUNTED = {Kind.CITATION, Kind.SUBPARAGRAPH, Kind.INDENT}
_INSERTED = re.compile(r"(\d+|[IVXLC]+)([a-z]+)")


class Places:
    """Lines that name places in the old text, and places in it where something new is to stand; in the active language."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison

    def of_old(self, node: Node, part: Part | None = None) -> str:
        """Of a unit in the old text, or of one of its lines."""
        outline = self.comparison.old
        if node.is_fixed:
            return str(FIXED.get(node.key, node.key))
        steps = self._steps(_from_head([*outline.ancestors(node), node]))
        if part == Part.HEAD:
            steps.append(_("title"))
        elif part == Part.TEXT:
            steps += _own_text(outline, node)
        return capitalized(DASH.join(steps))

    def of_new(self, node: Node) -> str:
        """Of a unit to come. When the old text has its number already it is called after the one before it: “Article 4 a”."""
        outline = self.comparison.new
        if node.is_fixed:
            return _("%(place)s (new)") % {"place": FIXED.get(node.key, node.key)}
        above = outline.ancestors(node)
        is_found = node.kind in HEADS and not any(one.kind in HEADS for one in above)
        # An article put into another act stands in an article of the act that does so.
        above = [] if is_found else _from_head(above)
        steps = self._steps([self.comparison.old.nodes[one.key] for one in above])
        is_taken = (self._scope(node), node.kind, bare_number(node)) in self._taken
        number = self._number_between(node) if is_taken else spaced_number(outline, node)
        steps += _step(outline, node, number)
        return _("%(place)s (new)") % {"place": capitalized(DASH.join(steps))}

    def _steps(self, way: list[Node]) -> list[str]:
        outline = self.comparison.old
        return [step for one in way for step in _step(outline, one, spaced_number(outline, one))]

    def _scope(self, node: Node) -> str:
        return "" if node.kind in HEADS else node.parent

    @cached_property
    def _taken(self) -> set[tuple[str, str, str]]:
        numbered = (
            (self._scope(one), one.kind, bare_number(one)) for one in self.comparison.old.nodes.values()
        )
        return {found for found in numbered if found[2]}

    def _number_between(self, node: Node) -> str:
        """Number of the last unit before it that stays, and a letter for each new one since; before the first, -1."""
        siblings = self.comparison.new.children(node.parent)
        new_ones = 0
        for place in range(node.index, -1, -1):
            one = siblings[place]
            if one.kind != node.kind:
                continue
            if one.key in self.comparison.kept:
                before = self.comparison.old.nodes[one.key]
                return f"{spaced_number(self.comparison.old, before)} {Letters().write(new_ones)}"
            new_ones += 1
        return "-1" if new_ones == 1 else f"-1 {Letters().write(new_ones - 1)}"


def spaced_number(outline: Outline, node: Node) -> str:
    """“53 a” of “53a”, and “d a” of “da” where that stands between “d” and “e”."""
    number = bare_number(node)
    if match := _INSERTED.fullmatch(number):
        return f"{match[1]} {match[2]}"
    if len(number) < 2 or not (number.isascii() and number.isalpha() and number.islower()):
        return number
    before = [
        bare_number(one) for one in outline.children(node.parent)[: node.index] if one.kind == node.kind
    ]
    is_roman = before[:1] == ["i"] and set(number) <= set("ivxlc")
    # “aa” after “a” stands between two points; after “z” the count goes on with it.
    if number[:-1] in before and "z" not in before and not is_roman:
        return f"{number[:-1]} {number[-1]}"
    return number


def _from_head(way: list[Node]) -> list[Node]:
    """From the article, annex or recital down; of a container all."""
    start = next((place for place, one in enumerate(way) if one.kind in HEADS), 0)
    return way[start:]


def _step(outline: Outline, node: Node, number: str) -> list[str]:
    if node.kind == Kind.QUOTED:
        return []
    word = str(WORDS[node.kind]) if node.kind in WORDS else kind_word(outline, node)
    if node.kind in COUNTED:
        number = str(ordinal(outline, node))
    parent = outline.nodes.get(node.parent)
    if parent is None or parent.kind != Kind.ARTICLE:
        return [f"{word} {number}".rstrip()]
    # Unnumbered paragraphs of an article are counted as its paragraphs, and points right below belong to the first.
    if node.kind == Kind.SUBPARAGRAPH:
        return [f"{WORDS[Kind.PARAGRAPH]} {number}"]
    first = [f"{WORDS[Kind.PARAGRAPH]} 1"] if parent.item.body and node.kind in LISTED else []
    return [*first, f"{word} {number}".rstrip()]


def _own_text(outline: Outline, node: Node) -> list[str]:
    """Which words of a unit change when others stand below it."""
    kinds = {one.kind for one in outline.children(node.key)}
    steps: list[str] = []
    if node.kind == Kind.ARTICLE:
        steps.append(f"{WORDS[Kind.PARAGRAPH]} 1")
    elif Kind.SUBPARAGRAPH in kinds:
        steps.append(f"{WORDS[Kind.SUBPARAGRAPH]} 1")
    if kinds & LISTED:
        steps.append(_("introductory part"))
    return steps
