"""The documents of a filing, built from what was fixed and from nothing else; and how pages show what was fixed."""

import re
from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaign.accounts.models import User
from campaign.campaigns.rules import can_lead
from campaign.consultations.limits import measure
from campaign.consultations.models import Filing
from campaign.consultations.printed.content import (
    Filed,
    amendments_html,
    country_chart,
    drawn_section,
    endorser_rows,
    evidence_rows,
    filed_texts,
    filing_context,
    month_chart,
)
from campaign.consultations.printed.covers import cover_of
from campaign.consultations.printed.data import (
    answers_csv,
    countries_csv,
    filing_json,
    filing_markdown,
    filing_text,
)
from campaign.consultations.printed.kinds import FILING_BUNDLE, FILING_KINDS
from campaign.consultations.printed.notes import FootNotes, ListedNotes, PageNotes, WordNotes
from campaign.consultations.rules import submission_role
from campaign.core.cleaning import markdown_to_html
from campaign.documents.builders import (
    Builder,
    BundleSource,
    DocumentSource,
    Embedded,
    Person,
    TextSource,
    WordSource,
    register_builder,
)
from campaign.documents.formats import CSV, JSON
from campaign.documents.models import FrozenText
from campaign.documents.text_kinds import Passage
from campaign.organizations.logos import data_address, stored_logo
from campaign.organizations.printed import printed_endorsers


def filed_content(filing: Filing) -> dict[str, Any]:
    """What was fixed with a filing, ready for a page: `text`, `summary_html`, `evidence`, `record`, `box_length` (characters)."""
    text = _submission_content(filing.frozen_text)
    record = _filing_content(filing.record)
    return {
        "text": text,
        "summary_html": text["summary_html"],
        "evidence": text["evidence"],
        "record": record,
        "box_length": measure(text["box_text"], "characters"),
    }


def _submission_content(text: FrozenText) -> dict[str, Any]:
    data: dict[str, Any] = text.data
    notes = PageNotes(data.get("evidence", []))
    data["summary_html"] = notes.html(data["summary"])
    data["sections"] = [drawn_section(section, notes.html) for section in data["sections"]]
    data["evidence"] = evidence_rows(data)
    return data


def _filing_content(record: FrozenText) -> dict[str, Any]:
    data: dict[str, Any] = record.data
    data["endorsements"] = endorser_rows(data)
    return data


def draw_submission(text: FrozenText) -> SafeString:
    """The frozen text of a submission as a page shows it: what an organization reads before it endorses it."""
    data = _submission_content(text)
    context = {
        "frozen_text": text,
        "text": data,
        "summary_html": data["summary_html"],
        "evidence": data["evidence"],
    }
    return render_to_string("consultations/_frozen_submission.html", context)


def submission_passages(text: FrozenText) -> list[Passage]:
    """Title, summary, each question with its answers, its file and what organizations add, the sources, the annex, the amendments
    and the petition it cites.
    """
    data = text.data
    asked_in = data["consultation"]["locale"]
    with translation.override(text.locale):
        passages = [
            Passage("title", _("Title"), text.title),
            Passage("consultation", _("Consultation"), _consultation_line(data), language=asked_in),
            Passage("summary", _("Summary"), data["summary"]),
        ]
        for section in data["sections"]:
            passages.append(Passage("", _("Section"), section["title"], language=asked_in))
            for question in section["questions"]:
                passages += _question_passages(question, asked_in)
        passages += [
            Passage(f"source:{row['key']}", _("Source %(key)s") % {"key": row["key"]}, _source_words(row))
            for row in data.get("evidence", [])
        ]
        passages += [
            Passage("annex", _("Annex"), _cited(data["annex"])),
            Passage("amendments", _("Amendments"), _cited(data.get("amendments"))),
            Passage("petition", _("Petition"), _cited(data["petition"])),
        ]
    return [passage for passage in passages if passage.text]


def _consultation_line(data: dict[str, Any]) -> str:
    asked = data["consultation"]
    reference = f" ({asked['reference']})" if asked["reference"] else ""
    return f"{asked['authority']}: {asked['title']}{reference}"


def _question_passages(question: dict[str, Any], asked_in: str) -> list[Passage]:
    number = question["number"]
    words = {"number": number}
    # A chosen option is in the authority's words.
    chosen_in = asked_in if question["options"] else ""
    return [
        Passage(
            f"{number}:question",
            _("Question %(number)s, as asked") % words,
            question["question"],
            language=asked_in,
            level=1,
        ),
        Passage(
            f"{number}:answer",
            _("Question %(number)s") % words,
            question["answer"],
            level=1,
            is_provision=True,
        ),
        Passage(
            f"{number}:short",
            _("Question %(number)s, short answer") % words,
            question["short_answer"],
            language=chosen_in,
            level=1,
        ),
        Passage(
            f"{number}:file",
            _("Question %(number)s, file") % words,
            _file_words(question.get("upload")),
            level=1,
        ),
        *(each for part in question.get("own_parts", []) for each in _own_passages(number, part)),
    ]


def _own_passages(number: str, part: dict[str, Any]) -> list[Passage]:
    """What one organization adds to an answer, in full and in short."""
    words = {"number": number, "name": part["organization"]}
    key = f"{number}:own:{part['organization_id']}"
    return [
        Passage(key, _("Question %(number)s, own part of %(name)s") % words, part["answer"], level=1),
        Passage(
            f"{key}:short",
            _("Question %(number)s, short own part of %(name)s") % words,
            part["short_answer"],
            level=1,
        ),
    ]


def _file_words(upload: dict[str, Any] | None) -> str:
    """Name and digest: another file may have the same name."""
    return f"{upload['name']}\nSHA-256 {upload['digest']}" if upload else ""


def _source_words(row: dict[str, Any]) -> str:
    """Everything a text says of a source, a line for each."""
    copy = f"{row['archive_name']}\nSHA-256 {row['archive_digest']}" if row["archive_digest"] else ""
    names = ("author", "title", "published_on", "url", "quote", "seen_on")
    return "\n".join(each for each in (*(row[name] for name in names), copy) if each)


def _cited(text: dict[str, Any] | None) -> str:
    """Title and digest: another text may have the same title."""
    return f"{text['title']}\nSHA-256 {text['digest']}" if text else ""


def draw_filing(record: FrozenText) -> SafeString:
    """The record of a filing as a page shows it."""
    context = {"frozen_text": record, "record": _filing_content(record)}
    return render_to_string("consultations/_frozen_filing.html", context)


def build_filing(record: FrozenText, locale: str) -> DocumentSource:
    """The PDF that goes to the authority: cover, contents, questions and answers, who stands behind it, evidence, annexes.

    Inside it lies the same for machines.
    """
    filed = filed_texts(record)
    context = filing_context(filed, FootNotes(_evidence(filed)))
    context |= {
        "endorsers": printed_endorsers(record.data),
        "country_chart": country_chart(context["countries"]),
        "month_chart": month_chart(context["months"]),
        "cover": cover_of(filed.text.data),
        "letterhead": _letterhead(filed),
        "embedded": _embedded(filed),
    }
    html = render_to_string("consultations/pdf/filing.html", context)
    return DocumentSource(
        html=html,
        title=filed.text.title,
        locale=locale,
        file_name=filed.file_stem,
        embedded=context["embedded"],
    )


def build_word(record: FrozenText, locale: str) -> WordSource:
    """The same for word processors, with real headings, lists, tables and footnotes."""
    filed = filed_texts(record)
    return _word(filed, locale, WordNotes(_evidence(filed)), file_name=filed.file_stem)


def build_plain_word(record: FrozenText, locale: str) -> WordSource:
    """For authorities that take no footnotes, tables or pictures: notes are numbered in the text and listed at the end."""
    filed = filed_texts(record)
    return _word(filed, locale, ListedNotes(_evidence(filed)), file_name=f"{filed.file_stem}-plain")


def build_markdown(record: FrozenText, locale: str) -> TextSource:
    return _text(record, filing_markdown)


def build_text(record: FrozenText, locale: str) -> TextSource:
    return _text(record, filing_text)


def build_json(record: FrozenText, locale: str) -> TextSource:
    return _text(record, filing_json)


def build_csv(record: FrozenText, locale: str) -> TextSource:
    return _text(record, answers_csv)


def build_bundle(record: FrozenText, locale: str) -> BundleSource:
    """All files of a filing that are ready, and a list of their digests."""
    kinds = tuple(kind for kind in FILING_KINDS if kind != FILING_BUNDLE)
    return BundleSource(kinds=kinds, file_name=filed_texts(record).file_stem)


_BUILDERS: dict[str, Builder] = {
    "consultations.filing": build_filing,
    "consultations.filing.docx": build_word,
    "consultations.filing.plain.docx": build_plain_word,
    "consultations.filing.odt": build_word,
    "consultations.filing.md": build_markdown,
    "consultations.filing.txt": build_text,
    "consultations.filing.json": build_json,
    "consultations.filing.csv": build_csv,
    FILING_BUNDLE: build_bundle,
}


def register_filing_documents() -> None:
    """Let all of them be made. Whoever leads the campaign may stop the work on them."""
    for kind, media_type in FILING_KINDS.items():
        register_builder(kind, _BUILDERS[kind], media_type=media_type, may_cancel=may_cancel_filing_document)


def may_cancel_filing_document(record: FrozenText, person: Person) -> bool:
    """Whether somebody leads a campaign that filed with this record."""
    if not isinstance(person, User):
        return False
    filings = Filing.objects.filter(record=record).select_related("submission__campaign")
    return any(can_lead(submission_role(person, filing.submission)) for filing in filings)


def _word(filed: Filed, locale: str, notes: WordNotes | ListedNotes, *, file_name: str) -> WordSource:
    is_plain = isinstance(notes, ListedNotes)
    context = filing_context(filed, notes)
    context |= {
        "endorsers": printed_endorsers(filed.record.data),
        "is_plain": is_plain,
        "amendments_html": _HIDDEN.sub("", amendments_html(filed.amendments, with_tables=not is_plain)),
    }
    html = str(render_to_string("consultations/word/filing.html", context))
    html = without_tables(html) if is_plain else html
    return WordSource(html=html, title=filed.text.title, locale=locale, file_name=file_name)


# Words for whoever hears a page; in a word processor's file they would be seen. They hold no markup.
_HIDDEN = re.compile(r'<bdi class="visually-hidden"[^>]*>[^<]*</bdi>')


def without_tables(html: str) -> str:
    """Tables row by row as paragraphs, their cells separated by semicolons."""
    rows = re.sub(r"</t[hd]>\s*<t[hd][^>]*>", "; ", html)
    rows = re.sub(r"<tr[^>]*>\s*<t[hd][^>]*>", "<p>", rows)
    rows = re.sub(r"</t[hd]>\s*</tr>", "</p>", rows)
    return re.sub(r"</?(?:table|thead|tbody|tfoot|colgroup|col)\b[^>]*>", "", rows)


def _text(record: FrozenText, write: Callable[[Filed], str]) -> TextSource:
    filed = filed_texts(record)
    return TextSource(text=write(filed), file_name=filed.file_stem)


def _evidence(filed: Filed) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = filed.text.data.get("evidence", [])
    return found


def _embedded(filed: Filed) -> tuple[Embedded, ...]:
    """What machines read: all that was fixed, and two tables."""
    return (
        Embedded(
            name="answers.csv",
            content=answers_csv(filed).encode(),
            media_type=CSV,
            description=_("Questions and answers as a table"),
        ),
        Embedded(
            name="countries.csv",
            content=countries_csv(filed).encode(),
            media_type=CSV,
            description=_("Signatures by country as a table"),
        ),
        Embedded(
            name="filing.json",
            content=filing_json(filed).encode(),
            media_type=JSON,
            description=_("The text and the record of this filing, as they were fixed"),
            relationship="Source",
        ),
    )


def _letterhead(filed: Filed) -> str:
    """The logo of the organization that files, as the record fixed it; "" without one, and in older records."""
    digest = filed.record.data.get("letterhead", "")
    content = stored_logo(digest) if digest else None
    return data_address(content) if content else ""


def answer_html(markdown: str) -> SafeString:
    """An answer as a page shows it; its headings go below those around it."""
    return markdown_to_html(markdown, heading_offset=3)
