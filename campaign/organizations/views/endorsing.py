"""Putting an organization behind one exact text. No account is needed: the proof is the mailbox."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from campaign.core.access import form_status, posted
from campaign.documents.models import FrozenText
from campaign.organizations.forms.endorsing import EndorseForm
from campaign.organizations.models import (
    Endorsement,
    EndorsementState,
)
from campaign.organizations.services import (
    LinkExpired,
    NotItsOwnDomain,
    confirm_endorsement,
    request_endorsement,
    withdraw_endorsement,
)
from campaign.organizations.views.access import dead_link, linked_row, page_locale


@require_http_methods(["GET", "HEAD", "POST"])
def endorse(request: HttpRequest, digest: str) -> HttpResponse:
    """Put an organization behind one exact text. No account is needed: the proof is the mailbox."""
    text = get_object_or_404(FrozenText, digest=digest)
    form = EndorseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            request_endorsement(
                frozen_text=text,
                organization=form.organization_data(),
                signatory=form.signatory_data(locale=page_locale()),
                at=timezone.now(),
            )
        except NotItsOwnDomain as error:
            form.add_error("signatory_email", str(error))
        else:
            return redirect("endorse_sent", digest)
    context = {"frozen_text": text, "form": form}
    return render(request, "organizations/endorse.html", context, status=form_status(form))


@require_safe
def endorse_sent(request: HttpRequest, digest: str) -> HttpResponse:
    text = get_object_or_404(FrozenText, digest=digest)
    return render(request, "organizations/endorse_sent.html", {"frozen_text": text})


@never_cache
@csrf_exempt  # the link itself is the secret; it must work in a browser that keeps no cookies
@require_http_methods(["GET", "HEAD", "POST"])
def endorsement_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, POST confirms: mail scanners open links."""
    endorsement = linked_row(Endorsement, "endorsement", token)
    if endorsement is None:
        return dead_link(request)
    if request.method == "POST":
        try:
            endorsement = confirm_endorsement(endorsement=endorsement, at=timezone.now())
        except LinkExpired:
            return dead_link(request)
    if endorsement.state == EndorsementState.WITHDRAWN:
        return dead_link(request)
    context = {"endorsement": endorsement, "frozen_text": endorsement.frozen_text, "token": token}
    if endorsement.state == EndorsementState.PENDING and endorsement.expires_at <= timezone.now():
        return dead_link(request)
    if endorsement.state == EndorsementState.ACCEPTED:
        return render(request, "organizations/endorse_confirmed.html", context)
    return render(request, "organizations/endorse_confirm.html", context)


@never_cache
@csrf_exempt  # the link itself is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def endorsement_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """The signatory takes the endorsement back, by the link it was confirmed with."""
    endorsement = linked_row(Endorsement, "endorsement", token)
    if endorsement is None or endorsement.state == EndorsementState.PENDING:
        return dead_link(request)
    if request.method == "POST":
        withdraw_endorsement(endorsement=endorsement, at=timezone.now())
        endorsement.refresh_from_db()
    context = {
        "endorsement": endorsement,
        "frozen_text": endorsement.frozen_text,
        "is_withdrawn": endorsement.state == EndorsementState.WITHDRAWN,
        "token": token,
    }
    return render(request, "organizations/endorse_withdraw.html", context)
