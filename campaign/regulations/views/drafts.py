"""Drafts as a whole: begin an instrument, an adaptation or the next edition; its options; publish it or throw it away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import Campaign
from campaign.campaigns.queries import campaigns_drafted_in
from campaign.campaigns.rules import can_edit_petitions, team_role
from campaign.core.access import form_status, posted, require, require_role
from campaign.core.errors import DomainError
from campaign.regulations.drafts import draft_rows, text_digest
from campaign.regulations.forms.draft import (
    AdaptForm,
    FactsForm,
    InstrumentForm,
    OptionsForm,
    PublishForm,
    TypedOptions,
)
from campaign.regulations.forms.seen import Theirs
from campaign.regulations.mending import draft_mendings, mendings
from campaign.regulations.models import Edition
from campaign.regulations.queries import draft_of, edition_text, latest_edition, published_edition
from campaign.regulations.services import (
    DraftIsPublished,
    EditionNotPublishable,
    LabelTaken,
    NeedsMending,
    RowChanged,
    ValuesDoNotFit,
    adapt_edition,
    change_facts,
    discard_draft,
    draft_problems,
    publish_draft,
    seen_of,
    set_options,
    start_edition,
    start_instrument,
)
from campaign.regulations.views.access import draft_frame, drafted_template, open_draft, require_readable
from campaign.regulations.views.lists import keeps_words

ATTEMPTS = 3  # at storing options while others store theirs


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def instrument_new(request: SignedInRequest, campaign: str) -> HttpResponse:
    """Begin an instrument of a campaign from an empty page."""
    row = get_object_or_404(Campaign, slug=campaign)
    require(can_edit_petitions(require_role(team_role(request.user, row))))
    form = InstrumentForm(posted(request), initial={"locale": row.locale})
    if request.method == "POST" and form.is_valid():
        draft = start_instrument(campaign=row, facts=form.facts, person=request.user, at=timezone.now())
        return redirect("draft", draft.template.slug)
    context = {"form": form, "campaign": row}
    return render(request, "regulations/instrument_new.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edition_adapt(request: SignedInRequest, slug: str, label: str) -> HttpResponse:
    """Begin the adaptation of a published edition to a jurisdiction."""
    edition = _model_edition(request, slug, label)
    campaigns = list(campaigns_drafted_in(user=request.user))
    form = AdaptForm(posted(request), edition=edition, campaigns=campaigns)
    if request.method == "POST" and form.is_valid():
        draft = adapt_edition(
            edition=edition,
            campaign=form.cleaned_data["campaign"],
            jurisdiction=form.cleaned_data["jurisdiction"],
            facts=form.facts,
            person=request.user,
            at=timezone.now(),
        )
        return redirect("draft", draft.template.slug)
    context = {"form": form, "edition": edition, "template": edition.template, "campaigns": campaigns}
    return render(request, "regulations/edition_adapt.html", context, status=form_status(form))


def _model_edition(request: SignedInRequest, slug: str, label: str) -> Edition:
    found = published_edition(slug=slug, label=label)
    if found is None or found.template.is_adaptation:
        raise Http404
    require_readable(request, found.template)
    return found


@login_required
@require_POST
def draft_begin(request: SignedInRequest, slug: str) -> HttpResponse:
    """Begin the next edition of an instrument, or go to the draft that is open."""
    template = drafted_template(request, slug)
    if draft_of(template=template) is None:
        if latest_edition(slug=slug) is None:
            raise Http404
        try:
            start_edition(template=template, person=request.user, at=timezone.now())
        except DomainError as error:
            messages.info(request, str(error))
    return redirect("draft", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(TypedOptions, DraftIsPublished)
def draft_options(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the draft leaves open: values, alternatives, optional provisions."""
    draft = open_draft(request, slug)
    text = edition_text(edition=draft)
    form, theirs = OptionsForm(posted(request), text=text, rows=draft_rows(text)), []
    if request.method == "POST" and form.is_valid():
        theirs = _save_options(request, slug, form)
        if not form.errors:
            messages.info(request, _("Saved. The text follows."))
            return redirect("draft_options", slug)
    context = draft_frame(draft) | {"form": form, "theirs": theirs}
    return render(request, "regulations/draft_options.html", context, status=form_status(form))


def _save_options(request: SignedInRequest, slug: str, form: OptionsForm) -> list[Theirs]:
    """Store what was changed in the form, beside what others store; or what they decided otherwise in the same fields."""
    for _attempt in range(ATTEMPTS):
        draft = open_draft(request, slug)
        text = edition_text(edition=draft)
        if theirs := form.show_theirs(OptionsForm(text=text, rows=draft_rows(text))):
            return theirs
        try:
            set_options(
                edition=draft,
                values=form.changed_values,
                switches=form.changed_switches,
                seen=seen_of(draft),
            )
        except RowChanged:
            continue  # somebody stored theirs since they were looked at: look again
        except ValuesDoNotFit as error:
            for name, said in error.refused.items():
                form.add_error(f"value:{name}", said)
        except DomainError as error:
            form.add_error(None, str(error))
        return []
    form.add_error(
        None, _("Others are saving their options at this moment. Nothing of yours is stored yet: save again.")
    )
    return []


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(InstrumentForm, DraftIsPublished)
def draft_facts(request: SignedInRequest, slug: str) -> HttpResponse:
    """What is said of the instrument as a whole."""
    draft = open_draft(request, slug)
    is_published = draft.template.editions.published().exists()
    form, theirs = FactsForm(posted(request), template=draft.template, is_published=is_published), []
    if request.method == "POST" and form.is_valid():
        try:
            change_facts(
                edition=draft,
                facts=form.facts,
                accepts_mending=form.cleaned_data["accepts"],
                seen=form.opened_on,
            )
        except RowChanged as error:
            now = drafted_template(request, slug)
            theirs = form.show_theirs(FactsForm(template=now, is_published=is_published), str(error))
        except NeedsMending as error:
            form.show_problems(error.problems)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, _("Saved."))
            return redirect("draft_facts", slug)
    context = draft_frame(draft) | {
        "form": form,
        "theirs": theirs,
        "is_published": is_published,
        "problems": draft_mendings(draft, form.problems) if form.problems else [],
    }
    return render(request, "regulations/draft_facts.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(PublishForm, DraftIsPublished)
def draft_publish(request: SignedInRequest, slug: str) -> HttpResponse:
    """Publish a draft: what stands against it, then its label and what changed."""
    draft = open_draft(request, slug)
    form = PublishForm(
        posted(request),
        initial={"label": draft.label, "title": draft.title, "change_note": draft.change_note},
    )
    text = edition_text(edition=draft)
    problems = draft_problems(edition=draft, text=text)
    seen = text_digest(text)
    if request.method == "POST" and form.is_valid():
        try:
            edition = publish_draft(
                edition=draft,
                person=request.user,
                at=timezone.now(),
                seen=request.POST.get("seen"),
                **form.cleaned_data,
            )
        except LabelTaken as error:
            form.add_error("label", str(error))
        except EditionNotPublishable as error:
            problems = error.problems
            form.add_error(None, _("The text has to be mended first: see below."))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("edition", slug, edition.label)
    context = draft_frame(draft) | {
        "form": form,
        "seen": seen,
        "problems": mendings(problems, text=text, rows=draft_rows(text), slug=slug),
    }
    return render(request, "regulations/draft_publish.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft_discard(request: SignedInRequest, slug: str) -> HttpResponse:
    """Throw a draft away, after asking once."""
    draft = open_draft(request, slug)
    template, campaign = draft.template, draft.template.campaign
    if request.method == "POST":
        try:
            discard_draft(edition=draft, person=request.user, at=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("draft", slug)
        messages.info(request, _("The draft is gone."))
        if latest_edition(slug=slug) is not None:
            return redirect("instrument", slug)
        return redirect("campaign_detail", campaign.slug) if campaign else redirect("instruments")
    context = {
        "draft": draft,
        "template": template,
        "total": draft.provisions.count(),
        "is_first": draft.base_id is None and not template.editions.exclude(pk=draft.pk).exists(),
    }
    return render(request, "regulations/draft_discard.html", context)
