"""A draft as its drafters see it: numbered and printed as far as it is sound, with what is switched off still there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from campaign.documents.canonical import digest_of
from campaign.regulations.checks import chain_of
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.marks import pieces, reference_mark
from campaign.regulations.numbered import NumberedProvision, walk_numbered
from campaign.regulations.options import can_be_switched, effective
from campaign.regulations.printing import numbered_text
from campaign.regulations.sentences import sentences as sentences_of
from campaign.regulations.traditions import tradition
from campaign.regulations.tree import LegalText, Unit, copy_units, walk
from campaign.regulations.values import ValueRefused


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One provision of a draft. `printed` is None for what does not stand in the text; `is_off` when itself is switched off."""

    unit: Unit
    depth: int
    parent: str
    before: str  # the sibling before it; empty for the first
    is_last: bool
    printed: NumberedProvision | None
    can_be_switched: bool
    is_off: bool

    @property
    def number(self) -> str:
        return self.printed.number if self.printed else ""

    @property
    def heading(self) -> str:
        return self.printed.heading_text if self.printed else self.unit.heading

    @property
    def body(self) -> str:
        if self.printed:
            return f"{self.printed.opening}{self.printed.body_text}{self.printed.closing}"
        return self.unit.body

    @property
    def name(self) -> str:
        """How people call it: as it is cited, or by its number, heading or first words."""
        if self.printed and (self.printed.citation or self.printed.number):
            return self.printed.citation or self.printed.number
        said = self.unit.heading or self.unit.term or self.unit.body
        return said if len(said) <= 60 else f"{said[:59]}…"


def draft_rows(text: LegalText) -> list[DraftRow]:
    """Every provision of a draft in reading order."""
    stands = effective(text)
    printed = _printed(stands)
    rows: list[DraftRow] = []
    last: dict[str, str] = {}
    ends = {unit.children[-1].key for unit, _above in walk(text.provisions) if unit.children}
    ends |= {unit.key for unit in text.provisions[-1:]}
    for unit, above in walk(text.provisions):
        parent = above[-1].key if above else ""
        rows.append(
            DraftRow(
                unit=unit,
                depth=len(above),
                parent=parent,
                before=last.get(parent, ""),
                is_last=unit.key in ends,
                printed=printed.get(unit.key),
                can_be_switched=can_be_switched(unit),
                is_off=can_be_switched(unit) and not text.switches.get(unit.key, unit.is_default),
            )
        )
        last[parent] = unit.key
    return rows


def _printed(stands: LegalText) -> dict[str, NumberedProvision]:
    """The provisions as they print, by key. Marks that lead nowhere are left as plain words."""
    values = {name: value for name in stands.variables if (value := _sound_value(stands, name))}
    soft = replace(
        stands,
        provisions=copy_units(stands.provisions),
        variables={name: stands.variables[name] for name in values},
        values=values,
    )
    form = tradition(soft.tradition)
    units = {unit.key: unit for unit, _above in walk(soft.provisions)}
    sentences = {
        key: len(sentences_of(unit.body, soft.language)) if form.can_be_cited(unit.kind) else -1
        for key, unit in units.items()
    }
    for unit in units.values():
        unit.body = _softened(unit.body, values, sentences)
        unit.heading = _softened(unit.heading, values, sentences)
    return {item.key: item for _depth, item in walk_numbered(numbered_text(soft).provisions)}


def _sound_value(text: LegalText, name: str) -> str:
    """The value given, or the default where that does not fit; empty where neither does."""
    spec = text.variables[name]
    for value in (text.values.get(name, ""), spec.default):
        try:
            if value:
                spec.check(value)
                return value
        except ValueRefused:
            continue
    return ""


def _softened(words: str, values: dict[str, str], sentences: dict[str, int]) -> str:
    """Marks without a target as words in single brackets, so that printing leaves them."""
    if "[[" not in words:
        return words
    said = []
    for piece in pieces(words):
        if piece.variable:
            said.append(f"[[{piece.variable}]]" if piece.variable in values else f"[{piece.variable}]")
        elif piece.reference:
            mark = reference_mark(piece.reference, piece.sentence)
            is_there = sentences.get(piece.reference, -1) >= piece.sentence
            said.append(mark if is_there else mark[1:-1])
        else:
            said.append(piece.text)
    return "".join(said)


def text_digest(text: LegalText) -> str:
    """SHA-256 of all a draft says, to tell whether it changed between looking and publishing."""
    return digest_of(asdict(text))


def kinds_for(text: LegalText, ancestors: Iterable[Unit]) -> list[Kind]:
    """The kinds of provisions that may stand below these ancestors in the text's tradition."""
    chain = chain_of(tuple(ancestors))
    form = tradition(text.tradition)
    return [kind for kind in Kind if form.may_contain(chain, kind)]
