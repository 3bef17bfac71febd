"""Publishing what teams hand in, taking down, and putting back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.services import UnderEmbargo
from campaign.core.access import form_status
from campaign.core.cleaning import markdown_to_html
from campaign.moderation.forms.decisions import NoteForm
from campaign.moderation.models import Act
from campaign.moderation.queries import petitions_to_publish, taken_down_petitions
from campaign.moderation.services import publish, put_back, reject, take_down
from campaign.moderation.views.access import for_moderators, petition_for_moderators
from campaign.petitions.models import PUBLIC_STATES, Petition, PetitionState
from campaign.petitions.services import CampaignIsDraft, ClosingDateIsPast, PetitionCannotMove

ACTS = {  # what can be done to a petition, by its state
    PetitionState.IN_MODERATION: (Act.PUBLISH, Act.REJECT),
    **dict.fromkeys(PUBLIC_STATES, (Act.TAKE_DOWN,)),
    PetitionState.HIDDEN: (Act.RESTORE,),
}
HINTS = {
    Act.REJECT: gettext_lazy("What to change. The team reads it; needed to send it back."),
    Act.TAKE_DOWN: gettext_lazy("Visitors and the team read it. The public page shows nothing else."),
    Act.RESTORE: gettext_lazy("The team reads it."),
}


@for_moderators
@require_safe
def publishing(request: SignedInRequest) -> HttpResponse:
    """What waits to be published, and what was taken down."""
    context = {"waiting": petitions_to_publish(), "taken_down": taken_down_petitions()}
    return render(request, "moderation/publishing.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def petition_review(request: SignedInRequest, slug: str) -> HttpResponse:
    """A petition as signers would see it, with what can be done to it."""
    petition = petition_for_moderators(request.user, slug)
    acts = ACTS.get(PetitionState(petition.state), ())
    chosen = next((act for act in acts if act == request.POST.get("act")), None)
    form = _form(request, chosen, acts)
    if request.method == "POST" and form.is_valid():
        try:
            message = _decide(request, petition, chosen, form.cleaned_data["note"])
        except (CampaignIsDraft, ClosingDateIsPast, UnderEmbargo, PetitionCannotMove) as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, message)
            return redirect("moderation_publishing")
    context: dict[str, Any] = {
        "petition": petition,
        "text_html": markdown_to_html(petition.text),
        "form": form,
        "can": [act.value for act in acts],
    }
    return render(request, "moderation/petition_review.html", context, status=form_status(form))


def _form(request: SignedInRequest, chosen: Act | None, acts: tuple[Act, ...]) -> NoteForm:
    """Publishing and putting back need no reason."""
    hint = HINTS[acts[-1]] if acts else ""
    required = chosen in {Act.REJECT, Act.TAKE_DOWN}
    if request.method == "POST":
        return NoteForm(request.POST, hint=hint, required=required)
    return NoteForm(hint=hint, required=acts == (Act.TAKE_DOWN,))


def _decide(request: SignedInRequest, petition: Petition, act: Act | None, note: str) -> str:
    """Do it, and say what was done. Raises PetitionCannotMove and what `publish` raises."""
    by, at = request.user, timezone.now()
    if act == Act.PUBLISH:
        publish(petition=petition, by=by, at=at)
        return _("The petition is open. Its team gets a mail.")
    if act == Act.REJECT:
        reject(petition=petition, note=note, by=by, at=at)
        return _("The petition is with its team again. They get a mail with your reason.")
    if act == Act.TAKE_DOWN:
        take_down(petition=petition, note=note, by=by, at=at)
        return _("The petition is taken down. You can put it back at any time.")
    if act == Act.RESTORE:
        put_back(petition=petition, note=note, by=by, at=at)
        return _("The petition stands where it stood before.")
    raise PetitionCannotMove
