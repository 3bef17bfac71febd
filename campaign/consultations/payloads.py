"""What is frozen: everything a reader of the filing sees, as plain data."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from campaign.consultations.evidence import evidence_list
from campaign.consultations.limits import box_text
from campaign.consultations.models import Answer, Consultation, Question, Submission
from campaign.consultations.pieces import Pieces, filled_in
from campaign.consultations.queries import ordered_answers, sections_with_questions
from campaign.consultations.requirements import requirements_of
from campaign.consultations.workspace import NamedPart, named_parts, uploads_of
from campaign.documents.models import FrozenText
from campaign.documents.sealing import sealed_by_line
from campaign.organizations.logos import digest_in
from campaign.organizations.models import LogoUse, Organization
from campaign.organizations.queries import endorser_record
from campaign.petitions.models import Petition
from campaign.petitions.queries import (
    SMALLEST_CELL,
    signature_totals_by_country,
    signature_totals_by_day,
)


def submission_payload(
    *, submission: Submission, at: datetime, amendments: FrozenText | None = None
) -> dict[str, Any]:
    """The text organizations endorse: questions in the authority's words, answers, own parts, the cited sources; annex and
    amendments by their digests. What answers pull in stands in them as it is at `at`."""
    answers = ordered_answers(submission=submission)
    annex = submission.annex.frozen_text if submission.annex else None
    desk = _Desk(
        answers={answer.question_id: answer for answer in answers},
        parts=named_parts(submission=submission),
        uploads=uploads_of(submission.pk),
        pieces=Pieces(submission, at),
    )
    sections = [
        {
            "title": section.title,
            "questions": [_question(question, desk) for question in section.ordered_questions],  # type: ignore[attr-defined]
        }
        for section in sections_with_questions(consultation=submission.consultation)
    ]
    return {
        "submission": str(
            submission.pk
        ),  # so that two that say the same are two texts, each signed off for itself
        "campaign": {
            "owner": submission.campaign.owner.legal_name,
            "slug": submission.campaign.slug,
            "title": submission.campaign.title,
        },
        "consultation": _consultation(submission.consultation),
        "summary": submission.summary,
        "sections": sections,
        "box_text": box_text(answers),
        "annex": {"title": annex.title, "digest": annex.digest} if annex else None,
        "amendments": {"title": amendments.title, "digest": amendments.digest} if amendments else None,
        "petition": _petition(submission.petition),
        "evidence": evidence_list(submission=submission, texts=_texts(sections)),
        "cover": {"design": submission.cover_design, "color": submission.cover_color},
    }


@dataclass(frozen=True)
class _Desk:
    """What the questions of a submission are answered from."""

    answers: dict[UUID, Answer]
    parts: dict[UUID, list[NamedPart]]
    uploads: dict[UUID, dict[str, object]]
    pieces: Pieces

    def filled_in(self, text: str) -> str:
        return filled_in(text, self.pieces)[0]


def _texts(sections: list[dict[str, Any]]) -> list[str]:
    """Every full text in reading order, an organization's own part after the common answer."""
    return [
        text
        for section in sections
        for question in section["questions"]
        for text in (question["answer"], *(part["answer"] for part in question["own_parts"]))
    ]


def _consultation(consultation: Consultation) -> dict[str, Any]:
    return {
        "authority": consultation.authority.name,
        "closes_stated_as": consultation.closes_stated_as,
        "closes_wall_time": consultation.closes_wall_time,
        "credit": str(consultation.license.get("credit") or ""),
        "has_official_numbers": consultation.has_official_numbers,
        "jurisdiction": consultation.authority.jurisdiction.code,
        "kind": consultation.kind,
        "locale": consultation.locale,
        "reference": consultation.reference,
        "slug": consultation.slug,
        "time_zone": consultation.time_zone,
        "title": consultation.title,
        "url": consultation.portal_url,
    }


def _question(question: Question, desk: _Desk) -> dict[str, Any]:
    answer = desk.answers.get(question.pk)
    return {
        "id": str(question.pk),
        "number": question.number,
        "is_part": question.parent_id is not None,
        "question": question.text,
        "kind": question.kind,
        "options": question.options,
        "answer": desk.filled_in(_full_answer(question, answer)) if answer else "",
        "short_answer": answer.short_text if answer else "",
        "upload": desk.uploads.get(question.pk),
        "own_parts": [
            {
                "organization": named.name,
                "organization_id": str(named.organization.pk),
                "answer": desk.filled_in(named.part.text),
                "short_answer": named.part.short_text,
            }
            for named in desk.parts.get(question.pk, [])
        ],
    }


def _full_answer(question: Question, answer: Answer) -> str:
    """The full answer as Markdown. Where a number or a date was asked, it stands before its reasons."""
    is_value = not question.takes_text and not question.offers_choice
    if is_value and answer.short_text and answer.text:
        return f"**{answer.short_text}**\n\n{answer.text}"
    return answer.text


def _petition(petition: Petition | None) -> dict[str, Any] | None:
    if petition is None or petition.frozen_text is None:
        return None
    return {"title": petition.title, "digest": petition.frozen_text.digest, "slug": petition.slug}


def filing_payload(
    *, submission: Submission, text: FrozenText, is_practice: bool, at: datetime
) -> dict[str, Any]:
    """What is fixed at the moment of filing. No names of individual signers: their number only."""
    return {
        "text": text.digest,
        "filed_at": at.isoformat(timespec="seconds"),
        "is_practice": is_practice,
        "profile": submission.consultation.profile.slug,
        "requirements": _requirements(submission.consultation),
        "endorsements_until": at.isoformat(timespec="seconds"),
        **endorser_record(frozen_text=text, until=at, locale=text.locale),
        "letterhead": _letterhead(submission.campaign.owner),
        "signatures": _signatures(submission.petition, at),
        **sealed_by_line(),
    }


def _letterhead(owner: Organization) -> str:
    """The digest of the logo of the organization that files; "" where it has none, or none that documents may print."""
    return digest_in(owner.logo_small.name or "") if LogoUse.DOCUMENTS in owner.logo_uses else ""


def _signatures(petition: Petition | None, at: datetime) -> dict[str, Any] | None:
    if petition is None or petition.frozen_text is None:
        return None
    shares = signature_totals_by_country(petition=petition)
    return {
        "petition": petition.title,
        "url": settings.SITE_URL + reverse("petition_detail", args=[petition.slug]),
        "counted_at": at.isoformat(timespec="seconds"),
        # One read gives both, so that the parts add up to the whole while people go on signing.
        "total": sum(share.total for share in shares),
        "countries": [{"code": share.code, "total": share.total} for share in shares],
        "months": _months(petition),
    }


def _months(petition: Petition) -> list[dict[str, Any]]:
    """Signatures by month of confirmation (UTC), the first month first; small ones are merged under "", as those of countries."""
    totals = Counter[str]()
    for day, total in signature_totals_by_day(petition=petition):
        totals[day[:7]] += total
    large = sorted((total, month) for month, total in totals.items() if month and total >= SMALLEST_CELL)
    rest = sum(totals.values()) - sum(total for total, _month in large)
    if 0 < rest < SMALLEST_CELL and large:
        rest += large.pop(0)[0]
    rows = [{"month": month, "total": total} for total, month in sorted(large, key=lambda row: row[1])]
    return [*rows, {"month": "", "total": rest}] if rest else rows


def _requirements(consultation: Consultation) -> list[dict[str, Any]]:
    """What held for the reply at that moment, and how sure it was."""
    names = ("origin", "topic", "subject", "unit", "applies_to", "value", "status", "source", "note")
    return [
        {name: getattr(holding.row, name) for name in names}
        for holding in requirements_of(consultation).holdings
    ]
