"""A draft as the pages of its editor need it: loaded once, with each provision by its key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest

from campaign.regulations.checks import Problem
from campaign.regulations.draft_html import draw_draft
from campaign.regulations.drafts import DraftRow, draft_rows, kinds_for
from campaign.regulations.kinds import ProvisionKind
from campaign.regulations.models import Edition
from campaign.regulations.queries import (
    edition_text,
)
from campaign.regulations.traditions import tradition
from campaign.regulations.tree import LegalText, Unit
from campaign.regulations.views.access import open_draft


@dataclass
class Desk:
    """A draft with its text and rows, loaded once for a page."""

    draft: Edition
    text: LegalText
    rows: list[DraftRow]

    @classmethod
    def of(cls, request: HttpRequest, slug: str) -> Desk:
        return cls.showing(open_draft(request, slug))

    @classmethod
    def showing(cls, draft: Edition) -> Desk:
        text = edition_text(edition=draft)
        return cls(draft, text, draft_rows(text))

    def row(self, key: str) -> DraftRow:
        found = next((row for row in self.rows if row.unit.key == key), None)
        if found is None:
            raise Http404
        return found

    @cached_property
    def names(self) -> dict[str, str]:
        """How people call each provision, by key."""
        return {row.unit.key: row.name for row in self.rows}

    def ancestors(self, key: str) -> list[Unit]:
        """The units above a place below `key`, outermost first; with it."""
        by_key = {row.unit.key: row for row in self.rows}
        chain: list[Unit] = []
        while key:
            chain.append(by_key[key].unit)
            key = by_key[key].parent
        return chain[::-1]

    def kinds(self, parent: str, *, also: str = "") -> list[tuple[str, str]]:
        """The kinds that may stand below `parent`, with their names in the tradition."""
        above = self.ancestors(parent)
        form, chain = tradition(self.text.tradition), tuple(unit.kind for unit in above)
        kinds = kinds_for(self.text, above)
        if also and also not in kinds:
            kinds.append(ProvisionKind(also))
        return [(kind.value, str(_named(form, kind, chain, self.text.language))) for kind in kinds]


def _named(form: Any, kind: ProvisionKind, chain: tuple[str, ...], language: str) -> str:
    """The tradition's word for a kind beside ours where they differ: “Article (SEC.)”."""
    own, theirs = str(kind.label), form.kind_name(kind, chain, language)
    return own if theirs.casefold() == own.casefold() else f"{own} ({theirs})"


def text_context(desk: Desk, problems: list[Problem]) -> dict[str, Any]:
    """What the text of a draft is drawn from."""
    faulty = {problem.place for problem in problems if not problem.about_variable}
    return {
        "template": desk.draft.template,
        "layout": tradition(desk.text.tradition).layout,
        "text": draw_draft(desk.rows, slug=desk.draft.template.slug, faulty=faulty),
        "total": len(desk.rows),
    }
