"""What is said of an instrument as a whole; its kind, tradition and language as long as none of its editions is published."""

from __future__ import annotations

from dataclasses import asdict, replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.regulations.checks import Problem, problems_of
from campaign.regulations.models import Edition, Template
from campaign.regulations.queries import edition_text
from campaign.regulations.services.drafting import InstrumentFacts
from campaign.regulations.services.opening import open_draft
from campaign.regulations.services.seen import require_seen


class FixedByPublishing(DomainError):
    message = _(
        "An edition is published: kind, tradition and language stay as they are. Begin another instrument for another tradition."
    )


class NeedsMending(DomainError):
    """`problems` are the places that would have to be mended in the other tradition or language. Nothing was stored."""

    message = _(
        "In that tradition some provisions cannot stay as they are. Their words stay; each place has to be mended before an "
        "edition is published."
    )

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


@transaction.atomic
def change_facts(
    *, edition: Edition, facts: InstrumentFacts, accepts_mending: bool = False, seen: str | None = None
) -> None:
    """Say anew what an instrument is called, what it does, and how it is drafted. No provision changes.

    `seen` is the state of the instrument it was written over (`seen_of`). Raises DraftIsPublished, RowChanged,
    FixedByPublishing, and NeedsMending unless the drafter accepts that.
    """
    draft = open_draft(edition)
    template = Template.objects.get(
        pk=draft.template_id
    )  # read after the lock: of two, the second sees the first
    kind = template.kind if template.is_adaptation or not facts.kind else facts.kind
    require_seen(template, seen, asdict(replace(facts, kind=kind)))
    wanted = (kind, facts.tradition, facts.locale)
    if wanted != (template.kind, template.tradition, template.locale):
        if template.editions.published().exists():
            raise FixedByPublishing
        problems = _to_mend(draft, tradition=facts.tradition, language=facts.locale)
        if problems and not accepts_mending:
            raise NeedsMending(problems)
    if draft.title == template.title:  # the long title goes along until it has words of its own
        draft.title = facts.title
        draft.save(update_fields=["title"])
    template.title, template.summary, template.disclaimer = facts.title, facts.summary, facts.disclaimer
    template.kind, template.tradition, template.locale = wanted
    template.save(update_fields=["title", "summary", "disclaimer", "kind", "tradition", "locale"])


def _to_mend(draft: Edition, *, tradition: str, language: str) -> list[Problem]:
    """What would stand against publishing in the other tradition or language and does not stand against it now."""
    text = edition_text(edition=draft)
    known = set(problems_of(text))
    found = problems_of(replace(text, tradition=tradition, language=language))
    return [problem for problem in found if problem not in known]
