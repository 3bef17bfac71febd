"""From a checked tree to the finished text: numbers set, marks put into words, quoted text opened and closed."""

from __future__ import annotations

from dataclasses import replace

from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.marks import Piece, pieces
from campaign.regulations.numbered import NumberedProvision, NumberedText, Run
from campaign.regulations.numbering import Numbering, number_tree
from campaign.regulations.traditions import Place, Tradition, tradition
from campaign.regulations.tree import LegalText, Unit, walk

# Units whose text begins a sentence; the others go on with the words before them.
SENTENCES = {Kind.RECITAL, Kind.ARTICLE, Kind.PARAGRAPH, Kind.SUBPARAGRAPH, Kind.ANNEX}


def numbered_text(text: LegalText) -> NumberedText:
    """Number, resolve and print a text that has passed `checks.problems_of`."""
    form = tradition(text.tradition)
    numbering = number_tree(text.provisions, tradition=form, language=text.language)
    printer = _Printer(text, form, numbering)
    return NumberedText(
        title=form.bind(text.title, text.language),
        language=text.language,
        tradition=text.tradition,
        layout=form.layout,
        frame=form.frame(text.language, frozenset(item.kind for item in text.provisions)),
        provisions=tuple(printer.provision(item, last=True) for item in text.provisions),
    )


class _Printer:
    def __init__(self, text: LegalText, form: Tradition, numbering: Numbering) -> None:
        self.text, self.form, self.numbering = text, form, numbering
        self.units = {item.key: item for item, _above in walk(text.provisions)}
        self.values = {
            name: form.value(spec, text.value_of(name), text.language)
            for name, spec in text.variables.items()
            if text.value_of(name)
        }

    def provision(self, item: Unit, *, last: bool, opening: str = "", closing: str = "") -> NumberedProvision:
        """Print one unit. `last` says that every list it stands in ends with it."""
        first, final = opening, closing
        if item.kind == Kind.QUOTED:
            opens, closes = self.form.quote_marks(self.text.language)
            first, final = opening + opens, closes + self.form.closing(last) + closing
        holds_marks = item.kind == Kind.QUOTED and bool(item.children) and not item.body
        children = self._children(item, last=last, opening=first if holds_marks else "", closing=final)
        return NumberedProvision(
            key=item.key,
            kind=item.kind,
            number=self.numbering.labels[item.key],
            heading=self._heading(item),
            body=self._body(item),
            term=item.term,
            citation=self._citation(item),
            opening="" if holds_marks else first,
            closing="" if item.children else final,
            children=children,
        )

    def _children(
        self, item: Unit, *, last: bool, opening: str, closing: str
    ) -> tuple[NumberedProvision, ...]:
        end = len(item.children) - 1
        # A list of amendments ends where its article ends; other units begin a count of their own.
        last = last or item.kind != Kind.AMENDING_POINT
        return tuple(
            self.provision(
                child,
                last=last and index == end,
                opening=opening if index == 0 else "",
                closing=closing if index == end else "",
            )
            for index, child in enumerate(item.children)
        )

    def _heading(self, item: Unit) -> tuple[Run, ...]:
        if not item.heading:
            return ()
        form = self.form.heading(item.kind, self.text.language)
        runs = [replace(run, text=form.set(run.text)) for run in self.runs(item.heading, item)]
        ends = item.heading.endswith((".", "?", "—")) and not form.before
        if form.before:
            runs[0] = replace(runs[0], text=form.before + runs[0].text)
        if form.after and not ends:
            runs[-1] = replace(runs[-1], text=runs[-1].text + form.after)
        return tuple(runs)

    def _body(self, item: Unit) -> tuple[Run, ...]:
        runs = self.runs(item.body, item)
        if not item.term:
            return runs
        return (Run(self.form.definition(item.term, self.text.language)), *runs)

    def _citation(self, item: Unit) -> str:
        """How the unit is cited from outside: the name of its permanent link."""
        if not self.form.can_be_cited(item.kind):
            return ""
        outside = Place(steps=())
        return self.form.reference(self.numbering.places[item.key], outside, self.text.language)

    def runs(self, text: str, holder: Unit) -> tuple[Run, ...]:
        """A text with its marks filled in, ready to be set."""
        parts = list(pieces(text))
        words = [self._words(part, self.numbering.places[holder.key]) for part in parts]
        for row in self._rows(parts):
            self._link(row, words)
        self._meet(parts, words)
        runs: list[Run] = []
        before = ". " if holder.kind in SENTENCES else ""
        for part, said in zip(parts, words, strict=True):
            if not part.text and before.endswith(". "):
                said = said[:1].upper() + said[1:]
            if not said and part.text:
                continue  # it became part of the words after it
            runs.append(Run(self.form.bind(said, self.text.language), part.reference, part.variable))
            before = said
        return tuple(runs)

    def _words(self, part: Piece, source: Place) -> str:
        if part.variable:
            return self.values.get(part.variable, "")
        if part.reference:
            target = self.numbering.places[part.reference]
            if part.sentence:
                target = self.numbering.sentence_place(self.units[part.reference], part.sentence)
            return self.form.reference(target, source, self.text.language)
        return part.text

    def _meet(self, parts: list[Piece], words: list[str]) -> None:
        """Let a mark and the words before it become one where the language wants it."""
        for index in range(1, len(parts)):
            if not parts[index].text and parts[index - 1].text:
                before, said = words[index - 1], words[index]
                words[index - 1 : index + 1] = self.form.meet(before, said, self.text.language)

    def _rows(self, parts: list[Piece]) -> list[list[int]]:
        """Positions of references that stand in one row, parted by nothing but a joint (“and”, a comma)."""
        rows: list[list[int]] = []
        for index, part in enumerate(parts):
            if not part.reference:
                continue
            goes_on = index >= 2 and parts[index - 2].reference and parts[index - 1].text in self.form.joints
            if rows and goes_on:
                rows[-1].append(index)
            else:
                rows.append([index])
        return rows

    def _link(self, row: list[int], words: list[str]) -> None:
        after = words[row[-1] + 1] if row[-1] + 1 < len(words) else ""
        linked = self.form.link([words[index] for index in row], after, self.text.language)
        for index, said in zip(row, linked, strict=True):
            words[index] = said
