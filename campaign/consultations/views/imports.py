"""A changed file of a consultation: what it changes, and the yes to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.accounts.requests import SignedInRequest
from campaign.consultations.forms.consultations import ConfirmForm
from campaign.consultations.models import ImportDraft
from campaign.consultations.rules import can_edit_consultation
from campaign.consultations.services import (
    ConsultationChangedMeanwhile,
    DraftIsGone,
    apply_draft,
    draft_changes,
    drop_draft,
)
from campaign.core.access import form_status, posted, require
from campaign.core.yamlfile import FileError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consultation_changes(request: SignedInRequest, pk: Any) -> HttpResponse:
    """What a file that was brought changes; on a yes, change it. Only for who brought it."""
    draft = get_object_or_404(
        ImportDraft.objects.select_related("consultation__authority", "consultation__profile"),
        pk=pk,
        by=request.user,
    )
    consultation = draft.consultation
    require(can_edit_consultation(request.user, consultation))
    if request.method == "POST" and "drop" in request.POST:
        drop_draft(draft=draft)
        messages.info(request, _("Nothing was changed."))
        return redirect("consultation_detail", consultation.slug)
    form = ConfirmForm(posted(request), initial={"seen": consultation.revision})
    if request.method == "POST" and form.is_valid():
        try:
            apply_draft(draft=draft, seen=form.cleaned_data["seen"], by=request.user, at=timezone.now())
        except DraftIsGone as error:
            messages.error(request, str(error))
            return redirect("consultation_detail", consultation.slug)
        except ConsultationChangedMeanwhile as error:
            form.add_error(None, str(error))
            form.show_current(consultation.revision)
        except FileError as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, _("The consultation is changed."))
            return redirect("consultation_detail", consultation.slug)
    return _page(request, draft, form)


def _page(request: SignedInRequest, draft: ImportDraft, form: ConfirmForm) -> HttpResponse:
    changes, problem = None, ""
    try:
        changes = draft_changes(draft)
    except FileError as error:  # it could be read when it was brought; the software has changed since
        problem = str(error)
    context = {"consultation": draft.consultation, "form": form, "changes": changes, "problem": problem}
    return render(request, "consultations/consultation_changes.html", context, status=form_status(form))
