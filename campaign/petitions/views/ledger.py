"""The ledger for everybody: a page that explains it, and the data to check it with. And the receipt of one signer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_http_methods, require_safe
from django.views.decorators.vary import vary_on_cookie

from campaign.core.access import form_status, posted
from campaign.core.links import linked_row_id
from campaign.core.merkle import TILE_BYTES
from campaign.core.middleware import is_from_own_site
from campaign.petitions.evidence import (
    LARGEST,
    ReceiptAnswer,
    counted_signatures,
    head_of_size,
    keys_used,
    last_entry,
    last_head,
    leaves,
    ledger_movements,
    own_key,
    petition_tree,
    receipt_answer,
    receipts_of,
    stored_tiles,
)
from campaign.petitions.forms.receipt import ReceiptForm
from campaign.petitions.letters.receipt import receipt_name, receipt_text
from campaign.petitions.models import Petition, Signature, SignatureState, TreeHead

SECONDS = 10  # how old the newest data may be
YEAR = 365 * 24 * 3600  # for what never changes
MOST_ENTRIES = 1_000

View = Callable[..., HttpResponse]


class Unanswerable(Exception):
    """A question that has no answer: status and a sentence for whoever asked."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def public_data(view: View) -> View:
    """For programs: read-only, with a validator, cached for some seconds; what cannot be answered is told as JSON."""

    @require_safe
    @conditional_page
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Unanswerable as refusal:
            response = JsonResponse({"error": refusal.sentence}, status=refusal.status)
        response.headers.setdefault("Cache-Control", f"public, max-age={SECONDS}")
        # Anybody's page may read it: a verifier can live elsewhere.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answer


def _petition(slug: str) -> Petition:
    petition = Petition.objects.public().filter(slug=slug).first()
    if petition is None:
        raise Unanswerable(404, _("There is no such petition."))
    return petition


def _head(petition: Petition) -> TreeHead:
    head = last_head(petition_id=petition.pk)
    if head is None:
        raise Unanswerable(404, _("Nothing has been counted yet."))
    return head


def _number(request: HttpRequest, name: str, default: int | None = None) -> int:
    text = request.GET.get(name, "")
    if not text and default is not None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Unanswerable(422, _("Give a whole number for “%(name)s”.") % {"name": name})
    return int(text)


# --- For people -------------------------------------------------------------
@require_safe
@conditional_page
@vary_on_cookie  # the language may come from one
@cache_control(public=True, max_age=SECONDS)
def petition_ledger(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.public().select_related("campaign"), slug=slug)
    return _page(request, petition, ReceiptForm())


@never_cache
@csrf_exempt  # the page with the form may come from a cache; the request's origin is checked instead
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_check(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what a receipt shows. Nothing of it is kept."""
    if request.method != "POST":
        return redirect("petition_ledger", slug)
    petition = get_object_or_404(Petition.objects.public().select_related("campaign"), slug=slug)
    if not is_from_own_site(request):
        return render(request, "403_csrf.html", status=403)
    form, answer = ReceiptForm(posted(request), request.FILES), None
    if form.is_valid():
        data = form.cleaned_data
        answer = receipt_answer(petition_id=petition.pk, receipt=data["receipt"], address=data["address"])
    return _page(request, petition, form, answer)


def _page(
    request: HttpRequest, petition: Petition, form: ReceiptForm, answer: ReceiptAnswer | None = None
) -> HttpResponse:
    head = last_head(petition_id=petition.pk)
    context = {
        "petition": petition,
        "movements": ledger_movements(petition_id=petition.pk, last=last_entry(petition_id=petition.pk)),
        "head": head,
        "root": bytes(head.root).hex() if head else "",
        "key": own_key(),
        "form": form,
        "answer": answer,
    }
    return render(request, "petitions/ledger.html", context, status=form_status(form))


# --- For programs -----------------------------------------------------------
@public_data
def ledger_checkpoint(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest signed head."""
    return _note(_head(_petition(slug)))


@public_data
def ledger_checkpoint_of_size(request: HttpRequest, slug: str, size: int) -> HttpResponse:
    head = head_of_size(petition_id=_petition(slug).pk, size=size)
    if head is None:
        raise Unanswerable(404, _("No head was signed at this size."))
    return _for_good(_note(head))


def _note(head: TreeHead) -> HttpResponse:
    return HttpResponse(head.note, content_type="text/plain; charset=utf-8")


def _for_good(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


@public_data
def ledger_inclusion(request: HttpRequest, slug: str) -> HttpResponse:
    """`?position=&size=`: the path from one entry to the root of the tree with `size` entries (default: the newest)."""
    petition = _petition(slug)
    head = _head(petition)
    position, size = _number(request, "position"), _number(request, "size", head.size)
    if not 1 <= position <= size <= head.size:
        raise Unanswerable(
            422,
            _(
                "The ledger has %(size)d entries: ask for a position from 1 up to the size, and a size up to that."
            )
            % {"size": head.size},
        )
    tree = petition_tree(petition_id=petition.pk, known={})
    path, root = tree.inclusion_path(position - 1, size), tree.root(size)
    return JsonResponse(
        {
            "petition": str(petition.pk),
            "position": position,
            "size": size,
            "root": root.hex(),
            "path": [step.hex() for step in path],
        }
    )


@public_data
def ledger_consistency(request: HttpRequest, slug: str) -> HttpResponse:
    """`?from=&to=`: the path that shows the tree of `from` entries unchanged in that of `to` (default: the newest)."""
    petition = _petition(slug)
    head = _head(petition)
    old, size = _number(request, "from"), _number(request, "to", head.size)
    if not 1 <= old <= size <= head.size:
        raise Unanswerable(
            422,
            _("The ledger has %(size)d entries: ask for two sizes from 1 up to that, the smaller one first.")
            % {"size": head.size},
        )
    tree = petition_tree(petition_id=petition.pk, known={})
    return JsonResponse(
        {
            "petition": str(petition.pk),
            "from": old,
            "to": size,
            "from_root": tree.root(old).hex(),
            "to_root": tree.root(size).hex(),
            "path": [step.hex() for step in tree.consistency_path(old, size)],
        }
    )


@public_data
def ledger_entries(request: HttpRequest, slug: str) -> HttpResponse:
    """`?from=&limit=`: the entries themselves, as exact strings, at most 1,000 at a time."""
    petition = _petition(slug)
    head = _head(petition)
    start, limit = _number(request, "from", 1), _number(request, "limit", MOST_ENTRIES)
    if not (1 <= start <= LARGEST and 1 <= limit <= MOST_ENTRIES):
        raise Unanswerable(422, _("Positions begin with 1, and one answer has at most 1,000 entries."))
    limit = max(0, min(limit, head.size - start + 1))  # what no head covers yet is not told
    entries = leaves(petition_id=petition.pk, start=start, limit=limit) if limit else []
    following = start + len(entries)
    return JsonResponse(
        {
            "petition": str(petition.pk),
            "size": head.size,
            "from": start,
            "entries": entries,
            "next": following if following <= head.size else None,
        }
    )


@public_data
def ledger_tile(request: HttpRequest, slug: str, level: int, index: int) -> HttpResponse:
    """Hashes of the tree, 32 bytes each, up to 256 of them. One that is full never changes again."""
    place = (level, index)
    if level > 63 or index > LARGEST:
        raise Unanswerable(404, _("There is no such tile."))
    tiles = stored_tiles(petition_id=_petition(slug).pk, wanted=[place])
    if place not in tiles:
        raise Unanswerable(404, _("There is no such tile."))
    response = HttpResponse(tiles[place], content_type="application/octet-stream")
    return _for_good(response) if len(tiles[place]) == TILE_BYTES else response


@public_data
def ledger_keys(request: HttpRequest) -> HttpResponse:
    """Every key that has signed here, as lines that verifiers read; comments say since when."""
    lines = ["# Keys that sign the ledgers of this site (Ed25519; C2SP signed notes). The newest first."]
    used = keys_used()
    if own_key() not in [key for key, _since in used]:
        lines += ["# has not signed yet", str(own_key())]
    for key, since in used:
        lines += [f"# since {since:%Y-%m-%dT%H:%M:%SZ}", str(key)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


# --- For one signer ---------------------------------------------------------
@never_cache
@require_safe
def signature_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt as a file. Who left or was erased has none."""
    row_id = linked_row_id(purpose="signature-manage", token=token)
    if row_id is None:
        raise Http404
    row = counted_signatures([row_id]).first()
    if row is None:
        waits = Signature.objects.filter(pk=row_id, state=SignatureState.CONFIRMED, email__isnull=False)
        if waits.exists():  # for its number: the page says so, and shows it in a moment
            return redirect("signature_manage", token)
        return render(request, "petitions/link_dead.html", status=410)
    receipt = receipts_of(signatures=[row])[row.pk]
    response = HttpResponse(receipt_text(receipt, row.petition), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{receipt_name(receipt)}"'
    return response
