"""From a frozen law to Akoma Ntoso: the tree as it is, each unit under its permanent key (`wId`) and its place (`eId`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile
from typing import Any

from lxml import etree

from campaign.regulations.exports.akoma_ntoso.meta import Element, add, add_meta, term_id
from campaign.regulations.exports.akoma_ntoso.names import (
    BILLS,
    LIST_KINDS,
    NAMESPACE,
    Identifiers,
    bare_number,
    element_name,
)
from campaign.regulations.exports.akoma_ntoso.quotes import Marks, marks_of
from campaign.regulations.exports.origin import Origin, file_text
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.numbered import NumberedProvision, NumberedText, Run
from campaign.regulations.traditions import tradition

# Here unnumbered text after a list goes on with the sentence before it.
FLUSH = {"us-bill", "uk-bill"}
PREMISES = {Kind.RECITAL, Kind.CITATION}


def law_akoma_ntoso(payload: dict[str, Any], origin: Origin) -> bytes:
    """The law in an edition's frozen payload as an Akoma Ntoso 3.0 document, valid by the schema of OASIS."""
    return _Document(payload, origin).bytes()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where units are added: the eId above, how many points they stand in, and whether numbers of articles run through here."""

    eid: str = ""
    points: int = 0
    is_main: bool = True


class _Document:
    def __init__(self, payload: dict[str, Any], origin: Origin) -> None:
        self.payload, self.origin = payload, origin
        self.law = NumberedText.of_payload(payload)
        self.marks = tradition(self.law.tradition).quote_marks(self.law.language)
        self.ids = Identifiers()
        self.eids: dict[str, str] = {}
        self.references: list[tuple[Element, str]] = []
        # Units whose mark is told by an attribute of the quoted text they open or close.
        self.opened: set[str] = set()
        self.closed: set[str] = set()

    def bytes(self) -> bytes:
        root = etree.Element(f"{{{NAMESPACE}}}akomaNtoso", nsmap={None: NAMESPACE})
        kind = self.payload["template"]["kind"]
        is_bill = kind in BILLS
        document = add(root, "bill" if is_bill else "doc", name=kind, contains="originalVersion")
        add_meta(document, self.payload, self.law, self.origin)
        preface = add(document, "preface")
        self.paragraphs(preface, self.law.frame.get("above", []))
        long_title = add(preface, "longTitle", eId=self.ids.new("longTitle"))
        add(add(long_title, "p"), "docTitle", self.law.title)
        self.preamble(document)
        self.body(add(document, "body" if is_bill else "mainBody"))
        self.conclusions(document)
        self.annexes(document)
        for element, key in self.references:
            element.set("href", f"#{self.eids.get(key, key)}")
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    # --- around the body ---
    def preamble(self, document: Element) -> None:
        preamble = add(document, "preamble")
        self.formula(preamble, "preamble")
        if citations := self.law.part(Kind.CITATION):
            eid = self.ids.new("citations")
            holder = add(preamble, "citations", eId=eid)
            self.premises(holder, citations, "")
        if recitals := self.law.part(Kind.RECITAL):
            eid = self.ids.new("recitals")
            holder = add(preamble, "recitals", eId=eid)
            if words := self.law.frame.get("before_recitals"):
                self.paragraphs(add(holder, "intro", eId=f"{eid}__intro_1"), words)
            self.premises(holder, recitals, "")
        self.formula(preamble, "enacting")
        if not len(preamble):
            document.remove(preamble)

    def formula(self, parent: Element, part: str) -> None:
        if words := self.law.frame.get(part):
            self.paragraphs(add(parent, "formula", name=part, eId=self.ids.new("formula")), words)

    def premises(self, parent: Element, items: Iterable[NumberedProvision], above: str) -> None:
        for item in items:
            self.premise(parent, item, above)

    def conclusions(self, document: Element) -> None:
        if words := self.law.frame.get("end"):
            self.paragraphs(add(document, "conclusions", eId="conclusions"), words)

    def paragraphs(self, parent: Element, words: Iterable[str]) -> None:
        for line in words:
            paragraph = add(parent, "p")
            first, *others = line.split("\n")
            paragraph.text = file_text(first)
            for other in others:
                add(paragraph, "eol").tail = file_text(other)

    def body(self, body: Element) -> None:
        self.units(body, self.law.enacting, _Place())
        if not len(body):
            empty = add(body, "hcontainer", name="body", eId=self.ids.new("hcontainer"))
            add(add(empty, "content"), "p")

    def annexes(self, document: Element) -> None:
        annexes = self.law.part(Kind.ANNEX)
        holder = add(document, "attachments") if annexes else None
        for place, item in enumerate(annexes, start=1):
            eid = self.named(item, self.ids.new("attachment"))
            attachment = add(holder, "attachment", eId=eid, wId=item.key)
            self.head(attachment, item, eid)
            annex = add(attachment, "doc", name="annex", contains="originalVersion")
            add_meta(annex, self.payload, self.law, self.origin, component=f"annex_{place}")
            body = add(annex, "mainBody")
            quoted, rest = _quoted_first(item.children)
            if item.body or quoted or item.closing or not rest:
                self.text(add(body, "p"), item, quoted, eid)
            self.units(body, rest, _Place(eid, is_main=False))

    # --- units ---
    def units(self, parent: Element, items: Sequence[NumberedProvision], place: _Place) -> None:
        """Siblings in order; points and indents are put into lists."""
        for is_list, group in groupby(items, key=lambda item: item.kind in LIST_KINDS):
            if is_list:
                self.list(parent, list(group), place)
            else:
                for item in group:
                    self.unit(parent, item, place)

    def list(
        self,
        parent: Element,
        items: Sequence[NumberedProvision],
        place: _Place,
        *,
        after: NumberedProvision | None = None,
    ) -> Element:
        """A list of units. `after` is text that goes on with the sentence when the list has ended."""
        eid = self.ids.new("list", parent=place.eid)
        holder = add(parent, "list", eId=eid)
        for item in items:
            self.unit(holder, item, replace(place, eid=eid))
        if after:
            own = self.named(after, self.ids.new("wrapUp", parent=eid))
            self.text(add(add(holder, "wrapUp", eId=own, wId=after.key), "p"), after, (), own)
        return holder

    def unit(self, parent: Element, item: NumberedProvision, place: _Place) -> None:
        if item.kind in PREMISES:
            self.premise(parent, item, place.eid)
            return
        if item.kind == Kind.QUOTED:
            self.stray_quote(parent, item, place)
            return
        name = element_name(item.kind, self.law.tradition, place.points)
        runs_through = item.kind == Kind.ARTICLE and place.is_main
        eid = self.ids.new(name, parent="" if runs_through else place.eid, number=bare_number(item.number))
        kind = {"name": item.kind} if name == "hcontainer" else {}
        element = add(parent, name, eId=self.named(item, eid), wId=item.key, **kind)
        self.head(element, item, eid)
        points = place.points + 1 if item.kind in LIST_KINDS else place.points
        self.inside(element, item, replace(place, eid=eid, points=points))

    def named(self, item: NumberedProvision, eid: str) -> str:
        self.eids[item.key] = eid
        return eid

    def head(self, element: Element, item: NumberedProvision, eid: str) -> None:
        opening = self.opening(item)
        if item.number:
            add(element, "num", f"{opening}{item.number}")
        if item.heading:
            heading = add(element, "heading", eId=f"{eid}__heading_1")
            heading.text = opening if opening and not item.number else None
            self.runs(heading, item.heading)

    def inside(self, element: Element, item: NumberedProvision, place: _Place) -> None:
        """The unit's own text and what stands below it."""
        quoted, rest = _quoted_first(item.children)
        if not rest:
            self.text(
                add(add(element, "content", eId=f"{place.eid}__content_1"), "p"), item, quoted, place.eid
            )
            return
        if not item.body and not quoted:
            self.units(element, rest, place)
            return
        listed = list(takewhile(lambda child: child.kind in LIST_KINDS, rest))
        others = rest[len(listed) :]
        if (
            others
            and self.law.tradition not in FLUSH
            and any(child.kind == Kind.SUBPARAGRAPH for child in others)
        ):
            self.first_of_several(element, item, quoted, listed, place)
            self.units(element, others, place)
            return
        if not listed:
            self.intro(element, item, quoted, place.eid)
            self.units(element, others, place)
            return
        is_flush = len(others) == 1 and others[0].kind == Kind.SUBPARAGRAPH and not others[0].children
        holder = self.list(element, listed, place, after=others[0] if is_flush else None)
        self.intro(holder, item, quoted, holder.get("eId"), at=0)
        self.units(element, [] if is_flush else others, place)

    def intro(
        self,
        parent: Element,
        item: NumberedProvision,
        quoted: Sequence[NumberedProvision],
        eid: str,
        *,
        at: int | None = None,
    ) -> None:
        intro = add(parent, "intro", eId=f"{eid}__intro_1")
        if at is not None:
            parent.insert(at, intro)
        self.text(add(intro, "p"), item, quoted, eid)

    def first_of_several(
        self,
        parent: Element,
        item: NumberedProvision,
        quoted: Sequence[NumberedProvision],
        listed: Sequence[NumberedProvision],
        place: _Place,
    ) -> None:
        """A unit's own text that unnumbered ones follow is the first of them, and the points below it are that one's."""
        name = element_name(Kind.SUBPARAGRAPH, self.law.tradition)
        eid = self.ids.new(name, parent=place.eid)
        first = add(parent, name, eId=eid)
        if not listed:
            self.text(add(add(first, "content", eId=f"{eid}__content_1"), "p"), item, quoted, eid)
            return
        holder = self.list(first, listed, replace(place, eid=eid))
        self.intro(holder, item, quoted, holder.get("eId"), at=0)

    def premise(self, parent: Element, item: NumberedProvision, above: str) -> None:
        """A citation or recital: a number and blocks of text, not a hierarchy."""
        eid = self.ids.new(item.kind, parent=above, number=bare_number(item.number))
        element = add(parent, item.kind, eId=self.named(item, eid), wId=item.key)
        self.blocks(element, item, eid)

    def blocks(self, element: Element, item: NumberedProvision, eid: str) -> None:
        self.head(element, item, eid)
        quoted, rest = _quoted_first(item.children)
        self.text(add(element, "p"), item, quoted, eid)
        if rest:
            holder = add(element, "blockList", eId=(list_id := self.ids.new("blockList", parent=eid)))
            for child in rest:
                own = self.named(
                    child, self.ids.new("item", parent=list_id, number=bare_number(child.number))
                )
                self.blocks(add(holder, "item", eId=own, wId=child.key), child, own)

    # --- text put into another act ---
    def stray_quote(self, parent: Element, item: NumberedProvision, place: _Place) -> None:
        """Quoted text that follows other units, not the words that announce it."""
        eid = self.ids.new("hcontainer", parent=place.eid)
        holder = add(parent, "hcontainer", name="modification", eId=eid)
        modification = add(add(add(holder, "content"), "p"), "mod", eId=self.ids.new("mod", parent=eid))
        self.quoted(modification, item, modification.get("eId"))

    def quoted(self, parent: Element, item: NumberedProvision, above: str) -> None:
        marks = self.marks_around(item)
        name = "quotedStructure" if item.children else "quotedText"
        eid = self.named(item, self.ids.new(name, parent=above))
        quote = {"startQuote": marks.opens, "endQuote": marks.closes} if marks else {}
        element = add(parent, name, eId=eid, wId=item.key, **quote)
        if not item.children:
            self.said(element, item)
        else:
            if item.body or self.opening(item):
                self.said(add(element, "p"), item)
            for child in item.children:
                self.unit(element, child, _Place(eid, is_main=False))
        if marks and marks.after:
            element.tail = file_text(marks.after)

    def marks_around(self, item: NumberedProvision) -> Marks | None:
        marks = marks_of(item, *self.marks)
        if marks:
            self.opened.add(marks.first)
            self.closed.add(marks.last)
        return marks

    # --- words ---
    def text(
        self, paragraph: Element, item: NumberedProvision, quoted: Sequence[NumberedProvision], eid: str
    ) -> None:
        """A unit's own words; where text is put into another act, words and text are one modification."""
        if not quoted:
            self.said(paragraph, item)
            return
        modification = add(paragraph, "mod", eId=(own := self.ids.new("mod", parent=eid)))
        self.said(modification, item)
        for each in quoted:
            self.quoted(modification, each, own)

    def said(self, element: Element, item: NumberedProvision) -> None:
        if not item.number and not item.heading:
            _append(element, self.opening(item))
        runs = item.body
        if item.term and runs and item.term in runs[0].text:
            before, _term, after = runs[0].text.partition(item.term)
            _append(element, before)
            add(element, "def", item.term, refersTo=f"#{term_id(item.key)}")
            _append(element, after)
            runs = runs[1:]
        self.runs(element, runs)
        if item.key not in self.closed:
            _append(element, item.closing)

    def opening(self, item: NumberedProvision) -> str:
        return "" if item.key in self.opened else item.opening

    def runs(self, element: Element, runs: Iterable[Run]) -> None:
        for run in runs:
            if run.reference:
                self.references.append((add(element, "ref", run.text, href="#"), run.reference))
            elif run.variable:
                add(element, "placeholder", run.text, originalText=f"[[{run.variable}]]")
            else:
                _append(element, run.text)


def _quoted_first(
    children: Sequence[NumberedProvision],
) -> tuple[Sequence[NumberedProvision], Sequence[NumberedProvision]]:
    """The quoted texts right below a unit's own words, and the units after them."""
    quoted = list(takewhile(lambda child: child.kind == Kind.QUOTED, children))
    return quoted, children[len(quoted) :]


def _append(element: Element, text: str) -> None:
    """Add words after what the element holds already."""
    text = file_text(text)
    if not text:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
