"""To a signer who was counted: their number, and the receipt that proves it."""

import uuid
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from campaign.mailing.kinds import Attachment, Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.petitions.evidence import counted_signatures, receipts_of
from campaign.petitions.letters.links import signature_link, site_context
from campaign.petitions.models import PUBLIC_STATES, Petition, Signature
from campaign.petitions.proofs import Receipt

Loaded = dict[uuid.UUID, tuple[Signature, Receipt]]


def load_receipts(mails: list[OutgoingMail]) -> Loaded:
    """What a batch of receipts is about, by the signature's id. Who left meanwhile is not among them."""
    ids = {mail.about_id for mail in mails if mail.about_id}
    rows = {row.pk: row for row in counted_signatures(ids).filter(petition__state__in=PUBLIC_STATES)}
    receipts = receipts_of(signatures=rows.values())
    return {pk: (rows[pk], receipt) for pk, receipt in receipts.items()}


def receipt_letter(mail: OutgoingMail, loaded: Loaded) -> Letter | None:
    """None when the signer left meanwhile, or the petition is not public any more."""
    if mail.about_id is None or mail.about_id not in loaded:
        return None
    signature, receipt = loaded[mail.about_id]
    context: dict[str, Any] = {
        "petition": signature.petition,
        "number": receipt.number,
        "link": signature_link("manage", signature),
        "ledger_link": ledger_link(signature.petition),
        **site_context(),
    }
    letter = letter_from_templates("petitions/email/receipt", context)
    file = Attachment(receipt_name(receipt), receipt_text(receipt, signature.petition), "application/json")
    return Letter(subject=letter.subject, text=letter.text, html=letter.html, attachments=(file,))


def receipt_text(receipt: Receipt, petition: Petition) -> str:
    """The file a signer keeps, with a line in their language that says what to do with it."""
    how = gettext(
        "Paste this file at %(address)s, or check it on your own machine with tools/verify_ledger.py."
    )
    return receipt.as_text(how_to_check=how % {"address": ledger_link(petition)})


def receipt_name(receipt: Receipt) -> str:
    """A file name that says which receipt it is, and nothing about the person."""
    return f"receipt-{receipt.number}.json"


def ledger_link(petition: Petition) -> str:
    return settings.SITE_URL + reverse("petition_ledger", args=[petition.slug])
