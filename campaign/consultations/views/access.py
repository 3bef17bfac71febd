"""What the pages of a submission share: the one an address names, and whether one may work on it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import can_draft_answers, can_lead, team_role
from campaign.consultations.models import Filing, Question, Submission
from campaign.consultations.queries import is_public
from campaign.consultations.rules import submission_role
from campaign.core.access import require, require_role


def submission_of(request: HttpRequest, pk: Any) -> tuple[Submission, str | None]:
    """A submission with what its pages show, and the role of who asks; None for a stranger."""
    submission = get_object_or_404(
        Submission.objects.select_related(
            "consultation__authority__jurisdiction",
            "consultation__profile",
            "campaign__owner",
            "annex__template",
            "annex__frozen_text",
            "amends__template",
            "petition__frozen_text",
            "frozen_text",
        ),
        pk=pk,
    )
    return submission, submission_role(request.user, submission)


def drafted_submission(request: HttpRequest, pk: Any) -> Submission:
    """The submission, for who may draft its answers. 404 for strangers, 403 for a role that is too low."""
    submission, role = submission_of(request, pk)
    require(can_draft_answers(require_role(role)))
    return submission


def led_submission(request: HttpRequest, pk: Any) -> Submission:
    """The submission, for who may freeze and file it. 404 for strangers, 403 for a role that is too low."""
    submission, role = submission_of(request, pk)
    require(can_lead(require_role(role)))
    return submission


def team_submission(request: HttpRequest, pk: Any) -> tuple[Submission, str]:
    """The submission and the role, for everybody of the team. 404 for strangers."""
    submission, role = submission_of(request, pk)
    return submission, require_role(role)


def team_campaign(request: HttpRequest, slug: str) -> tuple[Campaign, str]:
    """The campaign and the role, for everybody of the team. 404 for strangers."""
    campaign = get_object_or_404(Campaign.objects.select_related("owner"), slug=slug)
    return campaign, require_role(team_role(request.user, campaign))


def asked_question(submission: Submission, number: str) -> Question:
    """A question that is asked, by its number; else 404."""
    return get_object_or_404(
        Question.objects.select_related("section"),
        consultation=submission.consultation_id,
        number=number,
        gone_at=None,
    )


def shown_filing(request: HttpRequest, pk: Any) -> tuple[Filing, str | None]:
    """A filing with what its pages show, and the role of who asks. 404 for strangers until it is public."""
    filing = get_object_or_404(
        Filing.objects.select_related(
            "submission__consultation__authority",
            "submission__consultation__profile",
            "submission__campaign__owner",
            "record",
            "frozen_text",
        ),
        pk=pk,
    )
    role = submission_role(request.user, filing.submission)
    if role is None and not is_public(filing=filing, at=timezone.now()):
        raise Http404
    return filing, role


def team_filing(request: HttpRequest, pk: Any) -> tuple[Filing, str]:
    """A filing for its team. 404 for strangers."""
    filing, role = shown_filing(request, pk)
    return filing, require_role(role)


def led_filing(request: HttpRequest, pk: Any) -> tuple[Filing, str]:
    """A filing for who may record what becomes of it. 404 for strangers, 403 for a role that is too low."""
    filing, role = team_filing(request, pk)
    require(can_lead(role))
    return filing, role
