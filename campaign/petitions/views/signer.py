"""The pages a signer reaches by a mailed link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaign.core.links import link_token, linked_row_id
from campaign.petitions.models import Signature, SignatureState
from campaign.petitions.services import (
    ConfirmationTooLate,
    confirm_signature,
    withdraw_signature,
)


def _linked_signature(purpose: str, token: str) -> Signature | None:
    row_id = linked_row_id(purpose=f"signature-{purpose}", token=token)
    rows = Signature.objects.select_related("petition")
    return rows.filter(pk=row_id).first() if row_id else None


@never_cache
@csrf_exempt  # the link itself is the secret; it must work in a browser that keeps no cookies
@require_http_methods(["GET", "HEAD", "POST"])
def signature_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, POST confirms: mail scanners open links."""
    signature = _linked_signature("confirm", token)
    if signature is None or signature.state == SignatureState.INVALIDATED or not signature.name:
        return render(request, "petitions/link_dead.html", status=410)
    error = None
    if request.method == "POST":
        try:
            # Only what the person saw is confirmed: somebody may have typed another name for the address meanwhile.
            seen = request.POST.get("shown") == signature.signed_at.isoformat()
            if seen and confirm_signature(signature=signature, at=timezone.now()):
                return redirect(
                    "signature_manage", link_token(purpose="signature-manage", row_id=signature.pk)
                )
        except ConfirmationTooLate as refusal:
            error = str(refusal)
    if signature.state == SignatureState.CONFIRMED:
        return redirect("signature_manage", link_token(purpose="signature-manage", row_id=signature.pk))
    if not signature.petition.confirms_at(timezone.now()):
        error = str(ConfirmationTooLate())
    context = {"signature": signature, "petition": signature.petition, "error": error}
    return render(request, "petitions/signature_confirm.html", context, status=410 if error else 200)


@never_cache
@require_http_methods(["GET", "HEAD"])
def signature_manage(request: HttpRequest, token: str) -> HttpResponse:
    """The signer's own page: their number, the petition's address to pass on, the way to withdraw."""
    signature = _linked_signature("manage", token)
    if signature is None or signature.state in {SignatureState.INVALIDATED, SignatureState.PENDING}:
        return render(request, "petitions/link_dead.html", status=410)
    context = {
        "signature": signature,
        "petition": signature.petition,
        "number": signature.number if signature.counted else None,
        "token": token,
    }
    if signature.state == SignatureState.WITHDRAWN:
        return render(request, "petitions/signature_withdrawn.html", context)
    return render(request, "petitions/signature_confirmed.html", context)


@never_cache
@csrf_exempt  # the link itself is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def signature_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    signature = _linked_signature("manage", token)
    if signature is None or signature.state == SignatureState.INVALIDATED:
        return render(request, "petitions/link_dead.html", status=410)
    if request.method == "POST":
        withdraw_signature(signature=signature, at=timezone.now())
        return redirect("signature_manage", token)
    context = {"signature": signature, "petition": signature.petition, "token": token}
    return render(request, "petitions/signature_withdraw.html", context)
