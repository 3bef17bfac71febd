"""What every request of somebody signed in passes. Requests without a session cost nothing here."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from campaign.accounts.models import User
from campaign.accounts.second_step import NONE, lacks_second_step
from campaign.accounts.services import note_session
from campaign.guard.network import client_network

GetResponse = Callable[[HttpRequest], HttpResponse]

SEEN_AT = "seen_at"  # in the session: when its use was last written down
SEEN_SECONDS = 600

# What stays open to somebody who must set up a second step first: the account itself, and what every page needs.
OPEN_PREFIX = "accounts/"
OPEN_NAMES = frozenset({"set_language", "livez", "readyz"})


def note_sessions(get_response: GetResponse) -> GetResponse:
    """Keep the list of sessions fresh: at most one note in ten minutes, and only when the page asked who is there.

    A page that is the same for everybody must stay without a cookie, so this looks after it was drawn and does not ask first.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session = request.session
        if not session.accessed or session.is_empty():
            return response
        age = timezone.now().timestamp() - session.get(SEEN_AT, 0)
        if age > SEEN_SECONDS and request.user.is_authenticated:
            note_seen(request, request.user)
        return response

    return middleware


def note_seen(request: HttpRequest, user: User) -> None:
    """Write down that this session is in use, and in the session that it was."""
    now = timezone.now()
    if not request.session.session_key:
        request.session.save()
    request.session[SEEN_AT] = int(now.timestamp())
    note_session(
        user=user,
        session_key=request.session.session_key or "",
        network=client_network(request),
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        at=now,
    )


class RequireSecondStep:
    """Whoever must have a second step and has none is led to the page that sets one up, and changes nothing before."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if settings.REQUIRE_SECOND_STEP == NONE or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        match = request.resolver_match
        if match and (match.route.startswith(OPEN_PREFIX) or match.url_name in OPEN_NAMES):
            return None
        if not lacks_second_step(request.user):
            return None
        if request.method not in {"GET", "HEAD"}:
            return render(request, "account/second_step_refused.html", status=403)
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(redirect("second_step").url)
        return redirect("second_step")
