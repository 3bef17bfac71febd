"""What staff decides about organizations: documents, reported mandates, doubles. Each decision has its line in the record."""

from datetime import datetime

from django.db import transaction

from campaign.accounts.models import User
from campaign.moderation.models import Act
from campaign.moderation.services.record import record_act
from campaign.organizations import services as organization_services
from campaign.organizations.models import DuplicateFlag, Mandate, Organization


@transaction.atomic
def accept_document(*, mandate: Mandate, has_own_domain: bool, by: User, at: datetime) -> bool:
    """A document shows the authority. Whether the organization is shown now.

    Raises OwnOrganization, MandateCannotMove, DomainSpeaksForAnother.
    """
    is_shown = organization_services.accept_document(
        mandate=mandate, by=by, at=at, has_own_domain=has_own_domain
    )
    _record(Act.ACCEPT, mandate.organization, by=by, at=at)
    return is_shown


@transaction.atomic
def refuse_document(*, mandate: Mandate, reason: str, by: User, at: datetime) -> None:
    """A document does not show it. Raises OwnOrganization, MandateCannotMove."""
    organization_services.refuse_document(mandate=mandate, reason=reason, by=by, at=at)
    _record(Act.REFUSE, mandate.organization, reason, by=by, at=at)


@transaction.atomic
def revoke_mandate(*, mandate: Mandate, reason: str, by: User, at: datetime) -> None:
    """A mandate on record was never authorized. Raises OwnOrganization, MandateCannotMove."""
    organization_services.revoke_mandate(mandate=mandate, reason=reason, by=by, at=at)
    _record(Act.REVOKE, mandate.organization, reason, by=by, at=at)


@transaction.atomic
def dismiss_objection(*, mandate: Mandate, reason: str, by: User, at: datetime) -> None:
    """A mandate stands, whatever an owner says. Raises OwnOrganization, MandateCannotMove."""
    organization_services.dismiss_objection(mandate=mandate, reason=reason, by=by, at=at)
    _record(Act.UPHOLD, mandate.organization, reason, by=by, at=at)


@transaction.atomic
def decide_duplicate(*, flag: DuplicateFlag, is_same: bool, reason: str, by: User, at: datetime) -> bool:
    """Two organizations, or one twice. Whether the later one is shown now. Raises OwnOrganization, DuplicateDecided."""
    is_shown = False
    if is_same:
        organization_services.reject_duplicate(flag=flag, reason=reason, by=by, at=at)
    else:
        is_shown = organization_services.tell_apart(flag=flag, reason=reason, by=by, at=at)
    _record(Act.SAME if is_same else Act.DIFFERENT, flag.organization, reason, by=by, at=at)
    return is_shown


def _record(act: Act, organization: Organization, reason: str = "", *, by: User, at: datetime) -> None:
    note = f"{organization.display_name}: {reason}" if reason else organization.display_name
    record_act(act=act, actor=by, at=at, note=note[:300])
