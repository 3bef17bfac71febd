"""The texts that can be compared, read from where they are; documents of comparisons; reasons given for amendments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.documents.models import Document, FrozenText
from campaign.documents.services import freeze_text, request_document
from campaign.regulations.blocks import Writing, writing_as_data
from campaign.regulations.checks import Problem
from campaign.regulations.comparisons import Drawn, Side, Wishes, draw_up
from campaign.regulations.models import AmendmentJustification, Edition
from campaign.regulations.numbered import NumberedText
from campaign.regulations.queries import amendment_reasons, edition_text
from campaign.regulations.services.opening import open_draft
from campaign.regulations.services.publishing import draft_problems, edition_payload
from campaign.regulations.services.seen import RowChanged

COMPARISON_KIND = "regulations.comparison"


class DraftNotSound(DomainError):
    """A draft that cannot be numbered and printed yet. `problems` says what has to be mended."""

    message = gettext_lazy("The draft cannot be printed yet. Mend first what the list names.")

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


class ReasonsChanged(RowChanged):
    """Somebody wrote other reasons first. `theirs` has them by the key of the provision; nothing was stored."""

    def __init__(self, theirs: dict[str, str]) -> None:
        super().__init__()
        self.theirs = theirs


def printed_payload(*, edition: Edition) -> dict[str, Any]:
    """What an edition says as plain data: as it was frozen; of a draft, as it would be now. Raises DraftNotSound."""
    if edition.frozen_text is not None:
        payload: dict[str, Any] = edition.frozen_text.data
        return payload
    text = edition_text(edition=edition)
    if problems := draft_problems(edition=edition, text=text):
        raise DraftNotSound(problems)
    return edition_payload(edition=edition, text=text)


def draft_file_payload(*, edition: Edition) -> dict[str, Any]:
    """What a file of a draft is made from: its payload, which says wherever it is named that it is a draft.

    Raises DraftNotSound.
    """
    payload = printed_payload(edition=edition)
    with translation.override(edition.template.locale):
        label = _("%(label)s, draft") % {"label": edition.label}
        warning = _("This is a draft. It is not published and may change.")
    template = payload["template"]
    return payload | {
        "template": template | {"disclaimer": f"{warning} {template['disclaimer']}".strip()},
        "edition": payload["edition"] | {"label": label},
    }


def comparison_side(*, edition: Edition) -> Side:
    """An edition or draft as one side of a comparison. Raises DraftNotSound."""
    return Side(
        slug=edition.template.slug,
        title=edition.template.title,
        label=edition.label,
        law=NumberedText.of_payload(printed_payload(edition=edition)),
        is_draft=not edition.is_published,
    )


def edition_comparison(*, old: Edition, new: Edition, form: str, wishes: Wishes) -> Drawn:
    """What changed from one edition to another, told in one form of `comparisons.FORMS`, with the reasons that were given.

    Raises DraftNotSound, FormInEnglishOnly, SameKeyTwice.
    """
    if form == "parliament":
        wishes = replace(wishes, justifications=amendment_reasons(old=old, new=new))
    return draw_up(comparison_side(edition=old), comparison_side(edition=new), form=form, wishes=wishes)


def freeze_comparison(*, writing: Writing, drafts: list[Edition], at: datetime) -> FrozenText:
    """Fix a comparison, in the language of the law.

    `drafts` are the ones it shows words of: only who may draft these finds it (`rules.can_read_comparison`).
    """
    payload = writing_as_data(writing)
    if drafts:
        payload["drafts_of"] = sorted({str(draft.template_id) for draft in drafts})
    return freeze_text(
        kind=COMPARISON_KIND, title=writing.title, locale=writing.language, payload=payload, at=at
    )


@transaction.atomic
def request_comparison_document(*, writing: Writing, drafts: list[Edition], at: datetime) -> Document:
    """Freeze a comparison and order its PDF, in the language of the law. `drafts` as in `freeze_comparison`."""
    frozen = freeze_comparison(writing=writing, drafts=drafts, at=at)
    return request_document(kind=COMPARISON_KIND, frozen_text=frozen, locale=writing.language, at=at)


@transaction.atomic
def justify_amendments(
    *,
    edition: Edition,
    texts: dict[str, str],
    person: User,
    at: datetime,
    opened: dict[str, str] | None = None,
) -> None:
    """Store why provisions of a draft change, by key; an empty text takes the reason away. What is not named stays.

    `opened` are the texts they were written over. Raises DraftIsPublished, ReasonsChanged.
    """
    draft = open_draft(edition)
    stored = dict(draft.justifications.filter(key__in=texts).values_list("key", "text"))
    theirs = {
        key: stored.get(key, "")
        for key, before in (opened or {}).items()
        if key in texts and stored.get(key, "") not in {before, texts[key]}
    }
    if theirs:
        raise ReasonsChanged(theirs)
    for key, text in texts.items():
        if text:
            AmendmentJustification.objects.update_or_create(
                edition=draft, key=key, defaults={"text": text, "written_by": person, "written_at": at}
            )
        else:
            draft.justifications.filter(key=key).delete()
