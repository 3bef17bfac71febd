"""Inviting people into a campaign's team, and their answer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.campaigns.models import Campaign, TeamInvitation, TeamMember, TeamRole
from campaign.campaigns.services.team import NotInTheCoalition, WorksForAnother, set_team_role
from campaign.core.errors import DomainError
from campaign.mailing.models import Priority
from campaign.mailing.services import mails_since, queue_mail, recipient_keys
from campaign.organizations.models import Membership, Organization, Role
from campaign.organizations.services import LinkExpired, OtherAddress, TooManyMails

INVITATION_DAYS = 14
MAILS_A_DAY = 5
DAY = timedelta(days=1)


class InTheTeamAlready(DomainError):
    message = _("This person is in the team already. Change their role there.")


class TakenInFirst(DomainError):
    message = _(
        "You are not a member of the organization you would work for. Ask its owners to take you in, then open this link again."
    )


@transaction.atomic
def invite_to_team(
    *,
    campaign: Campaign,
    organization: Organization,
    email: str,
    role: str,
    by: TeamMember,
    locale: str,
    at: datetime,
) -> None:
    """Mail an invitation to work in the campaign for one organization of the coalition. The same address again renews it.

    Who works for a partner invites for that partner alone.
    Raises InTheTeamAlready, NotInTheCoalition, WorksForAnother, TooManyMails.
    """
    partners = campaign.partnerships.accepted().values_list("organization_id", flat=True)
    if organization.pk not in {campaign.owner_id, *partners}:
        raise NotInTheCoalition
    if by.organization_id not in {campaign.owner_id, organization.pk}:
        raise WorksForAnother
    if TeamMember.objects.filter(campaign=campaign, user__email__iexact=email).exists():
        raise InTheTeamAlready
    keys = recipient_keys(email)
    if mails_since(kind="campaigns.invitation", keys=keys, since=at - DAY) >= MAILS_A_DAY:
        raise TooManyMails
    TeamInvitation.objects.filter(campaign=campaign, email_key__in=keys, accepted_at=None).delete()
    invitation = TeamInvitation.objects.create(
        campaign=campaign,
        organization=organization,
        email=email,
        email_key=keys[0],
        role=role,
        invited_by=by.user,
        expires_at=at + timedelta(days=INVITATION_DAYS),
    )
    queue_mail(
        kind="campaigns.invitation",
        to=email,
        locale=locale,
        about_id=invitation.pk,
        at=at,
        priority=Priority.SOON,
    )
    log_act(subject_id=campaign.pk, act="campaigns.invited", actor=by.user, at=at, role=role)


@transaction.atomic
def accept_team_invitation(*, invitation: TeamInvitation, user: User, at: datetime) -> None:
    """Join the team. Who is no member of the organization becomes one, as a viewer, when an owner of it sent the invitation.

    Raises LinkExpired, OtherAddress for somebody else's account, TakenInFirst, LastTeamOwner, and NotInTheCoalition when the
    organization has left.
    """
    if bytes(invitation.email_key) not in recipient_keys(user.email):
        raise OtherAddress
    taken = TeamInvitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=at)
    if not taken.update(accepted_at=at):
        raise LinkExpired
    sender = TeamMember.objects.active().filter(campaign=invitation.campaign_id, user=invitation.invited_by)
    if not sender.filter(role=TeamRole.OWNER).exists():  # who sent it leads the team no more
        raise LinkExpired
    if not Membership.objects.filter(user=user, organization=invitation.organization).exists():
        owners = Membership.objects.filter(
            organization=invitation.organization, user=invitation.invited_by, role=Role.OWNER
        )
        if invitation.invited_by is None or not owners.exists():
            raise TakenInFirst
        Membership.objects.create(organization=invitation.organization, user=user, role=Role.VIEWER)
        log_act(
            subject_id=invitation.organization_id,
            act="organizations.joined",
            actor=user,
            at=at,
            role=Role.VIEWER.value,
        )
    set_team_role(
        campaign=invitation.campaign, user=user, role=invitation.role, organization=invitation.organization
    )
    log_act(
        subject_id=invitation.campaign_id, act="campaigns.joined", actor=user, at=at, role=invitation.role
    )
