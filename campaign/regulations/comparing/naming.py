"""What units are called in words about them: by how they are cited, and by kind and number where nothing cites them."""

from __future__ import annotations

import re
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.regulations.comparing.outline import (
    ABOVE,
    BEFORE_RECITALS,
    ENACTING,
    END,
    PREAMBLE,
    TITLE,
    Node,
    Outline,
)
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions import Place, Step, Tradition, UnknownTradition, tradition

FIXED: dict[str, str | Promise] = {
    ABOVE: _("Words above the title"),
    TITLE: _("Title of the text"),
    PREAMBLE: _("Opening words"),
    BEFORE_RECITALS: _("Words before the recitals"),
    ENACTING: _("Enacting words"),
    END: _("Closing words"),
}
_NUMBER = re.compile(r"[(§\s]*([^\s().]+)[.)\s°]*")


def name_of(outline: Outline, node: Node) -> str:
    """“Article 5(2)”; for what is never cited its kind and its place, and what it stands in."""
    if node.is_fixed:
        return str(FIXED.get(node.key, node.key))
    if node.item.citation:
        return node.item.citation
    own = node.item.number or f"{kind_word(outline, node)} {ordinal(outline, node)}"
    above = next((one for one in reversed(outline.ancestors(node)) if one.item.citation), None)
    return f"{own}, {above.item.citation}" if above else own


def kind_word(outline: Outline, node: Node) -> str:
    """What the tradition calls such a unit (“subsection”), in the language of the law where it knows it."""
    form = form_of(outline)
    if node.is_fixed:
        return str(FIXED.get(node.key, node.key)).lower()
    if form is None or outline.law.language not in form.languages:
        return str(Kind(node.kind).label).lower() if node.kind in Kind.values else node.kind
    return form.kind_name(node.kind, chain_of(outline, node), outline.law.language)


def form_of(outline: Outline) -> Tradition | None:
    """The tradition of a law; None when this site no longer knows it."""
    try:
        return tradition(outline.law.tradition)
    except UnknownTradition:
        return None


def chain_of(outline: Outline, node: Node) -> tuple[str, ...]:
    """The kinds above a unit."""
    return tuple(above.kind for above in outline.ancestors(node))


def ordinal(outline: Outline, node: Node) -> int:
    """Which of its kind it is among its siblings, the text it goes on from counted with them."""
    return node.count + (1 if _goes_on(outline, node) else 0)


def bare_number(node: Node) -> str:
    """“53a” of “Article 53a”, “d” of “(d)”; empty for a unit without a number."""
    words = node.item.number.split()
    match = _NUMBER.fullmatch(words[-1]) if words else None
    if match is None or (len(words) == 1 and words[0].isalpha() and len(words[0]) > 3 and words[0].isascii()):
        return ""
    return match[1]


def relative_name(outline: Outline, node: Node, base: Node | None) -> str:
    """How a text in `base` cites the unit: “paragraph 2, point (a)” in Article 5. In full without a base."""
    if node.is_fixed:
        return kind_word(outline, node)
    if not node.item.citation:
        return name_of(outline, node)
    place = _cited_place(outline, node)
    source = _cited_place(outline, base) if base is not None else Place(steps=())
    form = form_of(outline)
    if form is None or place is None or source is None:
        return node.item.citation
    return form.reference(place, source, outline.law.language)


def capitalized(words: str) -> str:
    """With a large letter at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def _cited_place(outline: Outline, node: Node) -> Place | None:
    """The way from the top, as numbering takes it, read back from what is printed.

    None where it leads to another citation than the one that is printed: then the tradition writes numbers that cannot be read
    back, and only full citations are safe.
    """
    form = form_of(outline)
    way = [*outline.ancestors(node), node]
    if form is None or any(one.kind == Kind.QUOTED or one.is_fixed for one in way):
        return None
    steps = [step for one in way for step in (*_first_of_several(outline, one), _step(outline, one))]
    place = Place(steps=tuple(steps))
    try:
        found = form.reference(place, Place(steps=()), outline.law.language)
    except (ValueError, LookupError):
        return None
    return place if found == node.item.citation else None


def _step(outline: Outline, node: Node) -> Step:
    number = bare_number(node)
    alone = not number and node.count == 1 and _is_last_of_kind(outline, node)
    return Step(kind=node.kind, number=number, ordinal=ordinal(outline, node), alone=alone)


def _is_last_of_kind(outline: Outline, node: Node) -> bool:
    return all(one.kind != node.kind for one in outline.children(node.parent)[node.index + 1 :])


def _first_of_several(outline: Outline, node: Node) -> list[Step]:
    """Points right below a text that unnumbered ones go on from belong to the first of them."""
    continues = _continues(outline.law.tradition)
    if not node.parent or node.kind in continues or not outline.nodes[node.parent].item.body:
        return []
    following = next((one.kind for one in outline.children(node.parent) if one.kind in continues), None)
    return [Step(kind=following, ordinal=1)] if following else []


def _goes_on(outline: Outline, node: Node) -> bool:
    if not node.parent or node.kind not in _continues(outline.law.tradition):
        return False
    return bool(outline.nodes[node.parent].item.body)


@lru_cache
def _continues(key: str) -> frozenset[str]:
    try:
        return tradition(key).continues
    except UnknownTradition:
        return frozenset()
