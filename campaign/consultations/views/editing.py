"""What the pages share on which a consultation is changed by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaign.consultations.forms.deadlines import SeenForm
from campaign.consultations.importer import OutlineDoesNotHold
from campaign.consultations.models import Consultation
from campaign.consultations.rules import can_edit_consultation
from campaign.consultations.services import ConsultationWasChanged
from campaign.core.access import form_status, require


def edited_consultation(request: HttpRequest, slug: str) -> Consultation:
    """The consultation, for who may change it. It is public, so that all others get 403."""
    consultation = get_object_or_404(
        Consultation.objects.select_related("authority__jurisdiction", "profile"), slug=slug
    )
    require(can_edit_consultation(request.user, consultation))
    return consultation


def back_to(consultation: Consultation) -> HttpResponse:
    """Where the parts of a consultation are listed for changing."""
    return redirect("consultation_edit", consultation.slug)


def stored(form: SeenForm, consultation: Consultation, act: Callable[[], Any]) -> bool:
    """Whether `act` could be done. Else the form says why, and is to be shown again."""
    try:
        act()
    except ConsultationWasChanged as error:
        form.add_error(None, str(error))
        consultation.refresh_from_db()
        form.show_current(consultation.revision)
        return False
    except OutlineDoesNotHold as error:
        form.add_error(None, str(error))
        return False
    return True


def tell(request: HttpRequest, warnings: Iterable[str]) -> None:
    """Say after saving what may be wrong all the same."""
    for each in warnings:
        messages.warning(request, each)


def what_stands(form: forms.Form, initial: dict[str, Any]) -> list[tuple[str, str]]:
    """(label, words) of what stands otherwise than it was typed. `initial`: what a fresh form would show."""
    return list(_standing(form, initial))


def _standing(form: forms.Form, initial: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for bound in form.visible_fields():
        if bound.name not in initial:
            continue
        now = _words(bound.field, initial[bound.name])
        if now != _words(bound.field, bound.value()):
            yield str(bound.label), now or _("nothing")


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        choices: Any = field.choices
        names = dict(_choices(choices))
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(names.get(str(each), str(each)) for each in chosen if each not in {None, ""})
    if isinstance(field, forms.DateField) and value and not isinstance(value, str):
        return date_format(value, "Y-m-d")
    return "" if value is None else str(value).replace("\r\n", "\n")


def _choices(choices: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _choices(label)
        else:
            yield str(value), str(label)


def form_page(
    request: HttpRequest,
    consultation: Consultation,
    form: SeenForm,
    *,
    title: str,
    initial: dict[str, Any],
    **more: Any,
) -> HttpResponse:
    """The page with one form. Who comes second sees what stands there now beside what they typed."""
    clashes = form.is_bound and form["seen"].value() != request.POST.get("seen")
    context = {
        "consultation": consultation,
        "form": form,
        "title": title,
        "standing": what_stands(form, initial) if clashes else [],
        **more,
    }
    return render(request, "consultations/consultation_form.html", context, status=form_status(form))
