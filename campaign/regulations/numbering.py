"""Numbers, computed from the tree: nobody types them, except where a text is put between existing numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions import Place, Step, Tradition
from campaign.regulations.traditions.base import NumberStyle
from campaign.regulations.tree import Unit


@dataclass(frozen=True, slots=True)
class NumberProblem:
    """A fixed number that cannot stand. `remedy` ends a sentence."""

    key: str
    remedy: str


@dataclass(slots=True)
class Numbering:
    """Place and printed number of every provision, by key."""

    places: dict[str, Place] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    problems: list[NumberProblem] = field(default_factory=list)


def number_tree(provisions: list[Unit], *, tradition: Tradition, language: str) -> Numbering:
    """Number every provision. Problems are listed, not raised: a draft with two equal numbers can still be shown."""
    run = _Run(tradition, language)
    run.visit(provisions, _Level())
    return run.result


@dataclass(frozen=True, slots=True)
class _Level:
    """Where the run stands: the kinds, keys and steps above. Text put into another act starts a level of its own."""

    chain: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    act: str = ""
    scope: str = ""
    has_body: bool = False

    @property
    def is_other_act(self) -> bool:
        """Whether units here stand directly in an act whose other units are not in this text."""
        return bool(self.act) and not self.keys


class _Run:
    def __init__(self, tradition: Tradition, language: str) -> None:
        self.tradition, self.language = tradition, language
        self.result = Numbering()
        self.counts: Counter[tuple[str, str]] = Counter()
        self.taken: dict[tuple[str, str, str], str] = {}

    def visit(self, siblings: list[Unit], level: _Level) -> None:
        kinds = Counter(item.kind for item in siblings)
        seen: Counter[str] = Counter()
        for item in siblings:
            seen[item.kind] += 1
            if item.kind == Kind.QUOTED:
                self._enter_other_act(item, level)
                continue
            goes_on = item.kind in self.tradition.continues and level.has_body
            step = Step(
                kind=item.kind,
                number=self._number(item, level),
                ordinal=seen[item.kind] + (1 if goes_on else 0),
                alone=kinds[item.kind] == 1 and not item.fixed_number,
            )
            steps = (*level.steps, *self._first_of_several(item, kinds, level), step)
            self.result.places[item.key] = Place(steps=steps, act=level.act)
            self.result.labels[item.key] = self.tradition.label(step, level.chain, self.language)
            self.visit(item.children, self._below(item, level, steps))

    def _below(self, item: Unit, level: _Level, steps: tuple[Step, ...]) -> _Level:
        return _Level(
            chain=(*level.chain, item.kind),
            keys=(*level.keys, item.key),
            steps=steps,
            act=level.act,
            scope=level.scope,
            has_body=bool(item.body),
        )

    def _enter_other_act(self, item: Unit, level: _Level) -> None:
        steps = tuple(Step(kind=kind, number=number) for kind, number in item.place)
        self.result.places[item.key] = Place(steps=steps, act=item.act)
        self.result.labels[item.key] = ""
        chain = tuple(kind for kind, _ in item.place)
        scope = "/".join((item.act, *(f"{kind}:{number}" for kind, number in item.place)))
        self.visit(item.children, _Level(chain=chain, keys=(), steps=steps, act=item.act, scope=scope))

    def _first_of_several(self, item: Unit, kinds: Counter[str], level: _Level) -> tuple[Step, ...]:
        """Points right below a text that is followed by unnumbered ones belong to the first of them."""
        if item.kind in self.tradition.continues or not level.has_body:
            return ()
        following = next((kind for kind in self.tradition.continues if kinds[kind]), None)
        return (Step(kind=following, ordinal=1),) if following else ()

    def _number(self, item: Unit, level: _Level) -> str:
        style = self.tradition.style(level.chain, item.kind)
        if style is None:
            if item.fixed_number:
                self._refuse(item, f"a {Kind(item.kind).label.lower()} carries no number; remove the number.")
            return ""
        scope = (self._scope_of(item.kind, level), item.kind)
        number = item.fixed_number
        if number:
            self._move_count(item, style, scope)
        else:
            if level.is_other_act and not self.counts[scope]:
                self._refuse(item, "its number in the other act is missing. Add “number”.")
            self.counts[scope] += 1
            number = style.write(self.counts[scope])
        holder = self.taken.setdefault((*scope, number), item.key)
        if holder != item.key:
            self._refuse(
                item, f"the number {number} is taken by “{holder}”; give one of them another number."
            )
        return number

    def _move_count(self, item: Unit, style: NumberStyle, scope: tuple[str, str]) -> None:
        """A plain fixed number sets the count for those that follow; an inserted one (“53a”) leaves it."""
        try:
            count = style.read(item.fixed_number, after=self.counts[scope])
        except ValueError:
            remedy = f"“{item.fixed_number}” is no number of this tradition; write it without brackets, like 53a or da."
            self._refuse(item, remedy)
            return
        if (
            count is not None
            and count <= self.counts[scope]
            and (*scope, item.fixed_number) not in self.taken
        ):
            self._refuse(item, f"the number {item.fixed_number} stands out of order; move the provision.")
        if count is not None and count > self.counts[scope]:
            self.counts[scope] = count

    def _scope_of(self, kind: str, level: _Level) -> str:
        if kind not in self.tradition.counts_on:
            return "/".join((level.scope, *level.keys))
        starts = self.tradition.counts_on[kind]
        inside = list(zip(level.chain[len(level.chain) - len(level.keys) :], level.keys, strict=True))
        for above, key in reversed(inside):
            if above in starts:
                return f"{level.scope}/{key}"
        return level.scope

    def _refuse(self, item: Unit, remedy: str) -> None:
        self.result.problems.append(NumberProblem(item.key, remedy))
