import pytest
from django.utils import timezone

from campaign.campaigns.models import CampaignState, Front, TeamMember, TeamRole
from campaign.campaigns.queries import campaigns_worked_in, shown_partners
from campaign.campaigns.rules import team_role
from campaign.campaigns.services import (
    LastTeamOwner,
    NotInTheCoalition,
    OwnerIsNotProven,
    accept_partnership,
    create_campaign,
    edit_campaign,
    end_partnership,
    invite_partner,
    publish_campaign,
    remove_from_team,
    set_team_role,
)
from campaign.organizations.models import Membership
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory, TeamMemberFactory
from tests.factories.organizations import MembershipFactory, OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


def create(**changes):
    fields = {
        "title": "Return it",
        "summary": "Why",
        "owner": OrganizationFactory(),
        "locale": "en",
        "languages": ["de"],
        "fronts": {Front.LAW: "A law", Front.TREATY: ""},
        "lead": UserFactory(),
    }
    return create_campaign(**{**fields, **changes})


def test_create_makes_a_draft_with_lead_and_fronts():
    campaign = create()

    assert (campaign.state, campaign.slug) == (CampaignState.DRAFT, "return-it")
    assert campaign.team.get().role == TeamRole.OWNER
    assert dict(campaign.fronts.values_list("front", "aim")) == {"law": "A law", "treaty": ""}


def test_create_same_title_gets_another_address():
    assert create().slug != create().slug


def test_edit_replaces_fronts_and_keeps_the_address():
    campaign = create()

    edit_campaign(campaign=campaign, title="Other", summary="x", languages=[], fronts={"law": "New"})

    campaign.refresh_from_db()
    assert (campaign.title, campaign.slug) == ("Other", "return-it")
    assert dict(campaign.fronts.values_list("front", "aim")) == {"law": "New"}


def test_publish_of_an_unproven_owner_is_refused():
    campaign = create(owner=OrganizationFactory(proven_at=None))

    with pytest.raises(OwnerIsNotProven):
        publish_campaign(campaign=campaign, at=NOW)


def test_partner_is_shown_once_it_accepts():
    campaign, partner = CampaignFactory(), OrganizationFactory()
    invite_partner(campaign=campaign, organization=partner, at=NOW)
    assert not shown_partners(campaign=campaign).exists()

    accept_partnership(partnership=campaign.partnerships.get(), at=NOW)

    assert [row.organization for row in shown_partners(campaign=campaign)] == [partner]


def test_invite_unproven_partner_is_refused():
    with pytest.raises(OwnerIsNotProven):
        invite_partner(campaign=CampaignFactory(), organization=OrganizationFactory(proven_at=None), at=NOW)


def test_owner_is_not_its_own_partner():
    campaign = CampaignFactory()

    invite_partner(campaign=campaign, organization=campaign.owner, at=NOW)

    assert not campaign.partnerships.exists()


def test_team_takes_members_of_the_coalition_alone():
    campaign = CampaignFactory()
    member = MembershipFactory(organization=campaign.owner).user

    set_team_role(campaign=campaign, user=member, role=TeamRole.EDITOR)

    assert TeamMember.objects.get().user == member
    with pytest.raises(NotInTheCoalition):
        set_team_role(campaign=campaign, user=UserFactory(), role=TeamRole.EDITOR)


def test_invited_partners_people_join_only_after_it_accepted():
    campaign = CampaignFactory()
    membership = MembershipFactory()
    invite_partner(campaign=campaign, organization=membership.organization, at=NOW)

    with pytest.raises(NotInTheCoalition):
        set_team_role(campaign=campaign, user=membership.user, role=TeamRole.EDITOR)

    accept_partnership(partnership=campaign.partnerships.get(), at=NOW)
    set_team_role(campaign=campaign, user=membership.user, role=TeamRole.EDITOR)


def test_last_lead_stays():
    lead = TeamMemberFactory()

    with pytest.raises(LastTeamOwner):
        remove_from_team(member=lead)
    with pytest.raises(LastTeamOwner):
        set_team_role(campaign=lead.campaign, user=lead.user, role=TeamRole.EDITOR)


def test_rights_end_with_the_membership():
    member = TeamMemberFactory()
    assert team_role(member.user, member.campaign) == TeamRole.OWNER

    Membership.objects.filter(user=member.user).delete()

    assert team_role(member.user, member.campaign) is None
    assert not campaigns_worked_in(user=member.user).exists()


def test_rights_of_a_partners_people_end_with_the_partnership():
    campaign, membership = CampaignFactory(), MembershipFactory()
    invite_partner(campaign=campaign, organization=membership.organization, at=NOW)
    accept_partnership(partnership=campaign.partnerships.get(), at=NOW)
    set_team_role(campaign=campaign, user=membership.user, role=TeamRole.EDITOR)
    assert team_role(membership.user, campaign) == TeamRole.EDITOR

    end_partnership(partnership=campaign.partnerships.get())

    assert team_role(membership.user, campaign) is None
