"""The check for robots, as signers meet it: a challenge their browser solves by itself, or a short wait.

Whether it is on depends on the petition, on what came in during the last minutes, and on the network, never on a mail address.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaign.core.crypto import Undecipherable, decrypt, encrypt
from campaign.core.memory import remembered
from campaign.guard.network import client_network, network_key
from campaign.guard.proof_of_work import GOOD_FOR, new_challenge, solved_challenge
from campaign.guard.queries import guarded_networks
from campaign.guard.services import use_once
from campaign.petitions.forms.sign import SignForm
from campaign.petitions.models import CheckWhen, Petition

HELD_FOR = timedelta(minutes=30)
HELD_FIELDS = tuple(name for name in SignForm.base_fields if name != "solution")


def petition_to_sign(*, slug: str, network: str, at: datetime) -> Petition:
    """A public petition with all that signing looks at, read at most settings.FACTS_SECONDS ago: a pause takes hold that soon.

    `network_is_guarded` says so of the visitor's network.
    """
    petition = remembered(f"sign:{slug}", lambda: _read(slug), seconds=settings.FACTS_SECONDS)
    if petition is None:
        raise Http404
    guarded = remembered("guarded-networks", lambda: guarded_networks(at=at), seconds=settings.FACTS_SECONDS)
    petition.network_is_guarded = network_key(network) in (guarded or ())  # type: ignore[attr-defined]
    return petition


def _read(slug: str) -> Petition | None:
    rows = Petition.objects.public().filter(slug=slug).with_site_pause()
    return rows.only(
        *("id", "slug", "title", "locale", "state", "closes_at", "closed_at", "paused_at", "pause_note"),
        *("eligibility", "asks_postcode", "asks_reason", "check_when", "guarded_until"),
    ).first()


def needs_check(petition: Petition, *, at: datetime) -> bool:
    """Whether signers must pass the check. `petition` comes from `petition_to_sign`."""
    if petition.check_when == CheckWhen.ALWAYS or getattr(petition, "network_is_guarded", False):
        return True
    return petition.guarded_until is not None and at < petition.guarded_until


@require_safe
@never_cache
def petition_challenge(request: HttpRequest, slug: str) -> JsonResponse:
    """`{"needed": false}`, or the challenge to solve. Apart from the page, which is cached for everybody."""
    at = timezone.now()
    petition = petition_to_sign(slug=slug, network=client_network(request), at=at)
    if not petition.collects_at(at) or not needs_check(petition, at=at):
        return JsonResponse({"needed": False})
    return JsonResponse({"needed": True, "challenge": new_challenge(subject=petition.pk.hex, at=at)})


def use_solution(answer: str, petition: Petition, *, at: datetime) -> bool:
    """Use up what a browser solved. False when it solves nothing, is too old, or was used."""
    key = solved_challenge(answer, subject=petition.pk.hex, at=at)
    return key is not None and use_once(key=key, until=at + GOOD_FOR)


# --- The second step ---------------------------------------------------------------
@dataclass(frozen=True)
class Held:
    """What somebody typed, handed back to them sealed while they wait. We keep nothing of it."""

    key: bytes
    since: datetime
    typed: Mapping[str, str]

    @property
    def ready_at(self) -> datetime:
        return self.since + timedelta(seconds=settings.CHECK_WAIT_SECONDS)

    def is_too_old(self, at: datetime) -> bool:
        return at > self.since + HELD_FOR

    def use(self) -> bool:
        """Use it up. False when it was used: what it holds has been recorded then."""
        return use_once(key=self.key, until=self.since + HELD_FOR)


def hold(typed: Mapping[str, str], petition: Petition, *, at: datetime) -> str:
    """Seal what was typed for this petition: nobody reads it, changes it or makes it look older."""
    fields = {name: typed[name] for name in HELD_FIELDS if name in typed}
    data = {"key": secrets.token_hex(16), "since": at.isoformat(), "typed": fields}
    return urlsafe_b64encode(encrypt(json.dumps(data), place=_place(petition))).decode()


def opened(text: str, petition: Petition) -> Held | None:
    """What `hold` sealed for this petition; None for anything else."""
    try:
        data = json.loads(decrypt(urlsafe_b64decode(text), place=_place(petition)))
    except (ValueError, Undecipherable):
        return None
    return Held(
        key=bytes.fromhex(data["key"]), since=datetime.fromisoformat(data["since"]), typed=data["typed"]
    )


def _place(petition: Petition) -> str:
    return f"sign-check:{petition.pk}"


def second_step(
    request: HttpRequest, petition: Petition, *, held: str, at: datetime, until: datetime | None = None
) -> HttpResponse:
    """One more step: wait, press a button. Works without JavaScript and without cookies. `until`: somebody pressed too early."""
    left = until - at if until else timedelta(seconds=settings.CHECK_WAIT_SECONDS)
    context = {
        "petition": petition,
        "held": held,
        "seconds": ceil(left.total_seconds()),
        "came_early": until is not None,
    }
    status = 422 if until else 200
    response = render(request, "petitions/signature_check.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
