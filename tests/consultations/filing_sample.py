"""A filing as it was fixed, with everything that documents show of one."""

from datetime import UTC, datetime
from typing import Any

from campaign.documents.models import FrozenText
from campaign.documents.services import freeze_text

MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANSWER = """We ask for **three things**[^study]:

- a register, as [the statute](https://law.example/acts?x=1&y=2) says[^statute],
- deadlines[^study].

| Year | Requests |
| --- | ---: |
| 2025 | 1,480 |
"""
STUDY = {
    "key": "study",
    "title": "Deadlines in practice",
    "author": "A. Author",
    "published_on": "May 2024",
    "url": "https://study.example/deadlines",
    "quote": "Only a quarter was answered.",
    "seen_on": "2026-10-01",
    "archive_digest": "ab" * 32,
    "archive_name": "deadlines.pdf",
}
STATUTE = {
    "key": "statute",
    "title": "Statute 12/2019",
    "author": "",
    "published_on": "",
    "url": "",
    "quote": "",
    "seen_on": "",
    "archive_digest": "",
    "archive_name": "",
}


IN_PART = {
    "name": "Łódź Watch",
    "country": "PL",
    "domain": "watch.example",
    "proof": "document",
    "exceptions": ["Question 2"],
    "is_invented": False,
}


def question(number: str = "1", **changes: Any) -> dict[str, Any]:
    return {
        "number": number,
        "is_part": False,
        "question": "What should be done?",
        "options": [],
        "answer": "Do this.",
        "short_answer": "",
        "own_parts": [],
        **changes,
    }


def own_part(name: str, answer: str) -> dict[str, Any]:
    return {"organization": name, "organization_id": "1", "answer": answer, "short_answer": ""}


def submission(**changes: Any) -> dict[str, Any]:
    first = question(answer=ANSWER, own_parts=[own_part("Archive Guild", "Archives, too[^statute].")])
    return {
        "campaign": {"owner": "Commons Lab", "slug": "c", "title": "Open decisions"},
        "consultation": {
            "authority": "Office for Open Decisions",
            "closes_stated_as": "",
            "closes_wall_time": "2026-12-01T12:00:00",
            "credit": "",
            "has_official_numbers": True,
            "jurisdiction": "eu",
            "kind": "call",
            "locale": "en",
            "reference": "OOD/12",
            "slug": "open-decisions",
            "time_zone": "Europe/Brussels",
            "title": "Call on open decisions",
            "url": "https://portal.example/12",
        },
        "summary": "In short: **open it**.",
        "sections": [
            {
                "title": "Principles",
                "questions": [
                    first,
                    question(
                        "2", question="Do you agree?", options=["Yes", "No"], answer="", short_answer="Yes"
                    ),
                ],
            }
        ],
        "box_text": "2. Yes",
        "annex": None,
        "petition": None,
        "evidence": [STUDY, STATUTE],
        "cover": {"design": "plain", "color": ""},
        **changes,
    }


def fixed(
    *,
    title: str = "A joint answer",
    locale: str = "en",
    record: dict[str, Any] | None = None,
    text: dict[str, Any] | None = None,
    **changes: Any,
) -> FrozenText:
    """The record of a filing. `changes` go into the submission's text, `record` into the record."""
    submitted = freeze_text(
        kind="consultations.submission",
        title=title,
        locale=locale,
        payload=text or submission(**changes),
        at=MOMENT,
    )
    content = {
        "text": submitted.digest,
        "filed_at": MOMENT.isoformat(),
        "is_practice": False,
        "profile": "portal",
        "requirements": [],
        "endorsements_until": MOMENT.isoformat(),
        "endorsements": [
            {
                "name": "Łódź Watch",
                "country": "PL",
                "domain": "watch.example",
                "proof": "domain_mail",
                "is_invented": False,
            }
        ],
        "signatures": {
            "petition": "Open the register",
            "url": "https://site.example/p",
            "counted_at": MOMENT.isoformat(),
            "total": 645,
            "countries": [{"code": "DE", "total": 600}, {"code": "", "total": 45}],
            "months": [
                {"month": "2026-05", "total": 300},
                {"month": "2026-08", "total": 300},
                {"month": "", "total": 45},
            ],
        },
        **(record or {}),
    }
    return freeze_text(kind="consultations.filing", title=title, locale=locale, payload=content, at=MOMENT)
