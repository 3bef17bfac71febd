"""Who is blocked, who is never limited, and how providers spell mailboxes."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.guard.lists import BrokenLine
from campaign.guard.models import AccessList, ListKind, MailboxRule
from campaign.guard.services import AliasWithRules, NoDomain, RuleGoesRound, UnknownSign
from campaign.moderation.forms.decisions import ListForm, NewRuleForm, RuleForm
from campaign.moderation.services import RuleIsThere, add_rule, change_list, change_rule, remove_rule
from campaign.moderation.views.access import for_moderators

RULE_FIELDS = ("same_as", "ignores_dots", "tag", "note")


@for_moderators
@require_http_methods(["GET", "HEAD", "POST"])
def access_lists(request: SignedInRequest) -> HttpResponse:
    """Both lists, each with a form of its own."""
    chosen = request.POST.get("list") if request.method == "POST" else None
    stored = {row.kind: row for row in AccessList.objects.select_related("changed_by")}
    forms = {}
    for kind in ListKind:
        row = stored.get(kind)
        data = request.POST if chosen == kind else None
        forms[kind] = ListForm(data, prefix=kind.value, initial={"lines": row.lines if row else ""})
    if chosen in ListKind.values and _changed(request, ListKind(chosen), forms[ListKind(chosen)]):
        messages.info(request, _("The list is stored. It holds for signatures that come in from now on."))
        return redirect("moderation_lists")
    parts = [(kind, forms[kind], stored.get(kind)) for kind in ListKind]
    status = max(form_status(form) for form in forms.values())
    return render(request, "moderation/lists.html", {"parts": parts}, status=status)


def _changed(request: SignedInRequest, kind: ListKind, form: ListForm) -> bool:
    if not form.is_valid():
        return False
    try:
        change_list(kind=kind, text=form.cleaned_data["lines"], by=request.user, at=timezone.now())
    except BrokenLine as error:
        form.add_error("lines", str(error))
        return False
    return True


@for_moderators
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox_rules(request: SignedInRequest) -> HttpResponse:
    """The table of rules, and a form for another one."""
    form = NewRuleForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            add_rule(**form.cleaned_data, by=request.user, at=timezone.now())
        except (NoDomain, RuleIsThere) as error:
            form.add_error(None if isinstance(error, NoDomain) and _same_as(form) else "domain", str(error))
        except (AliasWithRules, RuleGoesRound, UnknownSign) as error:
            form.add_error("same_as", str(error))
        else:
            return redirect("moderation_rules")
    context = {"form": form, "rules": MailboxRule.objects.order_by("domain")}
    return render(request, "moderation/rules.html", context, status=form_status(form))


def _same_as(form: RuleForm) -> bool:
    """Two domains were typed: either may be meant."""
    return bool(form.cleaned_data["same_as"])


@for_moderators
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox_rule(request: SignedInRequest, rule: uuid.UUID) -> HttpResponse:
    """Change one rule."""
    row = get_object_or_404(MailboxRule, pk=rule)
    form = RuleForm(posted(request), initial={name: getattr(row, name) for name in RULE_FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            change_rule(rule=row, **form.cleaned_data, by=request.user, at=timezone.now())
        except (AliasWithRules, NoDomain, RuleGoesRound, UnknownSign) as error:
            form.add_error("same_as", str(error))
        else:
            return redirect("moderation_rules")
    return render(request, "moderation/rule_edit.html", {"form": form, "rule": row}, status=form_status(form))


@for_moderators
@require_POST
def mailbox_rule_remove(request: SignedInRequest, rule: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(MailboxRule, pk=rule)
    remove_rule(rule=row, by=request.user, at=timezone.now())
    messages.info(
        request, _("The rule is removed. Signatures that are there keep the key they were made with.")
    )
    return redirect("moderation_rules")
