"""Questions as plain data: what is kept of a list that waits for a yes."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from campaign.consultations.importer.questions import QuestionData, SectionData


def sections_to_json(sections: list[SectionData]) -> str:
    """The sections as text, without the rows that their questions are."""
    return json.dumps([asdict(section) for section in sections], ensure_ascii=False, default=str)


def sections_from_json(text: str) -> list[SectionData]:
    """What `sections_to_json` wrote."""
    return [
        SectionData(each["key"], each["title"], [_question(data) for data in each["questions"]])
        for each in json.loads(text)
    ]


def _question(data: dict[str, Any]) -> QuestionData:
    bounds = {name: Decimal(data[name]) if data[name] else None for name in ("minimum", "maximum")}
    parts = [_question(part) for part in data["parts"]]
    return QuestionData(**{**data, **bounds, "parts": parts, "row": None})
