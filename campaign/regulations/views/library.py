"""The library of instruments, open to everyone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.activity.queries import log_page
from campaign.core.access import form_status, posted, require, require_role
from campaign.core.yamlfile import FileError
from campaign.organizations.queries import text_endorsements
from campaign.regulations.exports.formats import LAW_FORMATS
from campaign.regulations.forms.importing import ImportForm
from campaign.regulations.models import Edition, Template
from campaign.regulations.queries import (
    campaign_templates,
    draft_of,
    latest_edition,
    library_templates,
    newer_model_edition,
    published_adaptations,
    published_edition,
    template_editions,
)
from campaign.regulations.rendering import contents_entries, render_law_html
from campaign.regulations.rules import can_draft, can_import_instruments, drafting_role
from campaign.regulations.services import ImportOutcome, import_template_upload, request_edition_document
from campaign.regulations.traditions import tradition
from campaign.regulations.views.access import require_readable

MAX_PROBLEMS = 50  # told at once; the others come up with the next try


@require_safe
def instruments(request: HttpRequest) -> HttpResponse:
    """The library: every instrument with a published edition."""
    context = {
        "templates": library_templates(),
        "adaptations": published_adaptations().filter(campaign=None),
        "by_campaigns": [*campaign_templates(), *published_adaptations().filter(campaign__isnull=False)],
        "can_import": can_import_instruments(request.user),
    }
    return render(request, "regulations/instrument_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def instrument_import(request: SignedInRequest) -> HttpResponse:
    """Upload a template file and publish the edition in it."""
    require(can_import_instruments(request.user))
    form = ImportForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            outcome = import_template_upload(raw=upload.read(), file=upload.name, at=timezone.now())
        except FileError as error:
            _add_problems(form, str(error).splitlines())
        else:
            messages.info(request, _outcome_sentence(outcome))
            return redirect("edition", outcome.edition.template.slug, outcome.edition.label)
    context = {"form": form}
    return render(request, "regulations/instrument_import.html", context, status=form_status(form))


def _add_problems(form: ImportForm, problems: list[str]) -> None:
    for problem in problems[:MAX_PROBLEMS]:
        form.add_error("file", problem)
    if more := len(problems[MAX_PROBLEMS:]):
        sentence = ngettext(
            "%(count)d more place has to be mended. It is told when these are.",
            "%(count)d more places have to be mended. They are told when these are.",
            more,
        )
        form.add_error("file", sentence % {"count": more})


def _outcome_sentence(outcome: ImportOutcome) -> str:
    label = {"label": outcome.edition.label}
    if outcome.is_new:
        return _("Edition %(label)s is published.") % label
    if outcome.checks_recorded:
        sentence = ngettext(
            "Edition %(label)s was published before, with this text. %(count)d check of a reference was recorded.",
            "Edition %(label)s was published before, with this text. %(count)d checks of references were recorded.",
            outcome.checks_recorded,
        )
        return sentence % {**label, "count": outcome.checks_recorded}
    return _("Edition %(label)s was published before, with this text. Nothing changed.") % label


@require_safe
def instrument(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest edition of a template."""
    return _edition_page(request, _found(request, latest_edition(slug=slug)))


@require_safe
def edition(request: HttpRequest, slug: str, label: str) -> HttpResponse:
    """One edition, for good: this address always shows the same text."""
    return _edition_page(request, _found(request, published_edition(slug=slug, label=label)))


@require_POST
def edition_pdf(request: HttpRequest, slug: str, label: str) -> HttpResponse:
    """Order the PDF of an edition and go to the page that tells when it is ready."""
    wanted = _found(request, published_edition(slug=slug, label=label))
    document = request_edition_document(edition=wanted, at=timezone.now())
    return redirect("document", document.pk)


@never_cache
@login_required
@require_safe
def instrument_log(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who did what to an instrument of the library, for the site's staff. What a team did stands in its campaign's log."""
    template = get_object_or_404(Template.objects.select_related("campaign"), slug=slug)
    require_role(drafting_role(request.user, template))
    if template.campaign is not None:
        return redirect("campaign_log", template.campaign.slug)
    context = {"template": template, **log_page(subject_id=template.pk, number=request.GET.get("page"))}
    return render(request, "regulations/instrument_log.html", context)


def _found(request: HttpRequest, found: Edition | None) -> Edition:
    """An edition, for who may read it."""
    if found is None:
        raise Http404
    require_readable(request, found.template)
    return found


def _edition_page(request: HttpRequest, shown: Edition) -> HttpResponse:
    context = _edition_context(shown) | _drafting_context(request, shown)
    return render(request, "regulations/edition_detail.html", context)


def _drafting_context(request: HttpRequest, shown: Edition) -> dict[str, Any]:
    """What drafters of the instrument can go on with, and what the model did since."""
    is_drafter = can_draft(drafting_role(request.user, shown.template))
    return {
        "is_drafter": is_drafter,
        "draft": draft_of(template=shown.template) if is_drafter else None,
        "newer_model": newer_model_edition(edition=shown),
    }


def _edition_context(shown: Edition) -> dict[str, Any]:
    assert shown.frozen_text is not None  # published editions only  # noqa: S101
    payload = shown.frozen_text.data
    editions = list(template_editions(template_id=shown.template_id))
    hooks = list(shown.hooks.all())
    return {
        "template": shown.template,
        "tradition_name": tradition(shown.template.tradition).name,
        "edition": shown,
        "endorsement_total": text_endorsements(frozen_text=shown.frozen_text).count(),
        "payload": payload,
        "law": render_law_html(payload, heading_level=2, permalinks=True),
        "contents": contents_entries(payload),
        "hooks": hooks,
        "unchecked": sum(1 for hook in hooks if not hook.is_checked),
        "editions": editions,
        "adaptations": []
        if shown.template.is_adaptation
        else published_adaptations(model_id=shown.template_id),
        "newest": None if editions[0] == shown else editions[0],
        "formats": LAW_FORMATS.values(),
        "can_compare": shown.template.is_adaptation or len(editions) > 1,
    }
