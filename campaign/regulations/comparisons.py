"""Two texts of instruments side by side, and every form in which what changed can be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.regulations.blocks import Writing
from campaign.regulations.comparing import (
    Comparison,
    amending_act_writing,
    change_sentences,
    changes_between,
    comparison_table_writing,
    parliament_writing,
    redline_writing,
    striking_writing,
    two_columns_writing,
)
from campaign.regulations.exports.formats import safe_stem
from campaign.regulations.numbered import NumberedText


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts. `title` and `label` are those of its instrument and edition."""

    slug: str
    title: str
    label: str
    law: NumberedText
    is_draft: bool = False

    @property
    def name(self) -> str:
        """How the text is called, in the active language."""
        if self.is_draft:
            return _("%(title)s, draft of %(label)s") % {"title": self.title, "label": self.label}
        return f"{self.title}, {self.label}"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What else can be chosen, and what is printed with it. `justifications` are by the key of a provision."""

    elide_unchanged: bool = False
    is_proposal: bool = False
    justifications: Mapping[str, str] = field(default_factory=dict)


Draw = Callable[[Comparison, Side, Side, Wishes], Writing]


@dataclass(frozen=True, slots=True)
class ComparisonForm:
    """A form of comparison or amendment. `key` is what an address calls it."""

    key: str
    label: str | Promise
    draw: Draw


def _redline(comparison: Comparison, _old: Side, _new: Side, _wishes: Wishes) -> Writing:
    return redline_writing(comparison)


def _two_columns(comparison: Comparison, old: Side, new: Side, wishes: Wishes) -> Writing:
    return two_columns_writing(
        comparison, old_name=old.name, new_name=new.name, elide_unchanged=wishes.elide_unchanged
    )


def _parliament(comparison: Comparison, _old: Side, _new: Side, wishes: Wishes) -> Writing:
    return parliament_writing(
        comparison, is_proposal=wishes.is_proposal, justifications=wishes.justifications
    )


def _striking(comparison: Comparison, old: Side, _new: Side, _wishes: Wishes) -> Writing:
    return striking_writing(comparison, act=old.title)


def _table(comparison: Comparison, _old: Side, _new: Side, _wishes: Wishes) -> Writing:
    return comparison_table_writing(comparison)


def _amending_act(comparison: Comparison, old: Side, _new: Side, _wishes: Wishes) -> Writing:
    return amending_act_writing(comparison, act=old.title)


FORMS: dict[str, ComparisonForm] = {
    each.key: each
    for each in (
        ComparisonForm("redline", gettext_lazy("Redline: the new text with what changed marked"), _redline),
        ComparisonForm("columns", gettext_lazy("Two columns: both texts side by side"), _two_columns),
        ComparisonForm("parliament", gettext_lazy("Amendments as in the European Parliament"), _parliament),
        ComparisonForm("amending-act", gettext_lazy("Amending act as in the European Union"), _amending_act),
        ComparisonForm("striking", gettext_lazy("Striking and inserting as in the United States"), _striking),
        ComparisonForm("table", gettext_lazy("Comparison table as in Korea and Japan"), _table),
    )
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A comparison in one form: the writing, the stem of its files' names, and every change as a sentence."""

    writing: Writing
    stem: str
    sentences: list[str]


def draw_up(old: Side, new: Side, *, form: str, wishes: Wishes) -> Drawn:
    """Compare two texts and tell it in one form, which says what was compared. Raises FormInEnglishOnly and SameKeyTwice."""
    comparison = changes_between(old.law, new.law)
    with translation.override(comparison.language):
        writing = FORMS[form].draw(comparison, old, new, wishes)
        said = [_("Old text: %(old)s. New text: %(new)s.") % {"old": old.name, "new": new.name}]
        if old.is_draft or new.is_draft:
            said.append(_("A draft is not published and may change."))
        named = replace(writing, title=f"{writing.title}: {new.name}", notes=(" ".join(said), *writing.notes))
    return Drawn(named, _stem(old, new, form), change_sentences(comparison))


def _stem(old: Side, new: Side, form: str) -> str:
    first = [new.slug] if old.slug == new.slug else [old.slug, old.label, new.slug]
    second = [old.label, new.label] if old.slug == new.slug else [new.label]
    return safe_stem(*first, *second, *(["draft"] if old.is_draft or new.is_draft else []), form)
