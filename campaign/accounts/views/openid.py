"""Sign-in through the issuer of the settings. Without one, none of these addresses exists."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount import views as allauth_views
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from campaign.accounts.openid import CallbackView, CheckedAdapter, CheckedProvider

View = Callable[..., HttpResponse]


def needs_issuer(view: View) -> View:
    """404 while the settings name no issuer."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not get_adapter().list_apps(request):
            raise Http404
        return view(request, *args, **kwargs)

    return checked


def get_provider(request: HttpRequest, provider_id: str) -> CheckedProvider:
    try:
        provider: CheckedProvider = get_adapter().get_provider(request, provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    if provider.app.provider_id != provider_id:
        raise Http404
    return provider


@needs_issuer
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """GET asks, POST leaves.

    It leaves by a page of its own: browsers hold each redirect after a form against `form-action`, and where an issuer sends
    people on to is not ours to list.
    """
    provider = get_provider(request, provider_id)
    if request.method != "POST":
        return render(request, "socialaccount/login.html", {"provider": provider})
    try:
        answer = provider.redirect_from_request(request)
    except (OAuth2Error, RequestException) as error:
        return failed(request, provider, error)
    if answer.status_code != 302:
        return answer
    return render(request, "socialaccount/leave.html", {"provider": provider, "target": answer.url})


@needs_issuer
@never_cache
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    provider = get_provider(request, provider_id)
    try:
        answer: HttpResponse = CallbackView.adapter_view(CheckedAdapter(request, provider_id))(request)
    except (OAuth2Error, RequestException) as error:
        return failed(request, provider, error)
    return answer


def failed(request: HttpRequest, provider: CheckedProvider, error: Exception) -> HttpResponse:
    """The issuer does not answer, or not as it should."""
    answer: HttpResponse = render_authentication_error(request, provider, exception=error)
    return answer


connections = needs_issuer(allauth_views.connections)
login_cancelled = needs_issuer(allauth_views.login_cancelled)
