"""What an organization that was invited by name answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaign.core.access import form_status, posted
from campaign.organizations.forms.endorsing import InvitationAnswerForm
from campaign.organizations.models import CallInvitation, CallInvitationState
from campaign.organizations.services import LinkExpired, answer_invitation
from campaign.organizations.views.access import dead_link, linked_row
from campaign.organizations.views.endorsing import endorse_page, text_context


@never_cache
@csrf_exempt  # the link itself is the secret; it must work in a browser that keeps no cookies
@require_http_methods(["GET", "HEAD", "POST"])
def call_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked, by whom, until when; and the three answers."""
    invitation = linked_row(CallInvitation, "call-invitation", token)
    if invitation is None:
        return dead_link(request)
    form = InvitationAnswerForm(
        posted(request), initial={"answer": invitation.state, "note": invitation.note}
    )
    if request.method == "POST" and form.is_valid():
        try:
            answer_invitation(
                invitation=invitation,
                state=form.cleaned_data["answer"],
                note=form.cleaned_data["note"],
                at=timezone.now(),
            )
        except LinkExpired as error:
            form.add_error(None, str(error))
        else:
            return redirect("call_invitation", token)
    context = {
        "invitation": invitation,
        "has_endorsed": invitation.state == CallInvitationState.ENDORSED,
        "token": token,
        "form": form,
        **text_context(invitation.call.frozen_text),
    }
    return render(request, "organizations/call_invitation.html", context, status=form_status(form))


@never_cache
@csrf_exempt  # the link itself is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def call_invitation_endorse(request: HttpRequest, token: str) -> HttpResponse:
    invitation = linked_row(CallInvitation, "call-invitation", token)
    if invitation is None:
        return dead_link(request)
    return endorse_page(request, invitation.call.frozen_text, invitation)
