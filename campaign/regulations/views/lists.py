"""Acts on the rows of a list in a draft: each leads back to its list, with a sentence where it was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from campaign.core.errors import DomainError
from campaign.regulations.forms.variable import StepForm
from campaign.regulations.models import Edition


def acted(request: HttpRequest, page: str, slug: str, act: Callable[[], Any]) -> HttpResponse:
    """Do it and go back to the list; what was refused is told there."""
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(page, slug)


def stepped(request: HttpRequest, page: str, slug: str, act: Callable[[int], Any]) -> HttpResponse:
    """Move a row one place, as the form says."""
    form = StepForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose where to move it."))
        return redirect(page, slug)
    return acted(request, page, slug, lambda: act(form.step_size))


def removed(
    request: HttpRequest, draft: Edition, page: str, *, name: str, act: Callable[[], Any], said: str = ""
) -> HttpResponse:
    """Ask once, naming what goes; then do it and go back to the list."""
    if request.method == "POST":
        return acted(request, page, draft.template.slug, act)
    context = {"draft": draft, "template": draft.template, "page": page, "name": name, "said": said}
    return render(request, "regulations/row_remove.html", context)
