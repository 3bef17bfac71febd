from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.core.links import link_token
from campaign.mailing.models import OutgoingMail
from campaign.petitions.models import Petition, PetitionState, Signature, SignatureState
from campaign.petitions.services import number_waiting_signatures
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import AuthorityFactory, TeamMemberFactory
from tests.factories.petitions import (
    ConfirmedSignatureFactory,
    DraftPetitionFactory,
    PetitionFactory,
    SignatureFactory,
)

pytestmark = pytest.mark.django_db
FORM = {"name": "Ada Signer", "email": "ada@example.org", "country": "DE", "agree": "on"}


def sign(client, petition, **changes):
    data = {key: value for key, value in {**FORM, **changes}.items() if value is not None}
    return client.post(reverse("petition_sign", args=[petition.slug]), data)


def test_sign_works_without_session_cookie_or_token(client):
    petition = PetitionFactory()
    client.handler.enforce_csrf_checks = True

    response = sign(client, petition)

    assert response.url == reverse("petition_thanks", args=[petition.slug])
    assert Signature.objects.get().name == "Ada Signer"
    assert client.cookies == {}


def test_sign_answers_alike_for_new_pending_confirmed_and_invalidated_addresses(client):
    petition = PetitionFactory()
    SignatureFactory(petition=petition, email="pending@example.org")
    ConfirmedSignatureFactory(petition=petition, email="confirmed@example.org")
    SignatureFactory(petition=petition, email="blocked@example.org", state=SignatureState.INVALIDATED)

    answers = {
        (response.status_code, response.content, tuple(sorted(response.headers.items())))
        for response in (
            sign(client, petition, email=f"{kind}@example.org")
            for kind in ("new", "pending", "confirmed", "blocked")
        )
    }

    assert len(answers) == 1
    assert OutgoingMail.objects.count() == 4


@pytest.mark.parametrize("item_count", [0, 1])
def test_sign_takes_the_same_queries_for_a_new_and_a_known_address(
    client, item_count, django_assert_num_queries
):
    petition = PetitionFactory()
    ConfirmedSignatureFactory.create_batch(item_count, petition=petition, email="ada@example.org")

    with django_assert_num_queries(7):
        sign(client, petition)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": None}, "name"),
        ({"name": " \t "}, "name"),
        ({"email": "no-address"}, "email"),
        ({"country": "XX"}, "country"),
        ({"agree": None}, "agree"),
    ],
)
def test_sign_bad_input_is_told_at_its_field_and_kept(client, changes, field):
    petition = PetitionFactory()

    response = sign(client, petition, **changes)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Signature.objects.exists()
    if field != "email":
        assert 'value="ada@example.org"' in response.content.decode()


def test_sign_nul_byte_is_400(client):
    assert sign(client, PetitionFactory(), name="A\x00da").status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, 403),
        ({"HTTP_SEC_FETCH_SITE": "same-site"}, 403),
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, 302),
        ({"HTTP_ORIGIN": "https://evil.example"}, 403),
        ({"HTTP_ORIGIN": "null"}, 403),
        ({"HTTP_ORIGIN": "http://testserver"}, 302),
        ({}, 302),
    ],
)
def test_sign_from_another_site_is_refused(client, headers, status):
    response = client.post(reverse("petition_sign", args=[PetitionFactory().slug]), FORM, **headers)

    assert response.status_code == status
    assert Signature.objects.exists() is (status == 302)


def test_sign_closed_petition_says_so(client):
    petition = PetitionFactory(closes_at=timezone.now() - timedelta(minutes=1))

    response = sign(client, petition)

    assert response.status_code == 422
    assert not Signature.objects.exists()


def test_sign_odd_source_is_dropped_and_a_tag_is_kept(client):
    petition = PetitionFactory()

    sign(client, petition, source="<script>")
    sign(client, petition, email="b@example.org", source="newsletter-1")

    assert list(Signature.objects.order_by("signed_at").values_list("source", flat=True)) == [
        "",
        "newsletter-1",
    ]


def confirm_address(signature):
    return reverse("signature_confirm", args=[link_token(purpose="signature-confirm", row_id=signature.pk)])


def confirm(client, signature):
    return client.post(confirm_address(signature), {"shown": signature.signed_at.isoformat()})


def test_confirm_shows_what_will_be_counted(client):
    signature = SignatureFactory(name="Ada Shown", country="FR", name_is_public=True)

    page = client.get(confirm_address(signature)).content.decode()

    assert "Ada Shown" in page
    assert "France" in page
    assert "yes, with name and country" in page


def test_confirm_what_was_not_seen_is_shown_first(client):
    signature = SignatureFactory(email="ada@example.org")
    sign(client, signature.petition, name="Somebody Else")

    again = confirm(client, signature)

    assert again.status_code == 200
    assert "Somebody Else" in again.content.decode()
    assert Signature.objects.get().state == SignatureState.PENDING


def test_confirm_get_and_head_change_nothing(client):
    signature = SignatureFactory()

    assert client.get(confirm_address(signature)).status_code == 200
    assert client.head(confirm_address(signature)).status_code == 200

    signature.refresh_from_db()
    assert signature.state == SignatureState.PENDING


def test_confirm_post_leads_to_the_number(client):
    signature = SignatureFactory()

    response = confirm(client, signature)
    waiting = client.get(response.url)
    number_waiting_signatures(at=timezone.now())
    numbered = client.get(response.url)

    assert waiting.context["number"] is None
    assert "data-refresh" in waiting.content.decode()
    assert numbered.context["number"] == 1
    assert numbered.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_confirm_works_without_cookies(client):
    client.handler.enforce_csrf_checks = True
    signature = SignatureFactory()

    confirm(client, signature)

    signature.refresh_from_db()
    assert signature.state == SignatureState.CONFIRMED


def test_confirm_too_late_is_told(client):
    signature = SignatureFactory(petition__closes_at=timezone.now() - timedelta(hours=25))

    response = confirm(client, signature)

    assert response.status_code == 410
    assert "more than 24 hours ago" in response.content.decode()


@pytest.mark.parametrize("name", ["signature_confirm", "signature_manage", "signature_withdraw"])
def test_made_up_link_is_gone(client, name):
    assert client.get(reverse(name, args=["made-up"])).status_code == 410


def test_withdraw_get_asks_and_post_withdraws(client):
    signature = ConfirmedSignatureFactory()
    number_waiting_signatures(at=timezone.now())
    address = reverse(
        "signature_withdraw", args=[link_token(purpose="signature-manage", row_id=signature.pk)]
    )

    assert client.get(address).status_code == 200
    assert Signature.objects.get().state == SignatureState.CONFIRMED
    page = client.post(address, follow=True)
    number_waiting_signatures(at=timezone.now())

    assert page.status_code == 200
    assert client.get(reverse("petition_count", args=[signature.petition.slug])).json() == {"count": 0}


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
def test_page_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    petition = PetitionFactory()
    ConfirmedSignatureFactory.create_batch(item_count, petition=petition, name_is_public=True)
    number_waiting_signatures(at=timezone.now())

    with django_assert_num_queries(5):
        client.get(reverse("petition_detail", args=[petition.slug]))


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    PetitionFactory.create_batch(item_count)

    with django_assert_num_queries(1):
        client.get(reverse("petition_list"))


def test_draft_is_404_for_strangers_and_shown_to_the_team(client):
    petition = DraftPetitionFactory()
    address = reverse("petition_detail", args=[petition.slug])

    assert client.get(address).status_code == 404
    client.force_login(TeamMemberFactory(campaign=petition.campaign, role="drafter").user)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "role", "status"),
    [
        ("petition_manage", None, 404),
        ("petition_manage", "drafter", 403),
        ("petition_manage", "editor", 200),
        ("petition_edit", "editor", 200),
        ("petition_edit", "drafter", 403),
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


def test_confirm_link_leads_to_the_signers_own_page_once_confirmed(client):
    signature = ConfirmedSignatureFactory()

    page = client.get(confirm_address(signature), follow=True)

    assert page.status_code == 200
    assert reverse("signature_withdraw", args=[page.context["token"]]) in page.content.decode()
