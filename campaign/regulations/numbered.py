"""The finished text: numbers set, references put into words, values printed. This, as plain data, is what is frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from campaign.regulations.kinds import ProvisionKind as Kind

PAYLOAD_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text. `reference` is the key it points to, `variable` the name it was filled from."""

    text: str
    reference: str = ""
    variable: str = ""

    def as_data(self) -> dict[str, str]:
        optional = {"reference": self.reference, "variable": self.variable}
        return {"text": self.text, **{name: value for name, value in optional.items() if value}}


@dataclass(frozen=True, slots=True)
class NumberedProvision:
    """One unit as printed. `opening` stands before its number, `closing` after its last text: the marks of quoted text."""

    key: str
    kind: str
    number: str
    heading: tuple[Run, ...]
    body: tuple[Run, ...]
    term: str
    citation: str
    opening: str
    closing: str
    children: tuple[NumberedProvision, ...]

    @property
    def heading_text(self) -> str:
        return "".join(run.text for run in self.heading)

    @property
    def body_text(self) -> str:
        return "".join(run.text for run in self.body)

    def as_data(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "kind": self.kind,
            "number": self.number,
            "heading": [run.as_data() for run in self.heading],
            "body": [run.as_data() for run in self.body],
            "term": self.term,
            "citation": self.citation,
            "opening": self.opening,
            "closing": self.closing,
            "children": [child.as_data() for child in self.children],
        }

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> NumberedProvision:
        return cls(
            **{
                name: data[name]
                for name in ("key", "kind", "number", "term", "citation", "opening", "closing")
            },
            heading=tuple(Run(**run) for run in data["heading"]),
            body=tuple(Run(**run) for run in data["body"]),
            children=tuple(cls.of_data(child) for child in data["children"]),
        )


@dataclass(frozen=True, slots=True)
class NumberedText:
    """A whole law as printed. `frame` holds the tradition's fixed words (preamble, before_recitals, enacting, end)."""

    title: str
    language: str
    tradition: str
    layout: str
    frame: dict[str, list[str]]
    provisions: tuple[NumberedProvision, ...]

    def as_data(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "language": self.language,
            "tradition": self.tradition,
            "layout": self.layout,
            "frame": self.frame,
            "provisions": [provision.as_data() for provision in self.provisions],
        }

    @classmethod
    def of_payload(cls, payload: dict[str, Any]) -> NumberedText:
        """Read the law back from an edition's frozen payload."""
        law = payload["law"]
        provisions = tuple(NumberedProvision.of_data(item) for item in law["provisions"])
        return cls(**{**law, "provisions": provisions})

    def part(self, kind: str) -> tuple[NumberedProvision, ...]:
        """The units of one kind at the top: the citations, the recitals, the annexes."""
        return tuple(item for item in self.provisions if item.kind == kind)

    @property
    def enacting(self) -> tuple[NumberedProvision, ...]:
        """What is enacted: everything at the top but citations, recitals and annexes."""
        apart = {Kind.CITATION, Kind.RECITAL, Kind.ANNEX}
        return tuple(item for item in self.provisions if item.kind not in apart)


def heading_gap(item: NumberedProvision) -> str:
    """What stands between a number and its heading: nothing where a bracket or a dash does so, 제1조(목적), TITLE I—GENERAL."""
    return "" if item.heading_text.startswith(("(", "（", "—")) else " "


def walk_numbered(provisions: tuple[NumberedProvision, ...]) -> Iterator[tuple[int, NumberedProvision]]:
    """Every provision in reading order with its depth."""
    stack = [(0, item) for item in reversed(provisions)]
    while stack:
        depth, item = stack.pop()
        yield depth, item
        stack.extend((depth + 1, child) for child in reversed(item.children))
