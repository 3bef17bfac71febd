"""A template file (YAML) read into memory. Nothing is stored here; every mistake is told as file, line, place and remedy."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Model

from campaign.core.cleaning import clean_text
from campaign.core.yamlfile import FileError, Node, read_yaml
from campaign.documents.canonical import digest_of
from campaign.regulations.checks import problems_of
from campaign.regulations.kinds import InstrumentKind, ProvisionKind, VariableType
from campaign.regulations.models import Edition, Hook, Provision, Template, Variable, label_form
from campaign.regulations.traditions import tradition_keys
from campaign.regulations.tree import MAX_DEPTH, MAX_PROVISIONS, LegalText, Unit
from campaign.regulations.values import Option, VariableSpec

SCHEMA = 1
ROOT_KEYS = {"schema", "template", "edition", "variables", "hooks", "objections", "provisions"}
TEMPLATE_KEYS = {"slug", "title", "kind", "tradition", "language", "position", "summary", "disclaimer"}
EDITION_KEYS = {"label", "title", "base", "change_note"}
VARIABLE_KEYS = {
    "name", "label", "type", "unit", "minimum", "maximum", "default", "required", "help", "source", "options",
}  # fmt: skip
HOOK_KEYS = {"citation", "address", "note", "checked_by", "checked_on"}
PROVISION_KEYS = {"key", "kind", "heading", "text", "number", "term", "act", "place", "children"}
SLUG_FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class HookData:
    citation: str
    address: str
    note: str
    checked_by: str = ""
    checked_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ObjectionData:
    argument: str
    reply: str


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
        said["text"] = asdict(self.text)
        said["hooks"] = [[hook.citation, hook.address, hook.note] for hook in self.hooks]
        said["objections"] = [[item.argument, item.reply] for item in self.objections]
        return digest_of(said)


def read_template_file(path: Path) -> TemplateFile:
    """Read and check a template file. Raises FileError with one line for each place that has to be mended."""
    return read_template(read_yaml(path))


def read_template(root: Node) -> TemplateFile:
    """Read and check a parsed template file. Raises FileError."""
    root.only(ROOT_KEYS)
    if root.need("schema").integer() != SCHEMA:
        raise root.need("schema").error(f"this version reads schema {SCHEMA}. Write schema: {SCHEMA}.")
    places: dict[str, Node] = {}
    head, edition = root.need("template"), root.need("edition")
    head.only(TEMPLATE_KEYS)
    edition.only(EDITION_KEYS)
    read = TemplateFile(
        slug=_slug(head.need("slug")),
        title=_line(head.need("title"), Template, "title"),
        kind=head.need("kind").one_of(InstrumentKind.values),
        position=_position(head),
        summary=_line(head.need("summary"), Template, "summary"),
        disclaimer=_line(head.need("disclaimer"), Template, "disclaimer"),
        label=_label(edition.need("label")),
        base=_label(base) if (base := edition.get("base")) else "",
        change_note=_optional(edition, "change_note", Edition),
        text=_text(root, head, edition, places),
        hooks=_hooks(root),
        objections=[_objection(node) for node in _entries(root, "objections")],
        root=root,
        places=places,
    )
    _refuse_problems(read)
    return read


def _refuse_problems(read: TemplateFile) -> None:
    found = problems_of(read.text)
    if found:
        lines = []
        for problem in found:
            name = f"variable {problem.place}" if problem.about_variable else problem.place
            node = read.places.get(name, read.root)
            about = f"“{problem.place}”: " if problem.place else ""
            lines.append(str(node.error(f"{about}{problem.remedy}")))
        raise FileError("\n".join(lines))


# --- parts of the file ---
def _text(root: Node, head: Node, edition: Node, places: dict[str, Node]) -> LegalText:
    return LegalText(
        title=_line(edition.need("title"), Edition, "title"),
        language=_line(head.need("language"), Template, "locale"),
        tradition=head.need("tradition").one_of(tradition_keys()),
        provisions=_units(root.need("provisions"), places, depth=1),
        variables=_variables(root, places),
    )


def _variables(root: Node, places: dict[str, Node]) -> dict[str, VariableSpec]:
    specs: dict[str, VariableSpec] = {}
    for node in _entries(root, "variables"):
        spec = _variable(node)
        if spec.name in specs:
            raise node.error(f"the variable “{spec.name}” is declared twice. Keep one.")
        specs[spec.name] = spec
        places[f"variable {spec.name}"] = node
    return specs


def _variable(node: Node) -> VariableSpec:
    node.only(VARIABLE_KEYS)
    required = node.get("required")
    return VariableSpec(
        name=_line(node.need("name"), Variable, "name"),
        type=node.need("type").one_of(VariableType.values),
        label=_line(node.need("label"), Variable, "label"),
        unit=_optional(node, "unit", Variable),
        minimum=_optional(node, "minimum", Variable),
        maximum=_optional(node, "maximum", Variable),
        default=_optional(node, "default", Variable),
        required=required.boolean() if required else True,
        help=_optional(node, "help", Variable),
        source=_optional(node, "source", Variable),
        options=tuple(_option(option) for option in _entries(node, "options")),
    )


def _option(node: Node) -> Option:
    node.only({"key", "label", "text"})
    return Option(*(_line(node.need(name)) for name in ("key", "label", "text")))


def _hooks(root: Node) -> list[HookData]:
    hooks: list[HookData] = []
    for node in _entries(root, "hooks"):
        hook = _hook(node)
        if any(other.citation == hook.citation for other in hooks):
            raise node.error(f"the citation “{hook.citation}” stands twice. Keep one.")
        hooks.append(hook)
    return hooks


def _hook(node: Node) -> HookData:
    node.only(HOOK_KEYS)
    checked_on = node.get("checked_on")
    hook = HookData(
        citation=_line(node.need("citation"), Hook, "citation"),
        address=_address(node.need("address")),
        note=_optional(node, "note", Hook),
        checked_by=_optional(node, "checked_by", Hook),
        checked_on=checked_on.date() if checked_on else None,
    )
    if bool(hook.checked_by) != bool(hook.checked_on):
        raise node.error("a check has a name and a day. Give both “checked_by” and “checked_on”, or neither.")
    return hook


def _objection(node: Node) -> ObjectionData:
    node.only({"argument", "reply"})
    return ObjectionData(argument=_line(node.need("argument")), reply=_line(node.need("reply")))


def _units(node: Node, places: dict[str, Node], *, depth: int) -> list[Unit]:
    if depth > MAX_DEPTH:
        raise node.error(f"provisions are nested deeper than {MAX_DEPTH} levels. Move them up.")
    units = []
    for item in node.items():
        units.append(_unit(item, places, depth=depth))
        if len(places) > MAX_PROVISIONS:
            raise item.error(f"an edition holds at most {MAX_PROVISIONS:,} provisions. Split the instrument.")
    return units


def _unit(node: Node, places: dict[str, Node], *, depth: int) -> Unit:
    node.only(PROVISION_KEYS)
    unit = Unit(
        key=_line(node.need("key"), Provision, "key"),
        kind=node.need("kind").one_of(ProvisionKind.values),
        heading=_optional(node, "heading", Provision),
        body=_optional(node, "text", Provision, "body"),
        fixed_number=_optional(node, "number", Provision, "fixed_number"),
        term=_optional(node, "term", Provision),
        act=_optional(node, "act", Provision),
        place=tuple(_step(step) for step in _entries(node, "place")),
    )
    places[unit.key] = node
    children = node.get("children")
    if children:
        unit.children = _units(children, places, depth=depth + 1)
    return unit


def _step(node: Node) -> tuple[str, str]:
    """One entry of `place`, like `article: "3"`."""
    node.only(ProvisionKind.values)
    if len(node.keys()) != 1:
        raise node.error("one kind and its number is needed here, like article: 3.")
    kind = node.keys()[0]
    return kind, _line(node.need(kind), Provision, "fixed_number")


# --- single values ---
def _entries(node: Node, name: str) -> list[Node]:
    found = node.get(name)
    return list(found.items()) if found else []


def _line(node: Node, model: type[Model] | None = None, name: str = "") -> str:
    """Text on one line, in NFC. Raises FileError for characters that must not be in a law, and for too long a text."""
    text = re.sub(r"[ \t\r\n]+", " ", unicodedata.normalize("NFC", node.text())).strip(" ")
    if clean_text(text) != text:
        raise node.error(
            "the text holds control characters or marks that reverse the reading order. Type it anew."
        )
    limit = getattr(model._meta.get_field(name), "max_length", None) if model else None
    if limit and len(text) > limit:
        raise node.error(f"the text has {len(text):,} characters. Shorten it to {limit:,}.")
    return text


def _optional(node: Node, name: str, model: type[Model], column: str = "") -> str:
    found = node.get(name)
    return _line(found, model, column or name) if found else ""


def _slug(node: Node) -> str:
    slug = _line(node, Template, "slug")
    if not SLUG_FORM.fullmatch(slug):
        raise node.error("write the slug in small letters, digits and single hyphens.")
    return slug


def _label(node: Node) -> str:
    label = _line(node, Edition, "label")
    try:
        label_form(label)
    except ValidationError:
        raise node.error(f"“{label}” is no label. Write numbers parted by points, like 1.0.") from None
    return label


def _position(head: Node) -> int:
    node = head.get("position")
    position = node.integer() if node else 0
    if node and not 0 <= position <= 32_767:
        raise node.error("a whole number from 0 to 32767 is needed here.")
    return position


def _address(node: Node) -> str:
    address = _line(node, Hook, "address")
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise node.error("a full web address is needed here, beginning with https://.") from None
    return address
