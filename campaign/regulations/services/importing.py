"""Loading the files of the library: templates, and adaptations of their editions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction

from campaign.campaigns.models import Jurisdiction
from campaign.core.slugs import RESERVED
from campaign.core.yamlfile import FileError, Node, parse_yaml, read_yaml
from campaign.regulations.importer import (
    AdaptationFile,
    TemplateFile,
    is_adaptation,
    read_adaptation,
    read_template,
)
from campaign.regulations.kinds import EditionState
from campaign.regulations.models import Edition, Template
from campaign.regulations.queries import edition_text
from campaign.regulations.services.publishing import publish_edition
from campaign.regulations.services.storing import store_surroundings, store_text
from campaign.regulations.tree import LegalText


class StandsInTheWay(FileError):
    """The file is sound, and what stands on this site already keeps it from being loaded."""


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What loading a file did: `is_new` when an edition was published, `checks_recorded` counts hooks newly marked."""

    edition: Edition
    is_new: bool
    checks_recorded: int = 0


def import_template(*, at: datetime, path: Path | None = None, node: Node | None = None) -> ImportOutcome:
    """Load a template or adaptation file, from its path or parsed, and publish the edition in it; all of it or nothing.

    The same file again changes nothing, except that checks of hooks are recorded. Raises FileError when the file has faults,
    when its label is published with another text, or when its base or the edition it adapts is not published;
    StandsInTheWay, which is one, when the file has no fault of its own.
    """
    root = read_yaml(path) if path is not None else _given(node)
    read = read_adaptation(root) if is_adaptation(root) else read_template(root)
    _refuse_reserved(read)
    with transaction.atomic():
        present = _edition_of(read)
        if present is not None and present.is_published:
            return _import_again(read, present)
        _refuse_foreign(read)
        _refuse_over_draft(read)
        edition = _store_adaptation(read) if isinstance(read, AdaptationFile) else _store_template(read)
        return ImportOutcome(publish_edition(edition=edition, at=at), is_new=True)


def import_template_upload(*, raw: bytes, file: str, at: datetime) -> ImportOutcome:
    """Load the bytes of a file called `file`, as `import_template` does. Raises FileError.

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


def _head(read: TemplateFile | AdaptationFile) -> Node:
    return read.root.need("adaptation" if isinstance(read, AdaptationFile) else "template")


def _refuse_reserved(read: TemplateFile | AdaptationFile) -> None:
    if read.slug in RESERVED:
        slug = _head(read).need("slug")
        raise slug.error(f"“{read.slug}” is the address of a page of this site. Choose another slug.")


def _refuse_foreign(read: TemplateFile | AdaptationFile) -> None:
    """A file is the library's: it does not take over what a campaign drafts, nor a template that is something else."""
    present = Template.objects.filter(slug=read.slug).first()
    if present is None:
        return
    is_other = present.is_adaptation != isinstance(read, AdaptationFile)
    if present.campaign_id is not None or is_other:
        slug = _head(read).need("slug")
        remedy = f"“{read.slug}” is taken by another instrument of this site. Choose another slug."
        raise StandsInTheWay(str(slug.error(remedy)))


def _refuse_over_draft(read: TemplateFile | AdaptationFile) -> None:
    """What somebody drafts in the browser is not thrown away for a file."""
    draft = Edition.objects.filter(template__slug=read.slug, state=EditionState.DRAFT).first()
    if draft is not None:
        slug = _head(read).need("slug")
        remedy = (
            f"a draft of edition {draft.label} of “{read.slug}” is open here. Publish or discard it first."
        )
        raise StandsInTheWay(str(slug.error(remedy)))


def _edition_of(read: TemplateFile | AdaptationFile) -> Edition | None:
    rows = Edition.objects.select_related("template", "frozen_text")
    return rows.filter(template__slug=read.slug, label=read.label).first()


def _import_again(read: TemplateFile | AdaptationFile, present: Edition) -> ImportOutcome:
    if present.source_digest != read.digest():
        remedy = (
            f"edition {read.label} of “{read.slug}” is published with another text, and a published edition never changes. "
            "Raise the label."
        )
        raise StandsInTheWay(str(read.root.need("edition").need("label").error(remedy)))
    recorded = 0
    for hook in read.hooks:
        check = {"checked_by": hook.checked_by, "checked_on": hook.checked_on}
        rows = present.hooks.filter(citation=hook.citation)
        recorded += rows.exclude(**check).update(**check)
    return ImportOutcome(present, is_new=False, checks_recorded=recorded)


def _store_template(read: TemplateFile) -> Edition:
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
    return _store_edition(read, template, read.text)


def _store_adaptation(read: AdaptationFile) -> Edition:
    model_edition = _model_edition(read)
    text = read.adapt(edition_text(edition=model_edition))
    template, _created = Template.objects.update_or_create(
        slug=read.slug,
        defaults={
            "title": read.title,
            "kind": model_edition.template.kind,
            "tradition": read.tradition,
            "locale": read.language,
            "position": read.position,
            "summary": read.summary,
            "disclaimer": read.disclaimer,
            "model": model_edition.template,
            "jurisdiction": _jurisdiction(read),
        },
    )
    return _store_edition(read, template, text, model_edition=model_edition)


def _model_edition(read: AdaptationFile) -> Edition:
    rows = Edition.objects.published().select_related("template")
    found = rows.filter(template__slug=read.model, template__model=None, label=read.model_label).first()
    if found is None:
        remedy = f"edition {read.model_label} of “{read.model}” is not published here. Load it first or correct the label."
        raise StandsInTheWay(str(_head(read).need("edition").error(remedy)))
    return found


def _jurisdiction(read: AdaptationFile) -> Jurisdiction:
    found = Jurisdiction.objects.filter(code=read.jurisdiction).first()
    if found is None:
        remedy = f"the jurisdiction “{read.jurisdiction}” is not known here. Load the jurisdictions or correct the code."
        raise _head(read).need("jurisdiction").error(remedy)
    return found


def _store_edition(
    read: TemplateFile | AdaptationFile,
    template: Template,
    text: LegalText,
    *,
    model_edition: Edition | None = None,
) -> Edition:
    edition = Edition.objects.create(
        template=template,
        label=read.label,
        title=text.title,
        base=_base_of(read, template),
        change_note=read.change_note,
        values=text.values,
        switches=text.switches,
        model_edition=model_edition,
        source_digest=read.digest(),
    )
    store_text(edition=edition, text=text)
    store_surroundings(edition=edition, hooks=read.hooks, objections=read.objections)
    return edition


def _base_of(read: TemplateFile | AdaptationFile, template: Template) -> Edition | None:
    if not read.base:
        return None
    base = Edition.objects.published().filter(template=template, label=read.base).first()
    if base is None:
        remedy = (
            f"edition {read.base} of “{read.slug}” is not published here. Load it first or correct the label."
        )
        raise read.root.need("edition").need("base").error(remedy)
    return base
