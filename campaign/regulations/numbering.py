"""Numbers, computed from the tree: nobody types them, except where a text is put between existing numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from campaign.regulations.kinds import LISTED
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.sentences import is_proviso, sentences
from campaign.regulations.traditions import CHAPEAU, SENTENCE, Place, Step, Tradition
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

    tradition: Tradition
    language: str
    places: dict[str, Place] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    problems: list[NumberProblem] = field(default_factory=list)

    def sentence_place(self, unit: Unit, count: int) -> Place:
        """The place of one sentence of a provision's own text, `count` from 1 on."""
        place, form = self.places[unit.key], self.tradition
        steps = place.steps
        own = sentences(unit.body, self.language)
        if form.counts_sentences:
            if steps and steps[-1].kind == SENTENCE:
                first = steps[-1]
                return Place((*steps[:-1], replace(first, ordinal=first.ordinal + count - 1)), place.act)
            goes_on = [child.body for child in unit.children if child.kind in form.continues]
            total = len(own) + sum(len(sentences(body, self.language)) for body in goes_on)
            return Place((*steps, Step(SENTENCE, ordinal=count, total=total)), place.act)
        steps = (*steps, *self._before_sentence(unit))
        exceptions = [is_proviso(sentence, self.language) for sentence in own]
        last = Step(
            SENTENCE,
            ordinal=count,
            total=len(own),
            is_proviso=count <= len(own) and exceptions[count - 1],
            has_proviso=any(exceptions),
        )
        return Place((*steps, last), place.act)

    def _before_sentence(self, unit: Unit) -> tuple[Step, ...]:
        """Text that is followed by more of its unit is the first of several; words above a list may have a name."""
        form = self.tradition
        kinds = {child.kind for child in unit.children}
        first = next((kind for kind in form.continues if kind in kinds), "") if form.cites_first else ""
        if form.counts_lines and kinds:
            first = next(iter(form.continues))
        if first and unit.kind not in form.continues:
            return (Step(first, ordinal=1),)
        return (Step(CHAPEAU),) if form.names_chapeau and kinds & LISTED else ()


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
    body: str = ""

    @property
    def is_other_act(self) -> bool:
        """Whether units here stand directly in an act whose other units are not in this text."""
        return bool(self.act) and not self.keys


class _Count:
    """The siblings of one level as they are counted one after the other, apart from their numbers."""

    def __init__(self, siblings: list[Unit], level: _Level, tradition: Tradition, language: str) -> None:
        self.level, self.tradition, self.language = level, tradition, language
        self.kinds = Counter(item.kind for item in siblings if item.fixed_number not in tradition.apart)
        self.continuing = next((kind for kind in tradition.continues if self.kinds[kind]), "")
        self.seen: Counter[str] = Counter()
        self.lines = 1 if level.body else 0
        self.sentences = self.all_sentences = 0
        if tradition.counts_sentences:
            self.sentences = len(sentences(level.body, language))
            goes_on = [item.body for item in siblings if item.kind in tradition.continues]
            self.all_sentences = self.sentences + sum(len(sentences(body, language)) for body in goes_on)

    def step(self, item: Unit, number: str) -> Step:
        """The step to the next sibling."""
        self.seen[item.kind] += 1
        ordinal = self.seen[item.kind]
        continues = item.kind in self.tradition.continues
        if continues and self.tradition.counts_sentences:
            first = self.sentences + 1
            self.sentences += len(sentences(item.body, self.language))
            return Step(SENTENCE, ordinal=first, total=self.all_sentences)
        if continues and self.tradition.counts_lines:
            ordinal = self.lines + 1
        elif continues and self.level.body:
            ordinal += 1
        if self.tradition.counts_lines:
            self.lines += _lines_of(item)
        alone = self.kinds[item.kind] == 1 and not item.fixed_number
        return Step(kind=item.kind, number=number, ordinal=ordinal, alone=alone)

    def between(self, item: Unit) -> tuple[Step, ...]:
        """What stands between the level and this sibling without being a unit: the first of several texts, a sentence."""
        if item.kind in self.tradition.continues or not self.level.body:
            return ()
        if self.tradition.counts_sentences:
            inside = self.level.steps and self.level.steps[-1].kind == SENTENCE
            if item.kind not in LISTED or inside or self.all_sentences < 2:
                return ()
            return (Step(SENTENCE, ordinal=max(self.sentences, 1), total=self.all_sentences),)
        if self.tradition.cites_first and self.continuing:
            return (Step(kind=self.continuing, ordinal=1),)
        return ()


def _lines_of(item: Unit) -> int:
    """How many alinéas a unit makes with all below it. Iterates: depth is checked elsewhere."""
    count, todo = 0, [item]
    while todo:
        unit = todo.pop()
        count += 1 if unit.body else 0
        todo += unit.children
    return count


class _Run:
    def __init__(self, tradition: Tradition, language: str) -> None:
        self.tradition, self.language = tradition, language
        self.result = Numbering(tradition, language)
        self.counts: Counter[tuple[str, str]] = Counter()
        self.taken: dict[tuple[str, str, str], str] = {}

    def visit(self, siblings: list[Unit], level: _Level) -> None:
        count = _Count(siblings, level, self.tradition, self.language)
        for item in siblings:
            if item.kind == Kind.QUOTED:
                self._enter_other_act(item, level)
                continue
            step = count.step(item, self._number(item, level))
            steps = (*level.steps, *count.between(item), step)
            self.result.places[item.key] = Place(steps=steps, act=level.act)
            self.result.labels[item.key] = self.tradition.label(steps, level.chain, self.language)
            if item.children:
                self.visit(item.children, self._below(item, level, steps))

    def _below(self, item: Unit, level: _Level, steps: tuple[Step, ...]) -> _Level:
        if steps[-1].kind == SENTENCE:
            # A list belongs to the last sentence before it.
            more = max(len(sentences(item.body, self.language)) - 1, 0)
            steps = (*steps[:-1], replace(steps[-1], ordinal=steps[-1].ordinal + more))
        return _Level(
            chain=(*level.chain, item.kind),
            keys=(*level.keys, item.key),
            steps=steps,
            act=level.act,
            scope=level.scope,
            body=item.body,
        )

    def _enter_other_act(self, item: Unit, level: _Level) -> None:
        steps = tuple(Step(kind=kind, number=number) for kind, number in item.place)
        self.result.places[item.key] = Place(steps=steps, act=item.act)
        self.result.labels[item.key] = ""
        chain = tuple(kind for kind, _ in item.place)
        scope = "/".join((item.act, *(f"{kind}:{number}" for kind, number in item.place)))
        self.visit(item.children, _Level(chain=chain, keys=(), steps=steps, act=item.act, scope=scope))

    def _number(self, item: Unit, level: _Level) -> str:
        style = self.tradition.style(level.chain, item.kind)
        if style is None:
            if item.fixed_number:
                self._refuse(item, f"a {Kind(item.kind).label.lower()} carries no number; remove the number.")
            return item.term  # a definition without a number is cited by its term
        counted = self.tradition.counts_with.get(item.kind, item.kind)
        scope = (self._scope_of(counted, level), counted)
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
            remedy = f"“{item.fixed_number}” is no number of this tradition; write it without brackets, like "
            remedy += f"{self.tradition.number_example}."
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
