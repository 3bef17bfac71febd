"""An adaptation file: what is different in one jurisdiction, told as changes to an edition of a model."""

from __future__ import annotations

from dataclasses import dataclass, field

from campaign.core.yamlfile import Node
from campaign.documents.canonical import digest_of
from campaign.regulations.defaults import adapted_variables
from campaign.regulations.importer.parts import (
    EDITION_KEYS,
    PROVISION_KEYS,
    HookData,
    ObjectionData,
    check_schema,
    entries,
    hooks_of,
    label_of,
    line,
    objection_of,
    optional_line,
    options_of,
    position_of,
    refuse_problems,
    slug_of,
    units_of,
    variables_of,
)
from campaign.regulations.kinds import ProvisionKind
from campaign.regulations.models import Edition, Provision, Template
from campaign.regulations.traditions import tradition_keys
from campaign.regulations.tree import LegalText, Unit, copy_units, walk

ROOT_KEYS = {
    "schema", "adaptation", "edition", "values", "switches", "variables",
    "change", "remove", "add", "move", "hooks", "objections",
}  # fmt: skip
HEAD_KEYS = {
    "slug", "model", "edition", "jurisdiction", "title", "tradition", "language", "position", "summary", "disclaimer",
}  # fmt: skip

WORDS = {"heading": "heading", "text": "body", "number": "fixed_number", "term": "term"}


def is_adaptation(root: Node) -> bool:
    """Whether a file holds an adaptation rather than a template."""
    return root.get("adaptation") is not None


@dataclass(slots=True)
class AdaptationFile:
    """What an adaptation file says. `text` becomes known with the model: see `adapt`."""

    slug: str
    model: str  # slug
    model_label: str
    jurisdiction: str  # code
    title: str
    tradition: str
    language: str
    position: int
    summary: str
    disclaimer: str
    label: str
    base: str
    change_note: str
    long_title: str
    values: dict[str, str]
    switches: dict[str, bool]
    hooks: list[HookData]
    objections: list[ObjectionData]
    root: Node
    places: dict[str, Node] = field(default_factory=dict)

    def digest(self) -> str:
        """SHA-256 of the file as it was parsed, but for who has checked which hook."""
        said = {name: self.root.get(name).plain() for name in sorted(self.root.keys()) if name != "hooks"}  # type: ignore[union-attr]
        return digest_of(
            {"file": said, "hooks": [[hook.citation, hook.address, hook.note] for hook in self.hooks]}
        )

    def adapt(self, model: LegalText) -> LegalText:
        """The model's text with this file's changes, checked. Raises FileError with a line for each place to be mended."""
        text = LegalText(
            title=self.long_title,
            language=self.language,
            tradition=self.tradition,
            provisions=copy_units(model.provisions),
            variables=adapted_variables(model, self.jurisdiction) | variables_of(self.root, self.places),
            values=self.values,
            choices=dict(model.choices),
            switches=self.switches,
        )
        _Changes(self.root, text, self.places).make()
        refuse_problems(text, root=self.root, places=self.places)
        return text


def read_adaptation(root: Node) -> AdaptationFile:
    """Read a parsed adaptation file. Raises FileError."""
    root.only(ROOT_KEYS)
    check_schema(root)
    head, edition = root.need("adaptation"), root.need("edition")
    head.only(HEAD_KEYS)
    edition.only(EDITION_KEYS)
    values, switches = root.get("values"), root.get("switches")
    return AdaptationFile(
        slug=slug_of(head.need("slug")),
        model=slug_of(head.need("model")),
        model_label=label_of(head.need("edition")),
        jurisdiction=line(head.need("jurisdiction")),
        title=line(head.need("title"), Template, "title"),
        tradition=head.need("tradition").one_of(tradition_keys()),
        language=line(head.need("language"), Template, "locale"),
        position=position_of(head),
        summary=line(head.need("summary"), Template, "summary"),
        disclaimer=line(head.need("disclaimer"), Template, "disclaimer"),
        label=label_of(edition.need("label")),
        base=label_of(base) if (base := edition.get("base")) else "",
        change_note=optional_line(edition, "change_note", Edition),
        long_title=line(edition.need("title"), Edition, "title"),
        values={name: line(values.need(name)) for name in _names(values)} if values else {},
        switches={key: switches.need(key).boolean() for key in _names(switches)} if switches else {},
        hooks=hooks_of(root),
        objections=[objection_of(node) for node in entries(root, "objections")],
        root=root,
    )


def _names(node: Node) -> list[str]:
    return node.keys()


class _Changes:
    """Makes the changes of a file in a copy of the model's tree: first words, then removals, additions and moves."""

    def __init__(self, root: Node, text: LegalText, places: dict[str, Node]) -> None:
        self.root, self.text, self.places = root, text, places

    def make(self) -> None:
        for node in entries(self.root, "change"):
            self._change(node)
        for node in entries(self.root, "remove"):
            siblings, unit = self._find(node, line(node))
            siblings.remove(unit)
        for node in entries(self.root, "add"):
            node.only({"below", "after", "provisions"})
            self._put(node, units_of(node.need("provisions"), self.places, depth=1))
        for node in entries(self.root, "move"):
            node.only({"key", "below", "after"})
            siblings, unit = self._find(node, line(node.need("key")))
            siblings.remove(unit)
            self._put(node, [unit])

    def _find(self, node: Node, key: str) -> tuple[list[Unit], Unit]:
        """A unit and the list it stands in."""
        for unit, above in walk(self.text.provisions):
            if unit.key == key:
                return (above[-1].children if above else self.text.provisions), unit
        raise node.error(f"“{key}” is no provision of the model. Correct the key.")

    def _put(self, node: Node, units: list[Unit]) -> None:
        below, after = node.get("below"), node.get("after")
        siblings = self._find(below, line(below))[1].children if below else self.text.provisions
        at = 0
        if after:
            before = next((index for index, unit in enumerate(siblings) if unit.key == line(after)), None)
            if before is None:
                raise after.error(f"“{line(after)}” does not stand there. Correct “after” or “below”.")
            at = before + 1
        siblings[at:at] = units

    def _change(self, node: Node) -> None:
        node.only(PROVISION_KEYS - {"children", "act", "place"} | {"clear"})
        _siblings, unit = self._find(node, line(node.need("key")))
        self.places[unit.key] = node
        if kind := node.get("kind"):
            unit.kind = kind.one_of(ProvisionKind.values)
        for name, attribute in WORDS.items():
            if said := node.get(name):
                setattr(unit, attribute, line(said, Provision, attribute))
        for each in entries(node, "clear"):
            setattr(unit, WORDS[each.one_of(WORDS)], "")
        for name, value in options_of(node).items():
            setattr(unit, name, value)
