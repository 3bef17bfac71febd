"""Who signs a frozen text off before it is filed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.queries import coalition
from campaign.campaigns.rules import can_lead
from campaign.consultations.forms.filings import CoSignersForm
from campaign.consultations.models import Submission, SubmissionState
from campaign.consultations.queries import sign_offs, submission_decisions, submission_thaws
from campaign.consultations.rules import submission_role
from campaign.consultations.services import (
    AnotherTextNow,
    NotACoSigner,
    NothingToSignOff,
    NotInTheCoalition,
    set_co_signers,
    sign_off,
)
from campaign.consultations.views.access import led_submission, submission_of
from campaign.core.access import require_role
from campaign.organizations.models import Organization
from campaign.organizations.queries import call_of, organizations_signed_for, text_endorsements
from campaign.organizations.services import EndorsesAlready, MandateNotInForce, TextMovedOn


@login_required
@require_safe
def submission_approvals(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Who has signed off, who is waited for, who else stands behind the text, and what was decided on the way."""
    submission, role = submission_of(request, pk)
    return _page(request, submission, require_role(role))


def _page(
    request: SignedInRequest, submission: Submission, role: str, form: CoSignersForm | None = None
) -> HttpResponse:
    text = submission.frozen_text
    rows = sign_offs(submission=submission)
    asked = {row.organization.pk for row in rows}
    mine = organizations_signed_for(user=request.user, at=timezone.now()).filter(pk__in=asked)
    form = form or _co_signers_form(submission, initial={"organizations": list(asked)})
    context = {
        "submission": submission,
        "rows": rows,
        "given": sum(row.is_given for row in rows),
        "mine": set(mine.values_list("pk", flat=True)),
        "is_frozen": submission.state in {SubmissionState.FROZEN, SubmissionState.READY},
        "is_drafting": submission.state == SubmissionState.DRAFTING,
        "others": [
            each
            for each in (text_endorsements(frozen_text=text) if text else [])
            if each.organization_id not in asked
        ],
        "call": call_of(frozen_text=text) if text else None,
        "thaws": submission_thaws(submission=submission),
        "decisions": submission_decisions(submission=submission),
        "can_lead": can_lead(role),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "consultations/submission_approvals.html", context, status=status)


def _co_signers_form(submission: Submission, data: Any = None, **kwargs: Any) -> CoSignersForm:
    known = submission.co_signers.values("organization")
    carrying = coalition(campaign=submission.campaign).values("pk")
    organizations = Organization.objects.filter(pk__in=known) | Organization.objects.filter(pk__in=carrying)
    return CoSignersForm(data, organizations=organizations.order_by("display_name", "pk"), **kwargs)


@login_required
@require_POST
def submission_co_signers(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Say whose sign-off is waited for."""
    submission = led_submission(request, pk)
    form = _co_signers_form(submission, request.POST)
    if form.is_valid():
        try:
            set_co_signers(
                submission=submission,
                organizations=form.cleaned_data["organizations"],
                by=request.user,
                at=timezone.now(),
            )
        except NotInTheCoalition as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, _("Saved."))
            return redirect("submission_approvals", submission.pk)
    return _page(request, submission, require_role(submission_role(request.user, submission)), form)


@login_required
@require_POST
def submission_sign_off(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Put one's organization behind the frozen text. The mandate on record decides who may, not the role in the team."""
    submission, role = submission_of(request, pk)
    require_role(role)
    organization = get_object_or_404(Organization, slug=request.POST.get("organization", ""))
    try:
        sign_off(
            submission=submission,
            organization=organization,
            seen=request.POST.get("seen", ""),
            by=request.user,
            at=timezone.now(),
        )
    except (
        AnotherTextNow,
        NothingToSignOff,
        NotACoSigner,
        MandateNotInForce,
        EndorsesAlready,
        TextMovedOn,
    ) as error:
        messages.error(request, str(error))
    else:
        messages.info(
            request, _("%(organization)s has signed off.") % {"organization": organization.display_name}
        )
    return redirect("submission_approvals", submission.pk)
