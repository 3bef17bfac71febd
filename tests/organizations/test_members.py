"""Changing roles and leaving. There is always an owner."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from campaign.organizations.models import Membership, Role
from campaign.organizations.services import LastOwner, NoMemberAnyMore, remove_member, set_member_role
from tests.factories.accounts import UserFactory
from tests.factories.mandates import MandateFactory
from tests.factories.organizations import MembershipFactory, OrganizationFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


@pytest.fixture
def owner(client):
    membership = MembershipFactory()
    client.force_login(membership.user)
    return membership


def member_address(membership, name="member_detail"):
    return reverse(name, args=[membership.organization.slug, membership.pk])


@pytest.mark.parametrize("person", ["anonymous", "stranger", "viewer", "owner"])
@pytest.mark.parametrize(("name", "viewer"), [("member_detail", 403), ("organization_leave", 200)])
def test_page_by_person(client, person, name, viewer):
    organization = OrganizationFactory()
    membership = MembershipFactory(organization=organization)
    if person in {"viewer", "owner"}:
        client.force_login(MembershipFactory(organization=organization, role=person).user)
    elif person == "stranger":
        client.force_login(UserFactory())
    arguments = [organization.slug, membership.pk] if name == "member_detail" else [organization.slug]

    response = client.get(reverse(name, args=arguments))

    assert response.status_code == {"anonymous": 302, "stranger": 404, "viewer": viewer, "owner": 200}[person]
    assert Membership.objects.filter(pk=membership.pk).exists()


def test_owner_changes_a_role(client, owner):
    member = MembershipFactory(organization=owner.organization, role=Role.VIEWER)

    response = client.post(member_address(member), {"role": "editor"})

    member.refresh_from_db()
    assert response.url == reverse("organization_members", args=[owner.organization.slug])
    assert member.role == Role.EDITOR


@pytest.mark.parametrize("role", ["", "king"])
def test_role_that_is_none_is_told(client, owner, role):
    member = MembershipFactory(organization=owner.organization, role=Role.VIEWER)

    assert client.post(member_address(member), {"role": role}).status_code == 422

    member.refresh_from_db()
    assert member.role == Role.VIEWER


def test_last_owner_stays_owner_and_is_told_why(client, owner):
    MembershipFactory(organization=owner.organization, role=Role.EDITOR)

    response = client.post(member_address(owner), {"role": "viewer"})

    owner.refresh_from_db()
    assert response.status_code == 422
    assert "needs an owner" in response.content.decode()
    assert owner.role == Role.OWNER


def test_last_owner_cannot_leave_and_is_told_why(client, owner):
    response = client.post(reverse("organization_leave", args=[owner.organization.slug]))

    assert response.status_code == 409
    assert "Name another owner first." in response.content.decode()
    assert Membership.objects.filter(pk=owner.pk).exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OWNER])
def test_member_leaves(client, owner, role):
    member = MembershipFactory(organization=owner.organization, role=role)
    client.force_login(member.user)

    response = client.post(reverse("organization_leave", args=[owner.organization.slug]))

    assert response.url == reverse("desk")
    assert list(Membership.objects.all()) == [owner]


def test_owner_who_steps_down_comes_to_a_page_they_may_see(client, owner):
    MembershipFactory(organization=owner.organization)

    response = client.post(member_address(owner), {"role": "viewer"}, follow=True)

    assert response.status_code == 200


@pytest.mark.parametrize("who", ["themselves", "somebody"])
def test_owner_removes(client, owner, who):
    other = MembershipFactory(organization=owner.organization)
    removed = owner if who == "themselves" else other

    response = client.post(member_address(removed, "member_remove"), follow=True)

    assert response.status_code == 200
    assert not Membership.objects.filter(pk=removed.pk).exists()


def test_member_of_another_organization_is_not_found(client, owner):
    foreign = MembershipFactory(role=Role.VIEWER)
    address = reverse("member_detail", args=[owner.organization.slug, foreign.pk])

    assert client.post(address, {"role": "owner"}).status_code == 404


def test_page_says_that_a_mandate_outlives_the_membership(client, owner):
    member = MembershipFactory(organization=owner.organization, role=Role.VIEWER)
    pages = [client.get(member_address(member)).content.decode()]
    MandateFactory(organization=owner.organization, signatory_email=member.user.email)
    pages.append(client.get(member_address(member)).content.decode())

    assert ["may sign for the organization" in page for page in pages] == [False, True]


@pytest.mark.parametrize(
    "act",
    [
        lambda row, by: remove_member(membership=row, by=by, at=NOW),
        lambda row, by: set_member_role(membership=row, role=Role.EDITOR, by=by, at=NOW),
    ],
)
def test_somebody_who_has_left_meanwhile_is_told(owner, act):
    member = MembershipFactory(organization=owner.organization, role=Role.VIEWER)
    Membership.objects.filter(pk=member.pk).delete()

    with pytest.raises(NoMemberAnyMore):
        act(member, owner.user)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="an in-memory SQLite is one connection's alone")
@pytest.mark.parametrize("ways", [("leave", "leave"), ("leave", "step down"), ("step down", "step down")])
def test_of_two_owners_who_go_at_once_one_stays(ways):
    organization, outcomes = OrganizationFactory(), []
    owners = [MembershipFactory(organization=organization) for _way in ways]

    def go(membership, way):
        try:
            if way == "leave":
                remove_member(membership=membership, by=membership.user, at=NOW)
            else:
                set_member_role(membership=membership, role=Role.VIEWER, by=membership.user, at=NOW)
        except LastOwner:
            outcomes.append("told")
        else:
            outcomes.append("gone")

    in_threads([lambda row=row, way=way: go(row, way) for row, way in zip(owners, ways, strict=True)])

    assert sorted(outcomes) == ["gone", "told"]
    assert Membership.objects.filter(organization=organization, role=Role.OWNER).count() == 1
