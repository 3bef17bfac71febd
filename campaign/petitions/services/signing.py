"""Signing: what somebody typed is written down, and nothing is looked at."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.petitions.models import Petition, SigningPause, SignRequest


class PetitionNotOpen(DomainError):
    message = _("This petition is not collecting signatures.")


class SigningPaused(DomainError):
    """`note` is what the team, or the site's staff, says about it; it may be empty."""

    message = _("Signing is paused for the moment. What you typed is still here: send it again later.")

    def __init__(self, note: str = "") -> None:
        self.note = note
        super().__init__()


@dataclass(frozen=True)
class SignerData:
    """What a signer states. `purposes` are those they ticked a consent for; `network` is the cut address they came from.

    `organizations` are those whose news they ticked, as the form named them (`consents.Asking.box`). Nobody looks whether they
    ask before a worker takes the request in.
    """

    name: str
    email: str
    country: str
    locale: str
    purposes: tuple[str, ...]
    organizations: tuple[str, ...] = ()
    source: str = ""
    postcode: str = ""
    reason: str = ""
    network: str = ""
    is_trapped: bool = False  # filled a field that no person sees
    is_checked: bool = False  # their browser solved the check for robots


def sign_petition(*, petition: Petition, signer: SignerData, at: datetime) -> None:
    """Write down one request, which a worker takes in (`intake.take_in_requests`).

    The same statement for every address: neither the answer nor its time tells who has signed, is blocked or over a limit. One
    more read when `petition` does not come from `with_site_pause`.

    Raises PetitionNotOpen when the petition is not collecting at `at`, SigningPaused while it or the whole site is paused.
    """
    require_signing(petition=petition, at=at)
    SignRequest.objects.create(petition=petition, typed=json.dumps(asdict(signer)), received_at=at)


def require_signing(*, petition: Petition, at: datetime) -> None:
    """Raises what `sign_petition` raises, and writes nothing."""
    if not petition.collects_at(at):
        raise PetitionNotOpen
    note = _pause_note(petition)
    if note is not None:
        raise SigningPaused(note)


def _pause_note(petition: Petition) -> str | None:
    """What the pause says; None when there is none. The petition's own words come before the site's."""
    if petition.paused_at is not None and petition.pause_note:
        return petition.pause_note
    if hasattr(petition, "site_pause_note"):
        site_note: str | None = petition.site_pause_note
    else:
        site_note = SigningPause.objects.values_list("note", flat=True).first()
    return "" if site_note is None and petition.paused_at is not None else site_note
