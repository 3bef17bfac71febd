"""The page on how an account is kept safe, and the sessions on it."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from campaign.accounts import queries, services
from campaign.accounts.requests import SignedInRequest
from campaign.accounts.second_step import lacks_second_step, must_have_second_step
from campaign.guard.network import client_network


@require_safe
@login_required
def security(request: SignedInRequest) -> HttpResponse:
    """The password, the second steps, the issuer if there is one, and where somebody is signed in."""
    providers = get_adapter().list_providers(request)
    page = {
        "steps": queries.second_steps(user=request.user),
        "is_required": must_have_second_step(request.user),
        "sessions": queries.open_sessions(
            user=request.user,
            session_key=request.session.session_key,
            network=client_network(request),
            at=timezone.now(),
        ),
        "provider": providers[0] if providers else None,
        "connection": SocialAccount.objects.filter(user=request.user).first() if providers else None,
    }
    return render(request, "account/security.html", page)


@require_POST
@login_required
def end_session(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, user=request.user, pk=pk)
    if session.session_key == request.session.session_key:
        return redirect("account_logout")
    services.end_session(session=session)
    messages.success(request, _("That browser is signed out."))
    return redirect("security")


@require_POST
@login_required
def end_other_sessions(request: SignedInRequest) -> HttpResponse:
    ended = services.end_other_sessions(user=request.user, session_key=request.session.session_key)
    words = ngettext(
        "%(count)s other browser is signed out.", "%(count)s other browsers are signed out.", ended
    )
    messages.success(request, words % {"count": ended} if ended else _("No other browser was signed in."))
    return redirect("security")


@require_safe
@login_required
def second_step(request: SignedInRequest) -> HttpResponse:
    """Why the site asks for a second step, and the two ways to one. Whoever is not asked, or has one, goes to the overview."""
    if not lacks_second_step(request.user):
        return redirect("security")
    return render(request, "account/second_step.html")
