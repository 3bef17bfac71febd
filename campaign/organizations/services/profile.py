"""What an organization says of itself, its logo, and the networks it belongs to."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act, release_lock, require_lock
from campaign.core.errors import DomainError
from campaign.documents.canonical import canonical_json
from campaign.organizations.domains import website_domain
from campaign.organizations.logos import DrawnLogo, forget_logo, keep_logo
from campaign.organizations.models import (
    Affiliation,
    Inclusion,
    Mandate,
    Organization,
    OrganizationKind,
)
from campaign.organizations.names import lookalike_key
from campaign.organizations.services.names import list_organizations, rename_organization
from campaign.organizations.services.organization import (
    RegistrationData,
    add_registrations,
    note_duplicates,
)

MOST_NETWORKS = 50


class DomainIsProven(DomainError):
    message = _(
        "The mandate of this organization was proven for another domain than this website's, so the website cannot move there. "
        "Stay on the domain that was proven, or add an organization with the new domain and prove a mandate for it."
    )


class ProfileChanged(DomainError):
    message = _(
        "Somebody saved this profile while you had it open. What you typed is kept: compare it with the profile's page, then "
        "save again."
    )


class NotANetwork(DomainError):
    message = _("Only a network of organizations whose mandate was proven can have members here.")


class TooManyNetworks(DomainError):
    message = _("An organization can state fifty networks. Remove one before you add another.")


class AffiliationIsGone(DomainError):
    message = _("The organization has taken its statement back meanwhile.")


@dataclass(frozen=True)
class ProfileData:
    """What a profile says, beside names in other languages and the logo."""

    legal_name: str
    display_name: str
    acronym: str
    kind: str
    country: str
    seat_region: str
    active_in: Sequence[str]
    website: str
    locale: str
    about: str
    registrations: Sequence[RegistrationData] = ()
    needs_second_person: bool | None = None  # None leaves it as it is: owners alone decide


PLAIN = (
    *("legal_name", "acronym", "kind", "country", "seat_region", "active_in", "website", "locale", "about"),
    "needs_second_person",
)


def profile_lock(organization_id: UUID) -> str:
    """The key under which a profile is held open for editing."""
    return f"organizations.organization:{organization_id}"


def profile_version(organization: Organization) -> str:
    """A digest of what the profile says now: whoever saves names the one they saw."""
    said: dict[str, Any] = {name: _plain(getattr(organization, name)) for name in (*PLAIN, "display_name")}
    numbers = organization.registrations.order_by("number_key").values_list(
        "register", "number", "register_name"
    )
    said["registrations"] = [list(row) for row in numbers]
    return hashlib.sha256(canonical_json(said)).hexdigest()[:20]


def _plain(value: Any) -> Any:
    return value if isinstance(value, list | bool) else str(value)


@transaction.atomic
def edit_profile(
    *, organization: Organization, data: ProfileData, seen: str, by: User, at: datetime
) -> Organization:
    """Change a profile. Renaming is noted wherever a list went out already.

    `seen` is the version that the person saw. Raises EditedByAnother, ProfileChanged, DomainIsProven.
    """
    require_lock(key=profile_lock(organization.pk), user=by, at=at)
    row = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    if profile_version(row) != seen:
        raise ProfileChanged
    domain = website_domain(data.website)
    # On a shared host staff may have found that the organization speaks for no domain: there it can stay.
    if domain not in {row.domain, website_domain(row.website)}:
        if row.proven_at or _was_mandated(row):
            raise DomainIsProven
        row.domain, row.lookalike_key = domain, lookalike_key(domain)
    changed = _changed(row, data)
    for name in changed:
        setattr(row, name, getattr(data, name))
    row.active_in = list(data.active_in)
    row.save(update_fields=[*PLAIN, "domain", "lookalike_key"])
    if _set_registrations(row, data.registrations):
        changed.append("registrations")
    if row.display_name != data.display_name:
        rename_organization(organization=row, name=data.display_name, by=by, at=at)
    elif row.proven_at and {"country", "acronym"} & set(changed):
        list_organizations([row])
    if row.proven_at:
        note_duplicates(organization=row, at=at)
    if changed:
        fields = ", ".join(_label(name) for name in changed)
        log_act(subject_id=row.pk, act="organizations.profile_changed", actor=by, at=at, fields=fields)
    release_lock(key=profile_lock(row.pk), user=by)
    return row


def _was_mandated(organization: Organization) -> bool:
    """Proven, and held back: staff decides about the domain that it was proven with."""
    return Mandate.objects.filter(
        organization=organization, proven_at__isnull=False, rejected_at=None
    ).exists()


def _changed(row: Organization, data: ProfileData) -> list[str]:
    names = [name for name in PLAIN if name != "needs_second_person" or data.needs_second_person is not None]
    return [name for name in names if _plain(getattr(row, name)) != _plain(_listed(getattr(data, name)))]


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _label(name: str) -> str:
    if name == "registrations":
        return str(_("Registers"))
    return str(Organization._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _set_registrations(organization: Organization, stated: Sequence[RegistrationData]) -> bool:
    before = {row.number_key: row for row in organization.registrations.all()}
    wanted = {row.key: row for row in stated}
    same = {
        key
        for key, row in wanted.items()
        if key in before
        and (before[key].number, before[key].register_name) == (row.number, row.register_name)
    }
    organization.registrations.exclude(number_key__in=same).delete()
    add_registrations(
        organization=organization, registrations=[row for key, row in wanted.items() if key not in same]
    )
    return len(same) != len(wanted) or len(same) != len(before)


# --- Logo ---------------------------------------------------------------------


@transaction.atomic
def set_logo(
    *, organization: Organization, drawn: DrawnLogo | None, uses: Sequence[str], by: User, at: datetime
) -> None:
    """Keep a logo, and where it may be shown; without `drawn`, the one there is stays. Without consent it is shown nowhere."""
    row = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    before = _logo_names(row)
    if drawn is not None:
        row.logo.name, row.logo_small.name = keep_logo(drawn.large), keep_logo(drawn.small)
    row.logo_uses = sorted(uses)
    row.save(update_fields=["logo", "logo_small", "logo_uses"])
    transaction.on_commit(partial(_forget_unused, before, row.pk))
    log_act(subject_id=row.pk, act="organizations.logo_set", actor=by, at=at)


@transaction.atomic
def remove_logo(*, organization: Organization, by: User, at: datetime) -> None:
    """Show the logo nowhere any more. Documents that were made keep it. Twice is once."""
    row = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    before = _logo_names(row)
    if not before:
        return
    Organization.objects.filter(pk=row.pk).update(logo="", logo_small="", logo_uses=[])
    transaction.on_commit(partial(_forget_unused, before, row.pk))
    log_act(subject_id=row.pk, act="organizations.logo_removed", actor=by, at=at)


def _logo_names(organization: Organization) -> list[str]:
    return [name for name in (organization.logo.name, organization.logo_small.name) if name]


def _forget_unused(names: list[str], organization_id: UUID) -> None:
    """Another organization may have the same picture. The small one of who is on record stays: a document may still print it."""
    went_out = Inclusion.objects.filter(endorsement__organization=organization_id).exists()
    for place, name in enumerate(names):
        is_small = place == 1
        used = Organization.objects.filter(Q(logo=name) | Q(logo_small=name)).exists()
        if not used and not (is_small and went_out):
            forget_logo(name)


# --- Networks -----------------------------------------------------------------


@transaction.atomic
def state_affiliation(*, member: Organization, network: Organization, by: User, at: datetime) -> Affiliation:
    """Say that an organization belongs to a network. It is shown once the network agrees. Twice is once.

    Raises NotANetwork, TooManyNetworks.
    """
    is_network = network.kind == OrganizationKind.NETWORK and network.proven_at is not None
    if not is_network or network.pk == member.pk:
        raise NotANetwork
    Organization.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if member.affiliations.exclude(network=network).count() >= MOST_NETWORKS:
        raise TooManyNetworks
    row, is_new = Affiliation.objects.get_or_create(
        member=member, network=network, defaults={"stated_at": at}
    )
    if is_new:
        _log_both(row, "organizations.affiliation_stated", by=by, at=at)
    return row


@transaction.atomic
def accept_affiliation(*, affiliation: Affiliation, by: User, at: datetime) -> None:
    """The network agrees: both are shown with each other. Twice is once. Raises AffiliationIsGone."""
    if Affiliation.objects.filter(pk=affiliation.pk, accepted_at=None).update(accepted_at=at):
        _log_both(affiliation, "organizations.affiliation_accepted", by=by, at=at)
    elif not Affiliation.objects.filter(pk=affiliation.pk).exists():
        raise AffiliationIsGone


@transaction.atomic
def end_affiliation(*, affiliation: Affiliation, by: User, at: datetime) -> None:
    """Either side says that it is not so, or not any more. Twice is once."""
    deleted, _rows = Affiliation.objects.filter(pk=affiliation.pk).delete()
    if deleted:
        _log_both(affiliation, "organizations.affiliation_ended", by=by, at=at)


def _log_both(row: Affiliation, act: str, *, by: User, at: datetime) -> None:
    facts = {"member": row.member.display_name, "network": row.network.display_name}
    for subject_id in (row.member_id, row.network_id):
        log_act(subject_id=subject_id, act=act, actor=by, at=at, **facts)
