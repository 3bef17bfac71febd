"""What changed between two frozen texts, passage by passage and word by word, and how a page shows it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from campaign.core.errors import DomainError
from campaign.documents.models import FrozenText
from campaign.documents.pairing import passage_pairs, places_in_order
from campaign.documents.text_kinds import Passage, text_kind
from campaign.documents.words import Op, Piece, word_changes

FEW = 12  # changes whose list is shown opened


class NotComparable(DomainError):
    message = gettext_lazy("These two texts cannot be compared passage by passage. Read both in full.")


class ChangeKind(StrEnum):
    UNCHANGED = "unchanged"
    RENUMBERED = "renumbered"
    MOVED = "moved"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


QUIET = {ChangeKind.UNCHANGED, ChangeKind.RENUMBERED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one passage. `old` is None when it was added, `new` when it was removed.

    `words` are the pieces of its text: those kept and deleted, joined, are the old text exactly; those kept and inserted the
    new one. `heading_words` likewise. `stood_after` is the passage that a moved one followed, None when it stood first.
    """

    kind: ChangeKind
    old: Passage | None
    new: Passage | None
    words: tuple[Piece, ...]
    heading_words: tuple[Piece, ...] = ()
    is_moved: bool = False
    stood_after: Passage | None = None

    @property
    def passage(self) -> Passage:
        """The passage as it is now; as it was, when it was removed."""
        found = self.new or self.old
        assert found is not None  # a change is about a passage  # noqa: S101
        return found

    @property
    def is_quiet(self) -> bool:
        """Whether its words and its place are the same."""
        return self.kind in QUIET

    @property
    def former_label(self) -> str:
        """How it was cited before; "" when that is the same."""
        if self.old is None or self.new is None or self.old.label == self.new.label or not self.new.key:
            return ""
        return self.old.label


@dataclass(frozen=True, slots=True)
class Redline:
    """All passages of two texts, in reading order of the new one; what was removed stands where it was."""

    old: FrozenText
    new: FrozenText
    changes: tuple[Change, ...]

    @property
    def totals(self) -> Counter[ChangeKind]:
        """How many passages were changed, added, and so on."""
        return Counter(change.kind for change in self.changes)

    @property
    def marked(self) -> tuple[Change, ...]:
        """What a reader has to look at: all but what is the same under the same or another number."""
        return tuple(change for change in self.changes if not change.is_quiet)


def redline(old: FrozenText, new: FrozenText) -> Redline:
    """Compare two frozen texts of one kind. Raises NotComparable when the kinds differ or one has no passages."""
    kind = text_kind(new.kind)
    if old.kind != new.kind or kind is None or kind.passages is None:
        raise NotComparable
    return Redline(old, new, tuple(compare(kind.passages(old), kind.passages(new))))


def compare(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[Change]:
    """What became of each passage, in reading order of `new`; a removed one follows the one it followed before."""
    pairs = passage_pairs(old, new)
    in_place = places_in_order(pairs)
    removed = _removed_after(old, pairs, in_place)
    yield from (_one_sided(old[index], None) for index in removed[None])
    for place, passage in enumerate(new):
        if place not in pairs:
            yield _one_sided(None, passage)
            continue
        origin = pairs[place]
        yield _paired(old, origin, passage, is_moved=place not in in_place)
        if place in in_place:
            yield from (_one_sided(old[index], None) for index in removed[origin])


def _one_sided(old: Passage | None, new: Passage | None) -> Change:
    before = old or Passage("", "", "")
    after = new or Passage("", "", "")
    return Change(
        kind=ChangeKind.ADDED if new else ChangeKind.REMOVED,
        old=old,
        new=new,
        words=word_changes(before.text, after.text),
        heading_words=word_changes(before.heading, after.heading),
    )


def _paired(olds: Sequence[Passage], origin: int, new: Passage, *, is_moved: bool) -> Change:
    old = olds[origin]
    if (old.text, old.heading) != (new.text, new.heading):
        kind = ChangeKind.CHANGED
    elif is_moved:
        kind = ChangeKind.MOVED
    elif old.label != new.label and new.key:
        kind = ChangeKind.RENUMBERED
    else:
        kind = ChangeKind.UNCHANGED
    return Change(
        kind=kind,
        old=old,
        new=new,
        words=word_changes(old.text, new.text),
        heading_words=word_changes(old.heading, new.heading),
        is_moved=is_moved,
        stood_after=olds[origin - 1] if is_moved and origin else None,
    )


def _removed_after(
    old: Sequence[Passage], pairs: dict[int, int], in_place: set[int]
) -> defaultdict[int | None, list[int]]:
    """Places in the old text that have no heir, under the last one before that stayed where it was."""
    stayed = {pairs[place] for place in in_place}
    inherited = set(pairs.values())
    removed: defaultdict[int | None, list[int]] = defaultdict(list)
    last: int | None = None
    for index in range(len(old)):
        if index in stayed:
            last = index
        elif index not in inherited:
            removed[last].append(index)
    return removed


# --- How it is shown ------------------------------------------------------------------


def redline_summary(changes: Redline) -> str:
    """One line for a page or a letter: "3 changed, 1 added, 1 removed"."""
    totals = changes.totals
    parts = [_count(kind, totals[kind]) for kind in _STATES if totals[kind]]
    if not parts:
        return _("Every passage reads the same.")
    return pgettext("between the parts of a list", ", ").join(parts)


def _count(kind: ChangeKind, count: int) -> str:
    words = {
        ChangeKind.CHANGED: ngettext("%(count)d changed", "%(count)d changed", count),
        ChangeKind.ADDED: ngettext("%(count)d added", "%(count)d added", count),
        ChangeKind.REMOVED: ngettext("%(count)d removed", "%(count)d removed", count),
        ChangeKind.MOVED: ngettext("%(count)d moved", "%(count)d moved", count),
        ChangeKind.RENUMBERED: ngettext("%(count)d renumbered", "%(count)d renumbered", count),
    }
    return words[kind] % {"count": count}


_STATES = {
    ChangeKind.CHANGED: pgettext_lazy("a passage", "Changed"),
    ChangeKind.ADDED: pgettext_lazy("a passage", "Added"),
    ChangeKind.REMOVED: pgettext_lazy("a passage", "Removed"),
    ChangeKind.MOVED: pgettext_lazy("a passage", "Moved"),
    ChangeKind.RENUMBERED: pgettext_lazy("a passage", "Renumbered"),
}


def draw_redline(
    old: FrozenText, new: FrozenText, *, heading_level: int = 3, id_prefix: str = "change-"
) -> SafeString:
    """The changes as a piece of a page that links css/redline.css: a summary, a list of links, each change in its place.

    Texts that cannot be compared give a sentence and links to both. `heading_level` is that of each change; `id_prefix` parts
    two redlines on one page.
    """
    context = {"old": old, "new": new, "level": heading_level}
    try:
        changes = redline(old, new)
    except NotComparable as refusal:
        return render_to_string("documents/_redline.html", {**context, "refusal": refusal})
    drawer = _Drawer(heading_level, id_prefix, new.locale)
    rows = list(enumerate(changes.changes, start=1))
    marked = [
        {"anchor": drawer.anchor(place), "label": drawer.label(change.passage), "state": _STATES[change.kind]}
        for place, change in rows
        if not change.is_quiet
    ]
    context |= {
        "summary": redline_summary(changes),
        "marked": marked,
        "is_short": len(marked) <= FEW,
        "differs_elsewhere": not marked and old.digest != new.digest,
        "blocks": [
            drawer.block(is_quiet, list(group))
            for is_quiet, group in groupby(rows, lambda row: row[1].is_quiet)
        ],
    }
    return render_to_string("documents/_redline.html", context)


Row = tuple[int, Change]


class _Drawer:
    """One passage after the other, in code: a template for each would take a second where a text has a thousand."""

    def __init__(self, level: int, id_prefix: str, locale: str) -> None:
        self.tag = SafeString(f"h{level}")
        self.id_prefix, self.locale = id_prefix, locale
        # <bdi>: else the first of these words would set the direction of the whole passage.
        self.hidden = format_html('<bdi class="visually-hidden" lang="{}">', get_language() or "")
        self.said = {"del": _("Removed:"), "ins": _("Added:")}

    def anchor(self, place: int) -> str:
        return f"{self.id_prefix}{place}"

    def label(self, passage: Passage) -> SafeString:
        return format_html('<span lang="{}" dir="auto">{}</span>', self.locale, passage.label)

    def block(self, is_quiet: bool, rows: list[Row]) -> dict[str, object]:
        """Neighbors that are shown together; `title` for those that stayed, which are folded."""
        renumbered = sum(change.kind == ChangeKind.RENUMBERED for _place, change in rows)
        return {
            "title": _quiet_title(len(rows), renumbered) if is_quiet else "",
            "passages": format_html_join("\n", "{}", ((self.change(*row),) for row in rows)),
        }

    def change(self, place: int, change: Change) -> SafeString:
        state = _STATES.get(change.kind)
        return format_html(
            '<section class="redline__change" data-change="{kind}" id="{anchor}">'
            "<{tag}>{label}{state}</{tag}>{notes}{heading}{text}</section>",
            kind=change.kind,
            anchor=self.anchor(place),
            tag=self.tag,
            label=self.label(change.passage),
            state=format_html(' <span class="state">{}</span>', state) if state else "",
            notes=self.notes(change),
            heading=self.words(change, change.heading_words, "redline__words redline__heading"),
            text=self.words(change, change.words, "redline__words"),
        )

    def notes(self, change: Change) -> SafeString:
        """What it was called, and where it stood."""
        notes: list[tuple[str, SafeString]] = []
        if change.former_label and change.old:
            notes.append((_("Before:"), self.label(change.old)))
        if change.is_moved and change.stood_after:
            notes.append((_("It stood after:"), self.label(change.stood_after)))
        elif change.is_moved:
            notes.append((_("It stood first."), SafeString("")))
        return format_html_join("", '<p class="meta">{} {}</p>', notes)

    def words(self, change: Change, pieces: Iterable[Piece], classes: str) -> SafeString:
        if not pieces:
            return SafeString("")
        return format_html(
            '<p class="{}" lang="{}" dir="auto">{}</p>',
            classes,
            change.passage.language or self.locale,
            format_html_join("", "{}", ((self.piece(*piece),) for piece in pieces)),
        )

    def piece(self, op: Op, text: str) -> SafeString:
        """Words that stayed as they are; the others between tags, and between hidden words that say what the tags mean."""
        if op == "keep":
            return format_html("{}", text)
        # A line end alone has no line to be drawn through.
        sign = "" if text.strip() or "\n" not in text else SafeString('<span aria-hidden="true">¶</span>')
        return format_html(
            "<{tag}>{hidden}[{said} </bdi>{sign}{text}{hidden}] </bdi></{tag}>",
            tag=SafeString(op),
            hidden=self.hidden,
            said=self.said[op],
            sign=sign,
            text=text,
        )


def _quiet_title(total: int, renumbered: int) -> str:
    if renumbered == total:
        title = ngettext(
            "%(count)d passage renumbered, its words unchanged",
            "%(count)d passages renumbered, their words unchanged",
            total,
        )
        return title % {"count": total}
    title = ngettext("%(count)d passage unchanged", "%(count)d passages unchanged", total) % {"count": total}
    if not renumbered:
        return title
    part = ngettext("%(count)d of them renumbered", "%(count)d of them renumbered", renumbered)
    return _("%(passages)s, %(part)s") % {"passages": title, "part": part % {"count": renumbered}}
