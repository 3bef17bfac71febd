"""Joining a campaign's team by mail."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.activity.models import LogEntry
from campaign.campaigns.models import TeamInvitation, TeamMember
from campaign.core.links import link_token
from campaign.mailing.models import OutgoingMail
from campaign.organizations.models import Membership
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory, PartnerFactory, TeamMemberFactory
from tests.factories.organizations import MembershipFactory, OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def invite(
    client, campaign, *, email="new@example.org", role="translator", organization="", membership="owner"
):
    """An owner of the team, who has this role in the owning organization, adds somebody."""
    by = TeamMemberFactory(campaign=campaign, role="owner", membership=membership)
    client.force_login(by.user)
    data = {"add": "person", "team-email": email, "team-role": role, "team-organization": organization}
    return client.post(reverse("campaign_settings", args=[campaign.slug]), data)


def address(invitation):
    return reverse("team_invitation", args=[link_token(purpose="team-invitation", row_id=invitation.pk)])


@pytest.mark.parametrize("has_account", [True, False])
def test_who_is_in_no_organization_of_the_coalition_is_asked_by_mail(client, has_account):
    if has_account:
        UserFactory(email="new@example.org")

    response = invite(client, CampaignFactory())

    assert response.status_code == 302
    assert OutgoingMail.objects.get().kind == "campaigns.invitation"
    assert TeamInvitation.objects.get().role == "translator"
    assert not TeamMember.objects.filter(user__email="new@example.org").exists()


def test_member_of_the_coalition_joins_at_once(client):
    campaign = CampaignFactory()
    member = MembershipFactory(organization=campaign.owner, role="viewer")

    invite(client, campaign, email=member.user.email)

    assert TeamMember.objects.get(user=member.user).role == "translator"
    assert not TeamInvitation.objects.exists()
    assert LogEntry.objects.filter(act="campaigns.role_set").exists()


def test_accepting_makes_the_person_a_viewer_of_the_organization_and_gives_the_role(client):
    campaign = CampaignFactory()
    invite(client, campaign)
    user = UserFactory(email="new@example.org")
    client.force_login(user)

    client.get(address(TeamInvitation.objects.get()))
    assert not TeamMember.objects.filter(user=user).exists()
    client.post(address(TeamInvitation.objects.get()))

    member = TeamMember.objects.get(user=user)
    assert (member.role, member.organization) == ("translator", campaign.owner)
    assert Membership.objects.get(user=user).role == "viewer"
    assert client.post(address(TeamInvitation.objects.get())).status_code == 410


def test_inviter_who_is_no_owner_of_the_organization_cannot_make_members(client):
    invite(client, CampaignFactory(), membership="editor")
    user = UserFactory(email="new@example.org")
    client.force_login(user)

    response = client.post(address(TeamInvitation.objects.get()))

    assert response.status_code == 403
    assert not Membership.objects.filter(user=user).exists()
    assert TeamInvitation.objects.get().accepted_at is None


def test_other_peoples_invitation_is_refused(client):
    invite(client, CampaignFactory())
    client.force_login(UserFactory(email="other@example.org"))

    assert client.post(address(TeamInvitation.objects.get())).status_code == 403


def test_old_invitation_is_dead(client):
    invite(client, CampaignFactory())
    TeamInvitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    client.force_login(UserFactory(email="new@example.org"))

    assert client.get(address(TeamInvitation.objects.get())).status_code == 410


def test_organization_outside_the_coalition_cannot_be_worked_for(client):
    response = invite(client, CampaignFactory(), organization=OrganizationFactory().pk)

    assert response.status_code == 422
    assert not TeamInvitation.objects.exists()


def test_partner_that_left_takes_nobody_in(client):
    campaign = CampaignFactory()
    partnership = PartnerFactory(campaign=campaign)
    invite(client, campaign, organization=partnership.organization_id)
    user = MembershipFactory(organization=partnership.organization, user__email="new@example.org").user
    partnership.delete()
    client.force_login(user)

    response = client.post(address(TeamInvitation.objects.get()))

    assert response.status_code == 403
    assert not TeamMember.objects.filter(user=user).exists()


def test_sixth_mail_of_a_day_is_refused(client):
    campaign = CampaignFactory()
    for _ in range(5):
        invite(client, campaign)

    response = invite(client, campaign)

    assert response.status_code == 422
    assert OutgoingMail.objects.count() == 5
