"""The law as HTML, drawn from a frozen payload alone: the same on pages, in documents and as an annex of other texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from campaign.documents.models import FrozenText
from campaign.documents.text_kinds import Passage
from campaign.regulations.kinds import HEADED
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.numbered import (
    NumberedProvision,
    NumberedText,
    Run,
    heading_gap,
    walk_numbered,
)

LISTS: dict[str, str] = {
    Kind.RECITAL: "ol",
    Kind.POINT: "ol",
    Kind.DEFINITION: "ol",
    Kind.AMENDING_POINT: "ol",
    Kind.INDENT: "ul",
}
SECTIONS = HEADED
CLASSES: dict[str, str] = {
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
        if item.heading and item.kind in HEADED:
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
        "citations": writer.whole(law.part(Kind.CITATION), below),
        "recitals": writer.whole(law.part(Kind.RECITAL), below),
        "enacting": writer.whole(law.enacting, below),
        "annexes": writer.whole(law.part(Kind.ANNEX), below),
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
            *_fixed_words(law, "above", _("Words over the title")),
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
    lines = law.frame.get(part, [])
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
    """One unit after the other, in code: a template for each would take seconds where a text has a thousand.

    Everything here is HTML; `escape` stands at the four places where a law's own words come in.
    """

    def __init__(self, id_prefix: str, permalinks: bool, for_print: bool) -> None:
        self.prefix, self.permalinks, self.for_print = escape(id_prefix), permalinks, for_print
        self.link_label = escape(_("Link to %(provision)s")) if permalinks else ""

    def whole(self, items: Iterable[NumberedProvision], level: int) -> SafeString:
        return mark_safe(self.units(items, level))  # noqa: S308  escaped piece by piece

    def units(self, items: Iterable[NumberedProvision], level: int) -> str:
        """Siblings in order; those that form a list are put into one."""
        parts: list[str] = []
        for tag, group in groupby(items, key=lambda item: LISTS.get(item.kind, "")):
            if tag:
                entries = "".join(self.entry(item, level) for item in group)
                parts.append(f'<{tag} class="law-list" role="list">{entries}</{tag}>')
            else:
                parts += [self.unit(item, level) for item in group]
        return "".join(parts)

    def entry(self, item: NumberedProvision, level: int) -> str:
        inner = f"{self.number(item)}{self.text(item, lead='')}{self.units(item.children, level)}"
        return f'<li class="{CLASSES[item.kind]}" id="{self.anchor(item)}">{inner}</li>'

    def unit(self, item: NumberedProvision, level: int) -> str:
        if item.kind in SECTIONS:
            return self.section(item, level)
        children = self.units(item.children, level)
        if item.kind == Kind.QUOTED:
            body = self.text(item, lead=item.opening) if item.body else ""
            return f'<blockquote class="law-quoted" id="{self.anchor(item)}">{body}{children}</blockquote>'
        number = self.number(item) if item.number else ""
        lead = "" if item.number else item.opening
        text = self.text(item, lead=lead)
        return f'<div class="law-{item.kind}" id="{self.anchor(item)}">{number}{text}{children}</div>'

    def section(self, item: NumberedProvision, level: int) -> str:
        tag = f"h{min(level, MAX_HEADING)}"
        number = f'<span class="law-number">{escape(item.opening)}{escape(item.number)}</span>'
        if item.heading:
            heading = f'<span class="law-heading">{self.runs(item.heading)}</span>'
            # A heading in wide brackets stands above its number: （目的） 第一条.
            parts = (heading, number) if item.heading_text.startswith("（") else (number, heading)
            number = heading_gap(item).join(parts)
        text = self.text(item, lead="", linked=False)
        children = self.units(item.children, level + 1)
        return (
            f'<section class="law-{item.kind}" id="{self.anchor(item)}"><{tag}>{number}{self.permalink(item)}</{tag}>'
            f"{text}{children}</section>"
        )

    def number(self, item: NumberedProvision) -> str:
        if not item.number and not item.opening:
            return ""
        return f'<span class="law-number">{escape(item.opening)}{escape(item.number)}</span> '

    def text(self, item: NumberedProvision, *, lead: str, linked: bool = True) -> str:
        run_in = "" if not item.heading or item.kind in SECTIONS else self.run_in(item)
        if not (item.body or lead or item.closing or run_in):
            return ""
        link = self.permalink(item) if linked else ""
        return f"<p>{escape(lead)}{run_in}{self.runs(item.body)}{escape(item.closing)}{link}</p>"

    def run_in(self, item: NumberedProvision) -> str:
        """A heading that the text follows on its line; after a dash without a space."""
        gap = "" if item.heading_text.endswith("—") else " "
        return f'<span class="law-run-in">{self.runs(item.heading)}</span>{gap}'

    def runs(self, runs: Iterable[Run]) -> str:
        if self.for_print:
            # WeasyPrint 70 now and then ends a line after its first word when an inline element follows.
            return escape("".join(run.text for run in runs))
        return "".join(self.run(run) for run in runs)

    def run(self, run: Run) -> str:
        said = escape(run.text)
        if run.reference:
            return f'<a class="law-ref" href="#{self.prefix}{escape(run.reference)}">{said}</a>'
        return f'<span class="law-variable">{said}</span>' if run.variable else said

    def permalink(self, item: NumberedProvision) -> str:
        if not self.permalinks or not item.citation:
            return ""
        label = self.link_label % {"provision": escape(item.citation)}
        return f' <a class="law-anchor" href="#{self.anchor(item)}" aria-label="{label}">#</a>'

    def anchor(self, item: NumberedProvision) -> str:
        return f"{self.prefix}{escape(item.key)}"
