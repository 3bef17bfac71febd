"""The draft that somebody works on, locked: of two who change it at once, one waits."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.regulations.kinds import EditionState
from campaign.regulations.models import Edition


class DraftIsPublished(DomainError):
    message = _("This edition has been published meanwhile and never changes. Begin a new edition to go on.")


def open_draft(edition: Edition) -> Edition:
    """The draft, locked, with its instrument and campaign. Raises DraftIsPublished."""
    rows = Edition.objects.select_for_update(of=("self",)).select_related("template", "template__campaign")
    draft = rows.filter(pk=edition.pk, state=EditionState.DRAFT).first()
    if draft is None:
        raise DraftIsPublished
    return draft
