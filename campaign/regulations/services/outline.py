"""An instrument begun with a law that was pasted and confirmed line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.campaigns.models import Campaign
from campaign.core.errors import DomainError
from campaign.regulations.kinds import InstrumentKind
from campaign.regulations.models import Edition
from campaign.regulations.outline import Outline, read_outline
from campaign.regulations.services.drafting import InstrumentFacts, start_instrument
from campaign.regulations.services.publishing import draft_problems, publish_edition
from campaign.regulations.services.storing import store_text
from campaign.regulations.tree import LegalText


class NothingRead(DomainError):
    message = _(
        "No provision was found in the text. Check the tradition and the language, or decide on the lines below."
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Where a law in force was taken from: the address of the official text, and the day of that version."""

    address: str = ""
    version_date: date | None = None

    def as_note(self) -> str:
        """As it is said of the edition."""
        parts = [self.address, self.version_date.isoformat() if self.version_date else ""]
        return ", ".join(part for part in parts if part)


@transaction.atomic
def start_from_outline(
    *,
    campaign: Campaign,
    facts: InstrumentFacts,
    text: str,
    decisions: Mapping[int, str],
    source: Source,
    person: User,
    at: datetime,
) -> Edition:
    """Begin an instrument of a campaign with a pasted law, read as `decisions` say; all of it or nothing.

    A law in force is published at once as its first edition, the ground to amend it from, unless something in it cannot be
    printed: then it stays a draft. Raises OutlineRefused and NothingRead.
    """
    outline = read_outline(text, tradition=facts.tradition, language=facts.locale, decisions=decisions)
    if not outline.provisions:
        raise NothingRead
    edition = start_instrument(campaign=campaign, facts=facts, person=person, at=at)
    edition.title = (outline.title or facts.title)[:300]
    edition.change_note = source.as_note()
    edition.save(update_fields=["title", "change_note"])
    legal = _legal_text(edition, facts, outline)
    store_text(edition=edition, text=legal)
    if facts.kind == InstrumentKind.LAW_IN_FORCE and not draft_problems(edition=edition, text=legal):
        edition = publish_edition(edition=edition, at=at)
        log_act(
            subject_id=campaign.pk,
            act="regulations.edition_published",
            actor=person,
            at=at,
            title=facts.title,
            label=edition.label,
        )
    return edition


def _legal_text(edition: Edition, facts: InstrumentFacts, outline: Outline) -> LegalText:
    return LegalText(
        title=edition.title,
        language=facts.locale,
        tradition=facts.tradition,
        provisions=outline.provisions,
    )
