"""Who took over which provisions of an edition: record it, change it, check it, remove it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.models import Jurisdiction
from campaign.core.errors import DomainError
from campaign.regulations.models import AdoptedProvision, Adoption, Edition
from campaign.regulations.numbered import NumberedText, walk_numbered
from campaign.regulations.services.logging import log_work


class AdoptionGone(DomainError):
    message = _("Somebody has removed this record meanwhile.")


class ProvisionNotThere(DomainError):
    message = _("This provision does not stand in that edition. Choose one that does.")


class OtherEditionLacks(DomainError):
    message = _(
        "That edition does not have every provision that is recorded here. Choose another edition, or take these out first."
    )


class ProvisionRecorded(DomainError):
    message = _("This provision is recorded already. Change what is recorded of it.")


@dataclass(frozen=True, slots=True)
class AdoptionFacts:
    """What somebody says of a body that took over provisions."""

    jurisdiction: Jurisdiction
    body: str
    title: str
    address: str
    locale: str
    stage: str
    stage_date: date
    note: str

    def as_fields(self) -> dict[str, object]:
        """By the names of the columns."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class AdoptedWords:
    """One provision by its key, where it stands in the body's text, and its words there."""

    key: str
    citation: str
    text: str


@transaction.atomic
def record_adoption(*, edition: Edition, facts: AdoptionFacts, person: User, at: datetime) -> Adoption:
    """Record that a body has taken over provisions of a published edition. Nobody has checked it yet."""
    adoption = Adoption.objects.create(
        edition=edition, campaign=edition.template.campaign, **facts.as_fields()
    )
    _log(adoption, "regulations.adoption_recorded", person, at)
    return adoption


@transaction.atomic
def change_adoption(
    *, adoption: Adoption, edition: Edition, facts: AdoptionFacts, person: User, at: datetime
) -> Adoption:
    """Change what is recorded. What was checked before has to be checked again, unless nothing but the note is another.

    Raises AdoptionGone and OtherEditionLacks.
    """
    row = _locked(adoption)
    if edition.pk != row.edition_id:
        keys = set(row.provisions.values_list("key", flat=True))
        if keys - _keys_of(edition):
            raise OtherEditionLacks
    fields = {"edition": edition, **facts.as_fields()}
    changed = {name for name, value in fields.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, fields[name])
    if changed - {"note"}:
        row.checked_by, row.checked_on = "", None
    row.save()
    if changed:
        _log(row, "regulations.adoption_changed", person, at)
    return row


@transaction.atomic
def remove_adoption(*, adoption: Adoption, person: User, at: datetime) -> None:
    """Remove a record with the words in it. Raises AdoptionGone."""
    row = _locked(adoption)
    _log(row, "regulations.adoption_removed", person, at)
    row.delete()


@transaction.atomic
def add_adopted_words(*, adoption: Adoption, words: AdoptedWords, person: User, at: datetime) -> None:
    """Record one provision more. The whole has to be checked again.

    Raises AdoptionGone, ProvisionNotThere and ProvisionRecorded.
    """
    row = _locked(adoption)
    _require_provision(row, words.key)
    if row.provisions.filter(key=words.key).exists():
        raise ProvisionRecorded
    AdoptedProvision.objects.create(adoption=row, **asdict(words))
    _uncheck(row)
    _log(row, "regulations.adoption_changed", person, at)


@transaction.atomic
def change_adopted_words(
    *, provision: AdoptedProvision, words: AdoptedWords, person: User, at: datetime
) -> None:
    """Change what is recorded of one provision. The whole has to be checked again.

    Raises AdoptionGone, ProvisionNotThere and ProvisionRecorded.
    """
    row = _locked(provision.adoption)
    _require_provision(row, words.key)
    if row.provisions.filter(key=words.key).exclude(pk=provision.pk).exists():
        raise ProvisionRecorded
    if not row.provisions.filter(pk=provision.pk).update(**asdict(words)):
        raise AdoptionGone
    _uncheck(row)
    _log(row, "regulations.adoption_changed", person, at)


@transaction.atomic
def remove_adopted_words(*, provision: AdoptedProvision, person: User, at: datetime) -> None:
    """Take one provision out of a record. The rest stays as it was checked. Raises AdoptionGone."""
    row = _locked(provision.adoption)
    removed, _rows = row.provisions.filter(pk=provision.pk).delete()
    if removed:
        _log(row, "regulations.adoption_changed", person, at)


@transaction.atomic
def check_adoption(*, adoption: Adoption, name: str, on: date, person: User, at: datetime) -> None:
    """Note who compared a record with the official text, and on which day. Raises AdoptionGone."""
    row = _locked(adoption)
    row.checked_by, row.checked_on = name, on
    row.save(update_fields=["checked_by", "checked_on"])
    _log(row, "regulations.adoption_checked", person, at)


def _locked(adoption: Adoption) -> Adoption:
    rows = Adoption.objects.select_for_update(of=("self",)).select_related("edition__template__campaign")
    row = rows.filter(pk=adoption.pk).first()
    if row is None:
        raise AdoptionGone
    return row


def _uncheck(row: Adoption) -> None:
    row.checked_by, row.checked_on = "", None
    row.save(update_fields=["checked_by", "checked_on"])


def _require_provision(row: Adoption, key: str) -> None:
    if key not in _keys_of(row.edition):
        raise ProvisionNotThere


def _keys_of(edition: Edition) -> set[str]:
    assert edition.frozen_text is not None  # published editions only  # noqa: S101
    law = NumberedText.of_payload(edition.frozen_text.data)
    return {item.key for _depth, item in walk_numbered(law.provisions)}


def _log(row: Adoption, act: str, person: User, at: datetime) -> None:
    log_work(template=row.edition.template, act=act, person=person, at=at, body=row.body)
