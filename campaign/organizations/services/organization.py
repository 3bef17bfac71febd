"""Founding an organization, and putting it on record once a mandate is proven."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.core.errors import DomainError
from campaign.core.slugs import free_slug
from campaign.organizations.domains import website_domain
from campaign.organizations.models import (
    HOLDING_CAUSES,
    DuplicateCause,
    DuplicateDecision,
    DuplicateFlag,
    Membership,
    Organization,
    Registration,
    Role,
)
from campaign.organizations.names import folded_name, lookalike_key, number_key
from campaign.organizations.services.names import list_organizations


class DomainSpeaksForAnother(DomainError):
    message = _(
        "Another organization has been confirmed through this domain. Ask its owners to invite you, "
        "or use a domain of your own."
    )


@dataclass(frozen=True)
class RegistrationData:
    """A number in a register, in the form it is stored in: see `registers.stored_number`."""

    register: str
    number: str
    register_name: str = ""

    @property
    def key(self) -> str:
        """What it is compared by."""
        return number_key(self.register, self.number, self.register_name)


@dataclass(frozen=True)
class OrganizationData:
    """What is stated about an organization."""

    legal_name: str
    display_name: str
    kind: str
    country: str
    website: str
    locale: str = "en"
    is_invented: bool = False
    registrations: Sequence[RegistrationData] = ()


@transaction.atomic
def found_organization(*, organization: OrganizationData, owner: User, at: datetime) -> Organization:
    """Create an organization with its first owner. It appears nowhere until a mandate is proven."""
    row = new_organization(organization)
    add_registrations(organization=row, registrations=organization.registrations)
    Membership.objects.create(organization=row, user=owner, role=Role.OWNER)
    log_act(subject_id=row.pk, act="organizations.founded", actor=owner, at=at)
    return row


def new_organization(data: OrganizationData) -> Organization:
    """A row without people and without proof."""
    domain = website_domain(data.website)
    return Organization.objects.create(
        slug=free_slug(data.display_name, taken=Organization.objects.all()),
        legal_name=data.legal_name,
        display_name=data.display_name,
        kind=data.kind,
        country=data.country,
        website=data.website,
        domain=domain,
        locale=data.locale,
        is_invented=data.is_invented,
        folded_name=folded_name(data.display_name),
        lookalike_key=lookalike_key(domain),
    )


def add_registrations(*, organization: Organization, registrations: Sequence[RegistrationData]) -> None:
    """Note numbers in registers. One that is there already stays as it is."""
    Registration.objects.bulk_create(
        (
            Registration(
                organization=organization,
                register=row.register,
                register_name=row.register_name,
                number=row.number,
                number_key=row.key,
            )
            for row in registrations
        ),
        ignore_conflicts=True,
    )


def put_on_record(*, organization: Organization, at: datetime) -> bool:
    """Show an organization that has a proven mandate, unless a duplicate flag holds it back. Whether it is shown now.

    Raises DomainSpeaksForAnother when another one was proven through its domain.
    """
    if organization.proven_at:
        return True
    note_duplicates(organization=organization, at=at)
    if is_held_back(organization=organization):
        return False
    try:
        with transaction.atomic():
            Organization.objects.filter(pk=organization.pk, proven_at=None).update(proven_at=at)
    except IntegrityError:
        raise DomainSpeaksForAnother from None
    organization.refresh_from_db(fields=["proven_at"])
    list_organizations([organization])
    return True


def is_held_back(*, organization: Organization) -> bool:
    """Whether staff has to decide first that it is not another one a second time, or has decided that it is."""
    undecided = Q(cause__in=HOLDING_CAUSES, decision=DuplicateDecision.OPEN)
    return organization.duplicate_flags.filter(undecided | Q(decision=DuplicateDecision.SAME)).exists()


def note_duplicates(*, organization: Organization, at: datetime) -> None:
    """Flag the proven organizations that this one may be a second time. A flag that was decided stays decided."""
    flags = [
        DuplicateFlag(organization=organization, other=other, cause=cause, noticed_at=at)
        for cause, others in _duplicates_of(organization).items()
        for other in others
    ]
    DuplicateFlag.objects.bulk_create(flags, ignore_conflicts=True)


def _duplicates_of(organization: Organization) -> dict[DuplicateCause, QuerySet[Organization]]:
    others = Organization.objects.proven().exclude(pk=organization.pk).order_by("pk")
    numbers = organization.registrations.values("number_key")
    same_number = Registration.objects.filter(number_key__in=numbers).values("organization")
    alike = Q(lookalike_key=organization.lookalike_key) & ~Q(lookalike_key="")
    return {
        DuplicateCause.NUMBER: others.filter(pk__in=same_number),
        DuplicateCause.LOOKALIKE: others.filter(alike).exclude(domain=organization.domain),
        DuplicateCause.NAME: others.filter(folded_name=organization.folded_name),
    }
