"""What goes into the boxes of a portal, read from a frozen text: all together, and each organization with its own part."""

from collections.abc import Iterator
from typing import Any

from campaign.consultations.limits import SEPARATOR, box_block, folded, one_box
from campaign.consultations.models import QuestionKind
from campaign.consultations.printed.data import cited_sources, note_numbers, reasons, typed_answer


def frozen_questions(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The questions of a frozen submission, in reading order."""
    for section in data["sections"]:
        yield from section["questions"]


def frozen_question(data: dict[str, Any], number: str) -> dict[str, Any] | None:
    """A question of a frozen submission by its number; None when it was not asked then."""
    return next((each for each in frozen_questions(data) if each["number"] == number), None)


def takes_words(question: dict[str, Any], data: dict[str, Any]) -> bool:
    """Whether its short answer is typed into a box: no choice, number, date or file."""
    if "kind" in question:
        return bool(question["kind"] == QuestionKind.FREE_TEXT)
    # Frozen before its kind was kept: the text of the one box holds what was typed, and nothing else.
    short = question["short_answer"]
    is_other = bool(question["options"] or question.get("upload"))
    return not is_other and (not short.strip() or box_block(question["number"], short) in data["box_text"])


def is_picked(question: dict[str, Any]) -> bool:
    """Whether its answer is a choice, a number or a date: given at the portal, not typed into a box of words."""
    if "kind" not in question:  # frozen before its kind was kept
        return bool(question["options"])
    return question["kind"] not in {QuestionKind.FREE_TEXT, QuestionKind.UPLOAD}


def own_part(question: dict[str, Any], organization_id: str) -> dict[str, Any] | None:
    """What the organization added to this answer."""
    parts = question.get("own_parts", [])
    return next((each for each in parts if each["organization_id"] == organization_id), None)


def adding_organizations(data: dict[str, Any]) -> dict[str, str]:
    """The names of the organizations that added something, by their id, in the order in which they come up."""
    return {
        part["organization_id"]: part["organization"]
        for question in frozen_questions(data)
        for part in question.get("own_parts", [])
    }


def adds_words(data: dict[str, Any], organization_id: str) -> bool:
    """Whether the organization has a short part of its own to what is typed."""
    return any(
        (part := own_part(question, organization_id)) and part["short_answer"].strip()
        for question in frozen_questions(data)
        if takes_words(question, data)
    )


def short_together(*texts: str) -> str:
    """The common short answer and an organization's own after it: what that organization puts into the box."""
    return SEPARATOR.join(folded(text) for text in texts if text.strip())


def organization_short(question: dict[str, Any], organization_id: str) -> str:
    """What the organization puts into the box of one question; "" for nothing."""
    part = own_part(question, organization_id)
    return short_together(question["short_answer"], part["short_answer"] if part else "")


def organization_box(data: dict[str, Any], organization_id: str) -> str:
    """All short answers of one organization that are typed, as one text for one box."""
    return one_box(
        (question["number"], organization_short(question, organization_id))
        for question in frozen_questions(data)
        if takes_words(question, data)
    )


def box_of_texts(texts: list[dict[str, Any]], data: dict[str, Any]) -> str:
    """What goes into the box of one question: each short text, a full one where there is none, then the sources these cite."""
    numbers = note_numbers(data)
    typed = short_together(*(typed_answer(each, numbers) for each in texts))
    full = "\n".join(each["answer"] for each in texts if not each["short_answer"].strip())
    sources = cited_sources({"short_answer": "", "answer": full}, data)
    return "\n\n".join(filter(None, [typed, "\n".join(sources)]))


def box_of_reasons(question: dict[str, Any], data: dict[str, Any]) -> str:
    """The reasons of what was chosen, a number or a date, then the sources that they cite; "" for none."""
    return box_of_texts([{"short_answer": "", "answer": reasons(question)}], data)
