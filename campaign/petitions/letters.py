"""What mails to signers say, decided when they are sent."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from campaign.core.links import link_token
from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import MailState, OutgoingMail
from campaign.petitions.models import Petition, Signature, SignatureState

MAILS_A_DAY = 5


def signed_letter(mail: OutgoingMail) -> Letter | None:
    """To an address that was typed into the sign form: confirm, or: you have signed already.

    None when the address has had its mails for the day, the signature was invalidated, or it is too late.
    """
    petition = Petition.objects.select_related("addressee").filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    signature = Signature.objects.filter(petition=petition, email_key=mail.recipient_key).first()
    if petition is None or signature is None or _had_enough(mail):
        return None
    if signature.state == SignatureState.INVALIDATED:
        return None
    if signature.state == SignatureState.CONFIRMED:
        return letter_from_templates(
            "petitions/email/already",
            {"petition": petition, "link": signature_link("manage", signature), **_site()},
        )
    if not petition.confirms_at(timezone.now()):
        return None
    return letter_from_templates(
        "petitions/email/confirm",
        {
            "petition": petition,
            "link": signature_link("confirm", signature),
            "expires": petition.confirmable_until,
            **_site(),
        },
    )


def signature_link(purpose: str, signature: Signature) -> str:
    """The full address of a signer's own page: `confirm` or `manage`."""
    token = link_token(purpose=f"signature-{purpose}", row_id=signature.pk)
    return settings.SITE_URL + reverse(f"signature_{purpose}", args=[token])


def _had_enough(mail: OutgoingMail) -> bool:
    day_ago = timezone.now() - timedelta(days=1)
    sent = OutgoingMail.objects.filter(
        recipient_key=mail.recipient_key,
        about_id=mail.about_id,
        state=MailState.SENT,
        sent_at__gt=day_ago,
    )
    return sent.count() >= MAILS_A_DAY


def _site() -> dict[str, object]:
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
