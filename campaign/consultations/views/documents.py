"""The files of a filing: where each stands, and having one made."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaign.consultations.models import Filing
from campaign.consultations.printed.kinds import filing_documents, is_any_waiting
from campaign.consultations.services.documents import (
    UnknownFilingFormat,
    order_all_filing_documents,
    order_filing_document,
)
from campaign.consultations.views.access import shown_filing, team_filing

ALL = "all"


def filing_documents_context(filing: Filing, role: str | None) -> dict[str, Any]:
    """What `consultations/_filing_documents.html` needs. Who is not of the team sees the files that are there."""
    documents = filing_documents(filing=filing)
    if role is None:
        documents = [row for row in documents if row.document is not None and row.document.is_ready]
    return {
        "filing": filing,
        "filing_documents": documents,
        "is_any_waiting": is_any_waiting(documents),
        "may_order": role is not None,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def filing_document_list(request: HttpRequest, pk: Any) -> HttpResponse:
    """The piece of the filing's page that lists its files and asks again by itself. POST has one of them made, or all."""
    back = reverse("filing_detail", args=[pk]) + "#documents"
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?next={reverse('filing_detail', args=[pk])}")
        filing, _role = team_filing(request, pk)
        kind = request.POST.get("kind", "")
        try:
            if kind == ALL:
                order_all_filing_documents(filing=filing, at=timezone.now())
            else:
                order_filing_document(filing=filing, kind=kind, at=timezone.now())
        except UnknownFilingFormat as error:
            messages.error(request, str(error))
        return redirect(back)
    filing, role = shown_filing(request, pk)
    if request.headers.get("HX-Request") != "true":
        return redirect(back)
    context = filing_documents_context(filing, role)
    return render(request, "consultations/_filing_documents.html#rows", context)
