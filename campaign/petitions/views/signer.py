"""The pages a signer reaches by a mailed link: no account, no cookie, and nothing that tells another site the link."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from campaign.campaigns.queries import asking_organizations
from campaign.core.access import form_status
from campaign.core.links import link_token, linked_row_id
from campaign.petitions.consents import NEWS, Asking, news_named, readable_consents
from campaign.petitions.forms.sign import asking
from campaign.petitions.forms.signer import Choice, ConsentForm, EraseForm, choices_of
from campaign.petitions.models import ReasonState, Signature, SignatureState, Supporter
from campaign.petitions.services import (
    ChangedMeanwhile,
    ConfirmationTooLate,
    Reach,
    SignatureIsGone,
    confirm_signature,
    erase_signer,
    own_among,
    own_signatures,
    set_consent,
    set_news,
    signer_data,
    take_back_reason,
    withdraw_signature,
)

View = Callable[..., HttpResponse]


def _secret_page(view: View) -> View:
    """For pages whose address is the key to a person's data: kept by nobody, named to nobody, found by no search engine.

    The link itself is the secret and must work in a browser that keeps no cookies, so there is no CSRF token.
    """

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return guarded


def _linked_signature(purpose: str, token: str) -> Signature | None:
    row_id = linked_row_id(purpose=f"signature-{purpose}", token=token)
    rows = Signature.objects.select_related(
        "petition__campaign__owner", "petition__addressee", "petition__frozen_text"
    )
    return rows.filter(pk=row_id).first() if row_id else None


def _own_signature(token: str) -> Signature | None:
    """The signature of a signer's own page: one that still holds a person's data. None for everything else."""
    signature = _linked_signature("manage", token)
    if signature is None or signature.email_key is None or signature.state == SignatureState.PENDING:
        return None
    return signature


def _dead_link(request: HttpRequest) -> HttpResponse:
    return render(request, "petitions/link_dead.html", status=410)


def _to_own_page(signature: Signature) -> HttpResponse:
    return redirect("signature_manage", link_token(purpose="signature-manage", row_id=signature.pk))


# --- Confirming -----------------------------------------------------------------
@_secret_page
def signature_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, POST confirms: mail scanners open links."""
    error = None
    if request.method == "POST":
        try:
            if confirmed := _confirmed(token, shown=request.POST.get("shown", "")):
                return _to_own_page(confirmed)
        except ConfirmationTooLate as refusal:
            error = str(refusal)
    signature = _linked_signature("confirm", token)
    if signature is None or not _can_be_shown(signature):
        return _dead_link(request)
    if signature.state == SignatureState.CONFIRMED:
        return _to_own_page(signature)
    if not signature.petition.confirms_at(timezone.now()):
        error = str(ConfirmationTooLate())
    context = {
        "signature": signature,
        "petition": signature.petition,
        "news": news_named(signature.consents),
        "error": error,
        "token": token,
    }
    return render(request, "petitions/signature_confirm.html", context, status=410 if error else 200)


def _confirmed(token: str, *, shown: str) -> Signature | None:
    """The signature, confirmed now or before; None when it cannot be, or is not what the person saw.

    Somebody may have typed another name for the address meanwhile. Reads no more than it needs: many confirm at once.
    """
    row_id = linked_row_id(purpose="signature-confirm", token=token)
    rows = Signature.objects.select_related("petition").only(
        *("state", "signed_at", "email", "name", "quarantined_at", "consents"),
        *("petition__state", "petition__closes_at", "petition__closed_at"),
    )
    signature = rows.filter(pk=row_id).first() if row_id else None
    if signature is None or not _can_be_shown(signature) or shown != signature.signed_at.isoformat():
        return None
    return signature if confirm_signature(signature=signature, at=timezone.now()) else None


def _can_be_shown(signature: Signature) -> bool:
    """Whether the link of the mail to confirm leads anywhere. Who was set aside was sent none."""
    if signature.state == SignatureState.PENDING:
        return signature.quarantined_at is None and bool(signature.name)
    return signature.state == SignatureState.CONFIRMED


@_secret_page
def signature_refuse(request: HttpRequest, token: str) -> HttpResponse:
    """It was not me: what was typed is deleted at once. A signature that was confirmed meanwhile is left alone."""
    if request.method != "POST":  # somebody reloaded the address
        return redirect("signature_confirm", token)
    signature = _linked_signature("confirm", token)
    if signature:
        withdraw_signature(signature=signature, only_pending=True, at=timezone.now())
        signature = _linked_signature("confirm", token)
    if signature and signature.state == SignatureState.CONFIRMED:
        return _to_own_page(signature)
    return redirect("signature_erased")


@require_safe
def signature_erased(request: HttpRequest) -> HttpResponse:
    return render(request, "petitions/signature_erased.html")


# --- The signer's own page --------------------------------------------------------
@_secret_page
def signature_manage(request: HttpRequest, token: str) -> HttpResponse:
    """Their number, what they agreed to and can change, the petition's address to pass on, the way to withdraw."""
    if request.method == "POST":
        return redirect("signature_manage", token)
    signature = _linked_signature("manage", token)
    if signature is None or signature.state == SignatureState.PENDING:
        return _dead_link(request)
    if signature.state == SignatureState.WITHDRAWN:
        return render(request, "petitions/signature_withdrawn.html", {"petition": signature.petition})
    if signature.email_key is None:
        context = {"petition": signature.petition, "signature": signature}
        return render(request, "petitions/signature_skeleton.html", context)
    return _manage_page(request, signature, token)


def _manage_page(request: HttpRequest, signature: Signature, token: str, *, error: str = "") -> HttpResponse:
    stands = signature.state == SignatureState.CONFIRMED
    choices = _choices(signature) if stands else []
    context = {
        "signature": signature,
        "petition": signature.petition,
        "stands": stands,
        "number": signature.number if signature.counted and stands else None,
        "is_final": not signature.petition.may_still_count_at(timezone.now()),
        "choices": choices,
        "reason_states": ReasonState,
        "error": error,
        "token": token,
    }
    status = 422 if error else 200
    return render(request, "petitions/signature_confirmed.html", context, status=status)


def _choices(signature: Signature) -> list[Choice]:
    """With a switch for each organization that was agreed to, and for those that ask now."""
    agreed, shown = _organizations(signature)
    return choices_of(signature, asking=shown, agreed=agreed, locale=get_language() or "en")


def _organizations(signature: Signature) -> tuple[set[str], list[Asking]]:
    """Ids of those whose news is agreed to; and those that are shown, agreed or asking, under the names they have now."""
    rows = Supporter.objects.filter(signature=signature).select_related("organization").order_by("pk")
    theirs = [asking(row.organization) for row in rows]
    now = asking_organizations(campaign=signature.petition.campaign, tag=signature.source)
    shown = {each.id: each for each in (*theirs, *map(asking, now))}
    return {each.id for each in theirs}, list(shown.values())


@_secret_page
def signature_consent(request: HttpRequest, token: str) -> HttpResponse:
    """Give or take back one consent."""
    signature = _own_signature(token)
    form = ConsentForm(request.POST)
    if request.method != "POST" or signature is None or not form.is_valid():
        return redirect("signature_manage", token)
    data, anchor = form.cleaned_data, form.cleaned_data["purpose"]
    what = {"given": data["given"], "locale": get_language() or "en", "at": timezone.now()}
    try:
        if data["purpose"] == NEWS:
            organization = _shown(signature, data["box"], what["locale"])
            if organization is None:
                return redirect("signature_manage", token)
            set_news(signature=signature, organization=organization, **what)
            anchor = f"{NEWS}-{organization.id}"
        else:
            set_consent(signature=signature, purpose=data["purpose"], **what)
    except (ChangedMeanwhile, SignatureIsGone) as error:
        return _manage_page(request, signature, token, error=str(error))
    return HttpResponseRedirect(f"{reverse('signature_manage', args=[token])}#{anchor}")


def _shown(signature: Signature, box: str, locale: str) -> Asking | None:
    """The organization whose switch was pressed; None for one that this page does not show, or showed under another name."""
    _agreed, shown = _organizations(signature)
    return next((each for each in shown if each.box(locale) == box), None)


@_secret_page
def signature_reason(request: HttpRequest, token: str) -> HttpResponse:
    """Take back the reason; the signature stands."""
    signature = _own_signature(token)
    if request.method == "POST" and signature:
        take_back_reason(signature=signature)
    return redirect("signature_manage", token)


@_secret_page
def signature_data(request: HttpRequest, token: str) -> HttpResponse:
    """Everything kept about the person, to read."""
    signature = _own_signature(token)
    if signature is None or request.method == "POST":
        return redirect("signature_manage", token)
    rows = own_signatures(signature=signature)
    context = {
        "petition": signature.petition,
        "entries": [(row, readable_consents(row.consents)) for row in rows],
        "token": token,
    }
    return render(request, "petitions/signature_data.html", context)


@_secret_page
def signature_data_json(request: HttpRequest, token: str) -> HttpResponse:
    """The same for machines, as a file."""
    signature = _own_signature(token)
    if signature is None or request.method == "POST":
        return redirect("signature_manage", token)
    return JsonResponse(
        signer_data(signature=signature, at=timezone.now()),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": 'attachment; filename="my-signatures.json"'},
    )


@_secret_page
def signature_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take this signature back. The form stands on the signer's own page too: leaving takes no more clicks than confirming."""
    signature = _own_signature(token)
    if signature is None:
        return redirect("signature_manage", token)
    if request.method == "POST":
        withdraw_signature(signature=signature, at=timezone.now())
        return redirect("signature_manage", token)
    context = {
        "signature": signature,
        "petition": signature.petition,
        "is_final": not signature.petition.may_still_count_at(timezone.now()),
        "token": token,
    }
    return render(request, "petitions/signature_withdraw.html", context)


@_secret_page
def signature_erase(request: HttpRequest, token: str) -> HttpResponse:
    """Erase the person from the campaign, or from the whole site."""
    signature = _own_signature(token)
    if signature is None:
        return redirect("signature_manage", token)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        erase_signer(signature=signature, at=timezone.now(), **form.cleaned_data)
        return redirect("signature_manage", token)
    return _erase_page(request, signature, token, form)


def _erase_page(request: HttpRequest, signature: Signature, token: str, form: EraseForm) -> HttpResponse:
    at = timezone.now()
    everything = own_signatures(signature=signature, whole_mailbox=True)
    own = own_among(everything, signature=signature)
    in_campaign = [row for row in own if row.petition.campaign_id == signature.petition.campaign_id]
    context = {
        "petition": signature.petition,
        "parts": [
            (reach, [(row, not row.petition.may_still_count_at(at)) for row in rows])
            for reach, rows in ((Reach.CAMPAIGN, in_campaign), (Reach.SITE, own))
        ],
        "has_other_names": len(own) < len(everything),
        "form": form,
        "token": token,
    }
    return render(request, "petitions/signature_erase.html", context, status=form_status(form))
