"""Drafts: begin an instrument, its next edition or an adaptation; discard it, or name it and publish it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.campaigns.models import Campaign, Jurisdiction
from campaign.core.errors import DomainError
from campaign.core.slugs import free_slug
from campaign.regulations.defaults import adapted_variables, has_default_for
from campaign.regulations.drafts import text_digest
from campaign.regulations.models import Edition, ModelChange, Template
from campaign.regulations.queries import edition_text
from campaign.regulations.services.logging import log_work
from campaign.regulations.services.opening import open_draft
from campaign.regulations.services.publishing import label_rank, publish_edition, require_higher_label
from campaign.regulations.services.storing import store_surroundings, store_text


class DraftIsThere(DomainError):
    message = _(
        "A draft of this instrument is open already. Go on with that one, or publish or discard it first."
    )


class TextChanged(DomainError):
    message = _("Somebody has changed the text since you opened this page. Look at it, and publish again.")


@dataclass(frozen=True, slots=True)
class InstrumentFacts:
    """What somebody says of a new instrument or adaptation."""

    title: str
    tradition: str
    locale: str
    summary: str
    disclaimer: str
    kind: str = ""  # of an adaptation: that of its model


@transaction.atomic
def start_instrument(*, campaign: Campaign, facts: InstrumentFacts, person: User, at: datetime) -> Edition:
    """Begin an instrument of a campaign, with an empty draft of its edition 1.0."""
    template = Template.objects.create(
        slug=free_slug(facts.title, taken=Template.objects.all()),
        title=facts.title,
        kind=facts.kind,
        tradition=facts.tradition,
        locale=facts.locale,
        summary=facts.summary,
        disclaimer=facts.disclaimer,
        campaign=campaign,
    )
    edition = Edition.objects.create(template=template, label="1.0", title=facts.title)
    log_act(
        subject_id=campaign.pk, act="regulations.instrument_begun", actor=person, at=at, title=template.title
    )
    return edition


@transaction.atomic
def adapt_edition(
    *,
    edition: Edition,
    campaign: Campaign,
    jurisdiction: Jurisdiction,
    facts: InstrumentFacts,
    person: User,
    at: datetime,
) -> Edition:
    """Begin the adaptation of a published edition to a jurisdiction: its text, with the defaults proposed for there.

    The hooks are not taken along: law of one place is no ground in another.
    """
    model = edition.template
    template = Template.objects.create(
        slug=free_slug(facts.title, taken=Template.objects.all()),
        title=facts.title,
        kind=model.kind,
        tradition=facts.tradition,
        locale=facts.locale,
        summary=facts.summary,
        disclaimer=facts.disclaimer,
        campaign=campaign,
        model=model,
        jurisdiction=jurisdiction,
    )
    text = edition_text(edition=edition)
    text.variables = adapted_variables(text, jurisdiction.code)
    draft = Edition.objects.create(
        template=template,
        label="1.0",
        title=edition.title,
        model_edition=edition,
        values={
            name: value
            for name, value in text.values.items()
            if name in text.variables and not has_default_for(text.variables[name], jurisdiction.code)
        },
        switches=text.switches,
    )
    store_text(edition=draft, text=text)
    store_surroundings(edition=draft, hooks=[], objections=edition.objections.order_by("position", "pk"))
    log_act(
        subject_id=campaign.pk,
        act="regulations.edition_adapted",
        actor=person,
        at=at,
        title=template.title,
        jurisdiction=jurisdiction.name,
    )
    return draft


@transaction.atomic
def start_edition(*, template: Template, person: User, at: datetime) -> Edition:
    """Begin the next edition with the text of the newest one. Raises DraftIsThere."""
    base = template.editions.published().order_by("-published_at", "-pk").first()
    assert base is not None  # a template without one has a draft  # noqa: S101
    try:
        with transaction.atomic():
            draft = Edition.objects.create(
                template=template,
                label=_next_label(template),
                title=base.title,
                base=base,
                values=base.values,
                switches=base.switches,
                model_edition=base.model_edition,
            )
    except IntegrityError:
        raise DraftIsThere from None
    store_text(edition=draft, text=edition_text(edition=base))
    store_surroundings(
        edition=draft,
        hooks=base.hooks.order_by("position", "pk"),
        objections=base.objections.order_by("position", "pk"),
    )
    _keep_answers(base, draft)
    log_work(template=template, act="regulations.edition_begun", person=person, at=at, label=draft.label)
    return draft


def _keep_answers(base: Edition, draft: Edition) -> None:
    """What was decided about the model is not asked again, though the base was published before all was."""
    ModelChange.objects.bulk_create(
        ModelChange(
            edition=draft,
            model_edition_id=row.model_edition_id,
            key=row.key,
            digest=row.digest,
            decision=row.decision,
            decided_by_id=row.decided_by_id,
            decided_at=row.decided_at,
        )
        for row in base.model_changes.order_by("pk")
    )


def _next_label(template: Template) -> str:
    """1.0 → 1.1: above all there are."""
    highest = max(template.editions.values_list("label", flat=True), key=label_rank)
    first, second, *_rest = label_rank(highest)
    return f"{first}.{second + 1}"


@transaction.atomic
def discard_draft(*, edition: Edition, person: User, at: datetime) -> None:
    """Throw a draft away. An instrument that was never published goes with it. Raises DraftIsPublished."""
    draft = open_draft(edition)
    template = draft.template
    log_work(template=template, act="regulations.draft_discarded", person=person, at=at, label=draft.label)
    draft.delete()
    if not template.editions.exists():
        template.delete()


@transaction.atomic
def publish_draft(
    *,
    edition: Edition,
    label: str,
    title: str,
    change_note: str,
    person: User,
    at: datetime,
    seen: str | None = None,
) -> Edition:
    """Name a draft and publish it, all or nothing. `seen` is the digest of the text that was looked at (`text_digest`).

    Raises DraftIsPublished, TextChanged, LabelTaken, LabelTooLow, EditionNotPublishable.
    """
    draft = open_draft(edition)
    if seen is not None and text_digest(edition_text(edition=draft)) != seen:
        raise TextChanged
    require_higher_label(edition=draft, label=label)
    draft.label, draft.title, draft.change_note = label, title, change_note
    draft.save(update_fields=["label", "title", "change_note"])
    published = publish_edition(edition=draft, at=at)
    published.revisions.all().delete()
    published.removed_provisions.all().delete()
    log_work(template=draft.template, act="regulations.edition_published", person=person, at=at, label=label)
    return published
