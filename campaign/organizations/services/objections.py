"""Mandates that were proven and should not have been: an owner objects, or staff finds out."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.core.errors import DomainError
from campaign.mailing.services import mail_row, queue_mails
from campaign.organizations.models import Mandate, MandateObjection, ObjectionDecision
from campaign.organizations.services.mandate_documents import require_outsider
from campaign.organizations.services.mandates import MandateCannotMove
from campaign.organizations.services.revoking import reject_mandate
from campaign.organizations.services.telling import tell_people


class ObjectedAlready(DomainError):
    message = _("This is with the site’s staff already. You hear of what they decide by mail.")


@transaction.atomic
def object_to_mandate(*, mandate: Mandate, reason: str, by: User, at: datetime) -> MandateObjection:
    """An owner says that a mandate was never authorized. Nothing changes until staff decides.

    Raises MandateCannotMove when it was never proven or is refused, ObjectedAlready.
    """
    if not Mandate.objects.filter(pk=mandate.pk, proven_at__isnull=False, rejected_at=None).exists():
        raise MandateCannotMove
    row = MandateObjection(mandate=mandate, stated_by=by, reason=reason, stated_at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise ObjectedAlready from None
    log_act(
        subject_id=mandate.organization_id,
        act="organizations.objected",
        actor=by,
        at=at,
        function=mandate.signatory_function,
    )
    return row


@transaction.atomic
def revoke_mandate(*, mandate: Mandate, reason: str, by: User, at: datetime) -> None:
    """Staff finds that there never was authority: what was signed under it falls. Signatory and owners read the reason.

    Raises OwnOrganization, MandateCannotMove.
    """
    mandate = _locked(mandate)
    require_outsider(organization=mandate.organization, by=by, mandate=mandate)
    if mandate.proven_at is None:
        raise MandateCannotMove
    reject_mandate(mandate=mandate, reason=reason, by=by, at=at)
    _close(mandate, ObjectionDecision.UPHELD, answer=reason, by=by, at=at)
    tell_people(
        kind="organizations.mandate_decided",
        organization=mandate.organization,
        mandate=mandate,
        about_id=mandate.pk,
        at=at,
    )


@transaction.atomic
def dismiss_objection(*, mandate: Mandate, reason: str, by: User, at: datetime) -> None:
    """Staff finds that the mandate stands. Who objected reads the reason. Raises OwnOrganization, MandateCannotMove."""
    mandate = _locked(mandate)
    require_outsider(organization=mandate.organization, by=by, mandate=mandate)
    closed = _close(mandate, ObjectionDecision.DISMISSED, answer=reason, by=by, at=at)
    if not closed:
        raise MandateCannotMove
    log_act(
        subject_id=mandate.organization_id,
        act="organizations.objection_dismissed",
        actor=None,
        at=at,
        function=mandate.signatory_function,
    )
    queue_mails(
        mail_row(
            kind="organizations.objection",
            to=row.stated_by.email,
            locale=row.stated_by.locale,
            about_id=row.pk,
            at=at,
        )
        for row in closed
        if row.stated_by is not None
    )


def _locked(mandate: Mandate) -> Mandate:
    return Mandate.objects.select_for_update(of=("self",)).select_related("organization").get(pk=mandate.pk)


def _close(
    mandate: Mandate, decision: ObjectionDecision, *, answer: str, by: User, at: datetime
) -> list[MandateObjection]:
    """The objections that were open, now decided."""
    rows = list(mandate.objections.filter(decision=ObjectionDecision.OPEN).select_related("stated_by"))
    mandate.objections.filter(pk__in=[row.pk for row in rows]).update(
        decision=decision, answer=answer[:300], decided_by=by, decided_at=at
    )
    return rows
