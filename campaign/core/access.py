"""What views share: who is looking (strangers get 404, members without the right 403), and what they sent."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict


def require(allowed: bool) -> None:
    """403 for a member whose role is too low."""
    if not allowed:
        raise PermissionDenied


def require_role(role: str | None) -> str:
    """404 for a stranger, so that not even the existence of a draft is told."""
    if role is None:
        raise Http404
    return role


def form_status(form: object) -> int:
    """422 for a form that comes back with errors, 200 for a fresh one."""
    return 422 if getattr(form, "errors", None) else 200


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is a POST too."""
    return request.POST if request.method == "POST" else None
