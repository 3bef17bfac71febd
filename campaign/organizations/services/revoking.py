"""Deciding that somebody had no authority, and all that follows from it."""

from datetime import datetime

from django.db import transaction

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.organizations.models import Endorsement, Mandate, Organization
from campaign.organizations.services.endorsing import reject_endorsements
from campaign.organizations.services.mandates import MandateCannotMove


@transaction.atomic
def reject_mandate(*, mandate: Mandate, reason: str, by: User | None, at: datetime) -> None:
    """Staff decides that there is or was no authority: a document does not show it, or an owner says so afterwards.

    What was signed under it falls, and where it went out already, that is noted. Who has no other mandate appears nowhere any
    more. Raises MandateCannotMove.
    """
    waiting = Mandate.objects.filter(pk=mandate.pk, rejected_at=None)
    if not waiting.update(rejected_at=at, checked_by=by, reason=reason[:300]):
        raise MandateCannotMove
    reject_endorsements(endorsements=Endorsement.objects.filter(mandate=mandate), reason=reason, at=at)
    proven = Mandate.objects.filter(
        organization=mandate.organization_id, proven_at__isnull=False, rejected_at=None
    )
    if not proven.exists():
        Organization.objects.filter(pk=mandate.organization_id).update(proven_at=None)
    log_act(  # the site's staff is not named to organizations
        subject_id=mandate.organization_id,
        act="organizations.mandate_rejected",
        actor=None,
        at=at,
        function=mandate.signatory_function,
    )
