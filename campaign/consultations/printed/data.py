"""A filing for machines and for pasting: Markdown, plain text, JSON, CSV."""

import csv
import io
import json
import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.consultations.evidence import cited_keys
from campaign.consultations.limits import folded
from campaign.consultations.printed.content import Filed, country_name, endorser_rows
from campaign.consultations.printed.markdown import plain_markdown, safe_markdown
from campaign.core.cells import safe_cell
from campaign.core.cleaning import clean_line, clean_text
from campaign.core.plain import plain_text

_PRACTICE = gettext_lazy("It was made after the deadline and is not addressed to the authority.")
BOM = "\ufeff"  # spreadsheets take a table without it for one in their country's old character set


def filing_json(filed: Filed) -> str:
    """Everything that was fixed, in one file: each text with its digest and the form that the digest is taken of."""
    texts = {
        "record": filed.record,
        "submission": filed.text,
        "annex": filed.annex,
        "amendments": filed.amendments,
    }
    content = {
        name: {
            "digest": text.digest,
            "kind": text.kind,
            "locale": text.locale,
            "title": text.title,
            "payload": text.data,
        }
        for name, text in texts.items()
        if text is not None
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def answers_csv(filed: Filed) -> str:
    """One row for each question and for each own part; `organization` is empty for the common answer. `filing` is "practice" in
    each row of what was made after the deadline.
    """
    head = ["section", "number", "question", "organization", "answer", "short_answer"]
    table = [[*head, "file", "file_sha256", "filing"]]
    kind = "practice" if filed.record.data["is_practice"] else ""
    for section in filed.text.data["sections"]:
        for question in section["questions"]:
            about = [section["title"], question["number"], question["question"]]
            file = question.get("upload") or {"name": "", "digest": ""}
            answer = [question["answer"], question["short_answer"], file["name"], file["digest"]]
            table.append([*about, "", *answer, kind])
            table += [
                [*about, part["organization"], part["answer"], part["short_answer"], "", "", kind]
                for part in question.get("own_parts", [])
            ]
    return _table(table)


def countries_csv(filed: Filed) -> str:
    """Signatures by country; the merged small ones have no code. The head alone where no petition was cited."""
    signatures = filed.record.data["signatures"] or {"countries": []}
    rows = [[row["code"], country_name(row["code"]), str(row["total"])] for row in signatures["countries"]]
    return _table([["code", "country", "signatures"], *rows])


def filing_text(filed: Filed) -> str:
    """One block for each box, as it is pasted; then, where short answers were written, all of them as one."""
    data = filed.text.data
    numbers = note_numbers(data)
    blocks = [filed.text.title]
    if filed.record.data["is_practice"]:
        blocks.append(practice_words())
    for section in data["sections"]:
        for question in section["questions"]:
            words = [typed_answer(question, numbers), _typed_reasons(question, numbers), _file(question)]
            head = _("Question %(number)s") % {"number": question["number"]}
            blocks.append(_block(head, "\n\n".join(filter(None, words)) or _("Not answered.")))
            blocks += [
                _block(f"{head}, {part['organization']}", typed_answer(part, numbers))
                for part in question.get("own_parts", [])
            ]
    if data["box_text"]:
        blocks.append(_block(_("All answers for one box"), data["box_text"]))
    if evidence := data.get("evidence"):
        lines = [f"[{numbers[row['key']]}] {_source(row)}" for row in evidence]
        blocks.append(_block(_("Evidence"), "\n".join(lines)))
    return clean_text("\n\n\n".join(blocks)) + "\n"


def _typed_reasons(question: dict[str, Any], numbers: dict[str, int]) -> str:
    """ "" where the words are the answer itself, and in texts that were frozen without the kind of a question."""
    is_value = question.get("kind", "free-text") not in {"free-text", "upload"}
    return plain_text(reasons(question), notes=numbers) if is_value and question["short_answer"] else ""


def note_numbers(data: dict[str, Any]) -> dict[str, int]:
    """The number of each source of a frozen submission, by its key."""
    return {row["key"]: number for number, row in enumerate(data.get("evidence", []), start=1)}


def reasons(question: dict[str, Any]) -> str:
    """What was written beside a choice, a number or a date, as Markdown. Of a number and a date it stands after the value."""
    value = question["short_answer"]
    answer: str = question["answer"]
    return answer if question["options"] else answer.removeprefix(f"**{value}**").lstrip()


def typed_answer(answer: dict[str, Any], numbers: dict[str, int]) -> str:
    """What is typed into a box: the short answer, else the full one without its Markdown."""
    return folded(answer["short_answer"]) or plain_text(answer["answer"], notes=numbers)


def cited_sources(answer: dict[str, Any], data: dict[str, Any]) -> list[str]:
    """The sources that the full answer cites, a line each, for where there are no footnotes."""
    cited = [] if answer["short_answer"].strip() else cited_keys([answer["answer"]])
    return [
        f"[{number}] {_source(row)}"
        for number, row in enumerate(data.get("evidence", []), start=1)
        if row["key"] in cited
    ]


def filing_markdown(filed: Filed) -> str:
    """The whole text as Markdown: questions as quotations, answers below them, sources as footnotes."""
    data, fixed = filed.text.data, filed.record.data
    asked = data["consultation"]
    facts = [
        (_("Consultation"), asked["title"]),
        (_("Asked by"), asked["authority"]),
        (_("Reference"), asked["reference"]),
        (_("Submitted by"), data["campaign"]["owner"]),
        (_("Campaign"), data["campaign"]["title"]),
        (_("SHA-256 digest of the text"), filed.text.digest),
    ]
    parts = [f"# {_inline(filed.text.title)}"]
    if fixed["is_practice"]:
        parts.append(f"**{_('Practice filing.')}** {_PRACTICE}")
    parts.append("\n".join(f"- **{name}:** {_inline(value)}" for name, value in facts if value))
    if data["summary"]:
        parts += [f"## {_('Summary')}", safe_markdown(data["summary"], below=3)]
    for section in data["sections"]:
        parts.append(f"## {_inline(section['title'])}")
        for question in section["questions"]:
            parts += _markdown_question(question)
    rows = [_endorser(row) for row in endorser_rows(fixed)]
    parts += [
        f"## {_('Organizations behind this text')}",
        "\n".join(rows) or _("No organization had endorsed the text when it was fixed."),
    ]
    if fixed["signatures"]:
        shares = [
            f"| {_inline(country_name(row['code']) or _('Other countries'))} | {row['total']} |"
            for row in fixed["signatures"]["countries"]
        ]
        head = [f"| {_('Country')} | {_('Signatures')} |", "| --- | ---: |"]
        total = f"| **{_('All')}** | **{fixed['signatures']['total']}** |"
        parts += [f"## {_('Signatures')}", "\n".join([*head, *shares, total])]
    for name, text in ((_("Annex"), filed.annex), (_("Amendments"), filed.amendments)):
        if text:
            parts += [f"## {name}", f"{_inline(text.title)}\n\nSHA-256 {text.digest}"]
    notes = [f"[^{row['key']}]: {_inline(_source(row))}" for row in data.get("evidence", [])]
    return clean_text("\n\n".join([*parts, *notes])) + "\n"


def _markdown_question(question: dict[str, Any]) -> list[str]:
    quoted = "\n".join(f"> {line}".rstrip() for line in safe_markdown(question["question"]).split("\n"))
    parts = [f"### {_('Question %(number)s') % {'number': question['number']}}", quoted]
    if question["options"] and question["short_answer"]:
        parts.append(f"**{_inline(question['short_answer'])}**")
    if question["answer"]:
        parts.append(safe_markdown(question["answer"]))
    elif question["short_answer"] and not question["options"]:
        parts.append(plain_markdown(question["short_answer"]))
    if file := _file(question):
        parts.append(_inline(file))
    elif not question["answer"] and not question["short_answer"]:
        parts.append("*" + _("Not answered.") + "*")
    for part in question.get("own_parts", []):
        own = safe_markdown(part["answer"], below=5)
        parts += [f"#### {_inline(part['organization'])}", own or plain_markdown(part["short_answer"])]
    return parts


def practice_words() -> str:
    """What a filing says of itself that was made after the deadline."""
    return f"{_('Practice filing.')} {_PRACTICE}"


def _file(question: dict[str, Any]) -> str:
    """The file that an answer consists of, in one line; "" where there is none."""
    upload = question.get("upload")
    return _("File: %(name)s, SHA-256 %(digest)s") % upload if upload else ""


def _endorser(row: dict[str, Any]) -> str:
    """One organization in one line: how it was confirmed, and what it does not stand behind."""
    invented = f" {_('(invented for the demo)')}" if row["is_invented"] else ""
    place = ", ".join(
        _inline(each) for each in (row["country_name"], row["proof_label"], row["domain"]) if each
    )
    line = f"- {_inline(row['name'])}{invented} ({place})"
    if not row["exceptions"]:
        return line
    return f"{line}. {_('In part, except for:')} {_inline(', '.join(row['exceptions']))}"


def _source(row: dict[str, Any]) -> str:
    kept = f" SHA-256 {row['archive_digest']}" if row["archive_digest"] else ""
    who = f"{row['author']}: " if row["author"] else ""
    when = f", {row['published_on']}" if row["published_on"] else ""
    where = f". {row['url']}" if row["url"] else "."
    return f"{who}{row['title']}{when}{where}{kept}"


def _inline(words: str) -> str:
    """Words that are no Markdown, as Markdown that shows them."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", clean_line(words))


def _block(head: str, words: str) -> str:
    return f"{head}\n{'-' * len(head)}\n{words}"


def _table(rows: list[list[str]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([safe_cell(clean_text(cell)) for cell in row] for row in rows)
    return BOM + file.getvalue()
