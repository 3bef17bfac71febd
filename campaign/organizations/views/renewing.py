"""The text has changed: the signatory reads what changed, and stands behind the new one or not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaign.core.access import form_status
from campaign.documents.redline import draw_redline
from campaign.organizations.forms.endorsing import RenewForm
from campaign.organizations.models import Endorsement, EndorsementState, Scope
from campaign.organizations.services import (
    EndorsesAlready,
    LinkExpired,
    MandateNotInForce,
    MandateRevoked,
    TextMovedOn,
    decline_renewal,
    renew_endorsement,
)
from campaign.organizations.views.access import dead_link, linked_row
from campaign.organizations.views.endorsing import text_context


@never_cache
@csrf_exempt  # the link itself is the secret; it must work in a browser that keeps no cookies
@require_http_methods(["GET", "HEAD", "POST"])
def endorsement_renew(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the redline, POST renews or declines."""
    endorsement = linked_row(Endorsement, "endorsement", token)
    if endorsement is None:
        return dead_link(request)
    if endorsement.state in {EndorsementState.ACCEPTED, EndorsementState.SECOND}:
        return redirect("endorsement_confirm", token)
    if endorsement.state == EndorsementState.LAPSED:
        return _asked_again_since(request, endorsement)
    if endorsement.state not in {EndorsementState.TO_RENEW, EndorsementState.DECLINED}:
        return dead_link(request)
    answered = request.POST.get("answer") if request.method == "POST" else None
    form = RenewForm(
        request.POST if answered == "renew" else None,
        text=endorsement.frozen_text,
        initial={"scope": Scope.WHOLE},
    )
    try:
        if answered == "decline":
            decline_renewal(endorsement=endorsement, at=timezone.now())
            return redirect("endorsement_renew", token)
        if answered == "renew" and form.is_valid():
            renew_endorsement(endorsement=endorsement, support=form.support(), at=timezone.now())
            return redirect("endorsement_confirm", token)
    except LinkExpired:
        return dead_link(request)
    except (EndorsesAlready, MandateNotInForce, MandateRevoked, TextMovedOn) as error:
        form.add_error(None, str(error))
    return _renew_page(request, endorsement, token, form)


def _renew_page(request: HttpRequest, endorsement: Endorsement, token: str, form: RenewForm) -> HttpResponse:
    before = endorsement.renews
    context = {
        "endorsement": endorsement,
        "organization": endorsement.organization,
        "before": before,
        "redline": draw_redline(before.frozen_text, endorsement.frozen_text) if before else "",
        "token": token,
        "form": form,
        "has_declined": endorsement.state == EndorsementState.DECLINED,
        **text_context(endorsement.frozen_text),
    }
    return render(request, "organizations/endorse_renew.html", context, status=form_status(form))


def _asked_again_since(request: HttpRequest, endorsement: Endorsement) -> HttpResponse:
    """An old link of somebody who was asked once more for a later text: the newest mail has the link that counts."""
    return render(
        request, "organizations/endorse_lapsed.html", text_context(endorsement.frozen_text), status=410
    )
