"""The moderators' desk: what waits, the site's pause switch."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.core.cleaning import clean_line
from campaign.moderation.forms.desk import SitePauseForm
from campaign.moderation.queries import (
    open_alerts,
    open_report_count,
    petitions_to_publish,
    petitions_with_signatures,
    quarantined_by_petition,
    unfinished_passes,
)
from campaign.moderation.services import pause_site, resume_site
from campaign.moderation.views.access import for_moderators
from campaign.petitions.models import SigningPause
from campaign.petitions.search import search_words

LONGEST_QUESTION = 100  # characters


@require_safe
@for_moderators
def desk(request: SignedInRequest) -> HttpResponse:
    """With `?q=`, the petitions with those words are the ones listed."""
    return _desk_page(request, SitePauseForm())


def _desk_page(request: SignedInRequest, form: SitePauseForm) -> HttpResponse:
    question = clean_line(request.GET.get("q", ""))[:LONGEST_QUESTION]
    context: dict[str, Any] = {
        "alerts": open_alerts(),
        "report_count": open_report_count(),
        "to_publish": petitions_to_publish(),
        "question": question,
        "petitions": petitions_with_signatures(words=search_words(question)),
        "quarantined": quarantined_by_petition(),
        "passes": unfinished_passes(),
        "pause": SigningPause.objects.first(),
        "pause_form": form,
    }
    return render(request, "moderation/desk.html", context, status=422 if form.errors else 200)


@require_POST
@for_moderators
def pause(request: SignedInRequest) -> HttpResponse:
    """The site's pause switch: on with a note, off without questions."""
    if "resume" in request.POST:
        resume_site(by=request.user, at=timezone.now())
        messages.info(request, _("People can sign again."))
        return redirect("moderation_desk")
    form = SitePauseForm(request.POST)
    if not form.is_valid():
        return _desk_page(request, form)
    pause_site(note=form.cleaned_data["note"], by=request.user, at=timezone.now())
    messages.info(request, _("Nobody can sign anywhere on this site until you let people sign again."))
    return redirect("moderation_desk")
