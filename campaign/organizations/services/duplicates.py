"""What staff decides about organizations that may be one and the same."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.core.errors import DomainError
from campaign.organizations.models import (
    DuplicateDecision,
    DuplicateFlag,
    Endorsement,
    Mandate,
    Organization,
)
from campaign.organizations.services.endorsing import reject_endorsements
from campaign.organizations.services.mandate_documents import require_outsider
from campaign.organizations.services.organization import DomainSpeaksForAnother, put_on_record
from campaign.organizations.services.telling import tell_people


class DuplicateDecided(DomainError):
    message = _("Somebody else has decided this meanwhile. Load the page again to see how.")


@transaction.atomic
def tell_apart(*, flag: DuplicateFlag, reason: str, by: User, at: datetime) -> bool:
    """Staff finds that they are two organizations. The later one is shown, once nothing else holds it back: whether it is now.

    Raises OwnOrganization, DuplicateDecided.
    """
    organization = _decide(flag, DuplicateDecision.DIFFERENT, reason=reason, by=by, at=at)
    was_shown = organization.proven_at is not None
    is_shown = was_shown or _show(organization, at=at)
    if is_shown and not was_shown:
        tell_people(kind="organizations.duplicate", organization=organization, about_id=flag.pk, at=at)
    return is_shown


@transaction.atomic
def reject_duplicate(*, flag: DuplicateFlag, reason: str, by: User, at: datetime) -> int:
    """Staff finds that the later one is the other a second time: what it signed falls, and it is shown nowhere.

    Its owners read the reason. Returns how many endorsements fell. Raises OwnOrganization, DuplicateDecided.
    """
    organization = _decide(flag, DuplicateDecision.SAME, reason=reason, by=by, at=at)
    signed = Endorsement.objects.filter(organization=organization)
    fallen = reject_endorsements(endorsements=signed, reason=reason, at=at)
    Organization.objects.filter(pk=organization.pk).update(proven_at=None)
    log_act(subject_id=organization.pk, act="organizations.found_twice", actor=None, at=at)
    tell_people(kind="organizations.duplicate", organization=organization, about_id=flag.pk, at=at)
    return fallen


def _decide(
    flag: DuplicateFlag, decision: DuplicateDecision, *, reason: str, by: User, at: datetime
) -> Organization:
    """The organization in question, locked: of two flags decided at once, one sees that the other is decided."""
    organization = Organization.objects.select_for_update().get(pk=flag.organization_id)
    for row in (organization, flag.other):
        require_outsider(organization=row, by=by)
    decided = DuplicateFlag.objects.filter(pk=flag.pk, decision=DuplicateDecision.OPEN)
    if not decided.update(decision=decision, reason=reason[:300], decided_at=at, decided_by=by):
        raise DuplicateDecided
    return organization


def _show(organization: Organization, *, at: datetime) -> bool:
    if not Mandate.objects.in_force_at(at).filter(organization=organization).exists():
        return False
    try:
        return put_on_record(organization=organization, at=at)
    except DomainSpeaksForAnother:  # its owners read it when they prove a mandate
        return False
