"""Endorsing in one's own name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaign.core.access import form_status, posted
from campaign.documents.models import FrozenText
from campaign.documents.redline import draw_redline
from campaign.organizations.forms.endorsing import PersonForm
from campaign.organizations.models import PersonalEndorsement, PersonalState
from campaign.organizations.queries import current_text
from campaign.organizations.services import (
    LinkExpired,
    OnlyByInvitation,
    TextMovedOn,
    confirm_personal_endorsement,
    request_personal_endorsement,
    withdraw_personal_endorsement,
)
from campaign.organizations.views.access import dead_link, endorsable_text, linked_row, page_locale
from campaign.organizations.views.endorsing import text_context


@require_http_methods(["GET", "HEAD", "POST"])
def endorse_personally(request: HttpRequest, digest: str) -> HttpResponse:
    text = endorsable_text(digest)
    form = PersonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            request_personal_endorsement(
                frozen_text=text, person=form.person_data(locale=page_locale()), at=timezone.now()
            )
        except (TextMovedOn, OnlyByInvitation) as error:
            form.add_error(None, str(error))
        else:
            return redirect("endorse_sent", digest)
    context = {**text_context(text), "form": form}
    return render(request, "organizations/personal_endorse.html", context, status=form_status(form))


@never_cache
@csrf_exempt  # the link itself is the secret; it must work in a browser that keeps no cookies
@require_http_methods(["GET", "HEAD", "POST"])
def personal_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where a person's link leads: GET shows where it stands and what changed, POST confirms or takes back."""
    row = linked_row(PersonalEndorsement, "personal-endorsement", token)
    if row is None:
        return dead_link(request)
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "withdraw":
                withdraw_personal_endorsement(endorsement=row, at=timezone.now())
                row.refresh_from_db()
            else:
                read = FrozenText.objects.filter(digest=request.POST.get("read", "")).first()
                row = confirm_personal_endorsement(endorsement=row, read=read, at=timezone.now())
        except LinkExpired:
            return dead_link(request)
        except TextMovedOn:
            status = 409  # the page shows what changed, and asks once more
    is_over = row.state == PersonalState.PENDING and row.expires_at <= timezone.now()
    if is_over or row.state == PersonalState.LAPSED:
        return dead_link(request)
    now = current_text(frozen_text=row.frozen_text)
    before = row.renews.frozen_text if row.renews else row.frozen_text
    context = {
        "row": row,
        "redline": draw_redline(before, now) if before.pk != now.pk else "",
        "token": token,
        **text_context(now),
    }
    return render(request, "organizations/personal_confirm.html", context, status=status)
