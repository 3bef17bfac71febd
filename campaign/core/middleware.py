"""Small gates that every request passes."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

GetResponse = Callable[[HttpRequest], HttpResponse]


def refuse_nul_bytes(get_response: GetResponse) -> GetResponse:
    """Answer 400 to a NUL byte in path, query or form: no person types one, and PostgreSQL cannot store it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("NUL byte in the address.")
        if request.method == "POST" and any(
            "\x00" in part for name, values in request.POST.lists() for part in (name, *values)
        ):
            return HttpResponseBadRequest("NUL byte in the form.")
        return get_response(request)

    return middleware


def security_headers(get_response: GetResponse) -> GetResponse:
    """Headers that neither Django nor django-csp sets."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=(), payment=(), browsing-topics=()",
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def is_from_own_site(request: HttpRequest) -> bool:
    """Whether a POST without session and token comes from a page of this site.

    `Sec-Fetch-Site` is sent by every browser since 2023 and cannot be set by a page; `Origin` is the fallback. A client that
    sends neither is no browser, and cannot carry a person's cookies into the request.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    own = {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
    return origin in own
