"""What a model's newer edition changes, seen from an adaptation of the older one: provision by provision, by permanent key."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

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
    that the adaptation had taken the model's words as they were.
    """

    key: str
    move: ModelMove
    old: Unit | None
    new: Unit | None
    ours: Unit | None
    parent: str = ""
    after: str = ""
    is_ours_untouched: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether the adaptation says already what the model says now, so that there is nothing to decide."""
        if self.new is None:
            return self.ours is None
        return self.ours is not None and self.move == ModelMove.CHANGED and _same(self.ours, self.new)


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
    # What the adaptation took out itself it need not decide again, unless the model's words are new.
    return [change for change in found if not change.is_settled]


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
        is_ours_untouched=bool(origin and ours and _same(origin.unit, ours.unit)),
    )


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
