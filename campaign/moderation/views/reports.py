"""Reports of petitions: anybody makes them, staff decide."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.core.middleware import is_from_own_site
from campaign.guard.network import client_network
from campaign.moderation.forms.decisions import ReportDecisionForm, ReportForm
from campaign.moderation.models import Report, ReportState
from campaign.moderation.queries import reports
from campaign.moderation.services import AlreadyDecided, decide_report, report_petition
from campaign.moderation.views.access import for_moderators, require_moderator
from campaign.petitions.models import PUBLIC_STATES, Petition

PAGE = 25


@csrf_exempt  # strangers have no session; the request's origin is checked instead
@require_http_methods(["GET", "HEAD", "POST"])
def petition_report(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what is wrong with a public petition. The answer is the same whether the report was stored or not."""
    petition = get_object_or_404(Petition.objects.public(), slug=slug)
    form = ReportForm(posted(request))
    if request.method == "POST":
        if not is_from_own_site(request):
            return render(request, "403.html", status=403)
        if form.is_valid():
            report_petition(
                petition=petition,
                **form.cleaned_data,
                locale=get_language() or settings.LANGUAGE_CODE,
                network=client_network(request),
                at=timezone.now(),
            )
            return redirect("petition_reported", petition.slug)
    context = {"form": form, "petition": petition}
    return render(request, "moderation/report_form.html", context, status=form_status(form))


@require_safe
def petition_reported(request: HttpRequest, slug: str) -> HttpResponse:
    """Thanks, the same for everybody."""
    petition = get_object_or_404(Petition.objects.public(), slug=slug)
    return render(request, "moderation/report_thanks.html", {"petition": petition})


@for_moderators
@require_safe
def report_list(request: SignedInRequest) -> HttpResponse:
    """What waits; with `?decided=1` what was decided."""
    is_open = "decided" not in request.GET
    page = Paginator(reports(is_open=is_open), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "reports": page.object_list, "is_open": is_open}
    return render(request, "moderation/report_list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_detail(request: SignedInRequest, report: uuid.UUID) -> HttpResponse:
    """Read a report, and dismiss it or take the petition down."""
    row = get_object_or_404(Report.objects.select_related("petition__campaign", "decided_by"), pk=report)
    require_moderator(request.user, row.petition)
    form = ReportDecisionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, row, form.cleaned_data["decision"])
        except AlreadyDecided as error:
            form.add_error(None, str(error))
        else:
            return redirect("moderation_reports")
    context: dict[str, Any] = {
        "form": form,
        "report": row,
        "petition": row.petition,
        "is_open": row.state == ReportState.OPEN,
        "is_public": row.petition.state in PUBLIC_STATES,
    }
    return render(request, "moderation/report_detail.html", context, status=form_status(form))


def _decide(request: SignedInRequest, report: Report, decision: str) -> None:
    upheld = request.POST.get("outcome") == "uphold"
    decide_report(report=report, upheld=upheld, decision=decision, by=request.user, at=timezone.now())
    messages.info(
        request,
        _("The report is upheld and the petition taken down.")
        if upheld
        else _("The report is dismissed. The petition stands."),
    )
