"""To an address that was typed into a sign form. What it says is decided when it is sent, from the signature's row."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import MailState, OutgoingMail
from campaign.mailing.services import payload_of
from campaign.petitions.letters.links import signature_link, site_context
from campaign.petitions.models import Signature, SignatureState

KIND = "petitions.signed"
LINK_PLACE = "the-link-of-this-letter"
MAILS_A_DAY = 5  # to one mailbox about one petition, in whatever way its address was spelled
Mailbox = tuple[uuid.UUID, bytes]  # a petition and the key of a mailbox


class SignedMails:
    """What a batch of these letters needs, read in three statements."""

    def __init__(self, mails: list[OutgoingMail]) -> None:
        about = [mail.about_id for mail in mails]
        rows = Signature.objects.select_related("petition").filter(pk__in=about)
        self.signatures = {row.pk: row for row in rows}
        self.sent = _sent_today(self.signatures.values())
        self._drawn: dict[tuple[object, ...], Letter] = {}

    def may_send(self, signature: Signature) -> bool:
        """Whether the mailbox has not had its mails for the day; if so, this one is counted."""
        mailbox = _mailbox(signature)
        self.sent[mailbox] += 1
        return self.sent[mailbox] <= MAILS_A_DAY

    def letter(self, name: str, signature: Signature, link: str) -> Letter:
        """The letter of a name for one petition, language and minute is drawn once, and differs in its link alone."""
        expires = _confirmable_until(signature)
        minute = expires.replace(second=0, microsecond=0) if expires else None
        key = (name, signature.petition_id, get_language(), minute)
        if key not in self._drawn:
            context = {
                "petition": signature.petition,
                "link": LINK_PLACE,
                "expires": minute,
                **site_context(),
            }
            self._drawn[key] = letter_from_templates(f"petitions/email/{name}", context)
        drawn = self._drawn[key]
        return replace(
            drawn, text=drawn.text.replace(LINK_PLACE, link), html=drawn.html.replace(LINK_PLACE, link)
        )


def _mailbox(row: Signature) -> Mailbox:
    return row.petition_id, bytes(row.email_key or b"")


def _sent_today(signatures: Iterable[Signature]) -> Counter[Mailbox]:
    """How many letters each mailbox has had in 24 hours, both people of a household taken together."""
    mailboxes = Q(pk=None)
    for petition_id, key in {_mailbox(row) for row in signatures}:
        mailboxes |= Q(petition_id=petition_id, email_key=key)
    rows = {row.pk: row for row in Signature.objects.only("petition", "email_key").filter(mailboxes)}
    day_ago = timezone.now() - timedelta(days=1)
    sent = OutgoingMail.objects.filter(
        Q(state=MailState.SENT, sent_at__gt=day_ago)
        # Handed over to the mail server, or about to be, by whoever has claimed it.
        | Q(state__in=[MailState.HANDING_OVER, MailState.UNCERTAIN], claimed_at__gt=day_ago),
        kind=KIND,
        about_id__in=rows,
    )
    return Counter(
        _mailbox(rows[about_id]) for about_id in sent.values_list("about_id", flat=True) if about_id
    )


def signed_letter(mail: OutgoingMail, loaded: SignedMails) -> Letter | None:
    """Confirm; or: you have signed already; or: two people have signed with this address.

    None when the mailbox has had its mails for the day, the signature was set aside, invalidated or erased, or it is too late.
    Nothing in it is what the submitter of the form typed: it may be somebody else's mailbox.
    """
    signature = loaded.signatures.get(mail.about_id) if mail.about_id else None
    if signature is None or signature.email_key is None or signature.quarantined_at is not None:
        return None
    name = _letter_name(signature, household_is_full="household_is_full" in payload_of(mail))
    if name is None or not loaded.may_send(signature):
        return None
    purpose = "confirm" if name == "confirm" else "manage"
    return loaded.letter(name, signature, signature_link(purpose, signature))


def _letter_name(signature: Signature, *, household_is_full: bool) -> str | None:
    if signature.state == SignatureState.CONFIRMED:
        return "household" if household_is_full else "already"
    if signature.state != SignatureState.PENDING or household_is_full:
        return None
    return "confirm" if signature.petition.confirms_at(timezone.now()) else None


def _confirmable_until(signature: Signature) -> datetime | None:
    """Until the petition's time is over, or the row is deleted because nobody confirmed it."""
    until = signature.petition.confirmable_until
    deleted_at = signature.signed_at + timedelta(days=settings.PENDING_DAYS)
    return min(until, deleted_at) if until else None
