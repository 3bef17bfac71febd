from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.petitions.models import Petition, PetitionState
from campaign.petitions.services import number_waiting_signatures
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import AuthorityFactory, TeamMemberFactory
from tests.factories.petitions import (
    ConfirmedSignatureFactory,
    DraftPetitionFactory,
    PetitionFactory,
)

pytestmark = pytest.mark.django_db


def test_page_shows_count_names_and_countries(client):
    petition = PetitionFactory()
    ConfirmedSignatureFactory.create_batch(6, petition=petition, country="FR")
    ConfirmedSignatureFactory(petition=petition, name="Grace Named", name_is_public=True)
    number_waiting_signatures(at=timezone.now())

    page = client.get(reverse("petition_detail", args=[petition.slug]))

    assert page.context["count"] == 7
    assert [row.name for row in page.context["recent"]] == ["Grace Named"]
    assert "Grace Named" in page.content.decode()
    assert "Ada Signer" not in page.content.decode()


def test_page_shows_hostile_markup_as_text(client):
    petition = PetitionFactory(title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")

    page = client.get(reverse("petition_detail", args=[petition.slug])).content.decode()

    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    PetitionFactory.create_batch(item_count)

    with django_assert_num_queries(2):  # how many pages there are, and this page
        client.get(reverse("petition_list"))


def test_draft_is_404_for_strangers_and_shown_to_the_team(client):
    petition = DraftPetitionFactory()
    address = reverse("petition_detail", args=[petition.slug])

    assert client.get(address).status_code == 404
    client.force_login(TeamMemberFactory(campaign=petition.campaign, role="editor").user)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "role", "status"),
    [
        ("petition_manage", None, 404),
        ("petition_manage", "viewer", 403),
        ("petition_manage", "editor", 200),
        ("petition_edit", "editor", 200),
        ("petition_edit", "viewer", 403),
    ],
)
def test_team_pages_by_role(client, name, role, status):
    petition = DraftPetitionFactory()
    user = UserFactory()
    if role:
        TeamMemberFactory(campaign=petition.campaign, user=user, role=role)
    client.force_login(user)

    assert client.get(reverse(name, args=[petition.slug])).status_code == status


@pytest.mark.parametrize("name", ["petition_manage", "petition_edit"])
def test_team_pages_need_sign_in(client, name):
    response = client.get(reverse(name, args=[DraftPetitionFactory().slug]))

    assert reverse("account_login") in response.url


def test_create_publish_and_close_by_the_lead(client):
    lead = TeamMemberFactory()
    client.force_login(lead.user)
    fields = {
        "title": "Do it",
        "text": "We ask.",
        "addressee": str(AuthorityFactory().pk),
        "goal": "",
        "closing_date": (timezone.now() + timedelta(days=9)).date().isoformat(),
        "time_zone": "Europe/Berlin",
        "check_when": "under_attack",
        "retention_days": "183",
    }
    client.post(reverse("petition_create", args=[lead.campaign.slug]), fields)
    petition = Petition.objects.get()
    client.post(reverse("petition_publish", args=[petition.slug]))
    petition.refresh_from_db()
    assert petition.state == PetitionState.OPEN
    assert petition.frozen_text.data["text"] == "We ask."

    client.post(reverse("petition_close", args=[petition.slug]))

    petition.refresh_from_db()
    assert petition.state == PetitionState.CLOSED


def test_edit_published_text_is_refused(client):
    petition = PetitionFactory()
    client.force_login(TeamMemberFactory(campaign=petition.campaign).user)
    fields = {
        "title": "Other",
        "text": "Other",
        "addressee": str(petition.addressee.pk),
        "closing_date": "2030-01-01",
        "time_zone": "UTC",
    }

    response = client.post(reverse("petition_edit", args=[petition.slug]), fields)

    petition.refresh_from_db()
    assert response.status_code == 422
    assert petition.title != "Other"


@pytest.mark.parametrize("name", ["petition_publish", "petition_close"])
def test_publish_and_close_refuse_get_and_editors(client, name):
    petition = DraftPetitionFactory()
    client.force_login(TeamMemberFactory(campaign=petition.campaign, role="editor").user)
    address = reverse(name, args=[petition.slug])

    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 403
