"""What is frozen: everything a reader of the filing sees, as plain data."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from campaign.consultations.limits import box_text
from campaign.consultations.models import Answer, Consultation, Question, Submission
from campaign.consultations.queries import ordered_answers, sections_with_questions
from campaign.consultations.requirements import requirements_of
from campaign.documents.models import FrozenText
from campaign.organizations.queries import endorser_record
from campaign.petitions.models import Petition
from campaign.petitions.queries import signature_totals_by_country


def submission_payload(*, submission: Submission) -> dict[str, Any]:
    """The text organizations endorse: questions in the authority's words, answers, and the annex by its digest."""
    answers = ordered_answers(submission=submission)
    by_question = {answer.question_id: answer for answer in answers}
    annex = submission.annex.frozen_text if submission.annex else None
    return {
        "campaign": {
            "owner": submission.campaign.owner.legal_name,
            "slug": submission.campaign.slug,
            "title": submission.campaign.title,
        },
        "consultation": _consultation(submission.consultation),
        "summary": submission.summary,
        "sections": [
            {
                "title": section.title,
                "questions": [
                    _question(question, by_question.get(question.pk))
                    for question in section.ordered_questions  # type: ignore[attr-defined]
                ],
            }
            for section in sections_with_questions(consultation=submission.consultation)
        ],
        "box_text": box_text(answers),
        "annex": {"title": annex.title, "digest": annex.digest} if annex else None,
        "petition": _petition(submission.petition),
    }


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


def _question(question: Question, answer: Answer | None) -> dict[str, Any]:
    return {
        "number": question.number,
        "is_part": question.parent_id is not None,
        "question": question.text,
        "options": question.options,
        "answer": _full_answer(question, answer) if answer else "",
        "short_answer": answer.short_text if answer else "",
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


def filing_payload(*, submission: Submission, text: FrozenText, at: datetime) -> dict[str, Any]:
    """What is fixed at the moment of filing. No names of individual signers: their number only."""
    return {
        "text": text.digest,
        "filed_at": at.isoformat(timespec="seconds"),
        "is_practice": not submission.consultation.is_open_at(at),
        "profile": submission.consultation.profile.slug,
        "requirements": _requirements(submission.consultation),
        "endorsements_until": at.isoformat(timespec="seconds"),
        **endorser_record(frozen_text=text, until=at, locale=text.locale),
        "signatures": _signatures(submission.petition, at),
    }


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
    }


def _requirements(consultation: Consultation) -> list[dict[str, Any]]:
    """What held for the reply at that moment, and how sure it was."""
    names = ("origin", "topic", "subject", "unit", "applies_to", "value", "status", "source", "note")
    return [
        {name: getattr(holding.row, name) for name in names}
        for holding in requirements_of(consultation).holdings
    ]
