"""What the authority answered to a filing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.requests import SignedInRequest
from campaign.consultations.forms.filings import DemandFormSet, ResponseForm
from campaign.consultations.models import Filing, FilingResponse
from campaign.consultations.services import (
    DemandData,
    NothingWasFiled,
    ResponseChanged,
    ResponseData,
    ResponseIsPublic,
    publish_response,
    save_response,
)
from campaign.consultations.views.access import led_filing
from campaign.core.access import posted
from campaign.core.cleaning import markdown_to_html
from campaign.core.forms import keep_typed
from campaign.core.ids import uuid7

FACTS = ("authority", "answered_on", "title", "text", "locale", "url", "comment")
DEMAND = ("demand", "question_number", "outcome", "where")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def response_create(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Write down what the authority answered. What was answered, question by question, stands in the first demands."""
    filing, _role = led_filing(request, pk)
    return _form_page(request, filing, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def response_edit(request: SignedInRequest, pk: Any, response: Any) -> HttpResponse:
    filing, _role = led_filing(request, pk)
    row = get_object_or_404(FilingResponse.objects.select_related("authority"), pk=response, filing=filing)
    return _form_page(request, filing, row)


def _form_page(request: SignedInRequest, filing: Filing, row: FilingResponse | None) -> HttpResponse:
    form = ResponseForm(posted(request), initial=_initial(filing, row))
    demands = DemandFormSet(posted(request), initial=_demands(row), prefix="demand")
    theirs = None
    if request.method == "POST" and form.is_valid() and demands.is_valid():
        data = form.cleaned_data
        try:
            saved = save_response(
                filing=filing,
                response=row,
                version=data["version"],
                data=ResponseData(**{name: data[name] for name in FACTS}),
                demands=[
                    DemandData(**{name: each[name] for name in DEMAND})
                    for each in demands.cleaned_data
                    if each.get("demand")
                ],
                by=request.user,
                token=data["token"],
            )
        except ResponseChanged as error:
            form.add_error(None, str(error))
            theirs = error.current
            keep_typed(form, version=str(theirs.version))
        except (NothingWasFiled, ResponseIsPublic) as error:
            form.add_error(None, str(error))
        else:
            return redirect("filing_response_edit", filing.pk, saved.pk)
    context = {
        "filing": filing,
        "submission": filing.submission,
        "response": row,
        "form": form,
        "demands": demands,
        "theirs": theirs,
        "their_demands": theirs.outcomes.order_by("position") if theirs else [],
        "text_html": markdown_to_html(row.text) if row else "",
    }
    refused = form.errors or (demands.is_bound and not demands.is_valid())
    return render(request, "consultations/response_form.html", context, status=422 if refused else 200)


def _initial(filing: Filing, row: FilingResponse | None) -> dict[str, Any]:
    if row is None:
        consultation = filing.submission.consultation
        return {
            "authority": consultation.authority_id,
            "locale": consultation.locale,
            "version": 0,
            "token": uuid7(),
        }
    return {
        **{name: getattr(row, name) for name in FACTS},
        "authority": row.authority_id,
        "version": row.version,
    }


def _demands(row: FilingResponse | None) -> list[dict[str, str]]:
    if row is None:
        return []
    return list(row.outcomes.order_by("position").values(*DEMAND))


@login_required
@require_POST
def response_publish(request: SignedInRequest, pk: Any, response: Any) -> HttpResponse:
    """Show the answer on the filing's page."""
    filing, _role = led_filing(request, pk)
    row = get_object_or_404(FilingResponse, pk=response, filing=filing)
    typed = request.POST.get("version", "")
    try:
        publish_response(
            response=row,
            version=int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0,
            by=request.user,
            at=timezone.now(),
        )
    except ResponseChanged:
        return redirect("filing_response_edit", filing.pk, row.pk)
    return redirect("filing_detail", filing.pk)
