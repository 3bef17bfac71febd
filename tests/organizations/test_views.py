import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.core.links import link_token
from campaign.documents.services import publish_text
from campaign.organizations.models import Endorsement, EndorsementState, Invitation, Mandate, Organization
from campaign.organizations.services import confirm_endorsement
from tests.factories.accounts import UserFactory
from tests.factories.documents import FrozenTextFactory
from tests.factories.organizations import EndorsementFactory, MembershipFactory, OrganizationFactory

pytestmark = pytest.mark.django_db

FORM = {
    "legal_name": "Example e.V.",
    "display_name": "Example",
    "kind": "ngo",
    "country": "DE",
    "website": "https://example.org",
    "signatory_name": "Sam",
    "signatory_function": "Director",
    "signatory_email": "sam@example.org",
    "statement": "on",
    "publish": "on",
}


def test_endorse_form_sends_and_leads_to_the_next_step(client):
    text = FrozenTextFactory()

    response = client.post(reverse("endorse", args=[text.digest]), FORM)

    assert response.url == reverse("endorse_sent", args=[text.digest])
    assert Endorsement.objects.get().domain == "example.org"


@pytest.mark.parametrize("missing", sorted(FORM))
def test_endorse_form_missing_field_is_told_and_stores_nothing(client, missing):
    text = FrozenTextFactory()
    data = {key: value for key, value in FORM.items() if key != missing}

    response = client.post(reverse("endorse", args=[text.digest]), data)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [missing]
    assert not Endorsement.objects.exists()


def test_endorse_form_foreign_address_keeps_what_was_typed(client):
    text = FrozenTextFactory()

    response = client.post(
        reverse("endorse", args=[text.digest]), {**FORM, "signatory_email": "sam@gmail.com"}
    )

    assert response.status_code == 422
    assert "not on the website" in response.context["form"].errors["signatory_email"][0]
    assert 'value="sam@gmail.com"' in response.content.decode()


def test_endorse_unknown_text_is_404(client):
    assert client.get(reverse("endorse", args=["0" * 64])).status_code == 404


def test_endorsement_link_get_shows_and_post_confirms(client):
    row = EndorsementFactory(stated_at=timezone.now())
    address = reverse("endorsement_confirm", args=[link_token(purpose="endorsement", row_id=row.pk)])

    shown = client.get(address)
    row.refresh_from_db()
    assert (shown.status_code, row.state) == (200, EndorsementState.PENDING)

    client.post(address)
    row.refresh_from_db()
    assert row.state == EndorsementState.ACCEPTED


@pytest.mark.parametrize("name", ["endorsement_confirm", "mandate_confirm"])
def test_unknown_link_is_gone(client, name):
    assert client.post(reverse(name, args=["made-up"])).status_code == 410


def test_unproven_organization_is_404_for_strangers_and_shown_to_members(client):
    membership = MembershipFactory(organization__proven_at=None)
    address = reverse("organization_detail", args=[membership.organization.slug])

    assert client.get(address).status_code == 404
    client.force_login(membership.user)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("item_count", [1, 3])
def test_organization_list_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    OrganizationFactory.create_batch(item_count)

    with django_assert_num_queries(3):
        response = client.get(reverse("organization_list"))

    assert response.status_code == 200


def test_create_needs_sign_in(client):
    response = client.get(reverse("organization_create"))

    assert response.status_code == 302
    assert reverse("account_login") in response.url


def test_create_then_prove_mails_the_signatory(client):
    client.force_login(UserFactory())
    fields = {key: FORM[key] for key in ("legal_name", "display_name", "kind", "country", "website")}
    response = client.post(reverse("organization_create"), fields)
    organization = Organization.objects.get()
    assert response.url == reverse("organization_prove", args=[organization.slug])

    signatory = {key: FORM[key] for key in FORM if key.startswith("signatory") or key == "statement"}
    client.post(response.url, signatory | {"proof": "domain_mail"})
    mandate = Mandate.objects.get()
    client.post(reverse("mandate_confirm", args=[link_token(purpose="mandate", row_id=mandate.pk)]))

    organization.refresh_from_db()
    assert organization.proven_at is not None


@pytest.mark.parametrize(("role", "status"), [(None, 404), ("viewer", 403), ("editor", 403), ("owner", 200)])
def test_members_page_by_role(client, role, status):
    organization = OrganizationFactory()
    user = UserFactory()
    if role:
        MembershipFactory(organization=organization, user=user, role=role)
    client.force_login(user)

    assert client.get(reverse("organization_members", args=[organization.slug])).status_code == status


def test_editor_cannot_invite(client):
    membership = MembershipFactory(role="editor")
    client.force_login(membership.user)

    response = client.post(
        reverse("organization_members", args=[membership.organization.slug]),
        {"email": "x@example.org", "role": "owner"},
    )

    assert response.status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("name", ["organization_list", "endorse_sent"])
def test_get_only_pages_refuse_post(client, name):
    args = [FrozenTextFactory().digest] if name == "endorse_sent" else []

    assert client.post(reverse(name, args=args)).status_code == 405


def test_organization_page_lists_published_texts_alone(client):
    public, draft = FrozenTextFactory(title="In public"), FrozenTextFactory(title="Still confidential")
    publish_text(frozen_text=public, address="/petitions/x/", at=timezone.now())
    for text in (public, draft):
        confirm_endorsement(
            endorsement=EndorsementFactory(frozen_text=text, domain="example.org"), at=timezone.now()
        )

    page = client.get(reverse("organization_detail", args=[Organization.objects.get().slug])).content.decode()

    assert 'href="/petitions/x/"' in page
    assert "Still confidential" not in page


def test_endorsement_is_withdrawn_by_the_same_link_after_asking(client):
    row = confirm_endorsement(endorsement=EndorsementFactory(), at=timezone.now())
    address = reverse("endorsement_withdraw", args=[link_token(purpose="endorsement", row_id=row.pk)])

    asked = client.get(address)
    row.refresh_from_db()
    assert (asked.status_code, row.state) == (200, EndorsementState.ACCEPTED)

    client.post(address)
    row.refresh_from_db()
    assert row.state == EndorsementState.WITHDRAWN


def test_endorsement_that_was_not_confirmed_has_nothing_to_withdraw(client):
    token = link_token(purpose="endorsement", row_id=EndorsementFactory(stated_at=timezone.now()).pk)

    assert client.post(reverse("endorsement_withdraw", args=[token])).status_code == 410
