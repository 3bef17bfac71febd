"""Which words to strike and which to insert, so that whoever obeys to the letter gets exactly the new text."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from campaign.documents.words import word_changes

MAX_EDITS = 6  # more, and the text is easier to read when it is replaced whole
_LEFT, _RIGHT = re.compile(r"\S+\s*$|\s+$"), re.compile(r"\s*\S+|\s+")


@dataclass(frozen=True, slots=True)
class WordEdit:
    """Put `insert` where `strike` stands: it stands there once, or at `each_place`."""

    strike: str
    insert: str
    each_place: bool = False

    def applied_to(self, text: str) -> str | None:
        """The text after it; None when the words to be struck do not stand there as they should."""
        if not self.strike or stands_once(text, self.strike) == self.each_place or self.strike not in text:
            return None
        return text.replace(self.strike, self.insert)

    @property
    def phrase(self) -> tuple[str, ...]:
        """What to say: (“strike”, words), (“replace”, words, words), (“after” or “before”, words that stay, words)."""
        if not self.insert:
            return "strike", self.strike
        if self.each_place:
            return "replace", self.strike, self.insert
        if self.insert.startswith(self.strike) and _is_between_words(self.insert, len(self.strike)):
            return "after", self.strike, self.insert[len(self.strike) :]
        if self.insert.endswith(self.strike) and _is_between_words(self.insert, -len(self.strike)):
            return "before", self.strike, self.insert[: -len(self.strike)]
        return "replace", self.strike, self.insert


@dataclass(slots=True)
class _Span:
    """A stretch of the old text and what takes its place."""

    start: int
    end: int
    words: str


def word_edits(old: str, new: str) -> tuple[WordEdit, ...] | None:
    """Edits that make `new` of `old`, one after the other; None when the whole text has to be replaced.

    Words to be struck stand in the old text, and in what the edits before have left of it, exactly once or are struck at each
    place. They are as few as that allows.
    """
    if not old or not new:
        return None
    spans = _spans(old, new)
    everywhere, spans = _each_place(old, spans)
    grown = _grown(old, spans)
    if grown is None:
        return None
    edits = [*everywhere, *(WordEdit(old[span.start : span.end], span.words) for span in grown)]
    if len(edits) > MAX_EDITS or sum(len(edit.strike) for edit in edits) * 3 > len(old) * 2:
        return None
    return tuple(edits) if _obeyed(old, edits) == new else None


def stands_once(text: str, words: str) -> bool:
    """Whether words are found in a text at one place alone, not even overlapping themselves."""
    first = text.find(words)
    return first >= 0 and text.find(words, first + 1) < 0


def _is_between_words(text: str, place: int) -> bool:
    """Whether a cut leaves every word and number whole: “t” is no word that comes before “here”."""
    first = text[:place]
    return word_changes(first, text)[0] == ("keep", first)


def _obeyed(text: str, edits: list[WordEdit]) -> str | None:
    for edit in edits:
        result = edit.applied_to(text)
        if result is None:
            return None
        text = result
    return text


def _spans(old: str, new: str) -> list[_Span]:
    spans: list[_Span] = []
    place = 0
    is_open = False
    for op, text in word_changes(old, new):
        if op == "keep":
            place += len(text)
            is_open = False
            continue
        if not is_open:
            spans.append(_Span(place, place, ""))
            is_open = True
        if op == "del":
            place += len(text)
            spans[-1].end = place
        else:
            spans[-1].words += text
    return [_trimmed(old, span) for span in spans]


def _trimmed(old: str, span: _Span) -> _Span:
    """Without the spaces that stay on both sides."""
    start, end, words = span.start, span.end, span.words
    while start < end and words and old[start] == words[0] and words[0].isspace():
        start, words = start + 1, words[1:]
    while start < end and words and old[end - 1] == words[-1] and words[-1].isspace():
        end, words = end - 1, words[:-1]
    return _Span(start, end, words)


def _each_place(old: str, spans: list[_Span]) -> tuple[list[WordEdit], list[_Span]]:
    """The same words changed in the same way wherever they stand are one edit."""
    alike: defaultdict[tuple[str, str], list[_Span]] = defaultdict(list)
    for span in spans:
        alike[old[span.start : span.end], span.words].append(span)
    edits: list[WordEdit] = []
    rest: list[_Span] = []
    for (struck, words), found in alike.items():
        if struck and words and len(found) > 1 and old.count(struck) == len(found):
            edits.append(WordEdit(struck, words, each_place=True))
        else:
            rest += found
    return edits, sorted(rest, key=lambda span: span.start)


def _grown(old: str, spans: list[_Span]) -> list[_Span] | None:
    """Each stretch with as many of the words around it as make it stand in the text once; what meets becomes one."""
    done: list[_Span] = []
    for place, span in enumerate(spans):
        follows = spans[place + 1].start if place + 1 < len(spans) else len(old)
        is_left = True
        while not _stands_once(old, span):
            if span.start == 0 and span.end == len(old):
                return None
            if done and span.start == done[-1].end:
                span = _both(old, done.pop(), span)
                continue
            if span.end == follows and place + 1 < len(spans):
                spans[place + 1] = _both(old, span, spans[place + 1])
                break
            is_left = (is_left and span.start > 0) or span.end >= follows
            floor = done[-1].end if done else 0
            span = _wider(old, span, floor, follows, is_left=is_left)
            is_left = not is_left
        else:
            done.append(span)
    return done


def _stands_once(old: str, span: _Span) -> bool:
    struck = old[span.start : span.end]
    return bool(struck.strip()) and stands_once(old, struck.strip())


def _both(old: str, one: _Span, other: _Span) -> _Span:
    return _Span(one.start, other.end, one.words + old[one.end : other.start] + other.words)


def _wider(old: str, span: _Span, floor: int, ceiling: int, *, is_left: bool) -> _Span:
    """One more word before it or after it."""
    if is_left:
        match = _LEFT.search(old, floor, span.start)
        start = match.start() if match else span.start
        return _Span(start, span.end, old[start : span.start] + span.words)
    match = _RIGHT.match(old, span.end, ceiling)
    end = match.end() if match else span.end
    return _Span(span.start, end, span.words + old[span.end : end])
