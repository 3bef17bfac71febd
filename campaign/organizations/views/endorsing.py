"""Putting an organization behind one exact text. No account is needed: the proof is the mailbox."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.core.cleaning import markdown_to_html
from campaign.documents.models import FrozenText
from campaign.documents.redline import draw_redline
from campaign.organizations.forms.endorsing import EndorseForm, ListedNameForm, MemberEndorseForm
from campaign.organizations.models import CallInvitation, Endorsement, EndorsementState
from campaign.organizations.queries import call_of, current_text, organizations_signed_for
from campaign.organizations.services import (
    EndorsesAlready,
    LinkExpired,
    MandateNotInForce,
    MandateRevoked,
    NotItsOwnDomain,
    OnlyByInvitation,
    TextMovedOn,
    confirm_endorsement,
    correct_listed_name,
    endorse_as_member,
    request_endorsement,
    withdraw_endorsement,
)
from campaign.organizations.views.access import dead_link, endorsable_text, linked_row, page_locale


def text_context(text: FrozenText) -> dict[str, Any]:
    """What every page about endorsing a text shows of it and its call."""
    call, now = call_of(frozen_text=text), timezone.now()
    return {
        "frozen_text": text,
        "current_text": current_text(frozen_text=text),
        "call": call,
        "is_late": call is not None and call.is_late_at(now),
        "is_under_embargo": call is not None and call.is_under_embargo_at(now),
        "note_html": markdown_to_html(call.note, heading_offset=2) if call else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def endorse(request: HttpRequest, digest: str) -> HttpResponse:
    return endorse_page(request, endorsable_text(digest))


def endorse_page(
    request: HttpRequest, text: FrozenText, invitation: CallInvitation | None = None
) -> HttpResponse:
    """The form for organizations, with or without an invitation by name."""
    form = EndorseForm(posted(request), text=text, initial=_invited_initial(invitation))
    if request.method == "POST" and form.is_valid():
        try:
            request_endorsement(
                frozen_text=text,
                organization=form.organization_data(),
                signatory=form.signatory_data(locale=page_locale()),
                support=form.support(),
                invitation=invitation,
                at=timezone.now(),
            )
        except NotItsOwnDomain as error:
            form.add_error("signatory_email", str(error))
        except (TextMovedOn, OnlyByInvitation) as error:
            form.add_error(None, str(error))
        else:
            return redirect("endorse_sent", text.digest)
    signed_for = organizations_signed_for(user=request.user, at=timezone.now())
    context = {
        **text_context(text),
        "form": form,
        "invitation": invitation,
        "signed_for": signed_for,
    }
    return render(request, "organizations/endorse.html", context, status=form_status(form))


def _invited_initial(invitation: CallInvitation | None) -> dict[str, str]:
    if invitation is None:
        return {}
    return {
        "display_name": invitation.name,
        "legal_name": invitation.name,
        "signatory_email": invitation.email or "",
    }


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def endorse_signed_in(request: SignedInRequest, digest: str) -> HttpResponse:
    """In one step, for whoever has a mandate on record."""
    text = endorsable_text(digest)
    organizations = organizations_signed_for(user=request.user, at=timezone.now())
    form = MemberEndorseForm(posted(request), text=text, organizations=organizations)
    if request.method == "POST" and form.is_valid():
        organization = form.cleaned_data["organization"]
        try:
            endorse_as_member(
                frozen_text=text,
                organization=organization,
                by=request.user,
                support=form.support(),
                at=timezone.now(),
            )
        except (MandateNotInForce, EndorsesAlready) as error:
            form.add_error("organization", str(error))
        except (TextMovedOn, OnlyByInvitation) as error:
            form.add_error(None, str(error))
        else:
            return redirect("organization_endorsements", organization.slug)
    context = {**text_context(text), "form": form, "organizations": organizations}
    return render(request, "organizations/endorse_signed_in.html", context, status=form_status(form))


@require_safe
def endorse_sent(request: HttpRequest, digest: str) -> HttpResponse:
    text = endorsable_text(digest)
    return render(request, "organizations/endorse_sent.html", {"frozen_text": text})


@never_cache
@csrf_exempt  # the link itself is the secret; it must work in a browser that keeps no cookies
@require_http_methods(["GET", "HEAD", "POST"])
def endorsement_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the signatory's link leads: GET shows where the endorsement stands, POST confirms it."""
    endorsement = linked_row(Endorsement, "endorsement", token)
    if endorsement is None:
        return dead_link(request)
    if endorsement.state == EndorsementState.TO_RENEW:
        return redirect("endorsement_renew", token)
    if request.method == "POST":
        try:
            endorsement = confirm_endorsement(
                endorsement=endorsement, read=_read_text(request), at=timezone.now()
            )
        except LinkExpired:
            return dead_link(request)
        except TextMovedOn as moved:
            return _moved_on(request, endorsement, moved.text, token, status=409)
        except MandateRevoked as refusal:
            context = {
                "endorsement": endorsement,
                "error": str(refusal),
                **text_context(endorsement.frozen_text),
            }
            return render(request, "organizations/endorse_confirm.html", context, status=409)
    match endorsement.state:
        case EndorsementState.ACCEPTED | EndorsementState.SECOND:
            return _standing(request, endorsement, token)
        case EndorsementState.PENDING if endorsement.expires_at > timezone.now():
            now = current_text(frozen_text=endorsement.frozen_text)
            if now.pk != endorsement.frozen_text_id:
                return _moved_on(request, endorsement, now, token)
            context = {"endorsement": endorsement, **text_context(endorsement.frozen_text)}
            return render(request, "organizations/endorse_confirm.html", context)
    return dead_link(request)


def _read_text(request: HttpRequest) -> FrozenText | None:
    """The changed text whose changes were on the page that was sent."""
    return FrozenText.objects.filter(digest=request.POST.get("read", "")).first()


def _moved_on(
    request: HttpRequest, endorsement: Endorsement, now: FrozenText, token: str, *, status: int = 200
) -> HttpResponse:
    context = {
        "endorsement": endorsement,
        "token": token,
        "redline": draw_redline(endorsement.frozen_text, now),
        **text_context(now),
    }
    return render(request, "organizations/endorse_moved_on.html", context, status=status)


def _standing(
    request: HttpRequest, endorsement: Endorsement, token: str, form: ListedNameForm | None = None
) -> HttpResponse:
    context = {
        "endorsement": endorsement,
        "token": token,
        "inclusions": endorsement.inclusions.order_by("included_at", "pk"),
        "form": form or ListedNameForm(initial={"name": endorsement.organization.display_name}),  # type: ignore[union-attr]
        **text_context(endorsement.frozen_text),
    }
    return render(
        request, "organizations/endorse_confirmed.html", context, status=form_status(context["form"])
    )


@never_cache
@csrf_exempt  # the link itself is the secret
@require_http_methods(["POST"])
def endorsement_name(request: HttpRequest, token: str) -> HttpResponse:
    """The signatory corrects how the organization stands in lists."""
    endorsement = linked_row(Endorsement, "endorsement", token)
    if endorsement is None or endorsement.state != EndorsementState.ACCEPTED:
        return dead_link(request)
    if endorsement.mandate is None or not endorsement.mandate.is_in_force_at(timezone.now()):
        return dead_link(request)  # whoever signed once does not name the organization for ever
    form = ListedNameForm(request.POST)
    if not form.is_valid():
        return _standing(request, endorsement, token, form)
    correct_listed_name(endorsement=endorsement, name=form.cleaned_data["name"], at=timezone.now())
    return redirect("endorsement_confirm", token)


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
        "inclusions": endorsement.inclusions.order_by("included_at", "pk"),
        "is_withdrawn": endorsement.state == EndorsementState.WITHDRAWN,
        "token": token,
    }
    return render(request, "organizations/endorse_withdraw.html", context)
