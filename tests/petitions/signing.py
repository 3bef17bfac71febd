"""Signing as a person does it, in one step: the form's request, and the worker that takes it in."""

from campaign.petitions.consents import Asking
from campaign.petitions.services import SignerData, sign_petition, take_in_requests


def signer(**changes):
    fields = {
        "name": "Ada Signer",
        "email": "ada@example.org",
        "country": "DE",
        "locale": "en",
        "purposes": ("sign",),
    }
    return SignerData(**{**fields, **changes})


def sign(petition, at, **changes):
    """Sign as `signer(**changes)` and have it taken in."""
    sign_petition(petition=petition, signer=signer(**changes), at=at)
    take_in_requests(at=at)


def boxes(*organizations, locale="en"):
    """What a form sends when the boxes of these organizations are ticked in it."""
    return tuple(Asking(str(row.pk), row.display_name).box(locale) for row in organizations)
