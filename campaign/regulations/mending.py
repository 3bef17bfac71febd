"""What stands against publishing a draft, as drafters are told: each place by its number, with the way to where it is mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.regulations.checks import Mend, Problem
from campaign.regulations.drafts import DraftRow, draft_rows
from campaign.regulations.models import Edition
from campaign.regulations.queries import edition_text
from campaign.regulations.tree import LegalText

_PAGES = {
    Mend.OPTIONS: "draft_options",
    Mend.CHOICES: "draft_choices",
    Mend.FACTS: "draft_facts",
    Mend.TEXT: "draft",
}


@dataclass(frozen=True, slots=True)
class Mending:
    """One problem on a page. `key` is the provision it is about; `is_of_law` tells that the name is the law's own words."""

    name: str
    said: str
    href: str
    key: str = ""
    is_of_law: bool = False


def draft_mendings(draft: Edition, problems: Iterable[Problem]) -> list[Mending]:
    """What to mend in a draft whose text is not at hand."""
    text = edition_text(edition=draft)
    return mendings(problems, text=text, rows=draft_rows(text), slug=draft.template.slug)


def mendings(
    problems: Iterable[Problem], *, text: LegalText, rows: Iterable[DraftRow], slug: str
) -> list[Mending]:
    """What to mend, in the order given. `rows` are those of the text."""
    names = {row.unit.key: row.name for row in rows}
    return [_mending(problem, text, names, slug) for problem in problems]


def _mending(problem: Problem, text: LegalText, names: dict[str, str], slug: str) -> Mending:
    said = problem.said(names)
    if problem.about_variable:
        spec = text.variables.get(problem.place)
        if spec is None:
            return Mending(f"[[{problem.place}]]", said, reverse("draft_variables", args=[slug]))
        href = reverse("variable_edit", args=[slug, spec.name])
        return Mending(spec.label or spec.name, said, href, is_of_law=True)
    if problem.place in names:
        page = _PAGES.get(problem.mend)
        href = reverse(page, args=[slug]) if page else reverse("provision_edit", args=[slug, problem.place])
        return Mending(names[problem.place], said, href, key=problem.place, is_of_law=True)
    if problem.mend == Mend.PROVISION:
        return Mending("", said, reverse("draft", args=[slug]))
    titles = {
        Mend.OPTIONS: _("Options"),
        Mend.CHOICES: _("Alternatives"),
        Mend.FACTS: _("Facts"),
        Mend.TEXT: _("Text"),
    }
    return Mending(str(titles[problem.mend]), said, reverse(_PAGES[problem.mend], args=[slug]))
