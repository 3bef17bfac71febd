"""The draft that somebody works on, locked: of two who change it at once, one waits."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from campaign.activity.queries import log_entries
from campaign.core.errors import DomainError
from campaign.regulations.kinds import EditionState
from campaign.regulations.models import Edition, Template


class DraftIsPublished(DomainError):
    message = _("This edition has been published meanwhile and never changes. Begin a new edition to go on.")


class DraftIsDiscarded(DomainError):
    message = _("This draft was discarded meanwhile. Begin a new edition to go on.")


class DraftNotHere(DomainError):
    """Nothing is known of it to whoever asks: not even that it was ever there."""

    message = _(
        "There is no draft here for you: it was discarded meanwhile, or you work on it no more. Copy what you wrote before you "
        "close this page."
    )


def why_closed(*, template: Template, draft_id: UUID | None = None) -> DomainError:
    """Why an instrument has no draft any more, or not this one (`draft_id`, where it is known): published or discarded."""
    published = template.editions.published()
    if draft_id is not None:
        return DraftIsPublished() if published.filter(pk=draft_id).exists() else DraftIsDiscarded()
    acts = log_entries(subject_id=template.campaign_id or template.pk).filter(
        act="regulations.draft_discarded"
    )
    discarded = next((each for each in acts[:100] if each.facts.get("title") == template.title), None)
    newest_at = published.aggregate(newest=Max("published_at"))["newest"]
    if discarded is None or (newest_at is not None and newest_at > discarded.at):
        return DraftIsPublished()
    return DraftIsDiscarded()


def open_draft(edition: Edition) -> Edition:
    """The draft, locked, with its instrument and campaign. Raises DraftIsPublished, DraftIsDiscarded."""
    rows = Edition.objects.select_for_update(of=("self",)).select_related("template", "template__campaign")
    draft = rows.filter(pk=edition.pk, state=EditionState.DRAFT).first()
    if draft is None:
        raise DraftIsPublished if Edition.objects.filter(pk=edition.pk).exists() else DraftIsDiscarded
    return draft
