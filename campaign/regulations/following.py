"""What a model's newer edition changes, seen from an adaptation of the older one: provision by provision, by permanent key."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum

from campaign.documents.canonical import digest_of
from campaign.documents.pairing import places_in_order
from campaign.regulations.tree import LegalText, Unit, walk


class ModelMove(StrEnum):
    """What the model did with a provision."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    CHANGED_AND_MOVED = "changed-and-moved"


@dataclass(frozen=True, slots=True)
class FollowedChange:
    """One provision that the model changed. `old` and `new` are the model's, `ours` the adaptation's; each may be missing.

    `parent` and `after` tell where the model has it now (keys, empty at the top and for the first). `is_ours_untouched` says
    that the adaptation left what the model changed as the model had it; of a removal, that nothing else of the adaptation
    stands below it. `is_ours_in_place`: it stands already where the model has it now.
    """

    key: str
    move: ModelMove
    old: Unit | None
    new: Unit | None
    ours: Unit | None
    parent: str = ""
    after: str = ""
    is_ours_untouched: bool = False
    is_ours_in_place: bool = False

    @property
    def is_moved(self) -> bool:
        return self.move in {ModelMove.MOVED, ModelMove.CHANGED_AND_MOVED}

    @property
    def digest(self) -> str:
        """Of what the model says now, and of where when it was moved: an answer holds as long as it says that."""
        said = asdict(replace(self.new, children=[])) if self.new else None
        return digest_of([said, [self.parent, self.after] if self.is_moved else None])

    @property
    def is_settled(self) -> bool:
        """Whether the adaptation says already what the model says now, so that there is nothing to decide."""
        if self.new is None or self.ours is None:
            # What the adaptation took out itself it need not decide again, unless the model's words are new.
            return self.ours is None and self.move in {ModelMove.REMOVED, ModelMove.MOVED}
        if self.move == ModelMove.MOVED:
            return self.is_ours_in_place
        return _same(self.ours, self.new) and (self.is_ours_in_place or not self.is_moved)


@dataclass(frozen=True, slots=True)
class _Standing:
    unit: Unit
    parent: str
    after: str


def changes_to_follow(*, old: LegalText, new: LegalText, ours: LegalText) -> list[FollowedChange]:
    """What became of the model from `old` to `new`, in its new order, removals last; only what `ours` can still decide on."""
    before, now, here = _standings(old), _standings(new), _standings(ours)
    moved = _moved(old, new, before, now)
    found = []
    for key, standing in now.items():
        origin = before.get(key)
        if origin is None:
            move = ModelMove.ADDED
        elif not _same(origin.unit, standing.unit):
            move = ModelMove.CHANGED_AND_MOVED if key in moved else ModelMove.CHANGED
        elif key in moved:
            move = ModelMove.MOVED
        else:
            continue
        found.append(_followed(key, move, origin, standing, here.get(key)))
    for key, origin in before.items():
        if key not in now:
            found.append(_followed(key, ModelMove.REMOVED, origin, None, here.get(key)))
    found = _kept_with_what_is_below(found)
    return [change for change in found if not change.is_settled]


def _kept_with_what_is_below(found: list[FollowedChange]) -> list[FollowedChange]:
    """A removal takes along what stands below it: it is no removal of untouched text where that is the adaptation's own."""
    gone = {change.key for change in found if change.new is None and change.is_ours_untouched}
    return [
        replace(change, is_ours_untouched=_all_below(change.ours) <= gone)
        if change.new is None and change.is_ours_untouched and change.ours
        else change
        for change in found
    ]


def _all_below(unit: Unit) -> set[str]:
    return {each.key for each, _above in walk(unit.children)}


def _followed(
    key: str, move: ModelMove, origin: _Standing | None, standing: _Standing | None, ours: _Standing | None
) -> FollowedChange:
    return FollowedChange(
        key=key,
        move=move,
        old=origin.unit if origin else None,
        new=standing.unit if standing else None,
        ours=ours.unit if ours else None,
        parent=standing.parent if standing else "",
        after=standing.after if standing else "",
        is_ours_untouched=_is_untouched(move, origin, ours),
        is_ours_in_place=_place(standing) == _place(ours),
    )


def _place(standing: _Standing | None) -> tuple[str, str] | None:
    return (standing.parent, standing.after) if standing else None


def _is_untouched(move: ModelMove, origin: _Standing | None, ours: _Standing | None) -> bool:
    if origin is None or ours is None or not _same(origin.unit, ours.unit):
        return False
    return origin.parent == ours.parent or move in {ModelMove.CHANGED, ModelMove.REMOVED}


def _standings(text: LegalText) -> dict[str, _Standing]:
    found: dict[str, _Standing] = {}
    last: dict[str, str] = {}
    for unit, above in walk(text.provisions):
        parent = above[-1].key if above else ""
        found[unit.key] = _Standing(unit, parent, last.get(parent, ""))
        last[parent] = unit.key
    return found


def _moved(
    old: LegalText, new: LegalText, before: dict[str, _Standing], now: dict[str, _Standing]
) -> set[str]:
    """Keys with another parent, or that left the order of those that stayed below the same one."""
    moved = {key for key, standing in now.items() if key in before and before[key].parent != standing.parent}
    order = {key: place for place, key in enumerate(before)}
    by_parent: dict[str, list[str]] = {}
    for key, standing in now.items():
        if key in before and key not in moved:
            by_parent.setdefault(standing.parent, []).append(key)
    for keys in by_parent.values():
        kept = places_in_order({place: order[key] for place, key in enumerate(keys)})
        moved |= {key for place, key in enumerate(keys) if place not in kept}
    return moved


def _same(one: Unit, other: Unit) -> bool:
    """Whether two units are the same but for what stands below them."""
    return all(
        getattr(one, each.name) == getattr(other, each.name)
        for each in fields(Unit)
        if each.name != "children"
    )
