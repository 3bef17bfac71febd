"""What every format of a filing shows, from what was fixed and from nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_countries import countries

from campaign.consultations.deadlines import wall_time_at
from campaign.consultations.printed.notes import Notes
from campaign.core.cleaning import clean_text
from campaign.documents.models import FrozenText
from campaign.organizations.printed import printed_endorsers
from campaign.petitions.charts import Bar, Chart, columns, rows
from campaign.regulations.blocks import without_tables, writing_of_data
from campaign.regulations.exports.html import writing_html
from campaign.regulations.rendering import render_law_html

MOST_BARS = 20  # countries drawn; the table has them all


@dataclass(frozen=True)
class Filed:
    """The record of a filing with the texts that it names: the submission, the instrument or None, its amendments or None."""

    record: FrozenText
    text: FrozenText
    annex: FrozenText | None
    amendments: FrozenText | None

    @property
    def file_stem(self) -> str:
        return f"{self.text.data['consultation']['slug']}-{self.text.digest[:8]}"


def filed_texts(record: FrozenText) -> Filed:
    """Raises FrozenText.DoesNotExist when the record names a text that is not here."""
    text = FrozenText.objects.get(digest=record.data["text"])
    # Texts that were frozen before there were amendments name none.
    annex, amendments = (
        FrozenText.objects.get(digest=named["digest"]) if named else None
        for named in (text.data["annex"], text.data.get("amendments"))
    )
    return Filed(record, text, annex, amendments)


def filing_context(filed: Filed, notes: Notes) -> dict[str, Any]:
    """The parts that documents with pages have in common. Summary and answers are taken into `notes` in the order of reading."""
    fixed, data = filed.record.data, filed.text.data
    signatures = fixed["signatures"]
    return {
        "frozen_text": filed.text,
        "record": filed.record,
        "filing": fixed,
        "data": data,
        "reference": data["consultation"]["reference"],
        "dated": wall_time_at(filed.record.frozen_at, data["consultation"]["time_zone"]).date(),
        "running_title": running_title(filed.text.title, practice=fixed["is_practice"]),
        "summary_html": notes.html(data["summary"]),
        "sections": [drawn_section(section, notes.html) for section in data["sections"]],
        "evidence": evidence_rows(data),
        "endorsements": fixed["endorsements"],
        "countries": country_rows(signatures),
        "months": month_rows(signatures),
        "annex": filed.annex,
        "annex_html": render_law_html(filed.annex.data, for_print=True) if filed.annex else "",
        "amendments": filed.amendments,
        "amendments_html": amendments_html(filed.amendments),
        "notes": notes.bodies,
    }


def amendments_html(text: FrozenText | None, *, with_tables: bool = True) -> SafeString:
    """Amendments in the language of the law, headings below that of their section; "" for none."""
    if text is None:
        return SafeString("")
    writing = writing_of_data(text.data)
    if not with_tables:
        writing = without_tables(writing)
    with override(writing.language):
        return writing_html(writing, heading_level=2, with_title=False)


def running_title(title: str, *, practice: bool) -> str:
    """What stands at the head of every page: a practice filing says so on each."""
    return _("%(title)s (practice filing)") % {"title": title} if practice else title


def drawn_section(section: dict[str, Any], draw: Callable[[str], str]) -> dict[str, Any]:
    """A section whose questions have `answer_html`; and own parts with that and `short_html`, the short one beside a full one."""
    return {**section, "questions": [_question(question, draw) for question in section["questions"]]}


def _question(question: dict[str, Any], draw: Callable[[str], str]) -> dict[str, Any]:
    # Where only the short answer was written, it is the answer; a choice is shown as what was chosen.
    short = "" if question["options"] else question["short_answer"]
    drawn = {**question, "answer_html": _full_or_short(question["answer"], short, draw)}
    drawn["own_parts"] = [
        {
            **part,
            "answer_html": _full_or_short(part["answer"], part["short_answer"], draw),
            "short_html": plain_html(part["short_answer"]) if part["answer"] else "",
        }
        for part in question.get("own_parts", [])
    ]
    return drawn


def _full_or_short(full: str, short: str, draw: Callable[[str], str]) -> str:
    """The full text, which is Markdown; without one the short text, which is none."""
    return draw(full) if full else plain_html(short)


def plain_html(text: str) -> SafeString:
    """Plain text as paragraphs with its line breaks; "" for none."""
    drawn = linebreaks(clean_text(text).strip(), autoescape=True) if text.strip() else ""
    return mark_safe(drawn)  # noqa: S308  escaped right here


def endorser_rows(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Who stood behind the text, one after the other, each with `country_name`, `proof_label` and `exceptions`."""
    # Without their logos, which would all be read from the store.
    plain = [{**row, "logo": ""} for row in record["endorsements"]]
    return [
        row for _region, rows in printed_endorsers({**record, "endorsements": plain}).groups for row in rows
    ]


def evidence_rows(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The sources cited, in the order of first citation. None in texts frozen before there were any."""
    return [
        {**row, "seen": date_format(date.fromisoformat(row["seen_on"])) if row["seen_on"] else ""}
        for row in data.get("evidence", [])
    ]


def country_name(code: str) -> str:
    """A country's name in the active language; "" for the merged small ones."""
    return str(countries.name(code)) if code else ""


def country_rows(signatures: dict[str, Any] | None) -> list[dict[str, Any]]:
    if signatures is None:
        return []
    return [{**row, "name": country_name(row["code"])} for row in signatures["countries"]]


def month_rows(signatures: dict[str, Any] | None) -> list[dict[str, Any]]:
    """One row for each month that was fixed; `label` is short, `name` in full. Empty for records made before there were any."""
    months = (signatures or {}).get("months", [])
    found = []
    for row in months:
        first = date.fromisoformat(f"{row['month']}-01") if row["month"] else None
        found.append(
            {
                **row,
                "label": date_format(first, "M Y") if first else _("Others"),
                "name": date_format(first, "YEAR_MONTH_FORMAT") if first else _("Other months"),
            }
        )
    return found


def country_chart(found: list[dict[str, Any]]) -> Chart:
    """The largest as bars, the rest as one."""
    bars = [Bar(row["name"] or _("Other countries"), row["total"]) for row in found[:MOST_BARS]]
    rest = sum(row["total"] for row in found[MOST_BARS:])
    return rows([*bars, Bar(_("All others"), rest)] if rest else bars)


def month_chart(found: list[dict[str, Any]]) -> Chart:
    """Months in the order of time, those between them that had none too. Merged small ones have no place in time."""
    totals = {row["month"]: row for row in found if row["month"]}
    if not totals:
        return columns([])
    first, last = (date.fromisoformat(f"{end(totals)}-01") for end in (min, max))
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    each = [date(number // 12, number % 12 + 1, 1) for number in numbers]
    return columns(
        [
            Bar(date_format(day, "M Y"), totals.get(day.strftime("%Y-%m"), {"total": 0})["total"])
            for day in each
        ]
    )
