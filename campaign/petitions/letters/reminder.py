"""The one reminder to somebody who has not confirmed."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.petitions.letters.links import signature_link, site_context
from campaign.petitions.models import Signature, SignatureState


def load_reminded(mails: list[OutgoingMail]) -> dict[object, Signature]:
    """The signatures that a batch of reminders is about, by id."""
    rows = Signature.objects.select_related("petition").filter(pk__in=[mail.about_id for mail in mails])
    return {row.pk: row for row in rows}


def reminder_letter(mail: OutgoingMail, signatures: dict[object, Signature]) -> Letter | None:
    """None when the signature was confirmed, set aside or erased meanwhile, or can no longer be confirmed."""
    signature = signatures.get(mail.about_id)
    if signature is None or signature.state != SignatureState.PENDING or signature.quarantined_at:
        return None
    petition = signature.petition
    if not petition.confirms_at(timezone.now()) or petition.confirmable_until is None:
        return None
    erased_at = signature.signed_at + timedelta(days=settings.PENDING_DAYS)
    return letter_from_templates(
        "petitions/email/reminder",
        {
            "petition": petition,
            "link": signature_link("confirm", signature),
            "expires": min(petition.confirmable_until, erased_at),
            **site_context(),
        },
    )
