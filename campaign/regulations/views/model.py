"""What the model of an adaptation changed since: taken over or not, provision by provision and row by row."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.core.errors import DomainError
from campaign.regulations.forms.model import DecisionForm, SeenModelForm
from campaign.regulations.model_changes import change_blocks
from campaign.regulations.model_rows import row_blocks
from campaign.regulations.models import Edition, ModelDecision
from campaign.regulations.queries import edition_text, open_changes
from campaign.regulations.services import Followed, follow_model, settle_model, take_over_untouched
from campaign.regulations.services.following import is_taken_at_once
from campaign.regulations.services.following_rows import is_row_taken_at_once
from campaign.regulations.views.access import draft_frame, open_draft


def _adaptation(request: HttpRequest, slug: str) -> Edition:
    draft = open_draft(request, slug)
    if draft.model_edition is None:
        raise Http404
    return draft


@login_required
@require_safe
def draft_model(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every change of the model that is not decided yet."""
    draft = _adaptation(request, slug)
    changes = open_changes(edition=draft)
    frame = draft_frame(draft, changes=changes)
    newer = frame["newer_model"]
    blocks, rows = [], []
    if newer is not None and draft.model_edition is not None:
        editions = {"old": draft.model_edition, "new": newer, "ours": draft}
        texts = {name: edition_text(edition=edition) for name, edition in editions.items()}
        blocks = change_blocks(changes.provisions, **texts)
        rows = row_blocks(changes.rows, **texts)
    context = frame | {
        "model": draft.template.model,
        "model_edition": draft.model_edition,
        "blocks": blocks,
        "rows": rows,
        "untouched": sum(1 for block in blocks if is_taken_at_once(block.change) and not block.missing)
        + sum(1 for block in rows if is_row_taken_at_once(block.change) and not block.is_used),
    }
    return render(request, "regulations/draft_model.html", context)


@login_required
@require_POST
def model_decide(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    """Take over what the model changed about a provision or a row, or keep it as it is here."""
    draft = _adaptation(request, slug)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose whether to take it over or to keep yours."))
        return redirect("draft_model", slug)
    try:
        followed = follow_model(
            edition=draft,
            key=key,
            decision=ModelDecision(form.cleaned_data["decision"]),
            person=request.user,
            at=timezone.now(),
            model_edition_id=form.cleaned_data["seen"],
            ours_seen=form.cleaned_data["ours"],
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        _tell_brought(request, followed)
        messages.info(request, _left_sentence(followed.count))
    return redirect(f"{reverse('draft_model', args=[slug])}#changes")


@login_required
@require_POST
def model_untouched(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take over in one go what the model changed where the draft was left as the model had it."""
    draft = _adaptation(request, slug)
    form = SeenModelForm(request.POST)
    try:
        followed = take_over_untouched(
            edition=draft,
            person=request.user,
            at=timezone.now(),
            model_edition_id=form.cleaned_data["seen"] if form.is_valid() else None,
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        sentence = ngettext(
            "%(count)d change is taken over.", "%(count)d changes are taken over.", followed.count
        )
        messages.info(request, sentence % {"count": followed.count})
        _tell_brought(request, followed)
    return redirect("draft_model", slug)


@login_required
@require_POST
def model_settle(request: SignedInRequest, slug: str) -> HttpResponse:
    """Let the draft rest on the newer edition when nothing is left to decide."""
    draft = _adaptation(request, slug)
    form = SeenModelForm(request.POST)
    try:
        settle_model(edition=draft, model_edition_id=form.cleaned_data["seen"] if form.is_valid() else None)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.info(request, _left_sentence(0))
    return redirect("draft_model", slug)


def _tell_brought(request: HttpRequest, followed: Followed) -> None:
    if followed.brought:
        sentence = _("This came along, because what you took over needs it: %(names)s.")
        messages.info(request, sentence % {"names": "; ".join(followed.brought)})


def _left_sentence(left: int) -> str:
    if not left:
        return _("All is decided. The draft rests on the newer edition of its model now.")
    sentence = ngettext("%(count)d change is left to decide.", "%(count)d changes are left to decide.", left)
    return sentence % {"count": left}
