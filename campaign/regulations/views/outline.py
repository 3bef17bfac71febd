"""Paste a law, look at what was read, decide on the doubtful lines, take it into a draft."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import can_edit_petitions, team_role
from campaign.core.access import form_status, posted, require, require_role
from campaign.core.errors import DomainError
from campaign.regulations.forms.outline import PasteForm, decisions_of
from campaign.regulations.outline import Decision, read_outline
from campaign.regulations.services import start_from_outline

SHOWN = 2_000  # lines of an outline on the page; all of them are read


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def instrument_paste(request: SignedInRequest, campaign: str) -> HttpResponse:
    """A law as plain text becomes an outline; nothing is stored before it is confirmed."""
    row = get_object_or_404(Campaign, slug=campaign)
    require(can_edit_petitions(require_role(team_role(request.user, row))))
    form = PasteForm(posted(request), initial={"locale": row.locale})
    outline = None
    if request.method == "POST" and "back" not in request.POST and form.is_valid():
        decisions = decisions_of(request.POST)
        try:
            if "confirm" in request.POST:
                edition = start_from_outline(
                    campaign=row,
                    facts=form.facts,
                    text=form.cleaned_data["text"],
                    decisions=decisions,
                    source=form.source,
                    person=request.user,
                    at=timezone.now(),
                )
                slug = edition.template.slug
                return (
                    redirect("edition", slug, edition.label)
                    if edition.is_published
                    else redirect("draft", slug)
                )
            outline = read_outline(
                form.cleaned_data["text"],
                tradition=form.cleaned_data["tradition"],
                language=form.cleaned_data["locale"],
                decisions=decisions,
            )
        except DomainError as error:
            form.add_error("text", str(error))
    context = {
        "form": form,
        "campaign": row,
        "outline": outline,
        "lines": outline.lines[:SHOWN] if outline else [],
        "choices": Decision.choices,
        "shown": SHOWN,
    }
    page = "regulations/outline_confirm.html" if outline else "regulations/instrument_paste.html"
    return render(request, page, context, status=form_status(form))
