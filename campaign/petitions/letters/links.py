"""What every letter needs: the signer's own links and the site's name."""

from django.conf import settings
from django.urls import reverse

from campaign.core.links import link_token
from campaign.petitions.models import Signature


def signature_link(purpose: str, signature: Signature) -> str:
    """The full address of a signer's own page: `confirm` or `manage`."""
    token = link_token(purpose=f"signature-{purpose}", row_id=signature.pk)
    return settings.SITE_URL + reverse(f"signature_{purpose}", args=[token])


def site_context() -> dict[str, object]:
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
