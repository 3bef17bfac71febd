"""The rows of a draft as HTML. Drawn here and not in a template: a long act has thousands, and an edit must not wait for them."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaign.regulations.drafts import DraftRow

SLOT = "provision-key"  # stands for a key while an address is made once for all rows


def draw_draft(rows: Iterable[DraftRow], *, slug: str, faulty: set[str]) -> SafeString:
    """One list item for each row. `faulty` are the keys of provisions that have to be mended."""
    before, _slot, after = reverse("provision_edit", args=[slug, SLOT]).rpartition(SLOT)
    add = reverse("provision_add", args=[slug])
    words: dict[str, str] = {
        "language": escape(get_language() or "en"),  # of these words; the list around them is in the law's
        "off": escape(_("not in the text")),
        "optional": escape(_("optional")),
        "choice": escape(_("alternative")),
        "faulty": escape(_("to mend")),
        "empty": escape(_("No words yet")),
        "add": escape(_("Add after %(name)s")),
    }
    return mark_safe("".join(_row(row, (before, after), add, words, faulty) for row in rows))  # noqa: S308  each part is escaped


def _row(row: DraftRow, edit: tuple[str, str], add: str, words: dict[str, str], faulty: set[str]) -> str:
    unit, printed = row.unit, row.printed
    key = escape(unit.key)  # keys have no letter that an address would have to escape
    heading = f"<strong>{escape(row.heading)}</strong> " if row.heading else ""
    said = f"{heading}{escape(row.body)}" or f'<em lang="{words["language"]}">{words["empty"]}</em>'
    marks = []
    if printed is None:
        marks.append(words["off"])
    elif row.can_be_switched:
        marks.append(words["choice"] if unit.choice else words["optional"])
    if unit.key in faulty:
        marks.append(words["faulty"])
    labels = "".join(f' <span class="label" lang="{words["language"]}">{mark}</span>' for mark in marks)
    return (
        f'<li class="draft-row{"" if printed else " is-off"}" id="{key}" data-depth="{row.depth}"'
        f' data-parent="{escape(row.parent)}">'
        f'<a class="draft-row__open" href="{edit[0]}{key}{edit[1]}">'
        f'<span class="draft-row__number">{escape(row.number)}</span> <span class="draft-row__said">{said}</span></a>'
        f'{labels}<a class="draft-row__add" lang="{words["language"]}" href="{add}?parent={escape(row.parent)}&amp;after={key}"'
        f' aria-label="{words["add"] % {"name": escape(row.name)}}">+</a></li>'
    )
