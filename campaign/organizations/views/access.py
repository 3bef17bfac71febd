"""What the room's views share: whose organization it is, and links from mails."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from campaign.core.access import require, require_role
from campaign.core.links import linked_row_id
from campaign.documents.models import FrozenText
from campaign.documents.text_kinds import text_kind
from campaign.organizations.models import Organization
from campaign.organizations.rules import can_manage_people, role_in


def page_locale() -> str:
    """The language the page is in: what its reader types is taken to be in it, and mail to them is."""
    return get_language() or "en"


def managed_organization(request: HttpRequest, slug: str) -> Organization:
    """For its owners. Strangers get 404, other members 403."""
    organization = get_object_or_404(Organization, slug=slug)
    require(can_manage_people(require_role(role_in(request.user, organization))))
    return organization


def linked_row(model: Any, purpose: str, token: str) -> Any:
    """The row a link from a mail was made for; None when it was not made by us for this purpose."""
    row_id = linked_row_id(purpose=purpose, token=token)
    return model.objects.filter(pk=row_id).first() if row_id else None


def endorsable_text(digest: str) -> FrozenText:
    """A text that can be endorsed, by its digest. Records of what was filed or handed over are none: 404."""
    text = get_object_or_404(FrozenText, digest=digest)
    kind = text_kind(text.kind)
    if kind is not None and kind.passages is None:
        raise Http404
    return text


def dead_link(request: HttpRequest) -> HttpResponse:
    return render(request, "organizations/link_dead.html", status=410)
