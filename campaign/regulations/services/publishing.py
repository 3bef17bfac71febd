"""Publishing: a draft is checked, numbered and frozen, and never changes from then on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Campaign, CampaignState
from campaign.core.errors import DomainError
from campaign.documents.models import Document, FrozenText
from campaign.documents.services import freeze_text, publish_text, request_document
from campaign.organizations.services import move_call
from campaign.regulations.checks import Problem, problems_of
from campaign.regulations.kinds import EditionState, InstrumentKind
from campaign.regulations.models import Edition, Hook, Template
from campaign.regulations.numbered import PAYLOAD_SCHEMA
from campaign.regulations.options import can_be_switched, effective, is_switched_on
from campaign.regulations.printing import numbered_text
from campaign.regulations.queries import edition_text
from campaign.regulations.traditions import tradition
from campaign.regulations.tree import LegalText, walk

FROZEN_KIND = "regulations.edition"


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


class LabelTaken(DomainError):
    message = _("There is an edition of this instrument with that label. Choose a higher one.")


class LabelTooLow(LabelTaken):
    """`highest` is the label that the new one has to be above."""

    def __init__(self, highest: str) -> None:
        self.highest = highest
        sentence = _("Edition %(label)s is published. Choose a label that is higher than that.")
        super().__init__(sentence % {"label": highest})


def label_rank(label: str) -> tuple[int, ...]:
    """By which labels compare, as versions do: 1.2 comes before 1.10, and 1.0 is 1.0.0."""
    numbers = [int(part) for part in label.split(".")]
    return tuple(numbers + [0] * (3 - len(numbers)))


def require_higher_label(*, edition: Edition, label: str) -> None:
    """Whether a draft may be published under a label. Raises LabelTaken and LabelTooLow."""
    others = edition.template.editions.exclude(pk=edition.pk).values_list("label", flat=True)
    highest = max(others, key=label_rank, default="")
    if label in others:
        raise LabelTaken
    if highest and label_rank(label) <= label_rank(highest):
        raise LabelTooLow(highest)


def is_public(template: Template) -> bool:
    """Whether everybody may read an instrument's editions: the library's, and those of public campaigns."""
    return template.campaign is None or template.campaign.state == CampaignState.PUBLISHED


def list_editions(campaign: Campaign, at: datetime) -> None:
    """List in public what a campaign published before it was public itself."""
    rows = Edition.objects.published().filter(template__campaign=campaign)
    for edition in rows.select_related("template", "frozen_text").order_by("published_at", "pk"):
        assert edition.frozen_text is not None  # it is published  # noqa: S101
        address = reverse("edition", args=[edition.template.slug, edition.label])
        publish_text(frozen_text=edition.frozen_text, address=address, at=at)


@transaction.atomic
def publish_edition(*, edition: Edition, at: datetime) -> Edition:
    """Check a draft, number it, freeze it. From here on it never changes. Who endorsed the edition before is asked again.

    Raises EditionAlreadyPublished, and EditionNotPublishable with every fault found.
    """
    text = edition_text(edition=edition)
    problems = draft_problems(edition=edition, text=text)
    if problems:
        raise EditionNotPublishable(problems)
    frozen = _freeze(edition, text, at)
    claimed = Edition.objects.filter(pk=edition.pk, state=EditionState.DRAFT).update(
        state=EditionState.PUBLISHED, published_at=at, frozen_text=frozen
    )
    if not claimed:
        raise EditionAlreadyPublished
    address = reverse("edition", args=[edition.template.slug, edition.label])
    if is_public(edition.template):
        publish_text(frozen_text=frozen, address=address, at=at)
    move_call(kind=FROZEN_KIND, subject_id=edition.template_id, frozen_text=frozen, at=at, address=address)
    edition.state, edition.published_at, edition.frozen_text = EditionState.PUBLISHED, at, frozen
    return edition


def draft_problems(*, edition: Edition, text: LegalText) -> list[Problem]:
    """All that stands against publishing a draft, whose text is given; empty when it may be published."""
    as_enacted = edition.template.kind == InstrumentKind.LAW_IN_FORCE
    return [*_lost_provisions(edition, text), *problems_of(text, as_enacted=as_enacted)]


def _lost_provisions(edition: Edition, text: LegalText) -> Iterable[Problem]:
    """Provisions that cannot be reached from the top, because they stand below each other in a ring."""
    reached = {unit.key for unit, _ancestors in walk(text.provisions)}
    for key in edition.provisions.order_by("key").values_list("key", flat=True):
        if key not in reached:
            yield Problem(key, "it stands below itself. Give it another parent.")


def _freeze(edition: Edition, text: LegalText, at: datetime) -> FrozenText:
    template = edition.template
    title = format_title(template.title, edition.label)
    payload = edition_payload(edition=edition, text=text)
    return freeze_text(kind=FROZEN_KIND, title=title, locale=template.locale, payload=payload, at=at)


def edition_payload(*, edition: Edition, text: LegalText) -> dict[str, Any]:
    """All that is frozen of an edition, as plain data; of a draft, what would be. `text` is sound (see `draft_problems`)."""
    template = edition.template
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
        "law": numbered_text(effective(text)).as_data(),
        "variables": _frozen_variables(text),
        "hooks": [_frozen_hook(hook) for hook in edition.hooks.order_by("position", "pk")],
        "objections": [
            {"argument": item.argument, "reply": item.reply}
            for item in edition.objections.order_by("position", "pk")
        ],
    }
    return payload | _frozen_options(text) | _frozen_model(template, edition)


def _frozen_options(text: LegalText) -> dict[str, Any]:
    """What a drafter could have decided otherwise; nothing for a text without options, as editions were frozen before."""
    rows = [
        {
            "key": unit.key,
            "heading": unit.heading,
            "choice": text.choices[unit.choice].label if unit.choice else "",
            "is_on": is_switched_on(unit, text),
        }
        for unit, _above in walk(text.provisions)
        if can_be_switched(unit)
    ]
    return {"options": rows} if rows else {}


def _frozen_model(template: Template, edition: Edition) -> dict[str, Any]:
    """For an adaptation: what it was adapted from, and where to."""
    if template.model is None or template.jurisdiction is None or edition.model_edition is None:
        return {}
    return {
        "adaptation": {
            "model": template.model.slug,
            "model_title": template.model.title,
            "model_edition": edition.model_edition.label,
            "jurisdiction": template.jurisdiction.code,
            "jurisdiction_name": template.jurisdiction.name,
        }
    }


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
