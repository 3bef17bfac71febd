"""Where provisions have been taken over: open to everyone; kept by the drafters of each instrument."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.core.errors import DomainError
from campaign.regulations.adopted import adopted_rows, provision_names
from campaign.regulations.forms.adoptions import (
    AdoptedWordsForm,
    AdoptionFilterForm,
    AdoptionForm,
    CheckForm,
)
from campaign.regulations.models import AdoptedProvision, Adoption, Template
from campaign.regulations.numbered import NumberedText
from campaign.regulations.queries import adoption_of, adoption_rows, template_editions
from campaign.regulations.rules import can_draft, drafting_role
from campaign.regulations.services.adoptions import (
    add_adopted_words,
    change_adopted_words,
    change_adoption,
    check_adoption,
    record_adoption,
    remove_adopted_words,
    remove_adoption,
)
from campaign.regulations.views.access import drafted_template, require_readable

PER_PAGE = 50


@require_safe
def adoptions(request: HttpRequest) -> HttpResponse:
    """Every record of every instrument, filtered by jurisdiction and stage."""
    form = AdoptionFilterForm(request.GET)
    wanted = form.wanted
    page = Paginator(adoption_rows().filter(**wanted), PER_PAGE).get_page(request.GET.get("page"))
    kept = urlencode({name: getattr(value, "code", value) for name, value in wanted.items()})
    context = {
        "form": form,
        "page": page,
        "is_filtered": bool(wanted),
        "query": f"{kept}&" if kept else "",
    }
    return render(request, "regulations/adoption_overview.html", context)


@require_safe
def instrument_adoptions(request: HttpRequest, slug: str) -> HttpResponse:
    """The records of one instrument."""
    template = get_object_or_404(Template.objects.select_related("campaign"), slug=slug)
    require_readable(request, template)
    if not template_editions(template_id=template.pk).exists():
        raise Http404
    rows = adoption_rows().filter(edition__template=template)
    context = {
        "template": template,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "is_drafter": can_draft(drafting_role(request.user, template)),
    }
    return render(request, "regulations/adoption_list.html", context)


@require_safe
def adoption(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One record: the facts, and what became of each provision."""
    row = _adoption(slug, pk)
    require_readable(request, row.edition.template)
    context = {
        "adoption": row,
        "template": row.edition.template,
        "rows": adopted_rows(row),
        "is_drafter": can_draft(drafting_role(request.user, row.edition.template)),
    }
    return render(request, "regulations/adoption_detail.html", context)


def _adoption(slug: str, pk: UUID) -> Adoption:
    row = adoption_of(slug=slug, pk=pk)
    if row is None:
        raise Http404
    return row


def _kept(request: HttpRequest, slug: str, pk: UUID) -> Adoption:
    """A record, for who may draft its instrument."""
    drafted_template(request, slug)
    return _adoption(slug, pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adoption_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Record that a body has taken over provisions."""
    template = drafted_template(request, slug)
    editions = list(template_editions(template_id=template.pk))
    if not editions:
        raise Http404
    initial = {"edition": editions[0].pk, "locale": template.locale, "jurisdiction": template.jurisdiction_id}
    form = AdoptionForm(posted(request), editions=editions, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = record_adoption(
            edition=form.cleaned_data["edition"], facts=form.facts, person=request.user, at=timezone.now()
        )
        return redirect("adopted_add", slug, row.pk)
    context = {"template": template, "form": form}
    return render(request, "regulations/adoption_form.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adoption_edit(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change what is recorded."""
    row = _kept(request, slug, pk)
    names = ("jurisdiction", "body", "title", "address", "locale", "stage", "stage_date", "note", "edition")
    editions = template_editions(template_id=row.edition.template_id)
    initial = {name: getattr(row, name) for name in names}
    form = AdoptionForm(posted(request), editions=editions, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_adoption(
                adoption=row,
                edition=form.cleaned_data["edition"],
                facts=form.facts,
                person=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("adoption", slug, pk)
    context = {"template": row.edition.template, "adoption": row, "form": form}
    return render(request, "regulations/adoption_form.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adoption_remove(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Remove a record, after asking once."""
    row = _kept(request, slug, pk)
    if request.method == "POST":
        try:
            remove_adoption(adoption=row, person=request.user, at=timezone.now())
        except DomainError as error:
            messages.info(request, str(error))
        else:
            messages.info(request, _("The record is removed."))
        return redirect("instrument_adoptions", slug)
    context = {"template": row.edition.template, "adoption": row}
    return render(request, "regulations/adoption_remove.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adoption_check(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Say who compared a record with the official text, and when."""
    row = _kept(request, slug, pk)
    form = CheckForm(posted(request), initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            check_adoption(adoption=row, person=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("adoption", slug, pk)
    context = {
        "template": row.edition.template,
        "adoption": row,
        "form": form,
        "heading": _("Check against the official text"),
        "button": _("It was checked"),
    }
    return render(request, "regulations/adoption_work.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adopted_add(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Record one provision and the words it became."""
    row = _kept(request, slug, pk)
    form = AdoptedWordsForm(posted(request), names=_names(row))
    if request.method == "POST" and form.is_valid():
        try:
            add_adopted_words(adoption=row, words=form.words, person=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error("key", str(error))
        else:
            return redirect("adoption", slug, pk)
    context = {
        "template": row.edition.template,
        "adoption": row,
        "form": form,
        "heading": _("Which provision, and what it became"),
        "button": _("Record this provision"),
    }
    return render(request, "regulations/adoption_work.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adopted_edit(request: SignedInRequest, slug: str, pk: UUID, provision: UUID) -> HttpResponse:
    """Change what is recorded of one provision, or take it out."""
    row = _kept(request, slug, pk)
    one = _provision(row, provision)
    initial = {"key": one.key, "citation": one.citation, "text": one.text}
    form = AdoptedWordsForm(posted(request), names=_names(row), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_adopted_words(provision=one, words=form.words, person=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error("key", str(error))
        else:
            return redirect("adoption", slug, pk)
    context = {
        "template": row.edition.template,
        "adoption": row,
        "form": form,
        "provision": one,
        "heading": _("Change what is recorded of a provision"),
        "button": _("Save"),
    }
    return render(request, "regulations/adoption_work.html", context, status=form_status(form))


@login_required
@require_http_methods(["POST"])
def adopted_remove(request: SignedInRequest, slug: str, pk: UUID, provision: UUID) -> HttpResponse:
    """Take one provision out of a record."""
    row = _kept(request, slug, pk)
    try:
        remove_adopted_words(provision=_provision(row, provision), person=request.user, at=timezone.now())
    except DomainError as error:
        messages.info(request, str(error))
    return redirect("adoption", slug, pk)


def _provision(row: Adoption, provision: UUID) -> AdoptedProvision:
    found = next((one for one in row.provisions.all() if one.pk == provision), None)
    if found is None:
        raise Http404
    return found


def _names(row: Adoption) -> dict[str, str]:
    assert row.edition.frozen_text is not None  # published editions only  # noqa: S101
    return provision_names(NumberedText.of_payload(row.edition.frozen_text.data))
