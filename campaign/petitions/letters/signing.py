"""To an address that was typed into a sign form."""

from datetime import timedelta

from django.utils import timezone

from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import MailState, OutgoingMail
from campaign.petitions.letters.links import signature_link, site_context
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
            {"petition": petition, "link": signature_link("manage", signature), **site_context()},
        )
    if not petition.confirms_at(timezone.now()):
        return None
    return letter_from_templates(
        "petitions/email/confirm",
        {
            "petition": petition,
            "link": signature_link("confirm", signature),
            "expires": petition.confirmable_until,
            **site_context(),
        },
    )


def _had_enough(mail: OutgoingMail) -> bool:
    day_ago = timezone.now() - timedelta(days=1)
    sent = OutgoingMail.objects.filter(
        recipient_key=mail.recipient_key,
        about_id=mail.about_id,
        state=MailState.SENT,
        sent_at__gt=day_ago,
    )
    return sent.count() >= MAILS_A_DAY
