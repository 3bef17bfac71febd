"""Reads: the library, an edition with all a page shows, and the tree of a text."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce

from campaign.campaigns.models import Campaign, CampaignState
from campaign.regulations import models
from campaign.regulations.defaults import adapted_variables, has_default_for
from campaign.regulations.following import FollowedChange, changes_to_follow
from campaign.regulations.following_rows import (
    FACTS,
    LONG_TITLE,
    RowChange,
    RowKind,
    Rows,
    row_changes,
    variables_used,
)
from campaign.regulations.kinds import EditionState
from campaign.regulations.tree import ChoiceSpec, LegalText, Unit, walk
from campaign.regulations.values import JurisdictionDefault, Option, VariableSpec

# The library's own, and those of campaigns that everybody may read.
_OF_PUBLIC_CAMPAIGNS = Q(campaign=None) | Q(campaign__state=CampaignState.PUBLISHED)


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


def library_templates() -> QuerySet[models.Template]:
    """The site's own models, in library order, each also with `adaptation_total`: how many adaptations are published."""
    adaptations = (
        models.Template.objects.filter(
            _OF_PUBLIC_CAMPAIGNS, model=OuterRef("pk"), editions__state=EditionState.PUBLISHED
        )
        .order_by()
        .values("model")
        .annotate(total=Count("pk", distinct=True))
        .values("total")
    )
    return (
        published_templates()
        .filter(campaign=None, model=None)
        .annotate(adaptation_total=Coalesce(Subquery(adaptations), 0))
    )


def published_adaptations(*, model_id: UUID | None = None) -> QuerySet[models.Template]:
    """Published adaptations, of one model or of all, by the name of their jurisdiction, with campaign and jurisdiction."""
    rows = (
        published_templates()
        .filter(_OF_PUBLIC_CAMPAIGNS, model__isnull=False)
        .select_related("jurisdiction", "campaign", "model")
    )
    if model_id is not None:
        rows = rows.filter(model=model_id)
    return rows.order_by("jurisdiction__name", "position", "slug")


def campaign_templates() -> QuerySet[models.Template]:
    """Published instruments that teams of public campaigns drafted from an empty page, with their campaign."""
    rows = published_templates().filter(campaign__state=CampaignState.PUBLISHED, model=None)
    return rows.select_related("campaign").order_by("-latest_at", "slug")


def instruments_in_work(*, campaigns: QuerySet[Campaign]) -> QuerySet[models.Edition]:
    """The open drafts of these campaigns, with instrument, campaign and jurisdiction, the latest begun first."""
    return (
        models.Edition.objects.filter(state=EditionState.DRAFT, template__campaign__in=campaigns)
        .select_related("template__campaign", "template__jurisdiction")
        .order_by("-created_at", "-pk")
    )


def edition_rows() -> QuerySet[models.Edition]:
    """Published editions with template, frozen text, hooks, and the base with its digest; newest first."""
    return (
        models.Edition.objects.published()
        .select_related(
            "template__campaign",
            "template__model",
            "template__jurisdiction",
            "frozen_text",
            "base__frozen_text",
            "model_edition__frozen_text",
        )
        .defer("base__frozen_text__payload", "model_edition__frozen_text__payload")
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


UNIT_COLUMNS = (
    "pk", "parent_id", "key", "kind", "heading", "body", "fixed_number", "term", "act",
    "is_optional", "is_default", "choice",
)  # fmt: skip
# Lists that hardly any provision has. As text, thousands of empty ones need not be parsed.
UNIT_LISTS = tuple(Cast(name, TextField()) for name in ("place", "needs", "excludes"))


def edition_tree(*, edition: models.Edition) -> list[Unit]:
    """The provisions of an edition as a tree. One query, whatever the size. A row whose parent is lost is left out."""
    rows = edition.provisions.order_by("position", "pk").values_list(*UNIT_COLUMNS, *UNIT_LISTS)
    below: defaultdict[UUID | None, list[Unit]] = defaultdict(list)
    by_id: dict[UUID, Unit] = {}
    for row in rows:
        pk, parent_id, key, kind, heading, body, fixed_number, term, act = row[:9]
        is_optional, is_default, choice, place, needs, excludes = row[9:]
        steps = tuple((above, number) for above, number in _listed(place))
        by_id[pk] = Unit(
            key, kind, heading, body, fixed_number, term, act, steps, [],
            is_optional, is_default, choice, tuple(_listed(needs)), tuple(_listed(excludes)),
        )  # fmt: skip
        below[parent_id].append(by_id[pk])
    for pk, unit in by_id.items():
        unit.children = below[pk]
    return below[None]


def _listed(text: str) -> list[Any]:
    return [] if text == "[]" else json.loads(text)


def edition_variables(*, edition: models.Edition) -> dict[str, VariableSpec]:
    """The variables of an edition by name, in their order. One query."""
    fields = ("name", "type", "label", "unit", "minimum", "maximum", "default", "required", "help", "source")
    rows = edition.variables.order_by("position", "pk").values(*fields, "options", "defaults")
    return {
        row["name"]: VariableSpec(
            **{
                **row,
                "options": tuple(Option(**option) for option in row["options"]),
                "defaults": tuple(JurisdictionDefault(**default) for default in row["defaults"]),
            }
        )
        for row in rows
    }


def edition_choices(*, edition: models.Edition) -> dict[str, ChoiceSpec]:
    """The choice groups of an edition by name, in their order. One query."""
    rows = edition.choice_groups.order_by("position", "pk").values("name", "label", "required", "help")
    return {row["name"]: ChoiceSpec(**row) for row in rows}


def edition_text(*, edition: models.Edition) -> LegalText:
    """All an edition says, ready to be checked and numbered. Three queries."""
    return LegalText(
        title=edition.title,
        language=edition.template.locale,
        tradition=edition.template.tradition,
        provisions=edition_tree(edition=edition),
        variables=edition_variables(edition=edition),
        values=dict(edition.values),
        choices=edition_choices(edition=edition),
        switches=dict(edition.switches),
    )


def newer_model_edition(*, edition: models.Edition) -> models.Edition | None:
    """The newest edition of the model that an adaptation's edition rests on, when that is a newer one."""
    if edition.model_edition is None:
        return None
    newest = (
        models.Edition.objects.published()
        .filter(template=edition.model_edition.template_id)
        .select_related("template")
        .order_by("-published_at", "-pk")
        .first()
    )
    return newest if newest != edition.model_edition else None


@dataclass(frozen=True, slots=True)
class OpenChanges:
    """What a newer edition of the model changed and a draft has not decided on yet: in the text, and beside it."""

    provisions: list[FollowedChange]
    rows: list[RowChange]

    def __len__(self) -> int:
        return len(self.provisions) + len(self.rows)


def open_changes(*, edition: models.Edition) -> OpenChanges:
    """All that is left to decide about the newer edition of the model. An answer holds until the model changes that again."""
    newer = newer_model_edition(edition=edition)
    if newer is None or edition.model_edition is None:
        return OpenChanges([], [])
    old, new, ours = (edition_text(edition=each) for each in (edition.model_edition, newer, edition))
    provisions = _undecided(edition, newer, changes_to_follow(old=old, new=new, ours=ours))
    jurisdiction = edition.template.jurisdiction
    code = jurisdiction.code if jurisdiction else ""
    rows = row_changes(
        old=rows_beside(edition=edition.model_edition, text=old, jurisdiction=code),
        new=rows_beside(edition=newer, text=new, jurisdiction=code),
        ours=rows_beside(edition=edition, text=ours),
    )
    rows = _undecided(edition, newer, rows)
    return OpenChanges(provisions, _wanted(rows, ours, provisions))


Change = TypeVar("Change", FollowedChange, RowChange)


def _undecided(edition: models.Edition, newer: models.Edition, changes: list[Change]) -> list[Change]:
    if not changes:
        return []
    answers = list(edition.model_changes.values_list("model_edition", "key", "digest"))
    now = {key for model_edition, key, _digest in answers if model_edition == newer.pk}
    before = {(key, digest) for _model_edition, key, digest in answers if digest}
    return [
        change
        for change in changes
        if change.key not in now and not (before and (change.key, change.digest) in before)
    ]


def _wanted(rows: list[RowChange], ours: LegalText, changes: list[FollowedChange]) -> list[RowChange]:
    """Without values and alternatives that the draft lacks and no provision of it, there or to be decided on, would use."""
    may_lack = {RowKind.VARIABLE, RowKind.CHOICE}
    if all(row.ours or row.kind not in may_lack for row in rows):
        return rows
    units = [unit for unit, _above in walk(ours.provisions)] + [each.new for each in changes if each.new]
    used = {
        RowKind.VARIABLE: {name for unit in units for name in variables_used(unit)},
        RowKind.CHOICE: {unit.choice for unit in units},
    }
    return [row for row in rows if row.ours or row.kind not in may_lack or row.name in used[row.kind]]


def rows_beside(*, edition: models.Edition, text: LegalText, jurisdiction: str = "") -> Rows:
    """What stands beside the text of an edition; of a model, as it proposes it for a jurisdiction (its code)."""
    facts = (
        edition.frozen_text.data["template"]
        if edition.frozen_text
        else {name: getattr(edition.template, name) for name in FACTS}
    )
    hooks = edition.hooks.order_by("position", "pk").values("pk", "citation", "address", "note")
    objections = edition.objections.order_by("position", "pk").values("pk", "argument", "reply")
    return {
        RowKind.FACT: [
            *({"name": name, "text": facts[name]} for name in FACTS),
            {"name": LONG_TITLE, "text": edition.title},
        ],
        RowKind.VARIABLE: [
            asdict(spec)
            | {"value": "" if has_default_for(spec, jurisdiction) else text.values.get(spec.name, "")}
            for spec in adapted_variables(text, jurisdiction).values()
        ],
        RowKind.CHOICE: [asdict(choice) for choice in text.choices.values()],
        RowKind.HOOK: [dict(row) for row in hooks],
        RowKind.OBJECTION: [dict(row) for row in objections],
    }


def draft_of(*, template: models.Template) -> models.Edition | None:
    """The draft of an instrument, or None."""
    rows = models.Edition.objects.select_related(
        "template__campaign", "template__jurisdiction", "template__model", "model_edition__template"
    )
    return rows.filter(template=template, state=EditionState.DRAFT).first()


def removed_provisions(*, edition: models.Edition) -> QuerySet[models.RemovedProvision]:
    """What was taken out of a draft, the latest first."""
    return edition.removed_provisions.select_related("removed_by").order_by("-removed_at", "-pk")


def provision_revisions(*, edition: models.Edition, key: str) -> QuerySet[models.ProvisionRevision]:
    """The words a provision had before, the latest first, twenty at most."""
    rows = edition.revisions.filter(key=key).select_related("written_by")
    return rows.order_by("-replaced_at", "-pk")[:20]


def comparable_editions(*, template: models.Template) -> list[models.Edition]:
    """Published editions to compare an instrument's texts with: its own, its model's, and those of other adaptations of that.

    Own ones first, then the model's, each newest first; with template and frozen text.
    """
    family = Q(template=template)
    if template.model_id is not None:
        family |= Q(template=template.model_id) | Q(template__model=template.model_id)
    rows = (
        models.Edition.objects.published()
        .filter(family)
        .filter(
            Q(template=template)
            | Q(template__campaign=None)
            | Q(template__campaign__state=CampaignState.PUBLISHED)
        )
        .select_related("template", "frozen_text")
        .defer("frozen_text__payload")
        .order_by("template__title", "template__slug", "-published_at", "-pk")
    )
    ranks = {template.pk: 0, template.model_id: 1}
    return sorted(rows, key=lambda row: ranks.get(row.template_id, 2))


def first_published_on(*, template_id: UUID) -> date | None:
    """The day an instrument's first edition was published; None when none was."""
    found = models.Edition.objects.published().filter(template=template_id)
    first = found.order_by("published_at", "pk").values_list("frozen_text__frozen_at", flat=True).first()
    return first.date() if first else None


def amendment_reasons(*, old: models.Edition, new: models.Edition) -> dict[str, str]:
    """Why provisions changed from one edition to another of the same instrument, by key: what was said last.

    Between texts of two instruments only what the newer edition says.
    """
    rows = models.AmendmentJustification.objects.filter(edition=new)
    if old.template_id == new.template_id and old.published_at is not None:
        since = models.AmendmentJustification.objects.filter(
            edition__template=new.template_id, edition__published_at__gt=old.published_at
        )
        if new.published_at is not None:
            since = since.filter(edition__published_at__lte=new.published_at)
        rows = rows | since
    ordered = rows.order_by(F("edition__published_at").asc(nulls_last=True), "pk")
    return dict(ordered.values_list("key", "text"))


def adoption_rows() -> QuerySet[models.Adoption]:
    """Every record of provisions taken over, the latest stage first, with edition, instrument, jurisdiction and provisions.

    Their words are left out.
    """
    provisions = models.AdoptedProvision.objects.defer("text").order_by("citation", "pk")
    return (
        models.Adoption.objects.filter(
            Q(edition__template__campaign=None)
            | Q(edition__template__campaign__state=CampaignState.PUBLISHED)
        )
        .select_related("edition__template", "jurisdiction")
        .prefetch_related(Prefetch("provisions", provisions))
        .order_by("-stage_date", "-pk")
    )


def adoption_of(*, slug: str, pk: UUID) -> models.Adoption | None:
    """One record of an instrument, with the frozen text it refers to and the words; or None."""
    return (
        models.Adoption.objects.select_related(
            "edition__template__campaign", "edition__frozen_text", "jurisdiction"
        )
        .prefetch_related("provisions")
        .filter(edition__template__slug=slug, pk=pk)
        .first()
    )
