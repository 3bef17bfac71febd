import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from campaign.campaigns.models import Campaign, CampaignPartner, CampaignState
from campaign.mailing.models import OutgoingMail
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory, TeamMemberFactory
from tests.factories.organizations import MembershipFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


def test_create_without_an_organization_leads_to_founding_one(client):
    client.force_login(UserFactory())

    assert client.get(reverse("campaign_create")).url == reverse("organization_create")


def test_create_and_publish(client):
    membership = MembershipFactory()
    client.force_login(membership.user)
    data = {
        "title": "Return it",
        "summary": "Why",
        "owner": str(membership.organization.pk),
        "locale": "en",
        "languages": ["de", "fr"],
        "fronts": ["law"],
    }

    client.post(reverse("campaign_create"), data)
    client.post(reverse("campaign_publish", args=["return-it"]))

    assert Campaign.objects.get().state == CampaignState.PUBLISHED


@pytest.mark.parametrize("missing", ["title", "summary", "owner", "fronts"])
def test_create_missing_field_is_told(client, missing):
    membership = MembershipFactory()
    client.force_login(membership.user)
    data = {
        "title": "R",
        "summary": "W",
        "owner": str(membership.organization.pk),
        "locale": "en",
        "fronts": ["law"],
    }

    response = client.post(reverse("campaign_create"), {k: v for k, v in data.items() if k != missing})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [missing]


def test_create_for_a_foreign_organization_is_refused(client):
    client.force_login(MembershipFactory().user)
    data = {
        "title": "R", "summary": "W", "owner": str(OrganizationFactory().pk), "locale": "en", "fronts": ["law"],
    }  # fmt: skip

    assert client.post(reverse("campaign_create"), data).status_code == 422
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(("role", "status"), [(None, 404), ("viewer", 403), ("editor", 403), ("owner", 200)])
@pytest.mark.parametrize("name", ["campaign_settings", "campaign_edit"])
def test_settings_by_role(client, name, role, status):
    campaign, user = CampaignFactory(), UserFactory()
    if role:
        TeamMemberFactory(campaign=campaign, user=user, role=role)
    client.force_login(user)

    assert client.get(reverse(name, args=[campaign.slug])).status_code == status


def test_add_person_unknown_and_known_strangers_are_told_the_same(client):
    lead = TeamMemberFactory()
    client.force_login(lead.user)
    stranger = UserFactory()
    told = set()

    for email in ("nobody@example.org", stranger.email):
        data = {"add": "person", "team-email": email, "team-role": "editor"}
        response = client.post(reverse("campaign_settings", args=[lead.campaign.slug]), data)
        shown = [str(message) for message in get_messages(response.wsgi_request)]
        told.add((response.status_code, *set(shown)))

    assert told == {(302, "The invitation is on its way.")}
    assert OutgoingMail.objects.filter(kind="campaigns.invitation").count() == 2


def test_partner_invited_and_accepted_by_its_own_manager_only(client):
    lead, manager = TeamMemberFactory(), MembershipFactory(role="editor")
    client.force_login(lead.user)
    data = {"add": "partner", "partner-organization": str(manager.organization.pk)}
    client.post(reverse("campaign_settings", args=[lead.campaign.slug]), data)
    row = CampaignPartner.objects.get()
    address = reverse("partnership_answer", args=[row.pk])

    assert client.post(address, {"answer": "accept"}).status_code == 403
    client.force_login(UserFactory())
    assert client.post(address, {"answer": "accept"}).status_code == 404
    client.force_login(manager.user)
    client.post(address, {"answer": "accept"})

    row.refresh_from_db()
    assert row.accepted_at is not None
