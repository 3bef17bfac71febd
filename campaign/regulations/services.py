"""The verbs: load a template file, publish an edition, order its document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.core.slugs import RESERVED
from campaign.core.yamlfile import Node, parse_yaml
from campaign.documents.models import Document, FrozenText
from campaign.documents.services import freeze_text, publish_text, request_document
from campaign.organizations.services import move_call
from campaign.regulations.checks import Problem, problems_of
from campaign.regulations.importer import TemplateFile, read_template, read_template_file
from campaign.regulations.kinds import EditionState
from campaign.regulations.models import Edition, Hook, Objection, Provision, Template, Variable
from campaign.regulations.numbered import PAYLOAD_SCHEMA
from campaign.regulations.printing import numbered_text
from campaign.regulations.queries import edition_text
from campaign.regulations.traditions import tradition
from campaign.regulations.tree import LegalText, Unit, walk

FROZEN_KIND = "regulations.edition"
BATCH = 500


class EditionNotPublishable(DomainError):
    """The text has faults. `problems` lists them; the message has one line for each."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        lines = [
            f"“{problem.place}”: {problem.remedy}" if problem.place else problem.remedy
            for problem in problems
        ]
        super().__init__("\n".join(lines))


class EditionAlreadyPublished(DomainError):
    message = _("This edition is published and never changes. Make a new one with a higher label.")


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What loading a file did: `is_new` when an edition was published, `checks_recorded` counts hooks newly marked."""

    edition: Edition
    is_new: bool
    checks_recorded: int = 0


def import_template(*, at: datetime, path: Path | None = None, node: Node | None = None) -> ImportOutcome:
    """Load a template file, from its path or parsed, and publish the edition in it; all of it or nothing.

    The same file again changes nothing, except that checks of hooks are recorded. Raises FileError when the file has faults, when
    its label is published with another text, or when its base is not published.
    """
    read = read_template_file(path) if path is not None else read_template(_given(node))
    _refuse_reserved(read)
    with transaction.atomic():
        present = _edition_of(read)
        if present is not None and present.is_published:
            return _import_again(read, present)
        if present is not None:
            present.delete()
        edition = _store(read)
        return ImportOutcome(publish_edition(edition=edition, at=at), is_new=True)


def import_template_upload(*, raw: bytes, file: str, at: datetime) -> ImportOutcome:
    """Load the bytes of a template file called `file`, as `import_template` does. Raises FileError.

    Of two who load the same edition at the same moment, the second finds it published by the first.
    """
    node = parse_yaml(raw, file=file)
    try:
        return import_template(node=node, at=at)
    except IntegrityError:
        return import_template(node=node, at=at)


def _given(node: Node | None) -> Node:
    if node is None:
        raise TypeError("import_template needs a path or a node")
    return node


def _refuse_reserved(read: TemplateFile) -> None:
    if read.slug in RESERVED:
        slug = read.root.need("template").need("slug")
        raise slug.error(f"“{read.slug}” is the address of a page of this site. Choose another slug.")


def _edition_of(read: TemplateFile) -> Edition | None:
    rows = Edition.objects.select_related("template", "frozen_text")
    return rows.filter(template__slug=read.slug, label=read.label).first()


def _import_again(read: TemplateFile, present: Edition) -> ImportOutcome:
    if present.source_digest != read.digest():
        raise (
            read.root.need("edition")
            .need("label")
            .error(
                f"edition {read.label} of “{read.slug}” is published with another text, and a published edition never changes. "
                "Raise the label."
            )
        )
    recorded = 0
    for hook in read.hooks:
        check = {"checked_by": hook.checked_by, "checked_on": hook.checked_on}
        rows = present.hooks.filter(citation=hook.citation)
        recorded += rows.exclude(**check).update(**check)
    return ImportOutcome(present, is_new=False, checks_recorded=recorded)


def _store(read: TemplateFile) -> Edition:
    template, _created = Template.objects.update_or_create(
        slug=read.slug,
        defaults={
            "title": read.title,
            "kind": read.kind,
            "tradition": read.text.tradition,
            "locale": read.text.language,
            "position": read.position,
            "summary": read.summary,
            "disclaimer": read.disclaimer,
        },
    )
    edition = Edition.objects.create(
        template=template,
        label=read.label,
        title=read.text.title,
        base=_base_of(read, template),
        change_note=read.change_note,
        source_digest=read.digest(),
    )
    _store_units(edition, read.text.provisions)
    _store_variables(edition, read.text)
    Hook.objects.bulk_create(
        Hook(edition=edition, position=position, **_row(hook)) for position, hook in enumerate(read.hooks)
    )
    Objection.objects.bulk_create(
        Objection(edition=edition, position=position, **_row(item))
        for position, item in enumerate(read.objections)
    )
    return edition


def _base_of(read: TemplateFile, template: Template) -> Edition | None:
    if not read.base:
        return None
    base = Edition.objects.published().filter(template=template, label=read.base).first()
    if base is None:
        remedy = (
            f"edition {read.base} of “{read.slug}” is not published here. Load it first or correct the label."
        )
        raise read.root.need("edition").need("base").error(remedy)
    return base


def _row(item: Any) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__dataclass_fields__}


def _store_units(edition: Edition, units: list[Unit]) -> None:
    """Parents come before their children: one pass, in batches."""
    rows: dict[str, Provision] = {}
    positions = {id(child): index for index, child in enumerate(units)}
    for unit, ancestors in walk(units):
        positions.update((id(child), index) for index, child in enumerate(unit.children))
        rows[unit.key] = Provision(
            edition=edition,
            key=unit.key,
            parent=rows[ancestors[-1].key] if ancestors else None,
            position=positions[id(unit)],
            kind=unit.kind,
            heading=unit.heading,
            body=unit.body,
            fixed_number=unit.fixed_number,
            term=unit.term,
            act=unit.act,
            place=[list(step) for step in unit.place],
        )
    Provision.objects.bulk_create(rows.values(), batch_size=BATCH)


def _store_variables(edition: Edition, text: LegalText) -> None:
    Variable.objects.bulk_create(
        Variable(edition=edition, position=position, **asdict(spec))
        for position, spec in enumerate(text.variables.values())
    )


@transaction.atomic
def publish_edition(*, edition: Edition, at: datetime) -> Edition:
    """Check a draft, number it, freeze it. From here on it never changes. Who endorsed the edition before is asked again.

    Raises EditionAlreadyPublished, and EditionNotPublishable with every fault found.
    """
    text = edition_text(edition=edition)
    problems = [*_lost_provisions(edition, text), *problems_of(text)]
    if problems:
        raise EditionNotPublishable(problems)
    frozen = _freeze(edition, text, at)
    claimed = Edition.objects.filter(pk=edition.pk, state=EditionState.DRAFT).update(
        state=EditionState.PUBLISHED, published_at=at, frozen_text=frozen
    )
    if not claimed:
        raise EditionAlreadyPublished
    address = reverse("edition", args=[edition.template.slug, edition.label])
    publish_text(frozen_text=frozen, address=address, at=at)
    move_call(kind=FROZEN_KIND, subject_id=edition.template_id, frozen_text=frozen, at=at, address=address)
    edition.state, edition.published_at, edition.frozen_text = EditionState.PUBLISHED, at, frozen
    return edition


def _lost_provisions(edition: Edition, text: LegalText) -> Iterable[Problem]:
    """Provisions that cannot be reached from the top, because they stand below each other in a ring."""
    reached = {unit.key for unit, _ancestors in walk(text.provisions)}
    for key in edition.provisions.order_by("key").values_list("key", flat=True):
        if key not in reached:
            yield Problem(key, "it stands below itself. Give it another parent.")


def _freeze(edition: Edition, text: LegalText, at: datetime) -> FrozenText:
    template = edition.template
    title = format_title(template.title, edition.label)
    payload = {
        "schema": PAYLOAD_SCHEMA,
        "template": {
            "slug": template.slug,
            "title": template.title,
            "kind": template.kind,
            "summary": template.summary,
            "disclaimer": template.disclaimer,
        },
        "edition": {
            "label": edition.label,
            "base": edition.base.label if edition.base else "",
            "change_note": edition.change_note,
        },
        "law": numbered_text(text).as_data(),
        "variables": _frozen_variables(text),
        "hooks": [_frozen_hook(hook) for hook in edition.hooks.order_by("position", "pk")],
        "objections": [
            {"argument": item.argument, "reply": item.reply}
            for item in edition.objections.order_by("position", "pk")
        ],
    }
    return freeze_text(kind=FROZEN_KIND, title=title, locale=template.locale, payload=payload, at=at)


def format_title(title: str, label: str) -> str:
    """The name of an edition's frozen text: content, not interface, so it is not translated."""
    return f"{title}, {label}"


def _frozen_variables(text: LegalText) -> list[dict[str, str]]:
    """`value` as it is written in a template file, `printed` as the law has it, `shown` as a table names it."""
    form = tradition(text.tradition)
    rows = []
    for name, spec in text.variables.items():
        value = text.value_of(name)
        printed = form.value(spec, value, text.language) if value else ""
        row = {field: getattr(spec, field) for field in ("name", "label", "type", "unit", "help", "source")}
        rows.append({**row, "value": value, "printed": printed, "shown": spec.label_of(value) or printed})
    return rows


def _frozen_hook(hook: Hook) -> dict[str, str]:
    return {
        "citation": hook.citation,
        "address": hook.address,
        "note": hook.note,
        "checked_by": hook.checked_by,
        "checked_on": hook.checked_on.isoformat() if hook.checked_on else "",
    }


def request_edition_document(*, edition: Edition, at: datetime) -> Document:
    """Order the PDF of a published edition, or give the one that is there. Its language is that of the law."""
    assert edition.frozen_text is not None  # published editions only  # noqa: S101
    return request_document(
        kind=FROZEN_KIND, frozen_text=edition.frozen_text, locale=edition.frozen_text.locale, at=at
    )
