"""What template and adaptation files have in common: variables, choices, hooks, objections, provisions, single values."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Model

from campaign.core.cleaning import clean_text
from campaign.core.yamlfile import FileError, Node
from campaign.regulations.checks import problems_of
from campaign.regulations.kinds import ProvisionKind, VariableType
from campaign.regulations.models import ChoiceGroup, Edition, Hook, Provision, Template, Variable, label_form
from campaign.regulations.tree import MAX_DEPTH, MAX_PROVISIONS, ChoiceSpec, LegalText, Unit
from campaign.regulations.values import JurisdictionDefault, Option, VariableSpec

SCHEMA = 1
EDITION_KEYS = {"label", "title", "base", "change_note"}
VARIABLE_KEYS = {
    "name", "label", "type", "unit", "minimum", "maximum", "default", "required", "help", "source", "options", "defaults",
}  # fmt: skip
HOOK_KEYS = {"citation", "address", "note", "checked_by", "checked_on"}
PROVISION_KEYS = {
    "key", "kind", "heading", "text", "number", "term", "act", "place", "children",
    "optional", "default", "choice", "needs", "excludes",
}  # fmt: skip
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


def check_schema(root: Node) -> None:
    """Raises FileError unless the file is written for this version."""
    if root.need("schema").integer() != SCHEMA:
        raise root.need("schema").error(f"this version reads schema {SCHEMA}. Write schema: {SCHEMA}.")


def refuse_problems(text: LegalText, *, root: Node, places: dict[str, Node]) -> None:
    """Raises FileError with a line for each thing that stands against publishing the text."""
    found = problems_of(text)
    if found:
        lines = []
        for problem in found:
            name = f"variable {problem.place}" if problem.about_variable else problem.place
            about = f"“{problem.place}”: " if problem.place else ""
            lines.append(str(places.get(name, root).error(f"{about}{problem.remedy}")))
        raise FileError("\n".join(lines))


def variables_of(root: Node, places: dict[str, Node]) -> dict[str, VariableSpec]:
    specs: dict[str, VariableSpec] = {}
    for node in entries(root, "variables"):
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
        name=line(node.need("name"), Variable, "name"),
        type=node.need("type").one_of(VariableType.values),
        label=line(node.need("label"), Variable, "label"),
        unit=optional_line(node, "unit", Variable),
        minimum=optional_line(node, "minimum", Variable),
        maximum=optional_line(node, "maximum", Variable),
        default=optional_line(node, "default", Variable),
        required=required.boolean() if required else True,
        help=optional_line(node, "help", Variable),
        source=optional_line(node, "source", Variable),
        options=tuple(_option(option) for option in entries(node, "options")),
        defaults=_defaults(node),
    )


def _defaults(node: Node) -> tuple[JurisdictionDefault, ...]:
    """Under `defaults`, by the code of a jurisdiction: `value` and `source`."""
    found = node.get("defaults")
    if not found:
        return ()
    rows = []
    codes = found.keys()
    for code in codes:
        default = found.need(code)
        default.only({"value", "source"})
        rows.append(JurisdictionDefault(code, line(default.need("value")), line(default.need("source"))))
    return tuple(rows)


def _option(node: Node) -> Option:
    node.only({"key", "label", "text"})
    return Option(*(line(node.need(name)) for name in ("key", "label", "text")))


def choices_of(root: Node) -> dict[str, ChoiceSpec]:
    specs: dict[str, ChoiceSpec] = {}
    for node in entries(root, "choices"):
        node.only({"name", "label", "required", "help"})
        required = node.get("required")
        spec = ChoiceSpec(
            name=line(node.need("name"), ChoiceGroup, "name"),
            label=line(node.need("label"), ChoiceGroup, "label"),
            required=required.boolean() if required else True,
            help=optional_line(node, "help", ChoiceGroup),
        )
        if spec.name in specs:
            raise node.error(f"the choice “{spec.name}” is declared twice. Keep one.")
        specs[spec.name] = spec
    return specs


def hooks_of(root: Node) -> list[HookData]:
    hooks: list[HookData] = []
    for node in entries(root, "hooks"):
        hook = _hook(node)
        if any(other.citation == hook.citation for other in hooks):
            raise node.error(f"the citation “{hook.citation}” stands twice. Keep one.")
        hooks.append(hook)
    return hooks


def _hook(node: Node) -> HookData:
    node.only(HOOK_KEYS)
    checked_on = node.get("checked_on")
    hook = HookData(
        citation=line(node.need("citation"), Hook, "citation"),
        address=_address(node.need("address")),
        note=optional_line(node, "note", Hook),
        checked_by=optional_line(node, "checked_by", Hook),
        checked_on=checked_on.date() if checked_on else None,
    )
    if bool(hook.checked_by) != bool(hook.checked_on):
        raise node.error("a check has a name and a day. Give both “checked_by” and “checked_on”, or neither.")
    return hook


def objection_of(node: Node) -> ObjectionData:
    node.only({"argument", "reply"})
    return ObjectionData(argument=line(node.need("argument")), reply=line(node.need("reply")))


def units_of(node: Node, places: dict[str, Node], *, depth: int) -> list[Unit]:
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
        key=line(node.need("key"), Provision, "key"),
        kind=node.need("kind").one_of(ProvisionKind.values),
        heading=optional_line(node, "heading", Provision),
        body=optional_line(node, "text", Provision, "body"),
        fixed_number=optional_line(node, "number", Provision, "fixed_number"),
        term=optional_line(node, "term", Provision),
        act=optional_line(node, "act", Provision),
        place=tuple(_step(step) for step in entries(node, "place")),
        **options_of(node),
    )
    places[unit.key] = node
    children = node.get("children")
    if children:
        unit.children = units_of(children, places, depth=depth + 1)
    return unit


def options_of(node: Node) -> dict[str, Any]:
    """What a provision says of its options, as attributes of a unit; only what is written."""
    found: dict[str, Any] = {}
    for name, attribute in (("optional", "is_optional"), ("default", "is_default")):
        if flag := node.get(name):
            found[attribute] = flag.boolean()
    if node.get("choice"):
        found["choice"] = optional_line(node, "choice", Provision)
    for name in ("needs", "excludes"):
        if node.get(name):
            found[name] = tuple(line(each) for each in entries(node, name))
    return found


def _step(node: Node) -> tuple[str, str]:
    """One entry of `place`, like `article: "3"`."""
    node.only(ProvisionKind.values)
    if len(node.keys()) != 1:
        raise node.error("one kind and its number is needed here, like article: 3.")
    kind = node.keys()[0]
    return kind, line(node.need(kind), Provision, "fixed_number")


# --- single values ---
def entries(node: Node, name: str) -> list[Node]:
    found = node.get(name)
    return list(found.items()) if found else []


def line(node: Node, model: type[Model] | None = None, name: str = "") -> str:
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


def optional_line(node: Node, name: str, model: type[Model], column: str = "") -> str:
    found = node.get(name)
    return line(found, model, column or name) if found else ""


def slug_of(node: Node) -> str:
    slug = line(node, Template, "slug")
    if not SLUG_FORM.fullmatch(slug):
        raise node.error("write the slug in small letters, digits and single hyphens.")
    return slug


def label_of(node: Node) -> str:
    label = line(node, Edition, "label")
    try:
        label_form(label)
    except ValidationError:
        raise node.error(f"“{label}” is no label. Write numbers parted by points, like 1.0.") from None
    return label


def position_of(head: Node) -> int:
    node = head.get("position")
    position = node.integer() if node else 0
    if node and not 0 <= position <= 32_767:
        raise node.error("a whole number from 0 to 32767 is needed here.")
    return position


def _address(node: Node) -> str:
    address = line(node, Hook, "address")
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise node.error("a full web address is needed here, beginning with https://.") from None
    return address
