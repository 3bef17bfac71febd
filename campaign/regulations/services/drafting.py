"""Drafts: begin an instrument, its next edition or an adaptation; set values and switches; name what will be published."""

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
from campaign.regulations.importer import adapted_variables, has_default_for
from campaign.regulations.kinds import EditionState
from campaign.regulations.models import Edition, Template
from campaign.regulations.options import can_be_switched
from campaign.regulations.queries import edition_text
from campaign.regulations.services.editing import DraftIsPublished
from campaign.regulations.services.publishing import publish_edition
from campaign.regulations.services.storing import store_surroundings, store_text
from campaign.regulations.tree import LegalText, walk
from campaign.regulations.values import ValueRefused


class DraftIsThere(DomainError):
    message = _(
        "A draft of this instrument is open already. Go on with that one, or publish or discard it first."
    )


class NotSwitchable(DomainError):
    message = _("This provision is not optional: it always stands in the text.")


class NoSuchVariable(DomainError):
    message = _("Somebody has removed this variable meanwhile.")


class ValuesDoNotFit(DomainError):
    """Values of a wrong form or out of bounds. `refused` has, by the name of a variable, a sentence that says what to write."""

    message = _("Some values do not fit.")

    def __init__(self, refused: dict[str, str]) -> None:
        super().__init__()
        self.refused = refused


class LabelTaken(DomainError):
    message = _("There is an edition of this instrument with that label. Choose a higher one.")


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
                label=_next_label(template, base.label),
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
    if template.campaign is not None:
        log_act(
            subject_id=template.campaign.pk,
            act="regulations.edition_begun",
            actor=person,
            at=at,
            title=template.title,
            label=draft.label,
        )
    return draft


def _next_label(template: Template, label: str) -> str:
    """1.0 → 1.1, and on while that is taken."""
    first, second, *_rest = [int(part) for part in label.split(".")]
    taken = set(template.editions.values_list("label", flat=True))
    while f"{first}.{second}" in taken or f"{first}.{second}" == label:
        second += 1
    return f"{first}.{second}"


@transaction.atomic
def discard_draft(*, edition: Edition, person: User, at: datetime) -> None:
    """Throw a draft away. An instrument that was never published goes with it. Raises DraftIsPublished."""
    draft = open_draft(edition)
    template = draft.template
    if template.campaign is not None:
        log_act(
            subject_id=template.campaign.pk,
            act="regulations.draft_discarded",
            actor=person,
            at=at,
            title=template.title,
            label=draft.label,
        )
    draft.delete()
    if not template.editions.exists():
        template.delete()


def open_draft(edition: Edition) -> Edition:
    """The draft, locked: of two who change it at once, one waits. Raises DraftIsPublished."""
    rows = Edition.objects.select_for_update(of=("self",)).select_related("template", "template__campaign")
    draft = rows.filter(pk=edition.pk, state=EditionState.DRAFT).first()
    if draft is None:
        raise DraftIsPublished
    return draft


@transaction.atomic
def set_options(*, edition: Edition, values: dict[str, str], switches: dict[str, bool]) -> None:
    """Give variables values of this draft's own, and take optional provisions into the text or out of it; all or nothing.

    What is not named stays as it is. An empty value goes back to the default. Of alternatives, the others go out when one comes
    in. Raises DraftIsPublished, NoSuchVariable, NotSwitchable, and ValuesDoNotFit with a sentence for each value refused.
    """
    draft = open_draft(edition)
    text = edition_text(edition=draft)
    draft.values = _with_values(text, values)
    draft.switches = _with_switches(text, switches)
    draft.save(update_fields=["values", "switches"])


def _with_values(text: LegalText, given: dict[str, str]) -> dict[str, str]:
    if given.keys() - text.variables.keys():
        raise NoSuchVariable
    refused = {}
    for name, value in given.items():
        try:
            if value:
                text.variables[name].check(value)
        except ValueRefused as refusal:
            refused[name] = whole_sentence(str(refusal))
    if refused:
        raise ValuesDoNotFit(refused)
    return {
        name: value
        for name, value in (text.values | given).items()
        if name in text.variables and value and value != text.variables[name].default
    }


def whole_sentence(words: str) -> str:
    """What a refused value says, as a sentence of its own."""
    return f"{words[:1].upper()}{words[1:]}."


def _with_switches(text: LegalText, given: dict[str, bool]) -> dict[str, bool]:
    units = {unit.key: unit for unit, _above in walk(text.provisions)}
    if any(key not in units or not can_be_switched(units[key]) for key in given):
        raise NotSwitchable
    taken = {units[key].choice for key, is_on in given.items() if is_on and units[key].choice}
    others = {unit.key: False for unit in units.values() if unit.choice in taken and not given.get(unit.key)}
    return {
        key: is_on
        for key, is_on in (text.switches | given | others).items()
        if key in units and is_on != units[key].is_default
    }


@transaction.atomic
def publish_draft(
    *, edition: Edition, label: str, title: str, change_note: str, person: User, at: datetime
) -> Edition:
    """Name a draft and publish it, all or nothing. Raises DraftIsPublished, LabelTaken, EditionNotPublishable."""
    draft = open_draft(edition)
    template = draft.template
    if template.editions.exclude(pk=draft.pk).filter(label=label).exists():
        raise LabelTaken
    draft.label, draft.title, draft.change_note = label, title, change_note
    draft.save(update_fields=["label", "title", "change_note"])
    published = publish_edition(edition=draft, at=at)
    published.revisions.all().delete()
    published.removed_provisions.all().delete()
    published.model_changes.all().delete()
    if template.campaign is not None:
        log_act(
            subject_id=template.campaign.pk,
            act="regulations.edition_published",
            actor=person,
            at=at,
            title=template.title,
            label=label,
        )
    return published
