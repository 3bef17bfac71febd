"""What moderators do about an alert: look, or take it off the desk."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaign.accounts.models import User
from campaign.accounts.requests import SignedInRequest
from campaign.moderation.models import Alert
from campaign.moderation.services import NothingToLookFor, dismiss_alert, look_at_alert
from campaign.moderation.views.access import require_moderator


def _alert(user: User, alert: uuid.UUID) -> Alert:
    row = get_object_or_404(Alert.objects.select_related("petition__campaign"), pk=alert)
    require_moderator(user, row.petition)
    return row


@require_POST
@never_cache
@login_required
def alert_look(request: SignedInRequest, alert: uuid.UUID) -> HttpResponse:
    """Search for what an alert is about: a search is on record, so no link does it."""
    row = _alert(request.user, alert)
    try:
        found = look_at_alert(alert=row, by=request.user, at=timezone.now())
    except NothingToLookFor as error:
        messages.error(request, str(error))
        return redirect("moderation_petition", row.petition.slug)
    return redirect("moderation_sweep", found.pk)


@require_POST
@never_cache
@login_required
def alert_dismiss(request: SignedInRequest, alert: uuid.UUID) -> HttpResponse:
    dismiss_alert(alert=_alert(request.user, alert), at=timezone.now())
    return redirect("moderation_desk")
