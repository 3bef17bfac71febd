"""The document of a filing, built from what was fixed and from nothing else."""

import re
from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django_countries import countries

from campaign.consultations.limits import measure
from campaign.consultations.models import Filing
from campaign.core.cleaning import markdown_to_html
from campaign.documents.builders import DocumentSource
from campaign.documents.models import FrozenText
from campaign.documents.text_kinds import Passage
from campaign.organizations.printed import printed_endorsers
from campaign.regulations.rendering import render_law_html

_LINK = re.compile(r'<a href="(?P<address>https?://[^"<>]*)"[^>]*>.*?</a>', re.DOTALL)


def filed_content(filing: Filing) -> dict[str, Any]:
    """What was fixed with a filing, ready for a page: `text`, `summary_html`, `record`, `box_length` in characters."""
    text = _submission_content(filing.frozen_text)
    record = _filing_content(filing.record)
    return {
        "text": text,
        "summary_html": answer_html(text["summary"]),
        "record": record,
        "box_length": measure(text["box_text"], "characters"),
    }


def _submission_content(text: FrozenText) -> dict[str, Any]:
    data: dict[str, Any] = text.data
    data["sections"] = [_section(section, answer_html) for section in data["sections"]]
    return data


def _filing_content(record: FrozenText) -> dict[str, Any]:
    data: dict[str, Any] = record.data
    for row in data["endorsements"]:
        row["country_name"] = country_name(row["country"])
    return data


def draw_submission(text: FrozenText) -> SafeString:
    """The frozen text of a submission as a page shows it: what an organization reads before it endorses it."""
    data = _submission_content(text)
    context = {"frozen_text": text, "text": data, "summary_html": answer_html(data["summary"])}
    return render_to_string("consultations/_frozen_submission.html", context)


def submission_passages(text: FrozenText) -> list[Passage]:
    """Title, summary, each question with its answers, the annex and the petition it cites."""
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
            Passage("annex", _("Annex"), _cited(data["annex"])),
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
    ]


def _cited(text: dict[str, Any] | None) -> str:
    """Title and digest: another text may have the same title."""
    return f"{text['title']}\nSHA-256 {text['digest']}" if text else ""


def draw_filing(record: FrozenText) -> SafeString:
    """The record of a filing as a page shows it."""
    return render_to_string("consultations/_frozen_filing.html", {"record": _filing_content(record)})


def build_filing(record: FrozenText, locale: str) -> DocumentSource:
    """The PDF that goes to the authority: cover, contents, questions and answers, who stands behind it, the annex."""
    fixed = record.data
    text = FrozenText.objects.get(digest=fixed["text"])
    data = text.data
    annex = FrozenText.objects.get(digest=data["annex"]["digest"]) if data["annex"] else None
    context = {
        "frozen_text": text,
        "record": record,
        "filing": fixed,
        "data": data,
        "reference": data["consultation"]["reference"],
        "running_title": running_title(text.title, practice=fixed["is_practice"]),
        "summary_html": printed_html(data["summary"]),
        "sections": [_section(section, printed_html) for section in data["sections"]],
        "endorsements": fixed["endorsements"],
        "endorsers": printed_endorsers(fixed),
        "countries": _countries(fixed["signatures"]),
        "annex": annex,
        "annex_html": render_law_html(annex.data, for_print=True) if annex else "",
    }
    html = render_to_string("consultations/pdf/filing.html", context)
    name = f"{data['consultation']['slug']}-{text.digest[:8]}.pdf"
    return DocumentSource(html=html, title=text.title, locale=locale, file_name=name)


def running_title(title: str, *, practice: bool) -> str:
    """What stands at the head of every page: a practice filing says so on each."""
    return _("%(title)s (practice filing)") % {"title": title} if practice else title


def answer_html(markdown: str) -> SafeString:
    """An answer as a page shows it; its headings go below those around it."""
    return markdown_to_html(markdown, heading_offset=3)


def printed_html(markdown: str) -> SafeString:
    """An answer as the document prints it: each link's address stands at the foot of the page, for readers on paper."""
    html = str(answer_html(markdown))
    return mark_safe(_LINK.sub(r'\g<0><span class="footnote">\g<address></span>', html))  # noqa: S308  cleaned, and no less so now


def country_name(code: str) -> str:
    """A country's name in the active language; "" for the merged small ones."""
    return str(countries.name(code)) if code else ""


def _section(section: dict[str, Any], draw: Callable[[str], SafeString]) -> dict[str, Any]:
    questions = [
        # Where only the short answer was written, it is the answer; a choice is shown as what was chosen.
        {**each, "answer_html": draw(each["answer"] or ("" if each["options"] else each["short_answer"]))}
        for each in section["questions"]
    ]
    return {**section, "questions": questions}


def _countries(signatures: dict[str, Any] | None) -> list[dict[str, Any]]:
    if signatures is None:
        return []
    return [{**row, "name": country_name(row["code"])} for row in signatures["countries"]]
