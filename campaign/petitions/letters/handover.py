"""To signers who want mail about the petition: it was handed over, or answered."""

import uuid
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext

from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.mailing.services import payload_of
from campaign.petitions.letters.links import signature_link, site_context
from campaign.petitions.models import PUBLIC_STATES, Handover, OfficialResponse, Petition, Signature
from campaign.petitions.queries import signers_to_tell

LINK_PLACE = "the-link-of-this-letter"


class _Told:
    """What a batch of these letters needs: the signers who still want them, and what they are told of."""

    records: dict[uuid.UUID, Any]

    def __init__(self, mails: list[OutgoingMail]) -> None:
        about = [mail.about_id for mail in mails if mail.about_id]
        rows = signers_to_tell().filter(pk__in=about, petition__state__in=PUBLIC_STATES)
        self.signatures: dict[uuid.UUID, Signature] = {row.pk: row for row in rows}
        self.records = self.read({uuid.UUID(payload_of(mail)["record"]) for mail in mails})
        self._drawn: dict[tuple[object, ...], Letter] = {}

    def read(self, ids: set[uuid.UUID]) -> dict[uuid.UUID, Any]:
        raise NotImplementedError

    def draw(self, record: Any) -> Letter:
        raise NotImplementedError

    def letter(self, mail: OutgoingMail) -> Letter | None:
        """Drawn once for each record and language; only the signer's own link differs. None for who does not want it any more."""
        record = self.records.get(uuid.UUID(payload_of(mail)["record"]))
        signature = self.signatures.get(mail.about_id) if mail.about_id else None
        if record is None or signature is None:
            return None
        key = (record.pk, get_language())
        if key not in self._drawn:
            self._drawn[key] = self.draw(record)
        drawn, link = self._drawn[key], signature_link("manage", signature)
        return replace(
            drawn, text=drawn.text.replace(LINK_PLACE, link), html=drawn.html.replace(LINK_PLACE, link)
        )


class HandoverTold(_Told):
    def read(self, ids: set[uuid.UUID]) -> dict[uuid.UUID, Handover]:
        rows = Handover.objects.done().select_related("petition", "addressee")
        return rows.in_bulk(list(ids))

    def draw(self, record: Handover) -> Letter:
        return draw_handed_over(record)


class ResponseTold(_Told):
    def read(self, ids: set[uuid.UUID]) -> dict[uuid.UUID, OfficialResponse]:
        rows = OfficialResponse.objects.published().select_related("petition", "authority")
        return rows.in_bulk(list(ids))

    def draw(self, record: OfficialResponse) -> Letter:
        return draw_responded(record)


def handed_over_letter(mail: OutgoingMail, loaded: HandoverTold) -> Letter | None:
    return loaded.letter(mail)


def responded_letter(mail: OutgoingMail, loaded: ResponseTold) -> Letter | None:
    return loaded.letter(mail)


def draw_handed_over(handover: Handover) -> Letter:
    """The letter in the active language, with LINK_PLACE where the signer's own link goes."""
    there = handover.done_at.astimezone(ZoneInfo(handover.time_zone)) if handover.done_at else None
    context = {
        **_context(handover.petition, anchor=f"handover-{handover.pk}"),
        "handover": handover,
        "done_on": there.date() if there else handover.planned_date,
    }
    return letter_from_templates("petitions/email/handed_over", context)


def draw_responded(response: OfficialResponse) -> Letter:
    """The same for a response."""
    context = {
        **_context(response.petition, anchor=f"response-{response.pk}"),
        "response": response,
    }
    return letter_from_templates("petitions/email/responded", context)


def preview(letter: Letter) -> Letter:
    """The same for the team's eyes: words stand where each signer finds their own link."""
    return replace(letter, text=letter.text.replace(LINK_PLACE, gettext("(each signer’s own link)")))


def _context(petition: Petition, *, anchor: str) -> dict[str, Any]:
    page = settings.SITE_URL + reverse("petition_detail", args=[petition.slug])
    return {
        "petition": petition,
        "link": f"{page}#{anchor}",
        "manage_link": LINK_PLACE,
        **site_context(),
    }
