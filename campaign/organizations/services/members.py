"""Who works for an organization here: inviting, accepting, changing roles, leaving."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act, person
from campaign.core.errors import DomainError
from campaign.mailing.models import Priority
from campaign.mailing.services import mails_since, queue_mail, recipient_keys
from campaign.organizations.models import Invitation, Membership, Organization, Role
from campaign.organizations.services.mails import DAY, MAILS_A_DAY, LinkExpired, TooManyMails

INVITATION_DAYS = 14


class LastOwner(DomainError):
    message = _("An organization needs an owner. Name another owner first.")


class NoMemberAnyMore(DomainError):
    message = _("This person is no member any more. Load the page again to see who is.")


class AlreadyMember(DomainError):
    message = _("This person is a member already.")


class OtherAddress(DomainError):
    message = _("This invitation went to another address. Sign in with the address it was sent to.")


@transaction.atomic
def invite_member(
    *, organization: Organization, email: str, role: str, invited_by: User, locale: str, at: datetime
) -> None:
    """Mail an invitation. Inviting the same address again renews it. Raises AlreadyMember, TooManyMails."""
    if Membership.objects.filter(organization=organization, user__email__iexact=email).exists():
        raise AlreadyMember
    keys = recipient_keys(email)
    if mails_since(kind="organizations.invitation", keys=keys, since=at - DAY) >= MAILS_A_DAY:
        raise TooManyMails
    Invitation.objects.filter(organization=organization, email_key__in=keys, accepted_at=None).delete()
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        email_key=keys[0],
        role=role,
        invited_by=invited_by,
        expires_at=at + timedelta(days=INVITATION_DAYS),
    )
    queue_mail(
        kind="organizations.invitation",
        to=email,
        locale=locale,
        about_id=invitation.pk,
        at=at,
        priority=Priority.SOON,
    )
    log_act(subject_id=organization.pk, act="organizations.invited", actor=invited_by, at=at, role=role)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User, at: datetime) -> None:
    """Make the invited person a member. Raises LinkExpired, or OtherAddress for somebody else's account."""
    if bytes(invitation.email_key) not in recipient_keys(user.email):
        raise OtherAddress
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=at)
    if not taken.update(accepted_at=at):
        raise LinkExpired
    Membership.objects.get_or_create(
        organization=invitation.organization, user=user, defaults={"role": invitation.role}
    )
    log_act(
        subject_id=invitation.organization_id,
        act="organizations.joined",
        actor=user,
        at=at,
        role=invitation.role,
    )


@transaction.atomic
def set_member_role(*, membership: Membership, role: str, by: User, at: datetime) -> None:
    """Change what a member may do. Raises LastOwner, NoMemberAnyMore."""
    _keep_an_owner(membership, role=role)
    if not Membership.objects.filter(pk=membership.pk).update(role=role):
        raise NoMemberAnyMore
    log_act(
        subject_id=membership.organization_id,
        act="organizations.role_changed",
        actor=by,
        at=at,
        member=person(membership.user),
        role=role,
    )


@transaction.atomic
def remove_member(*, membership: Membership, by: User, at: datetime) -> None:
    """End a membership: an owner removes somebody, or somebody leaves. Raises LastOwner, NoMemberAnyMore."""
    _keep_an_owner(membership, role="")
    if not Membership.objects.filter(pk=membership.pk).delete()[0]:
        raise NoMemberAnyMore
    log_act(
        subject_id=membership.organization_id,
        act="organizations.left" if by == membership.user else "organizations.member_removed",
        actor=by,
        at=at,
        member=person(membership.user),
    )


def _keep_an_owner(membership: Membership, *, role: str) -> None:
    """Hold all owners' rows, in one order: of two that leave at once, the second finds itself the last."""
    owners = Membership.objects.select_for_update().filter(
        organization=membership.organization_id, role=Role.OWNER
    )
    if role != Role.OWNER and [owner.pk for owner in owners.order_by("pk")] == [membership.pk]:
        raise LastOwner
