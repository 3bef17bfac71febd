"""The text has changed: standing behind the new one too, or not."""

from datetime import datetime

from django.db import IntegrityError, transaction

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.organizations.domains import is_own_domain
from campaign.organizations.models import Endorsement, EndorsementState, Mandate, Organization
from campaign.organizations.services.endorsing import (
    WHOLE,
    EndorsesAlready,
    Support,
    accept,
    mandate_from_mail,
    require_current,
)
from campaign.organizations.services.mails import LinkExpired
from campaign.organizations.services.mandates import MandateNotInForce, mandate_of, mandate_statement


@transaction.atomic
def renew_endorsement(
    *, endorsement: Endorsement, at: datetime, by: User | None = None, support: Support = WHOLE
) -> Endorsement:
    """Stand behind the changed text too. By the link in the signatory's mail, or signed in.

    A mandate that is over is renewed by the link, when it came through the organization's own domain.
    Raises LinkExpired when there is nothing to renew any more, TextMovedOn, MandateNotInForce.
    """
    endorsement = Endorsement.objects.select_for_update(of=("self",)).get(pk=endorsement.pk)
    if endorsement.state in {EndorsementState.ACCEPTED, EndorsementState.SECOND}:
        return endorsement
    if endorsement.state != EndorsementState.TO_RENEW:
        raise LinkExpired
    require_current(endorsement.frozen_text)
    organization = endorsement.organization
    assert organization is not None  # noqa: S101  who is asked again was accepted before
    if by is not None:
        mandate = mandate_of(user=by, organization=organization, at=at)
        endorsement.mandate, endorsement.email_key = mandate, bytes(mandate.email_key)
        endorsement.signatory_name, endorsement.signatory_function = (
            mandate.signatory_name,
            mandate.signatory_function,
        )
        endorsement.signatory_email, endorsement.locale = mandate.signatory_email, mandate.locale
    else:
        endorsement.mandate = _mandate_to_renew(endorsement, organization, at=at)
    for column, value in support.columns().items():
        setattr(endorsement, column, value)
    endorsement.stated_at, endorsement.stated_by = at, by
    endorsement.statement = mandate_statement(organization_name=organization.legal_name)
    try:
        with transaction.atomic():
            accept(endorsement, at=at)
    except IntegrityError:  # a colleague endorsed the new text meanwhile: that one stands
        raise EndorsesAlready from None
    return endorsement


def _mandate_to_renew(endorsement: Endorsement, organization: Organization, *, at: datetime) -> Mandate:
    mandate = endorsement.mandate
    own = mandate is not None and bytes(mandate.email_key) == bytes(endorsement.email_key)
    if own and mandate is not None and mandate.is_in_force_at(at):
        return mandate
    revoked = mandate is not None and (mandate.withdrawn_at or mandate.rejected_at)
    is_own = is_own_domain(address=endorsement.signatory_email or "", website=organization.website)
    if revoked or not is_own:
        raise MandateNotInForce
    return mandate_from_mail(endorsement, organization, at=at)


@transaction.atomic
def decline_renewal(*, endorsement: Endorsement, at: datetime) -> None:
    """Not stand behind the changed text. Twice is once. Raises LinkExpired."""
    changed = Endorsement.objects.filter(pk=endorsement.pk, state=EndorsementState.TO_RENEW).update(
        state=EndorsementState.DECLINED, ended_at=at
    )
    if changed:
        log_act(
            subject_id=endorsement.organization_id,  # type: ignore[arg-type]  # who is asked again has one
            act="organizations.renewal_declined",
            actor=None,
            at=at,
            text=endorsement.frozen_text.title,
        )
    elif not Endorsement.objects.filter(pk=endorsement.pk, state=EndorsementState.DECLINED).exists():
        raise LinkExpired
