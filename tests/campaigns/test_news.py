"""Which organization somebody works for in a campaign, and which organizations ask signers for consent to their news."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from campaign.activity.models import LogEntry
from campaign.campaigns.models import CampaignPartner, TeamInvitation, TeamMember, TeamRole
from campaign.campaigns.queries import (
    MOST_ASKED,
    asking_organizations,
    asking_partner,
    names_of_asking,
    share_tag,
)
from campaign.campaigns.rules import can_handle_supporters, team_member, team_role
from campaign.campaigns.services import (
    NotInTheCoalition,
    WorksForAnother,
    ask_for_news,
    end_partnership,
    remove_from_team,
    set_team_role,
)
from campaign.organizations.models import Membership
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory, PartnerFactory, TeamMemberFactory
from tests.factories.organizations import MembershipFactory, OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


def member_of(*organizations, role="editor"):
    user = UserFactory()
    for organization in organizations:
        MembershipFactory(user=user, organization=organization, role=role)
    return user


# --- Where somebody works -----------------------------------------------------------
def test_place_is_the_owner_for_its_members():
    campaign = CampaignFactory()
    partner = PartnerFactory(campaign=campaign).organization
    user = member_of(partner, campaign.owner)

    set_team_role(campaign=campaign, user=user, role=TeamRole.EDITOR)

    assert TeamMember.objects.get().organization == campaign.owner


def test_place_is_the_first_partner_for_others():
    campaign = CampaignFactory()
    second = PartnerFactory(campaign=campaign, accepted_at=NOW).organization
    first = PartnerFactory(campaign=campaign, accepted_at=NOW - timedelta(days=1)).organization

    set_team_role(campaign=campaign, user=member_of(second, first), role=TeamRole.EDITOR)

    assert TeamMember.objects.get().organization == first


def test_place_stays_when_the_role_changes():
    campaign = CampaignFactory()
    partner = PartnerFactory(campaign=campaign).organization
    user = member_of(campaign.owner, partner)
    set_team_role(campaign=campaign, user=user, role=TeamRole.VIEWER, organization=partner)

    set_team_role(campaign=campaign, user=user, role=TeamRole.EDITOR)

    assert TeamMember.objects.get().organization == partner


def test_place_in_a_strange_organization_is_refused():
    campaign = CampaignFactory()
    partner, invited = PartnerFactory(campaign=campaign), PartnerFactory(campaign=campaign, accepted_at=None)
    user = member_of(campaign.owner, invited.organization)

    for organization in (partner.organization, invited.organization, OrganizationFactory()):
        with pytest.raises(NotInTheCoalition):
            set_team_role(campaign=campaign, user=user, role=TeamRole.EDITOR, organization=organization)


def test_partners_owner_places_its_own_people_alone():
    campaign = CampaignFactory()
    partner = PartnerFactory(campaign=campaign).organization
    by = TeamMemberFactory(campaign=campaign, organization=partner)
    both, owners = member_of(partner, campaign.owner), TeamMemberFactory(campaign=campaign)

    set_team_role(campaign=campaign, user=both, role="editor", organization=partner, by=by)
    for act in (
        lambda: set_team_role(
            campaign=campaign, user=both, role="editor", organization=campaign.owner, by=by
        ),
        lambda: set_team_role(campaign=campaign, user=owners.user, role="viewer", by=by),
        lambda: remove_from_team(member=owners, by=by),
    ):
        with pytest.raises(WorksForAnother):
            act()

    assert TeamMember.objects.get(user=both).organization == partner


def test_rights_need_membership_in_exactly_that_organization():
    campaign = CampaignFactory()
    partner = PartnerFactory(campaign=campaign).organization
    member = TeamMemberFactory(campaign=campaign, organization=partner)
    MembershipFactory(user=member.user, organization=campaign.owner)
    assert team_role(member.user, campaign) == TeamRole.OWNER

    Membership.objects.filter(user=member.user, organization=partner).delete()

    assert team_role(member.user, campaign) is None


def test_rights_end_with_the_partnership_of_that_organization():
    campaign = CampaignFactory()
    partnership = PartnerFactory(campaign=campaign)
    member = TeamMemberFactory(campaign=campaign, organization=partnership.organization)
    MembershipFactory(user=member.user, organization=campaign.owner)

    end_partnership(partnership=partnership)

    assert team_member(member.user, campaign) is None


def test_somebody_without_a_place_has_no_rights():
    member = TeamMemberFactory()
    TeamMember.objects.update(organization=None)

    assert team_role(member.user, member.campaign) is None


@pytest.mark.parametrize(
    ("role", "member_as", "can"),
    [
        ("owner", "owner", True),
        ("owner", "editor", True),
        ("owner", "viewer", False),
        ("editor", "owner", True),
        ("editor", "viewer", False),
        ("viewer", "owner", False),
    ],
)
def test_supporters_of_a_partner_are_handled_by_whom_it_lets_run_campaigns(role, member_as, can):
    campaign = CampaignFactory()
    partner = PartnerFactory(campaign=campaign).organization
    user = TeamMemberFactory(campaign=campaign, organization=partner, role=role, membership=member_as).user

    assert can_handle_supporters(team_member(user, campaign), campaign) is can


migration = import_module("campaign.campaigns.migrations.0006_places_of_team_members")


def test_people_of_old_teams_get_their_place():
    campaign = CampaignFactory()
    early = PartnerFactory(campaign=campaign, accepted_at=NOW - timedelta(days=2)).organization
    late = PartnerFactory(campaign=campaign).organization
    invited = PartnerFactory(campaign=campaign, accepted_at=None).organization
    of = {
        member_of(late, campaign.owner).pk: campaign.owner_id,
        member_of(late, early).pk: early.pk,
        member_of(invited).pk: None,
    }
    for user in of:
        TeamMember.objects.create(campaign=campaign, user_id=user, role="editor")

    for _ in range(2):
        migration.place(apps, None)

    assert dict(TeamMember.objects.values_list("user", "organization")) == of


# --- Who asks ----------------------------------------------------------------------
def names(campaign, tag=""):
    return [row.display_name for row in asking_organizations(campaign=campaign, tag=tag)]


def partners(campaign, *names, **fields):
    return [
        PartnerFactory(
            campaign=campaign,
            organization__display_name=name,
            organization__slug=name.lower(),
            accepted_at=NOW + timedelta(minutes=minute),
            **fields,
        ).organization
        for minute, name in enumerate(names)
    ]


def test_owner_asks_and_partners_do_not_before_they_say_so():
    campaign = CampaignFactory(owner__display_name="Owner")
    partner = partners(campaign, "Partner", asks_news=False)[0]
    assert names(campaign) == ["Owner"]

    ask_for_news(campaign=campaign, organization=partner, asks=True, by=UserFactory(), at=NOW)
    ask_for_news(campaign=campaign, organization=campaign.owner, asks=False, by=UserFactory(), at=NOW)
    campaign.refresh_from_db()

    assert names(campaign) == ["Partner"]


def test_who_asks_is_the_owner_then_partners_as_they_came_and_six_at_most():
    campaign = CampaignFactory(owner__display_name="Owner")
    partners(campaign, "B", "A", "D", "C", "F", "E")

    assert names(campaign) == ["Owner", "B", "A", "D", "C", "F"]
    assert len(names(campaign)) == MOST_ASKED


def test_partner_whose_link_it_was_comes_first():
    campaign = CampaignFactory(owner__display_name="Owner")
    partners(campaign, "B", "A", "D", "C", "F", "E")

    assert names(campaign, "e") == ["E", "Owner", "B", "A", "D", "C"]
    assert names(campaign, "a") == ["A", "Owner", "B", "D", "C", "F"]
    assert names(campaign, "newsletter") == ["Owner", "B", "A", "D", "C", "F"]


@pytest.mark.parametrize(
    "changes",
    [{"accepted_at": None}, {"asks_news": False}, {"organization__proven_at": None}],
)
def test_partner_that_does_not_ask_is_not_shown_even_by_its_link(changes):
    campaign = CampaignFactory(owner__display_name="Owner")
    PartnerFactory(campaign=campaign, organization__slug="quiet", **changes)
    PartnerFactory(organization__slug="elsewhere")

    assert names(campaign, "quiet") == names(campaign, "elsewhere") == ["Owner"]


def test_tag_of_a_long_slug_is_short_and_finds_its_organization():
    campaign = CampaignFactory()
    slugs = [f"{'very-' * 10}long-{end}" for end in ("one", "two")]
    rows = [PartnerFactory(campaign=campaign, organization__slug=slug).organization for slug in slugs]

    tags = [share_tag(row) for row in rows]

    assert [len(tag) for tag in tags] == [32, 32]
    assert [asking_partner(campaign_id=campaign.pk, tag=tag) for tag in tags] == rows
    assert asking_partner(campaign_id=campaign.pk, tag=tags[0][:-1] + "!") is None


@pytest.mark.parametrize("item_count", [1, 3])
def test_who_asks_takes_a_fixed_number_of_queries(item_count, django_assert_num_queries):
    campaign = CampaignFactory()
    PartnerFactory.create_batch(item_count, campaign=campaign)

    with django_assert_num_queries(2):
        asking_organizations(campaign=campaign, tag="some-link")


def test_names_are_of_those_who_ask_there():
    campaign, other = CampaignFactory(), CampaignFactory()
    asking, quiet = PartnerFactory(campaign=campaign), PartnerFactory(campaign=campaign, asks_news=False)
    ids = [campaign.owner_id, other.owner_id, asking.organization_id, quiet.organization_id]

    found = names_of_asking(campaign_ids=[campaign.pk], organization_ids=ids)

    assert found == {
        (campaign.pk, campaign.owner_id): campaign.owner.display_name,
        (campaign.pk, asking.organization_id): asking.organization.display_name,
    }


# --- The switch --------------------------------------------------------------------
def address(campaign):
    return reverse("campaign_news", args=[campaign.slug])


def switch(client, campaign, organization, asks="yes"):
    return client.post(address(campaign), {"organization": str(organization.pk), "asks": asks})


def test_switch_needs_sign_in(client):
    assert reverse("account_login") in client.get(address(CampaignFactory())).url


@pytest.mark.parametrize(
    ("place", "member_as", "status"),
    [
        (None, "owner", 200),
        (None, "editor", 200),
        (None, "viewer", 404),
        ("editor", "viewer", 403),
        ("owner", "viewer", 403),
    ],
)
def test_switch_of_a_partner_is_for_who_runs_its_campaigns(client, place, member_as, status):
    partnership = PartnerFactory(asks_news=False)
    user = member_of(partnership.organization, role=member_as)
    if place:
        TeamMemberFactory(
            campaign=partnership.campaign, user=user, organization=partnership.organization, role=place
        )
    client.force_login(user)

    page = client.get(address(partnership.campaign))
    switch(client, partnership.campaign, partnership.organization)

    assert page.status_code == status
    assert CampaignPartner.objects.get().asks_news is (status == 200)


def test_switch_of_the_owner_is_for_owners_of_its_team(client):
    member = TeamMemberFactory()
    client.force_login(member.user)

    switch(client, member.campaign, member.campaign.owner, "no")
    switch(client, member.campaign, member.campaign.owner, "no")

    member.campaign.refresh_from_db()
    assert member.campaign.asks_news is False
    assert LogEntry.objects.get().act == "campaigns.news_not_asked"


def test_nobody_switches_for_another_organization(client):
    campaign = CampaignFactory()
    own, other = PartnerFactory(campaign=campaign), PartnerFactory(campaign=campaign, asks_news=False)
    client.force_login(member_of(own.organization))

    answers = [switch(client, campaign, row) for row in (other.organization, campaign.owner)]

    assert [answer.status_code for answer in answers] == [403, 403]
    other.refresh_from_db()
    campaign.refresh_from_db()
    assert (other.asks_news, campaign.asks_news) == (False, True)


def test_partner_that_has_not_accepted_has_no_switch(client):
    partnership = PartnerFactory(accepted_at=None, asks_news=False)
    client.force_login(member_of(partnership.organization))

    assert switch(client, partnership.campaign, partnership.organization).status_code == 404


def test_bad_switch_changes_nothing(client):
    partnership = PartnerFactory()
    client.force_login(member_of(partnership.organization))

    answer = switch(client, partnership.campaign, partnership.organization, "perhaps")

    assert answer.url == address(partnership.campaign)
    assert CampaignPartner.objects.get().asks_news
    assert client.put(address(partnership.campaign)).status_code == 405


# --- The settings page ---------------------------------------------------------------
def test_settings_say_for_whom_each_works_and_offer_the_coalition(client):
    lead = TeamMemberFactory()
    partner = PartnerFactory(campaign=lead.campaign).organization
    PartnerFactory(campaign=lead.campaign, accepted_at=None)
    TeamMemberFactory(campaign=lead.campaign, organization=partner)
    client.force_login(lead.user)

    page = client.get(reverse("campaign_settings", args=[lead.campaign.slug]))

    offered = page.context["team_form"].fields["organization"].queryset
    assert set(offered) == {lead.campaign.owner, partner}
    assert page.content.decode().count("Works for:") == 2


def add(client, campaign, user, **fields):
    data = {"add": "person", "team-email": user.email, "team-role": "editor"}
    return client.post(
        reverse("campaign_settings", args=[campaign.slug]),
        {**data, **{f"team-{name}": value for name, value in fields.items()}},
    )


def test_settings_of_a_partners_owner_offer_its_own_people(client):
    campaign = CampaignFactory()
    partner = PartnerFactory(campaign=campaign).organization
    client.force_login(TeamMemberFactory(campaign=campaign, organization=partner).user)
    own, owners = member_of(partner, campaign.owner), member_of(campaign.owner)

    answers = [
        add(client, campaign, own),
        add(client, campaign, owners),
        add(client, campaign, own, organization=str(campaign.owner.pk)),
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert team_member(own, campaign).organization == partner
    assert team_member(owners, campaign) is None  # asked by mail, to work for the partner
    assert TeamInvitation.objects.get().organization == partner


def test_partners_owner_cannot_end_another_partnership(client):
    campaign = CampaignFactory()
    own, other = PartnerFactory(campaign=campaign), PartnerFactory(campaign=campaign)
    client.force_login(TeamMemberFactory(campaign=campaign, organization=own.organization).user)

    answer = client.post(reverse("partnership_answer", args=[other.pk]), {"answer": "end"})

    assert answer.status_code == 403
    assert CampaignPartner.objects.count() == 2


@pytest.mark.parametrize("item_count", [1, 3])
def test_settings_take_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    lead = TeamMemberFactory(membership="owner")
    for _ in range(item_count):
        partner = PartnerFactory(campaign=lead.campaign).organization
        TeamMemberFactory(campaign=lead.campaign, organization=partner)
    client.force_login(lead.user)

    with django_assert_num_queries(13):
        client.get(reverse("campaign_settings", args=[lead.campaign.slug]))
