"""Which sources answers cite, in which order, and how notes stand in a preview."""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString, mark_safe

from campaign.campaigns.models import Campaign
from campaign.consultations.models import Answer, OwnPart, Source, Submission
from campaign.core.cleaning import markdown_to_html

CITED = re.compile(r"(?<!\\)\[\^([A-Za-z0-9_-]{1,40})\]")
# A mark in any spelling: `[^` that is no citation is a mistake, too.
LOOSE = re.compile(r"(?<!\\)\[\^[^\]\n]{0,60}\]?")
PLACED = re.compile("\ue000([0-9]+)\ue001")
_PRIVATE = re.compile("[\ue000\ue001]")
_LINK = re.compile(r'(<a href="[^"<>]*"[^<>]*>)([^<]*(?:<(?!/?a[ >])[^<]*)*)(</a>)')


@dataclass(frozen=True)
class Note:
    """One source under an answer, by the number its marks show."""

    number: int
    source: Source
    anchor: str


def cited_keys(texts: Iterable[str]) -> list[str]:
    """The keys that are cited, each once, in the order of their first citation."""
    return list(dict.fromkeys(match.group(1) for text in texts for match in CITED.finditer(text)))


def html_with_marks(markdown: str, number_of: Callable[[str], int | None], *, heading_offset: int = 1) -> str:
    """People's Markdown as clean HTML in which PLACED finds each mark by its number. Marks without a number stay as typed.

    No mark stands inside a link, where it would be a link in a link: those in its words stand behind it.
    """
    # Markdown decodes `&#xE000;` after anything can be taken out of it: our marks have a name nobody can type.
    name = secrets.token_hex(8)

    def placed(match: re.Match[str]) -> str:
        number = number_of(match.group(1))
        return match.group() if number is None else f"\ue000{name}{number}\ue001"

    marked = CITED.sub(placed, _PRIVATE.sub("", markdown))
    html = str(markdown_to_html(marked, heading_offset=heading_offset))
    html = re.sub(f"%EE%80%80{name}[0-9]+%EE%80%81", "", html)  # no mark stands in an address
    parts = re.split(f"\ue000{name}([0-9]+)\ue001", html)
    known = [
        f"\ue000{part}\ue001" if place % 2 else _PRIVATE.sub("", part) for place, part in enumerate(parts)
    ]
    return _LINK.sub(_marks_behind, "".join(known))


def _marks_behind(link: re.Match[str]) -> str:
    start, words, end = link.groups()
    marks = "".join(mark.group() for mark in PLACED.finditer(words))
    return PLACED.sub("", start + words) + end + marks


def campaign_sources(*, campaign: Campaign) -> list[Source]:
    """The sources of a campaign by title, each with its `copy` but not what is in it."""
    return list(source_rows(campaign=campaign))


def source_rows(*, campaign: Campaign) -> QuerySet[Source]:
    """The same, to be paged."""
    rows = Source.objects.filter(campaign=campaign).select_related("copy").defer("copy__content")
    return rows.order_by("title", "pk")


def evidence_list(*, submission: Submission, texts: Iterable[str]) -> list[dict[str, Any]]:
    """The cited sources as they are frozen, in the order of first citation. Nobody changes them until the transaction ends."""
    keys = cited_keys(texts)
    locked = Source.objects.select_for_update(no_key=True).filter(
        campaign=submission.campaign_id, key__in=keys
    )
    list(locked.order_by("pk").values_list("pk"))
    sources = {row.key: row for row in campaign_sources(campaign=submission.campaign)}
    return [_frozen(sources[key]) for key in keys if key in sources]


def _frozen(source: Source) -> dict[str, Any]:
    copy = getattr(source, "copy", None)
    return {
        "key": source.key,
        "title": source.title,
        "author": source.author,
        "published_on": source.published_on,
        "url": source.url,
        "quote": source.quote,
        "seen_on": source.seen_on.isoformat() if source.seen_on else "",
        "archive_digest": copy.digest if copy else "",
        "archive_name": _archive_name(source, copy.name) if copy else "",
    }


def _archive_name(source: Source, file_name: str) -> str:
    """A name that says nothing but which source it is: the name of an uploaded file may say who was asked, or who asked."""
    ending = PurePath(file_name).suffix.lower()
    return f"{source.key}{ending}" if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else source.key


def preview(
    text: str, sources: Mapping[str, Source], *, anchor: str = "note"
) -> tuple[SafeString, list[Note]]:
    """An answer as it will be printed, its marks as numbered notes; and the notes. A mark without a source stays as it is.

    `anchor` begins the anchors of the notes, so that two answers can stand on one page.
    """
    notes: dict[str, Note] = {}

    def number_of(key: str) -> int | None:
        if key not in sources:
            return None
        number = len(notes) + 1
        return notes.setdefault(key, Note(number, sources[key], f"{anchor}-{number}")).number

    mark = rf'<sup class="note-mark"><a href="#{anchor}-\1">\1</a></sup>'
    html = PLACED.sub(mark, html_with_marks(text, number_of))
    return mark_safe(html), list(notes.values())  # noqa: S308  cleaned, and digits alone were put in


def frozen_preview(text: str, data: dict[str, Any], *, anchor: str = "note") -> tuple[SafeString, list[Note]]:
    """A text of a frozen submission as `preview` shows one, with the sources as they were frozen: they are no rows."""
    names = ("key", "title", "author", "published_on", "url")
    sources = {
        row["key"]: Source(**{name: row[name] for name in names}, seen_on=parse_date(row["seen_on"]))
        for row in data.get("evidence", [])
    }
    return preview(text, sources, anchor=anchor)


def used_in(*, campaign: Campaign, submission: Submission | None = None) -> dict[str, list[Answer | OwnPart]]:
    """Where each source is cited: answers and own parts by the source's key, those of questions that are asked."""
    found: dict[str, list[Answer | OwnPart]] = {}
    for model in (Answer, OwnPart):
        rows = model.objects.filter(
            submission__campaign=campaign, text__contains="[^", question__gone_at=None
        )
        if submission:
            rows = rows.filter(submission=submission)
        rows = rows.select_related("submission", "question").order_by(
            "submission__created_at", "question__position", "pk"
        )
        for row in rows:
            for key in cited_keys([row.text]):
                found.setdefault(key, []).append(row)
    return found
