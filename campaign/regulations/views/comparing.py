"""Comparing an instrument's texts: pages that can be shared, files, documents; why amendments are made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.core.errors import DomainError
from campaign.regulations.blocks import Block, Mark, Paragraph, Span, Table, Writing
from campaign.regulations.comparing import (
    Comparison,
    FormInEnglishOnly,
    ParliamentAmendment,
    changes_between,
    parliament_amendments,
)
from campaign.regulations.comparisons import Drawn, Wishes
from campaign.regulations.drafts import draft_rows
from campaign.regulations.exports.formats import WRITING_FORMATS
from campaign.regulations.exports.html import writing_html
from campaign.regulations.exports.origin import Origin
from campaign.regulations.forms.comparing import WHY, Choices, CompareForm, JustificationsForm
from campaign.regulations.mending import draft_mendings
from campaign.regulations.models import Edition, Template
from campaign.regulations.queries import comparable_editions, draft_of, edition_text
from campaign.regulations.rules import can_draft, drafting_role
from campaign.regulations.services import (
    DraftIsPublished,
    DraftNotSound,
    ReasonsChanged,
    comparison_side,
    edition_comparison,
    justify_amendments,
    request_comparison_document,
)
from campaign.regulations.views.access import draft_frame, drafted_template, open_draft, require_readable
from campaign.regulations.views.downloads import file_response
from campaign.regulations.views.lists import keeps_words

DRAFT = "draft"
PER_PAGE = 50  # amendments; each has a form of its own


@dataclass(frozen=True, slots=True)
class _Desk:
    """An instrument with the texts that somebody may compare, by what an address calls them."""

    template: Template
    texts: dict[str, Edition]
    is_drafter: bool

    @property
    def choices(self) -> Choices:
        """The texts for a form, in groups."""
        groups: dict[str, list[tuple[str, str]]] = {
            str(name): [] for name in (_("This instrument"), _("The model"), _("Other adaptations"))
        }
        own, model, others = groups
        for reference, edition in self.texts.items():
            if edition.template_id == self.template.pk:
                name = _("Draft of edition %(label)s") if reference == DRAFT else _("Edition %(label)s")
                groups[own].append((reference, name % {"label": edition.label}))
                continue
            group = model if edition.template_id == self.template.model_id else others
            groups[group].append((reference, f"{edition.template.title}, {edition.label}"))
        return [(name, rows) for name, rows in groups.items() if rows]

    @property
    def first_choice(self) -> dict[str, str]:
        """The texts somebody most likely wants to see: the newest, and what it was made from."""
        references = {edition.pk: reference for reference, edition in self.texts.items()}
        own = [one for one in self.texts.values() if one.template_id == self.template.pk]
        for new in own:
            for origin in (new.base_id, new.model_edition_id):
                if origin in references:
                    return {"old": references[origin], "new": references[new.pk]}
        others = [reference for reference in self.texts if reference != references[own[0].pk]] if own else []
        return {"old": others[0], "new": references[own[0].pk]} if others else {}


def _desk(request: HttpRequest, slug: str, given: QueryDict) -> _Desk:
    """The texts to choose from. A draft is shown to its drafters: 404 for strangers, 403 for a role that is too low."""
    template = get_object_or_404(Template.objects.select_related("campaign"), slug=slug)
    if DRAFT in {given.get("old"), given.get("new")}:
        drafted_template(request, slug)
    require_readable(request, template)
    is_drafter = can_draft(drafting_role(request.user, template))
    draft = draft_of(template=template) if is_drafter else None
    editions = comparable_editions(template=template)
    if draft is None and not any(edition.template_id == template.pk for edition in editions):
        raise Http404
    texts = {DRAFT: draft} if draft else {}
    for edition in editions:
        own = edition.template_id == template.pk
        texts[edition.label if own else f"{edition.template.slug}:{edition.label}"] = edition
    return _Desk(template, texts, is_drafter)


def _is_for_team(request: HttpRequest, given: QueryDict) -> bool:
    """Whether somebody who may well be of the team has to sign in first."""
    return not request.user.is_authenticated and DRAFT in {given.get("old"), given.get("new")}


@never_cache
@require_safe
def comparison(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed from one text to another, in the form somebody chose; the address can be shared."""
    if _is_for_team(request, request.GET):
        return redirect_to_login(request.get_full_path())
    desk = _desk(request, slug, request.GET)
    form = _form(desk, request.GET)
    context = {"template": desk.template, "is_drafter": desk.is_drafter, "form": form}
    if not desk.first_choice and not request.GET:
        return render(request, "regulations/comparison_none.html", context)
    if form.is_valid():
        try:
            context |= _shown(desk, form)
        except DraftNotSound as refusal:
            context |= {"refusal": refusal, "unsound": draft_mendings(desk.texts[DRAFT], refusal.problems)}
        except FormInEnglishOnly as refusal:
            form.add_error("form", str(refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    return render(request, "regulations/comparison.html", context, status=form_status(form))


def _form(desk: _Desk, given: QueryDict) -> CompareForm:
    chosen = {"form": "redline", **desk.first_choice, **given.dict()}
    return CompareForm(chosen, texts=desk.choices)


def _shown(desk: _Desk, form: CompareForm) -> dict[str, object]:
    drawn, _drafts = _drawn(desk, form)
    said = form.cleaned_data
    writing = drawn.writing
    with translation.override(writing.language):
        content = writing_html(writing, heading_level=2)
    return {
        "content": content,
        "language": writing.language,
        "sentences": [] if said["form"] == "redline" else drawn.sentences,
        "formats": WRITING_FORMATS.values(),
        "can_justify": desk.is_drafter and said["form"] == "parliament" and said["new"] == DRAFT,
    }


def _drawn(desk: _Desk, form: CompareForm) -> tuple[Drawn, list[Edition]]:
    """The comparison in its form, and the drafts in it. Raises DraftNotSound, FormInEnglishOnly, SameKeyTwice."""
    said = form.cleaned_data
    old, new = desk.texts[said["old"]], desk.texts[said["new"]]
    wishes = Wishes(elide_unchanged=said["elide"], is_proposal=said["proposal"])
    drawn = edition_comparison(old=old, new=new, form=said["form"], wishes=wishes)
    return drawn, [edition for edition in (old, new) if not edition.is_published]


@never_cache
@require_safe
def comparison_download(request: HttpRequest, slug: str, file_format: str) -> HttpResponse:
    """The comparison as a file; the page says it when there is a reason against."""
    if _is_for_team(request, request.GET):
        return redirect_to_login(request.get_full_path())
    desk, wanted = _desk(request, slug, request.GET), WRITING_FORMATS.get(file_format)
    form = _form(desk, request.GET)
    if wanted is None or not form.is_valid():
        raise Http404
    address = f"{reverse('comparison', args=[slug])}?{form.query}"
    try:
        drawn, drafts = _drawn(desk, form)
    except DomainError:
        return redirect(address)
    origin = Origin(date=_date_of(desk, form), address="" if drafts else f"{settings.SITE_URL}{address}")
    with translation.override(drawn.writing.language):
        content = wanted.content(drawn.writing, origin)
    return file_response(content, content_type=wanted.content_type, name=wanted.file_name(drawn.stem))


def _date_of(desk: _Desk, form: CompareForm) -> date:
    """The day the newer of the two texts was fixed: the same comparison is the same file; today for a draft."""
    said = form.cleaned_data
    published = [desk.texts[said[name]].published_at for name in ("old", "new")]
    days = [at.date() for at in published if at is not None]
    return max(days) if len(days) == len(published) else timezone.now().date()


@require_POST
def comparison_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Order the PDF of a comparison and go to the page that tells when it is ready."""
    if _is_for_team(request, request.POST):
        return redirect_to_login(reverse("comparison", args=[slug]))
    desk = _desk(request, slug, request.POST)
    form = _form(desk, request.POST)
    if not form.is_valid():
        raise Http404
    try:
        drawn, drafts = _drawn(desk, form)
    except DomainError:
        return redirect(f"{reverse('comparison', args=[slug])}?{form.query}")
    document = request_comparison_document(writing=drawn.writing, drafts=drafts, at=timezone.now())
    return redirect("document", document.pk)


def _typed(data: QueryDict) -> JustificationsForm:
    """A form of whatever reasons were sent, without the amendments they are for."""
    keys = [name.removeprefix(WHY) for name in data if name.startswith(WHY)]
    return JustificationsForm(data, places={key: key for key in keys}, texts={}, language="")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(_typed, DraftIsPublished)
def draft_justifications(request: SignedInRequest, slug: str) -> HttpResponse:
    """Why the draft changes what it changes, amendment by amendment."""
    draft = open_draft(request, slug)
    context = draft_frame(draft)
    origin = draft.base or draft.model_edition
    if origin is None:
        return render(request, "regulations/draft_justifications.html", context)
    try:
        law = comparison_side(edition=draft).law
    except DraftNotSound as refusal:
        # What was typed meanwhile is shown once more: nothing is stored under amendments that cannot be drawn up.
        typed = JustificationsForm(request.POST, places={}, texts={}, language="").lost_texts
        context |= {
            "refusal": refusal,
            "unsound": draft_mendings(draft, refusal.problems),
            "lost": _lost(draft, origin, typed),
        }
        status = 422 if typed else 200
        return render(request, "regulations/draft_justifications.html", context, status=status)
    made = _amendments(changes_between(comparison_side(edition=origin).law, law))
    page = Paginator(list(made.items()), PER_PAGE).get_page(request.GET.get("page"))
    shown = dict(page)
    for key in made:  # one that stands on another page by now is not lost
        if f"{WHY}{key}" in request.POST:
            shown[key] = made[key]
    places = {key: found[0].place for key, found in shown.items()}
    texts = dict(draft.justifications.values_list("key", "text"))
    form, lost = JustificationsForm(posted(request), places=places, texts=texts, language=law.language), []
    if request.method == "POST" and form.is_valid():
        try:
            if form.lost_texts:
                form.add_error(
                    None, _("Some provisions do not change any more: see below. Nothing was saved.")
                )
                lost = _lost(draft, origin, form.lost_texts)
            else:
                justify_amendments(
                    edition=draft,
                    texts=form.changed_texts,
                    opened=form.opened_texts,
                    person=request.user,
                    at=timezone.now(),
                )
        except ReasonsChanged as error:
            form.show_theirs(error.theirs, str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        if not form.errors:
            messages.info(request, _("Saved. The reasons stand under the amendments."))
            return redirect(request.get_full_path())
    rows = [
        (_drawn_amendments(found, law.language), form[f"{WHY}{key}"], form.theirs.get(key))
        for key, found in shown.items()
    ]
    context |= {"origin": origin, "form": form, "rows": rows, "page": page, "lost": lost}
    return render(request, "regulations/draft_justifications.html", context, status=form_status(form))


def _lost(draft: Edition, origin: Edition, texts: dict[str, str]) -> list[tuple[str, bool, str]]:
    """What each provision without an amendment is called, whether it is taken out, and what was typed for it."""
    here = {row.unit.key: row.name for row in draft_rows(edition_text(edition=draft))}
    before = {row.unit.key: row.name for row in draft_rows(edition_text(edition=origin))}
    return [(here.get(key) or before.get(key, key), key not in here, text) for key, text in texts.items()]


def _amendments(comparison: Comparison) -> dict[str, list[ParliamentAmendment]]:
    """The amendments that say something of their own, by the provision they are about."""
    found: dict[str, list[ParliamentAmendment]] = {}
    for one in parliament_amendments(comparison):
        if not one.amendment.follows:
            found.setdefault(one.key, []).append(one)
    return found


def _drawn_amendments(found: Iterable[ParliamentAmendment], language: str) -> SafeString:
    with translation.override(language):
        columns = (_("Present text"), _("Amendment"))
        drawn = [
            writing_html(Writing("", language, _blocks(one, columns)), with_title=False, with_legend=False)
            for one in found
        ]
    return format_html("{}" * len(drawn), *drawn)


def _blocks(one: ParliamentAmendment, columns: tuple[str, str]) -> tuple[Block, ...]:
    table = Table(one.place, columns, ((one.left, one.right),))
    return (table, Paragraph((Span(one.remark, Mark.NOTE),))) if one.remark else (table,)
