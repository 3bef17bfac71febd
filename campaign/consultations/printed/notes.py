"""Notes of a document: what an answer cites and where its links lead, numbered in the order of reading."""

import re
from abc import ABC, abstractmethod
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from campaign.consultations.evidence import PLACED, html_with_marks

_LINK = re.compile(r'<a href="(?P<address>[^"<>]*)"[^<>]*>(?P<words>[^<]*(?:<(?!/?a[ >])[^<]*)*)</a>')
_EVENT = re.compile(f"{_LINK.pattern}|{PLACED.pattern}")


class Notes(ABC):
    """Takes in texts in the order of reading; gives them with their notes in place.

    `evidence` is what was frozen as cited: a list of sources, each with its `key`. A mark without a source stays as it was typed.
    """

    def __init__(self, evidence: list[dict[str, Any]]) -> None:
        self.evidence = evidence
        self.bodies: list[SafeString] = []
        self._places = {row["key"]: place for place, row in enumerate(evidence)}
        self._first: dict[int, int] = {}  # number of the note that first names a source, by its place

    def html(self, markdown: str) -> SafeString:
        """An answer as HTML, its headings below those around it, with its notes."""
        drawn = html_with_marks(markdown, self._places.get, heading_offset=3)
        return mark_safe(_EVENT.sub(self._drawn, drawn))  # noqa: S308  cleaned, and no less so now

    @abstractmethod
    def draw(self, number: int, body: SafeString) -> str:
        """What stands in the text for a note: HTML."""

    def link(self, anchor: str, words: str) -> str:
        """How a link is shown: HTML."""
        return anchor

    def _drawn(self, match: re.Match[str]) -> str:
        address = match.group("address")
        if address is None:
            return self._add(self._source(int(match.group(3))))
        shown = match.group("words")
        anchor = self.link(match.group(), shown)
        says_it = address.removeprefix("mailto:").rstrip("/") == re.sub("<[^>]*>", "", shown).rstrip("/")
        # In attributes and text alike, the address is escaped already.
        return anchor if says_it else anchor + self._add(mark_safe(address))  # noqa: S308

    def _add(self, body: SafeString) -> str:
        self.bodies.append(body)
        return self.draw(len(self.bodies), body)

    def _source(self, place: int) -> SafeString:
        source = self.evidence[place]
        first = self._first.setdefault(place, len(self.bodies) + 1)
        if first <= len(self.bodies):
            return format_html(
                "{}", _("%(title)s, as in note %(number)s.") % {"title": source["title"], "number": first}
            )
        return source_line(source)


class FootNotes(Notes):
    """At the foot of the page, for print: the style sheet numbers them."""

    def draw(self, number: int, body: SafeString) -> str:
        return f'<span class="footnote">{body}</span>'


class WordNotes(Notes):
    """Real footnotes of word processors."""

    def draw(self, number: int, body: SafeString) -> str:
        return f'<a role="doc-noteref" href="#note-{number}">{number}</a>'


class ListedNotes(Notes):
    """Numbers in brackets and one list at the end, for authorities that take neither footnotes nor links."""

    def draw(self, number: int, body: SafeString) -> str:
        return f" [{number}]"

    def link(self, anchor: str, words: str) -> str:
        return words


class PageNotes(Notes):
    """Small numbers that lead to the list of evidence on the same page; links lead where they lead."""

    def _drawn(self, match: re.Match[str]) -> str:
        if match.group("address") is not None:
            return match.group()
        number = int(match.group(3)) + 1
        return f'<sup class="note-mark"><a href="#evidence-{number}">{number}</a></sup>'

    def draw(self, number: int, body: SafeString) -> str:
        return str(number)


def source_line(source: dict[str, Any]) -> SafeString:
    """A source in one line: who, what, when, where."""
    author = f"{source['author']}: " if source["author"] else ""
    published = f", {source['published_on']}" if source["published_on"] else ""
    where = f". {source['url']}" if source["url"] else "."
    return escape(f"{author}{source['title']}{published}{where}")
