"""A template file: an instrument with one edition of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from campaign.core.yamlfile import Node, read_yaml
from campaign.documents.canonical import digest_of
from campaign.regulations.importer.parts import (
    EDITION_KEYS,
    HookData,
    ObjectionData,
    check_schema,
    choices_of,
    entries,
    hooks_of,
    label_of,
    line,
    objection_of,
    optional_line,
    position_of,
    refuse_problems,
    slug_of,
    units_of,
    variables_of,
)
from campaign.regulations.kinds import InstrumentKind
from campaign.regulations.models import Edition, Template
from campaign.regulations.traditions import tradition_keys
from campaign.regulations.tree import LegalText

ROOT_KEYS = {"schema", "template", "edition", "variables", "choices", "hooks", "objections", "provisions"}
TEMPLATE_KEYS = {"slug", "title", "kind", "tradition", "language", "position", "summary", "disclaimer"}


@dataclass(slots=True)
class TemplateFile:
    """What a template file says, checked."""

    slug: str
    title: str
    kind: str
    position: int
    summary: str
    disclaimer: str
    label: str
    base: str
    change_note: str
    text: LegalText
    hooks: list[HookData]
    objections: list[ObjectionData]
    root: Node
    places: dict[str, Node] = field(default_factory=dict)

    def digest(self) -> str:
        """SHA-256 of all the file says, but for who has checked which hook: a check changes no edition."""
        said = {
            name: getattr(self, name)
            for name in ("slug", "title", "kind", "position", "summary", "disclaimer")
        }
        said |= {"label": self.label, "base": self.base, "change_note": self.change_note}
        said["text"] = _without_defaults(asdict(self.text))
        said["hooks"] = [[hook.citation, hook.address, hook.note] for hook in self.hooks]
        said["objections"] = [[item.argument, item.reply] for item in self.objections]
        return digest_of(said)


# Fields that came later than editions now in use: left out of the digest where they hold nothing.
LATER = {
    "is_optional": False, "is_default": True, "choice": "", "needs": (), "excludes": (),
    "defaults": (), "choices": {}, "switches": {},
}  # fmt: skip


def _without_defaults(said: Any) -> Any:
    if isinstance(said, dict):
        return {
            name: _without_defaults(value)
            for name, value in said.items()
            if name not in LATER or value != LATER[name]
        }
    return [_without_defaults(each) for each in said] if isinstance(said, list | tuple) else said


def read_template_file(path: Path) -> TemplateFile:
    """Read and check a template file. Raises FileError with one line for each place that has to be mended."""
    return read_template(read_yaml(path))


def read_template(root: Node) -> TemplateFile:
    """Read and check a parsed template file. Raises FileError."""
    root.only(ROOT_KEYS)
    check_schema(root)
    places: dict[str, Node] = {}
    head, edition = root.need("template"), root.need("edition")
    head.only(TEMPLATE_KEYS)
    edition.only(EDITION_KEYS)
    read = TemplateFile(
        slug=slug_of(head.need("slug")),
        title=line(head.need("title"), Template, "title"),
        kind=head.need("kind").one_of(InstrumentKind.values),
        position=position_of(head),
        summary=line(head.need("summary"), Template, "summary"),
        disclaimer=line(head.need("disclaimer"), Template, "disclaimer"),
        label=label_of(edition.need("label")),
        base=label_of(base) if (base := edition.get("base")) else "",
        change_note=optional_line(edition, "change_note", Edition),
        text=_text(root, head, edition, places),
        hooks=hooks_of(root),
        objections=[objection_of(node) for node in entries(root, "objections")],
        root=root,
        places=places,
    )
    refuse_problems(read.text, root=root, places=places)
    return read


def _text(root: Node, head: Node, edition: Node, places: dict[str, Node]) -> LegalText:
    return LegalText(
        title=line(edition.need("title"), Edition, "title"),
        language=line(head.need("language"), Template, "locale"),
        tradition=head.need("tradition").one_of(tradition_keys()),
        provisions=units_of(root.need("provisions"), places, depth=1),
        variables=variables_of(root, places),
        choices=choices_of(root),
    )
