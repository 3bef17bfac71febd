"""Making a consultation by hand, and changing its facts, its deadline and its ways in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.requests import SignedInRequest
from campaign.consultations.forms.deadlines import (
    ChannelForm,
    DeadlineForm,
    SeenForm,
    clock_initial,
    warnings_of,
)
from campaign.consultations.forms.facts import FactsForm, NewConsultationForm, facts_initial
from campaign.consultations.importer import ListError, OutlineDoesNotHold, SectionData, read_list
from campaign.consultations.models import Channel, Consultation
from campaign.consultations.rules import can_import_consultations
from campaign.consultations.services import (
    ConsultationWasChanged,
    change_facts,
    make_consultation,
    move_deadline,
    remove_channel,
    save_channel,
)
from campaign.consultations.views.editing import back_to, edited_consultation, form_page, stored, tell
from campaign.core.access import form_status, posted, require


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consultation_create(request: SignedInRequest) -> HttpResponse:
    """Make a consultation: its facts and its deadline, and its questions if there is a list of them."""
    require(can_import_consultations(request.user))
    form = NewConsultationForm(
        posted(request),
        request.FILES or None,
        consultation=None,
        initial={"opened_date": timezone.localdate(), "has_official_numbers": True},
    )
    if request.method == "POST" and form.is_valid() and (made := _make(request, form)):
        tell(request, warnings_of(form.closing))
        return back_to(made)
    context = {"form": form}
    return render(request, "consultations/consultation_create.html", context, status=form_status(form))


def _make(request: SignedInRequest, form: NewConsultationForm) -> Consultation | None:
    """The new consultation; None when its list of questions is not as it should be, which the form says."""
    upload, sections = form.cleaned_data["questions"], list[SectionData]()
    clock = form.stated
    try:
        if upload is not None:
            sections = read_list(upload.read())
        if clock is None:
            return None
        return make_consultation(
            facts=form.facts, clock=clock, sections=sections, by=request.user, at=timezone.now()
        )
    except ListError as error:
        form.add_error("questions", [str(each) for each in error.mistakes])
    except OutlineDoesNotHold as error:
        form.add_error("questions", str(error))
    return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consultation_facts(request: SignedInRequest, slug: str) -> HttpResponse:
    """What a consultation is."""
    consultation = edited_consultation(request, slug)
    form = FactsForm(posted(request), consultation=consultation, initial=facts_initial(consultation))
    if request.method == "POST" and form.is_valid():
        facts, seen = form.facts, form.cleaned_data["seen"]
        if stored(
            form, consultation, lambda: change_facts(consultation=consultation, facts=facts, seen=seen)
        ):
            return back_to(consultation)
    return form_page(request, consultation, form, title=_("Facts"), initial=facts_initial(consultation))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consultation_deadline(request: SignedInRequest, slug: str) -> HttpResponse:
    """Another deadline: moved by the authority, or typed wrong here."""
    consultation = edited_consultation(request, slug)
    initial = {**clock_initial(consultation), "seen": consultation.revision}
    form = DeadlineForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid() and (clock := form.stated):
        values = {"clock": clock, "why": form.why, "seen": form.cleaned_data["seen"]}
        if stored(
            form,
            consultation,
            lambda: move_deadline(consultation=consultation, by=request.user, at=timezone.now(), **values),
        ):
            tell(request, warnings_of(form.closing))
            return back_to(consultation)
    return form_page(
        request, consultation, form, title=_("Another deadline"), initial=clock_initial(consultation)
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def channel_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """One more way in."""
    return _channel(
        request, edited_consultation(request, slug), None, title=_("One more way to send a reply")
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def channel_edit(request: SignedInRequest, slug: str, channel: UUID) -> HttpResponse:
    """A way in, and its own deadline if it has one."""
    consultation = edited_consultation(request, slug)
    row = get_object_or_404(consultation.channels, pk=channel)
    return _channel(request, consultation, row, title=row.kind_words)


def _channel(
    request: SignedInRequest, consultation: Consultation, row: Channel | None, *, title: str
) -> HttpResponse:
    form = ChannelForm(
        posted(request), channel=row, initial={**_channel_initial(row), "seen": consultation.revision}
    )
    if request.method == "POST" and form.is_valid():
        values = {"said": form.said, "why": form.why, "seen": form.cleaned_data["seen"]}
        if stored(
            form,
            consultation,
            lambda: save_channel(
                consultation=consultation, channel=row, by=request.user, at=timezone.now(), **values
            ),
        ):
            tell(request, warnings_of(form.closing))
            return back_to(consultation)
    fresh = Channel.objects.filter(pk=row.pk).first() if row else None
    return form_page(request, consultation, form, title=title, initial=_channel_initial(fresh), channel=row)


def _channel_initial(row: Channel | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        **{name: getattr(row, name) for name in ("kind", "url", "address", "note")},
        **clock_initial(row),
    }


@login_required
@require_POST
def channel_remove(request: SignedInRequest, slug: str, channel: UUID) -> HttpResponse:
    """Take out a way in."""
    consultation = edited_consultation(request, slug)
    row = get_object_or_404(consultation.channels, pk=channel)
    form = SeenForm(request.POST)
    if form.is_valid():
        try:
            remove_channel(
                consultation=consultation,
                channel=row,
                seen=form.cleaned_data["seen"],
                by=request.user,
                at=timezone.now(),
            )
        except ConsultationWasChanged:
            messages.error(
                request, _("Somebody else changed this consultation meanwhile. Nothing was removed.")
            )
    return back_to(consultation)
