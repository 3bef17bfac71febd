"""What the pages of a submission share: the one an address names, and whether one may work on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from campaign.campaigns.rules import can_draft_answers, can_lead
from campaign.consultations.models import Submission
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
