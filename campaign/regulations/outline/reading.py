"""Reads a law pasted as plain text, line by line, into a tree of provisions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.regulations.kinds import CONTAINERS, HEADED
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.outline.labels import Found, Labels, Open, plain
from campaign.regulations.outline.lines import Decision, Doubt, Outline, OutlineLine
from campaign.regulations.tree import KEY_FORM, MAX_KEY, MAX_PROVISIONS, Unit, walk

MAX_CHARACTERS = 2_000_000
MAX_LINES = 12_000
LONGEST_HEADING = 200
_ENDS = (".", ";", ":", ",", "。", "：", "；", "”", "’", "»", "」")
_STOPS = (".", ";", ":", "。", "：", "；", "!", "?")
_CITATION = re.compile(r".{10,400},$")
# Quotation marks as they are typed where nobody sets them.
TYPED = {"“": '[“"]', "”": '[”"]', "„": '[„"]', "‘": "[‘']", "’": "[’']"}


class OutlineRefused(DomainError):
    message = _(
        "The text is too long to be read at once: at most 12,000 lines and 2 million characters. Paste a part."
    )


def read_outline(
    text: str, *, tradition: str, language: str, decisions: Mapping[int, str] | None = None
) -> Outline:
    """The outline of a pasted law. `decisions`, by the number of a line, are what a person said of doubtful lines.

    Numbers that follow by themselves are not kept; others become fixed ones. Raises OutlineRefused.
    """
    lines = text.splitlines()
    if len(text) > MAX_CHARACTERS or len(lines) > MAX_LINES:
        raise OutlineRefused
    reader = _Reader(Labels(tradition, language), decisions or {})
    for number, line in enumerate(lines, start=1):
        if said := plain(line):
            reader.line(OutlineLine(number, said))
    if reader.total > MAX_PROVISIONS:
        raise OutlineRefused
    _name(reader.outline.provisions)
    return reader.outline


class _Reader:
    def __init__(self, labels: Labels, decisions: Mapping[int, str]) -> None:
        self.labels, self.decisions = labels, decisions
        self.form, self.language = labels.form, labels.language
        self.outline = Outline("")
        self.stack = [Open("")]
        self.units: list[Unit] = []  # those that are open, outermost first
        self.total = 0
        self.is_enacted = False
        self.frame = self._frame()
        self.definition = _definition_pattern(self.form.definition("\u2612", self.language))

    def _frame(self) -> dict[str, str]:
        """The tradition's fixed words: they print by themselves and are not part of any provision."""
        kinds = frozenset({Kind.CITATION, Kind.RECITAL, Kind.ARTICLE})
        found: dict[str, str] = {}
        for part, lines in self.form.frame(self.language, kinds).items():
            for each in lines:
                found |= {plain(line).casefold(): part for line in each.split("\n")}
        return found

    def line(self, line: OutlineLine) -> None:
        """Take in one line."""
        line.decision = self.decisions.get(line.number, "")
        self.outline.lines.append(line)
        part = self.frame.get(line.text.casefold())
        if part is not None:
            line.part = "frame"
            self.is_enacted = self.is_enacted or part == "enacting"
        elif line.decision == Decision.LEAVE_OUT:
            line.part = ""
        elif line.decision in {Decision.JOIN, Decision.OWN, Decision.HEADING}:
            self._as_decided(line)
        else:
            self._as_read(line)

    def _as_decided(self, line: OutlineLine) -> None:
        if line.decision == Decision.HEADING and self.units and not self.units[-1].heading:
            self._heading(line)
        elif line.decision == Decision.OWN and self._go_on(line):
            return
        elif self.units:
            self._join(line)
        else:
            self._title(line)

    def _as_read(self, line: OutlineLine) -> None:
        if line.text.replace(" ", "") in self.form.apart:
            self._open(line, Found(1, Kind.ANNEX, line.text, line.text.replace(" ", ""), "", None, False))
            return
        is_numbered = self.labels.looks_numbered(line.text)
        found = self._choose(line, self.labels.read(line.text, self.stack)) if is_numbered else None
        if found is None and not is_numbered:
            found = self._indent(line)
        if found is not None:
            self._open(line, found)
            return
        if is_numbered:
            line.doubts += (Doubt.UNKNOWN_NUMBER,) if not line.doubts else ()
        self._text(line)

    def _indent(self, line: OutlineLine) -> Found | None:
        if line.text[0] not in "–—-·•":
            return None
        found = self.labels.read(
            line.text.replace("-", "–", 1) if line.text[0] == "-" else line.text, self.stack
        )
        return next((each for each in found if each.kind == Kind.INDENT), None)

    def _choose(self, line: OutlineLine, found: list[Found]) -> Found | None:
        """The reading that fits best; what else it could be becomes a doubt."""
        found = [each for each in found if self._mixes(each)]
        if (
            not self.is_enacted
            and any(each.kind == Kind.RECITAL for each in found)
            and not self._has_article()
        ):
            found = [each for each in found if each.kind == Kind.RECITAL]
        else:
            found = [each for each in found if each.kind != Kind.RECITAL]
        following = [each for each in found if each.is_next]
        if following:
            return self._nearest(line, self._sorted_out(following))
        between = [each for each in found if each.count is None]
        if between:
            return between[0]
        ahead = [each for each in found if each.count and each.count > self._count_of(each)]
        if ahead:
            line.doubts += (Doubt.JUMP,)
            return min(ahead, key=lambda each: (each.count or 0) - self._count_of(each))
        if found:
            line.doubts += (Doubt.OUT_OF_ORDER,)
        return None

    def _mixes(self, found: Found) -> bool:
        """Whether such a unit can stand beside those that are there already."""
        if found.kind == Kind.PARAGRAPH and found.count == 2:
            return True  # what is there becomes the first one
        level = found.level - 1
        siblings = self.units[level - 1].children if level else self.outline.provisions
        kinds = [unit.kind for unit in siblings]
        return found.kind in kinds or not kinds or not self.form.mixture_problem([*kinds, found.kind], False)

    def _has_article(self) -> bool:
        return any(unit.kind == Kind.ARTICLE for unit in self.units)

    def _count_of(self, found: Found) -> int:
        return self.labels.counted_at(self.stack, found.level, found.kind).counts.get(found.kind, 0)

    def _sorted_out(self, found: list[Found]) -> list[Found]:
        """One reading for each level: a definition where a term is defined, otherwise a point."""
        levels: dict[int, list[Found]] = {}
        for each in found:
            levels.setdefault(each.level, []).append(each)
        best = []
        for level in sorted(levels, reverse=True):
            is_definition = [
                each
                for each in levels[level]
                if each.kind == Kind.DEFINITION and self.definition.match(each.rest)
            ]
            others = [each for each in levels[level] if each.kind != Kind.DEFINITION]
            best.append((is_definition or others or levels[level])[0])
        return best

    def _nearest(self, line: OutlineLine, found: list[Found]) -> Found:
        """The innermost list that goes on; a new one inside it only where the line before opens one, and then in doubt."""
        going_on = next((each for each in found if (each.count or 0) > 1), None)
        begins = next((each for each in found if each.count == 1), None)
        if going_on is None or begins is None or begins.level < going_on.level:
            return going_on or found[0]
        if self.stack[begins.level - 1].kind in CONTAINERS:
            return begins
        line.doubts += (Doubt.TWO_PLACES,)
        if line.decision in {Decision.INSIDE, Decision.BESIDE}:
            return begins if line.decision == Decision.INSIDE else going_on
        last = self.units[-1]
        return begins if last.body.endswith((":", "—", "：")) and not last.children else going_on

    # --- what a line becomes ---
    def _open(self, line: OutlineLine, found: Found) -> None:
        level = found.level - 1
        self._part_first(found, level)
        unit = Unit(f"line-{line.number}", found.kind, fixed_number="" if found.is_next else found.number)
        siblings = self.units[level - 1].children if level else self.outline.provisions
        siblings.append(unit)
        self.labels.take(self.stack, found)
        del self.units[level:], self.stack[level + 1 :]
        self.units.append(unit)
        self.stack.append(Open(found.kind, found.number))
        self.total += 1
        self.is_enacted = self.is_enacted or found.kind in {Kind.ARTICLE, Kind.ANNEX}
        line.part, line.kind, line.label, line.depth, line.unit = "unit", found.kind, found.label, level, unit
        self._words(unit, found.rest)
        self._go_in(line, unit)

    def _go_in(self, line: OutlineLine, unit: Unit) -> None:
        """Where the first unit inside begins on the line of the outer one: § 1 (1) …, 제3조(반환) ① …."""
        if unit.kind not in HEADED or not self.labels.looks_numbered(unit.body):
            return
        inside = [each for each in self.labels.read(unit.body, self.stack) if each.level == len(self.stack)]
        found = next((each for each in inside if each.is_next and each.count == 1), None)
        if found is not None:
            inner = OutlineLine(line.number, unit.body)
            line.text, unit.body = line.text.removesuffix(unit.body).strip(), ""
            self.outline.lines.append(inner)
            self._open(inner, found)

    def _part_first(self, found: Found, level: int) -> None:
        """Where the first paragraph carries no number, the text above the second one was it."""
        if found.kind != Kind.PARAGRAPH or found.count != 2 or not level:
            return
        parent = self.units[level - 1]
        if parent.body and all(child.kind != Kind.PARAGRAPH for child in parent.children):
            first = Unit(f"{parent.key}-first", Kind.PARAGRAPH, body=parent.body, children=parent.children)
            parent.body, parent.children = "", [first]
            self.total += 1

    def _words(self, unit: Unit, rest: str) -> None:
        """The rest of a line after its number: a defined term, a heading, words."""
        form = self.form.heading(unit.kind, self.language)
        if unit.kind == Kind.DEFINITION and (term := self.definition.match(rest)):
            unit.term, unit.body = term["term"], rest[term.end() :].strip()
        elif form.before and rest.startswith(form.before):
            heading, _there, body = (
                rest[len(form.before) :].partition(form.after)
                if form.after
                else (rest[len(form.before) :], "", "")
            )
            unit.heading, unit.body = heading.strip(), body.strip()
        elif (
            form.is_upper
            and form.after
            and (match := re.match(rf"([^a-z]{{2,200}}?){re.escape(form.after)}(.*)", rest))
        ):
            unit.heading, unit.body = match[1].strip().capitalize(), match[2].strip()
        elif unit.kind in HEADED and rest and len(rest) <= LONGEST_HEADING and not rest.endswith(_ENDS):
            unit.heading = rest
        else:
            unit.body = rest

    def _text(self, line: OutlineLine) -> None:
        """A line without a number."""
        if not self.units and self._citation(line):
            return
        if not self.units:
            self._title(line)
            return
        last = self.units[-1]
        if self.definition.match(line.text) and self._define(line):
            return
        is_bare = not last.heading and not last.body and not last.children
        if (
            is_bare
            and last.kind in HEADED
            and len(line.text) <= LONGEST_HEADING
            and not line.text.endswith(_ENDS)
        ):
            self._heading(line)
        elif not last.body and not last.children:
            last.body = line.text
            line.part, line.kind, line.depth, line.unit = "text", last.kind, len(self.units) - 1, last
        elif last.body.endswith(_STOPS) or last.children:
            if not self._go_on(line):
                self._join(line)
        else:
            self._join(line)

    def _citation(self, line: OutlineLine) -> bool:
        if not self.outline.title or self.is_enacted or not self.labels.may_contain((), Kind.CITATION):
            return False
        if not _CITATION.match(line.text):
            return False
        unit = Unit(key=f"line-{line.number}", kind=Kind.CITATION, body=line.text)
        self.outline.provisions.append(unit)
        self.total += 1
        line.part, line.kind, line.unit = "unit", Kind.CITATION, unit
        return True

    def _title(self, line: OutlineLine) -> None:
        if self.is_enacted or self.outline.provisions:
            line.part, line.doubts = "", (*line.doubts, Doubt.NO_PLACE)
            return
        line.part = "title"
        self.outline.title = f"{self.outline.title} {line.text}".strip()

    def _heading(self, line: OutlineLine) -> None:
        self.units[-1].heading = line.text
        line.part, line.kind, line.depth, line.unit = (
            "heading",
            self.units[-1].kind,
            len(self.units) - 1,
            self.units[-1],
        )
        if len(line.text) > LONGEST_HEADING // 2:
            line.doubts += (Doubt.HEADING,)

    def _define(self, line: OutlineLine) -> bool:
        """A definition without a number, as some traditions have them."""
        for level in range(len(self.stack), 0, -1):
            chain = tuple(each.kind for each in self.stack[1:level])
            if (
                self.labels.may_contain(chain, Kind.DEFINITION)
                and self.form.style(chain, Kind.DEFINITION) is None
            ):
                self._open(line, Found(level, Kind.DEFINITION, "", "", line.text, None, True))
                return True
        return False

    def _go_on(self, line: OutlineLine) -> bool:
        """A paragraph without a number, below the nearest unit that can hold one."""
        for level in range(len(self.stack), 1, -1):
            chain = tuple(each.kind for each in self.stack[1:level])
            if self.labels.may_contain(chain, Kind.SUBPARAGRAPH) and self.units[level - 2].body:
                self._open(line, Found(level, Kind.SUBPARAGRAPH, "", "", line.text, None, True))
                line.doubts += (Doubt.GOES_ON,) if not line.decision and not line.doubts else ()
                return True
        return False

    def _join(self, line: OutlineLine) -> None:
        last = self.units[-1]
        last.body = f"{last.body} {line.text}".strip()
        line.part, line.kind, line.depth, line.unit = "text", last.kind, len(self.units) - 1, last


def _definition_pattern(example: str) -> re.Pattern[str]:
    """What opens a definition, from the tradition's way to write one for the term ☒."""
    pattern = re.escape(plain(example)).replace(re.escape("\u2612"), "\u2612")
    pattern = re.sub("[“”„‘’]", lambda mark: TYPED[mark[0]], pattern)
    pattern = re.sub("(?:이)?란", "(?:이란|란)", pattern)
    head, *others = pattern.split("\u2612")
    if len(others) > 1:  # the term stands twice, as heading and in quotes
        pattern = rf"{head}[^“”\"]{{1,120}}?{others[0]}(?P<term>[^“”\"]{{1,120}}?){others[1]}"
    else:
        pattern = rf"{head}(?P<term>.{{1,120}}?){others[0]}" if head else r"(?!)"
    return re.compile(pattern)


def _name(provisions: list[Unit]) -> None:
    """Keys for good: of what a provision is headed or defines, and below that of its number in the list."""
    taken: set[str] = set()
    for unit, above in walk(provisions):
        own = slugify(unit.heading or unit.term)[:50].strip("-").replace("_", "-")
        siblings = above[-1].children if above else provisions
        place = 1 + next(index for index, each in enumerate(siblings) if each is unit)
        stem = own if KEY_FORM.fullmatch(own) else f"{above[-1].key if above else unit.kind}-{place}"
        if len(stem) > MAX_KEY - 6 or not KEY_FORM.fullmatch(stem):
            stem = f"{unit.kind}-{place}"
        key, count = stem, 1
        while key in taken:
            count += 1
            key = f"{stem}-{count}"
        taken.add(key)
        unit.key = key
