"""The words of a model beside those a body made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaign.documents.words import Piece, word_changes
from campaign.regulations.blocks import Mark, Paragraph, Span, Writing
from campaign.regulations.exports.html import direction_of, writing_html
from campaign.regulations.models import AdoptedProvision, Adoption
from campaign.regulations.numbered import NumberedProvision, NumberedText, walk_numbered

MARKS = {"keep": Mark.PLAIN, "del": Mark.DELETED, "ins": Mark.INSERTED}


@dataclass(frozen=True, slots=True)
class Row:
    """One provision taken over. `drawn` is None where the model has it no more."""

    provision: AdoptedProvision
    name: str
    drawn: SafeString | None


def provision_names(law: NumberedText) -> dict[str, str]:
    """How people call each provision of a law that can be taken over, by key, in reading order."""
    return {item.key: _name(item) for _depth, item in walk_numbered(law.provisions)}


def _name(item: NumberedProvision) -> str:
    said = item.heading_text or item.term or item.body_text
    shown = said if len(said) <= 60 else f"{said[:59]}…"
    place = item.citation or item.number
    return f"{place}: {shown}" if place and shown else place or shown or item.key


def provision_words(item: NumberedProvision) -> str:
    """A provision with all below it, a unit a line, without its own number: each text has another."""
    lines: list[str] = []
    for depth, unit in walk_numbered((item,)):
        number = unit.number if depth else ""
        body = " ".join(part for part in (number if not unit.heading else "", unit.body_text) if part)
        heading = " ".join(part for part in (number, unit.heading_text) if part) if unit.heading else ""
        lines += [line for line in (heading, body) if line]
    return "\n".join(lines)


def adopted_rows(adoption: Adoption) -> list[Row]:
    """What a body made of each provision, in the order of the model: words marked, or side by side in two languages."""
    assert adoption.edition.frozen_text is not None  # published editions only  # noqa: S101
    law = NumberedText.of_payload(adoption.edition.frozen_text.data)
    units = {item.key: item for _depth, item in walk_numbered(law.provisions)}
    order = {key: place for place, key in enumerate(units)}
    rows = sorted(adoption.provisions.all(), key=lambda row: (order.get(row.key, len(order)), row.key))
    return [
        Row(row, _name(units[row.key]), _drawn(adoption, law, units[row.key], row))
        if row.key in units
        else Row(row, row.key, None)
        for row in rows
    ]


def _drawn(
    adoption: Adoption, law: NumberedText, item: NumberedProvision, row: AdoptedProvision
) -> SafeString:
    model = provision_words(item)
    if adoption.locale.partition("-")[0] == law.language.partition("-")[0]:
        pieces = word_changes(model, _one_end(row.text))
        writing = Writing("", law.language, tuple(_paragraphs(pieces)))
        with translation.override(law.language):
            return writing_html(writing, with_title=False)
    return _side_by_side(adoption, law, model, row.text)


def _side_by_side(adoption: Adoption, law: NumberedText, model: str, text: str) -> SafeString:
    return format_html(
        '<div class="split split--even"><div><h4>{}</h4><p class="box-text" lang="{}" dir="{}">{}</p></div>'
        '<div><h4>{}</h4><p class="box-text" lang="{}" dir="{}">{}</p></div></div>',
        _("The model"),
        law.language,
        direction_of(law.language),
        model,
        _("The text that took it over"),
        adoption.locale,
        direction_of(adoption.locale),
        text,
    )


def _one_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _paragraphs(pieces: Iterable[Piece]) -> Iterable[Paragraph]:
    spans: list[Span] = []
    for op, text in pieces:
        first, *others = text.split("\n")
        spans += [Span(first, MARKS[op])] if first else []
        for line in others:
            yield Paragraph(tuple(spans))
            spans = [Span(line, MARKS[op])] if line else []
    yield Paragraph(tuple(spans))
