"""Reads: the library, an edition with all a page shows, and the tree of a text."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from campaign.regulations import models
from campaign.regulations.tree import LegalText, Unit
from campaign.regulations.values import Option, VariableSpec


def published_templates() -> QuerySet[models.Template]:
    """Templates with a published edition, in library order, each with `latest_label` and `latest_at` of the newest one."""
    newest = (
        models.Edition.objects.published().filter(template=OuterRef("pk")).order_by("-published_at", "-pk")
    )
    return (
        models.Template.objects.annotate(
            latest_label=Subquery(newest.values("label")[:1]),
            latest_at=Subquery(newest.values("published_at")[:1]),
        )
        .filter(latest_at__isnull=False)
        .order_by("position", "slug")
    )


def edition_rows() -> QuerySet[models.Edition]:
    """Published editions with template, frozen text, hooks, and the base with its digest; newest first."""
    return (
        models.Edition.objects.published()
        .select_related("template", "frozen_text", "base__frozen_text")
        .defer("base__frozen_text__payload")
        .prefetch_related(Prefetch("hooks", models.Hook.objects.order_by("position", "pk")))
        .order_by("-published_at", "-pk")
    )


def latest_edition(*, slug: str) -> models.Edition | None:
    """The newest published edition of a template, or None."""
    return edition_rows().filter(template__slug=slug).first()


def published_edition(*, slug: str, label: str) -> models.Edition | None:
    """One published edition, or None."""
    return edition_rows().filter(template__slug=slug, label=label).first()


def template_editions(*, template_id: UUID) -> QuerySet[models.Edition]:
    """All published editions of a template, newest first, each with its base and the digests of both; no texts."""
    return (
        models.Edition.objects.published()
        .filter(template=template_id)
        .select_related("frozen_text", "base__frozen_text")
        .defer("frozen_text__payload", "base__frozen_text__payload")
        .order_by("-published_at", "-pk")
    )


def edition_tree(*, edition: models.Edition) -> list[Unit]:
    """The provisions of an edition as a tree. One query, whatever the size. A row whose parent is lost is left out."""
    rows = edition.provisions.order_by("position", "pk").values_list(
        "pk", "parent_id", "key", "kind", "heading", "body", "fixed_number", "term", "act", "place"
    )
    below: defaultdict[UUID | None, list[Unit]] = defaultdict(list)
    by_id: dict[UUID, Unit] = {}
    for pk, parent_id, key, kind, heading, body, fixed_number, term, act, place in rows:
        steps = tuple((above, number) for above, number in place)
        by_id[pk] = Unit(key, kind, heading, body, fixed_number, term, act, steps)
        below[parent_id].append(by_id[pk])
    for pk, unit in by_id.items():
        unit.children = below[pk]
    return below[None]


def edition_variables(*, edition: models.Edition) -> dict[str, VariableSpec]:
    """The variables of an edition by name, in their order. One query."""
    fields = ("name", "type", "label", "unit", "minimum", "maximum", "default", "required", "help", "source")
    rows = edition.variables.order_by("position", "pk").values(*fields, "options")
    return {
        row["name"]: VariableSpec(**{**row, "options": tuple(Option(**option) for option in row["options"])})
        for row in rows
    }


def edition_text(*, edition: models.Edition) -> LegalText:
    """All an edition says, ready to be checked and numbered. Two queries."""
    return LegalText(
        title=edition.title,
        language=edition.template.locale,
        tradition=edition.template.tradition,
        provisions=edition_tree(edition=edition),
        variables=edition_variables(edition=edition),
    )
