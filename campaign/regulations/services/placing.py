"""Where provisions of a draft stand, and may stand: its tree, to decide before a row is touched."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.regulations.checks import chain_of
from campaign.regulations.models import Edition, Provision
from campaign.regulations.queries import edition_tree
from campaign.regulations.traditions import tradition
from campaign.regulations.tree import MAX_DEPTH, Unit, walk


class ProvisionGone(DomainError):
    message = _(
        "Somebody has taken this provision out meanwhile. It stands under “Taken out” and can be put back."
    )


class CannotStandThere(DomainError):
    message = _(
        "A provision of this kind cannot stand there in this tradition. Choose another place or another kind."
    )


class TooDeep(DomainError):
    message = _("Provisions can be nested 16 levels deep. Choose a place further up.")


class TooManyProvisions(DomainError):
    message = _("An edition holds at most 10,000 provisions. Split the instrument.")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a provision stands or shall stand: below `parent` (a key, empty for the top), after `after` (empty: first)."""

    parent: str = ""
    after: str = ""


@dataclass(slots=True)
class DraftTree:
    """The provisions of a draft that the caller holds locked, read once."""

    edition: Edition
    units: list[Unit]
    by_key: dict[str, Unit] = field(default_factory=dict)
    above: dict[str, tuple[Unit, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, edition: Edition) -> DraftTree:
        tree = cls(edition, edition_tree(edition=edition))
        for unit, ancestors in walk(tree.units):
            tree.by_key[unit.key], tree.above[unit.key] = unit, ancestors
        return tree

    def siblings(self, parent: str) -> list[Unit]:
        return self.by_key[parent].children if parent else self.units

    def parent_of(self, key: str) -> str:
        return self.above[key][-1].key if self.above[key] else ""

    def before(self, key: str) -> str:
        """The sibling before a unit; empty for the first."""
        keys = [unit.key for unit in self.siblings(self.parent_of(key))]
        return keys[keys.index(key) - 1] if keys.index(key) else ""

    def ancestors_at(self, parent: str) -> tuple[Unit, ...]:
        return (*self.above[parent], self.by_key[parent]) if parent else ()

    def check(self, units: Iterable[Unit], parent: str, *, misplaced: Container[str] = ()) -> None:
        """Raises CannotStandThere or TooDeep when one of the units, or something below it, cannot stand below `parent`.

        What is `misplaced` already (keys) may stay so: no move makes it worse.
        """
        for unit, ancestors, may_stand in self._standing(units, self.ancestors_at(parent)):
            if len(ancestors) >= MAX_DEPTH:
                raise TooDeep
            if not may_stand and unit.key not in misplaced:
                raise CannotStandThere

    def misplaced(self, key: str) -> set[str]:
        """Of a provision and all below it, the keys of what cannot stand where it does: in another tradition it could."""
        standing = self._standing([self.by_key[key]], self.above[key])
        return {unit.key for unit, _ancestors, may_stand in standing if not may_stand}

    def _standing(
        self, units: Iterable[Unit], outer: tuple[Unit, ...]
    ) -> Iterator[tuple[Unit, tuple[Unit, ...], bool]]:
        """The units and all below them, each with what is above it and whether it may stand there."""
        form = tradition(self.edition.template.tradition)
        for unit, inner in walk(list(units)):
            ancestors = (*outer, *inner)
            yield unit, ancestors, form.may_contain(chain_of(ancestors), unit.kind)

    def put(self, unit: Unit, spot: Spot) -> None:
        """Know a unit, with all below it, at a place: its rows stand there."""
        siblings = self.siblings(spot.parent)
        after = next((place for place, each in enumerate(siblings, start=1) if each.key == spot.after), None)
        siblings.insert((len(siblings) if after is None else after) if spot.after else 0, unit)
        outer = self.ancestors_at(spot.parent)
        for each, inner in walk([unit]):
            self.by_key[each.key], self.above[each.key] = each, (*outer, *inner)

    def forget(self, key: str) -> Unit:
        """A unit, with all below it, that stands there no more."""
        siblings = self.siblings(self.parent_of(key))
        unit = siblings.pop(next(place for place, each in enumerate(siblings) if each.key == key))
        for each, _above in walk([unit]):
            del self.by_key[each.key], self.above[each.key]
        return unit

    def row(self, key: str) -> Provision:
        """The row of a provision. Raises ProvisionGone."""
        found = self.edition.provisions.filter(key=key).first()
        if found is None:
            raise ProvisionGone
        return found

    def parent_row(self, parent: str) -> Provision | None:
        """The row to stand below, None for the top. Raises ProvisionGone."""
        return self.row(parent) if parent else None

    def nearest(self, spot: Spot, *, without: str) -> Spot:
        """The spot, behind the last one there when its neighbor is gone. `without`: a key that is about to leave."""
        keys = [unit.key for unit in self.siblings(spot.parent) if unit.key != without]
        if spot.after and spot.after not in keys:
            return Spot(spot.parent, keys[-1] if keys else "")
        return spot

    def make_room(self, spot: Spot, size: int = 1) -> int:
        """The position after `spot.after`, with `size` places free from there on. Gone neighbors: at the end."""
        spot = self.nearest(spot, without="")
        rows = (
            self.edition.provisions.filter(parent__key=spot.parent)
            if spot.parent
            else self.edition.provisions.filter(parent=None)
        )
        position = 0
        if spot.after:
            position = 1 + rows.values_list("position", flat=True).get(key=spot.after)
        rows.filter(position__gte=position).update(position=F("position") + size)
        return position
