"""The law as HTML, drawn from a frozen payload alone: the same on pages, in documents and as an annex of other texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from campaign.documents.models import FrozenText
from campaign.documents.text_kinds import Passage
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.numbered import NumberedProvision, NumberedText, Run, walk_numbered

LISTS = {
    Kind.RECITAL: "ol",
    Kind.POINT: "ol",
    Kind.DEFINITION: "ol",
    Kind.AMENDING_POINT: "ol",
    Kind.INDENT: "ul",
}
SECTIONS = {Kind.TITLE, Kind.CHAPTER, Kind.SECTION, Kind.ARTICLE, Kind.ANNEX}
CLASSES = {
    Kind.RECITAL: "law-recital",
    Kind.POINT: "law-point",
    Kind.INDENT: "law-point",
    Kind.DEFINITION: "law-point law-definition",
    Kind.AMENDING_POINT: "law-point law-amending",
}
MAX_HEADING = 6


@dataclass(frozen=True, slots=True)
class ProvisionRow:
    """One line of a list of provisions, as contents and tables need it."""

    depth: int
    key: str
    kind: str
    number: str
    heading: str
    text: str
    citation: str


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A line of a table of contents, with the headed provisions below it."""

    key: str
    number: str
    heading: str
    entries: list[ContentsEntry]


def provision_rows(payload: dict[str, Any]) -> list[ProvisionRow]:
    """Every provision of an edition's frozen payload in reading order."""
    law = NumberedText.of_payload(payload)
    return [
        ProvisionRow(
            depth, item.key, item.kind, item.number, item.heading_text, item.body_text, item.citation
        )
        for depth, item in walk_numbered(law.provisions)
    ]


def contents_entries(payload: dict[str, Any]) -> list[ContentsEntry]:
    """The headed provisions as a table of contents: chapters hold their articles, an amending article what it inserts."""
    return _entries(NumberedText.of_payload(payload).provisions)


def _entries(items: Iterable[NumberedProvision]) -> list[ContentsEntry]:
    found: list[ContentsEntry] = []
    for item in items:
        below = _entries(item.children)
        if item.heading:
            found.append(ContentsEntry(item.key, item.number, item.heading_text, below))
        else:
            found += below
    return found


def render_law_html(
    payload: dict[str, Any],
    *,
    heading_level: int = 2,
    id_prefix: str = "",
    permalinks: bool = False,
    for_print: bool = False,
) -> SafeString:
    """The law in an edition's frozen payload as `<article class="law">`; its title stands at `heading_level`.

    `id_prefix` parts the anchors of two laws on one page. `permalinks` adds a link to each provision. `for_print` leaves
    references and values as plain words: use it in every PDF.
    """
    law = NumberedText.of_payload(payload)
    writer = _Writer(id_prefix, permalinks, for_print)
    below = heading_level + 1
    context = {
        "law": law,
        "level": heading_level,
        "citations": writer.units(law.part(Kind.CITATION), below),
        "recitals": writer.units(law.part(Kind.RECITAL), below),
        "enacting": writer.units(law.enacting, below),
        "annexes": writer.units(law.part(Kind.ANNEX), below),
    }
    return mark_safe(render_to_string("regulations/_law.html", context))  # noqa: S308  a template's output


def draw_edition(text: FrozenText) -> SafeString:
    """The law of a published edition as a page shows its frozen text."""
    return render_law_html(text.data, heading_level=3)


def edition_passages(text: FrozenText) -> list[Passage]:
    """The long title, the tradition's fixed words, and each provision by its permanent key, as the page shows them.

    The marks around text put into another act are left out, as numbers are: they follow from where a provision stands.
    """
    law = NumberedText.of_payload(text.data)
    recitals = law.part(Kind.RECITAL)
    with translation.override(law.language):
        return [
            Passage(":title", _("Title"), law.title),
            *_fixed_words(law, "preamble", _("Opening words")),
            *_provision_passages(law.part(Kind.CITATION)),
            *(_fixed_words(law, "before_recitals", _("Words before the recitals")) if recitals else []),
            *_provision_passages(recitals),
            *_fixed_words(law, "enacting", _("Enacting words")),
            *_provision_passages(law.enacting, binding=True),
            *_fixed_words(law, "end", _("Closing words")),
            *_provision_passages(law.part(Kind.ANNEX), binding=True),
        ]


def _fixed_words(law: NumberedText, part: str, label: str) -> list[Passage]:
    lines = law.frame[part]
    return [Passage(f":{part}", label, "\n".join(lines))] if lines else []


def _provision_passages(
    provisions: Iterable[NumberedProvision], *, above: str = "", depth: int = 0, binding: bool = False
) -> Iterable[Passage]:
    for item in provisions:
        label = item.citation or item.number or above or Kind(item.kind).label
        if item.heading or item.body or item.number:
            yield Passage(
                item.key,
                str(label),
                item.body_text,
                heading=item.heading_text,
                level=depth,
                is_provision=binding and bool(item.number or item.heading),
            )
        yield from _provision_passages(item.children, above=str(label), depth=depth + 1, binding=binding)


class _Writer:
    def __init__(self, id_prefix: str, permalinks: bool, for_print: bool) -> None:
        self.id_prefix, self.permalinks, self.for_print = id_prefix, permalinks, for_print

    def units(self, items: Iterable[NumberedProvision], level: int) -> SafeString:
        """Siblings in order; those that form a list are put into one."""
        parts: list[SafeString] = []
        for tag, group in groupby(items, key=lambda item: LISTS.get(Kind(item.kind), "")):
            if tag:
                entries = _joined(self.entry(item, level) for item in group)
                parts.append(
                    format_html('<{0} class="law-list" role="list">{1}</{0}>', SafeString(tag), entries)
                )
            else:
                parts += [self.unit(item, level) for item in group]
        return _joined(parts)

    def entry(self, item: NumberedProvision, level: int) -> SafeString:
        inner = [self.number(item), self.text(item, lead=""), self.units(item.children, level)]
        return format_html(
            '<li class="{}" id="{}">{}</li>', CLASSES[Kind(item.kind)], self.anchor(item), _joined(inner)
        )

    def unit(self, item: NumberedProvision, level: int) -> SafeString:
        if item.kind in SECTIONS:
            return self.section(item, level)
        children = self.units(item.children, level)
        if item.kind == Kind.QUOTED:
            body = self.text(item, lead=item.opening) if item.body else SafeString("")
            return format_html(
                '<blockquote class="law-quoted" id="{}">{}{}</blockquote>', self.anchor(item), body, children
            )
        number = self.number(item) if item.number else SafeString("")
        lead = "" if item.number else item.opening
        return format_html(
            '<div class="law-{}" id="{}">{}{}{}</div>',
            item.kind, self.anchor(item), number, self.text(item, lead=lead), children,
        )  # fmt: skip

    def section(self, item: NumberedProvision, level: int) -> SafeString:
        tag = SafeString(f"h{min(level, MAX_HEADING)}")
        heading = (
            format_html(' <span class="law-heading">{}</span>', self.runs(item.heading))
            if item.heading
            else ""
        )
        number = format_html('<span class="law-number">{}{}</span>', item.opening, item.number)
        return format_html(
            '<section class="law-{kind}" id="{anchor}"><{tag}>{number}{heading}{link}</{tag}>{text}{children}</section>',
            kind=item.kind,
            anchor=self.anchor(item),
            tag=tag,
            number=number,
            heading=heading,
            link=self.permalink(item),
            text=self.text(item, lead="", linked=False),
            children=self.units(item.children, level + 1),
        )

    def number(self, item: NumberedProvision) -> SafeString:
        return format_html('<span class="law-number">{}{}</span> ', item.opening, item.number)

    def text(self, item: NumberedProvision, *, lead: str, linked: bool = True) -> SafeString:
        if not item.body and not lead and not item.closing:
            return SafeString("")
        link = self.permalink(item) if linked else ""
        return format_html("<p>{}{}{}{}</p>", lead, self.runs(item.body), item.closing, link)

    def runs(self, runs: Iterable[Run]) -> SafeString:
        if self.for_print:
            # WeasyPrint 70 now and then ends a line after its first word when an inline element follows.
            return format_html("{}", "".join(run.text for run in runs))
        return _joined(self.run(run) for run in runs)

    def run(self, run: Run) -> SafeString:
        if run.reference:
            return format_html(
                '<a class="law-ref" href="#{}{}">{}</a>', self.id_prefix, run.reference, run.text
            )
        if run.variable:
            return format_html('<span class="law-variable">{}</span>', run.text)
        return format_html("{}", run.text)

    def permalink(self, item: NumberedProvision) -> SafeString:
        if not self.permalinks or not item.citation:
            return SafeString("")
        label = _("Link to %(provision)s") % {"provision": item.citation}
        return format_html(
            ' <a class="law-anchor" href="#{}" aria-label="{}">#</a>', self.anchor(item), label
        )

    def anchor(self, item: NumberedProvision) -> str:
        return f"{self.id_prefix}{item.key}"


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
