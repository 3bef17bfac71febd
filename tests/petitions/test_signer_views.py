"""The pages behind mailed links: no account, no cookie, no token, and GET changes nothing."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.core.links import link_token
from campaign.petitions.consents import COLUMNS, WORDINGS
from campaign.petitions.models import ReasonState, Signature, SignatureState
from campaign.petitions.services import confirm_signature, number_waiting_signatures, set_consent
from campaign.petitions.views import signer
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory

pytestmark = pytest.mark.django_db
OWN_PAGES = [
    "signature_manage",
    "signature_consent",
    "signature_reason",
    "signature_data",
    "signature_data_json",
    "signature_withdraw",
    "signature_erase",
]


def confirm_address(signature, name="signature_confirm"):
    return reverse(name, args=[link_token(purpose="signature-confirm", row_id=signature.pk)])


def own(signature, name="signature_manage"):
    return reverse(name, args=[link_token(purpose="signature-manage", row_id=signature.pk)])


def confirm(client, signature):
    return client.post(confirm_address(signature), {"shown": signature.signed_at.isoformat()})


def stored():
    """All signatures as the database holds them, encrypted values as bytes."""
    rows = Signature.objects.order_by("pk").values()
    return [{name: getattr(value, "value", value) for name, value in row.items()} for row in rows]


def final(**changes):
    """A petition whose count is final."""
    return PetitionFactory(state="closed", closes_at=timezone.now() - timedelta(days=3), **changes)


# --- Confirming -----------------------------------------------------------------
def test_confirm_shows_all_that_will_be_counted(client):
    signature = SignatureFactory(
        name="Ada Shown",
        country="FR",
        postcode="75001",
        reason="For the rivers.",
        name_is_public=True,
        wants_updates=True,
    )

    page = client.get(confirm_address(signature)).content.decode()

    for shown in ("Ada Shown", "France", "75001", "For the rivers.", "yes, with name and country"):
        assert shown in page


def test_confirm_what_was_not_seen_is_shown_first(client):
    signature = SignatureFactory()
    Signature.objects.filter(pk=signature.pk).update(signed_at=timezone.now() + timedelta(seconds=5))

    again = confirm(client, signature)

    assert again.status_code == 200
    assert Signature.objects.get().state == SignatureState.PENDING


@pytest.mark.parametrize("method", ["get", "head"])
def test_confirm_get_and_head_change_nothing(client, method):
    signature = SignatureFactory()
    before = stored()

    assert getattr(client, method)(confirm_address(signature)).status_code == 200

    assert stored() == before


def test_confirm_post_leads_to_the_number(client):
    signature = SignatureFactory()

    response = confirm(client, signature)
    waiting = client.get(response.url)
    number_waiting_signatures(at=timezone.now())
    numbered = client.get(response.url)

    assert waiting.context["number"] is None
    assert "data-refresh" in waiting.content.decode()
    assert numbered.context["number"] == 1


def test_confirm_works_without_cookies(client):
    client.handler.enforce_csrf_checks = True
    signature = SignatureFactory()

    confirm(client, signature)

    signature.refresh_from_db()
    assert signature.state == SignatureState.CONFIRMED
    assert client.cookies == {}


def test_confirm_too_late_is_told(client):
    signature = SignatureFactory(petition__closes_at=timezone.now() - timedelta(hours=25))

    response = confirm(client, signature)

    assert response.status_code == 410
    assert "more than 24 hours ago" in response.content.decode()


@pytest.mark.parametrize(
    "changes", [{"quarantined_at": timezone.now()}, {"state": SignatureState.INVALIDATED}]
)
def test_confirm_what_was_set_aside_leads_nowhere(client, changes):
    signature = SignatureFactory(**changes)

    assert client.get(confirm_address(signature)).status_code == 410
    assert confirm(client, signature).status_code == 410


def test_confirm_link_leads_to_the_own_page_once_confirmed(client):
    signature = ConfirmedSignatureFactory()

    assert client.get(confirm_address(signature)).url == own(signature)


def test_refuse_deletes_what_was_typed(client):
    client.handler.enforce_csrf_checks = True
    signature = SignatureFactory()

    page = client.post(confirm_address(signature, "signature_refuse"), follow=True)

    assert (page.status_code, Signature.objects.count()) == (200, 0)
    assert "It is erased" in page.content.decode()


def test_refuse_while_it_is_being_confirmed_leaves_the_signature(client, monkeypatch):
    signature = SignatureFactory()
    read = signer._linked_signature

    def read_and_confirmed(*args):
        found = read(*args)
        confirm_signature(signature=signature, at=timezone.now())
        return found

    monkeypatch.setattr(signer, "_linked_signature", read_and_confirmed)
    response = client.post(confirm_address(signature, "signature_refuse"))

    assert response.url == own(signature)
    assert Signature.objects.get().state == SignatureState.CONFIRMED


def test_refuse_get_changes_nothing_and_a_confirmed_signature_stands(client):
    pending, confirmed = SignatureFactory(), ConfirmedSignatureFactory()
    before = stored()

    got = client.get(confirm_address(pending, "signature_refuse"))
    posted = client.post(confirm_address(confirmed, "signature_refuse"))

    assert (got.url, posted.url) == (confirm_address(pending), own(confirmed))
    assert stored() == before


# --- All pages of one's own ---------------------------------------------------------
@pytest.mark.parametrize("name", OWN_PAGES)
@pytest.mark.parametrize("method", ["get", "head"])
def test_own_pages_get_and_head_change_nothing(client, name, method):
    signature = ConfirmedSignatureFactory(reason="For the rivers.", reason_state=ReasonState.SHOWN)
    before = stored()

    response = getattr(client, method)(own(signature, name), follow=True)

    assert response.status_code == 200
    assert stored() == before


@pytest.mark.parametrize("name", OWN_PAGES)
def test_own_pages_are_kept_by_nobody_and_named_to_nobody(client, name):
    response = client.get(own(ConfirmedSignatureFactory(), name))

    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "Cookie" not in response.headers.get("Vary", "")
    assert client.cookies == {}


@pytest.mark.parametrize("name", OWN_PAGES)
@pytest.mark.parametrize("token", ["made-up", None])
def test_own_pages_of_a_made_up_link_or_one_for_another_purpose_are_gone(client, name, token):
    other = link_token(purpose="signature-confirm", row_id=ConfirmedSignatureFactory().pk)
    address = reverse(name, args=[token or other])

    assert client.get(address, follow=True).status_code == 410
    assert client.post(address, follow=True).status_code == 410


@pytest.mark.parametrize("name", OWN_PAGES)
def test_own_pages_of_a_pending_signature_are_gone(client, name):
    signature = SignatureFactory()

    assert client.post(own(signature, name), follow=True).status_code == 410
    assert Signature.objects.filter(state=SignatureState.PENDING).count() == 1


@pytest.mark.parametrize("name", OWN_PAGES)
def test_own_pages_refuse_other_methods(client, name):
    assert client.put(own(ConfirmedSignatureFactory(), name)).status_code == 405


# --- The page -----------------------------------------------------------------------
def test_manage_shows_what_was_signed_in_three_queries(client, django_assert_num_queries):
    signature = ConfirmedSignatureFactory(
        country="FR", postcode="75001", reason="For the rivers.", reason_state=ReasonState.WAITING
    )
    number_waiting_signatures(at=timezone.now())

    with django_assert_num_queries(3):  # the signature, whose news it agreed to, which partners ask
        page = client.get(own(signature)).content.decode()

    petition = signature.petition
    for shown in (
        petition.title,
        petition.addressee.name,
        petition.frozen_text.digest,
        petition.campaign.owner.display_name,
        "Ada Signer",
        "France",
        "75001",
        "For the rivers.",
        "once a moderator has read it",
    ):
        assert shown in page


def test_manage_says_until_when_data_is_kept_and_a_legal_hold(client):
    petition = PetitionFactory(retention_days=10)
    signature = ConfirmedSignatureFactory(petition=petition)

    kept = client.get(own(signature)).content.decode()
    type(petition).objects.update(legal_hold_reason="Case 12 C 34/26")
    held = client.get(own(signature)).content.decode()

    assert "are kept, encrypted, until" in kept
    assert "A legal duty makes us keep" in held
    assert "Case 12" not in held


def test_manage_invalidated_says_so_and_offers_erasing(client):
    signature = ConfirmedSignatureFactory(state=SignatureState.INVALIDATED)

    page = client.get(own(signature)).content.decode()

    assert "Your signature does not count" in page
    assert own(signature, "signature_withdraw") in page
    assert own(signature, "signature_consent") not in page


@pytest.mark.parametrize(("purpose", "column"), COLUMNS.items())
def test_consent_is_given_and_taken_back_by_a_button(client, purpose, column):
    client.handler.enforce_csrf_checks = True
    signature = ConfirmedSignatureFactory()
    before = client.get(own(signature)).content.decode()

    answer = client.post(own(signature, "signature_consent"), {"purpose": purpose, "given": "yes"})
    given = Signature.objects.values_list(column, flat=True).get()
    client.post(own(signature, "signature_consent"), {"purpose": purpose, "given": "no"})

    assert str(WORDINGS[purpose]) in before, "the words are shown before the button"
    assert answer.url == f"{own(signature)}#{purpose}"
    assert given is True
    assert Signature.objects.values_list(column, flat=True).get() is False


@pytest.mark.parametrize(
    "sent", [{}, {"purpose": "sign", "given": "no"}, {"purpose": "updates"}, {"given": "yes"}]
)
def test_consent_made_up_changes_nothing(client, sent):
    signature = ConfirmedSignatureFactory()
    before = stored()

    assert client.post(own(signature, "signature_consent"), sent).url == own(signature)

    assert stored() == before


def test_consent_while_somebody_else_is_faster_says_so(client, monkeypatch):
    monkeypatch.setattr("campaign.petitions.services.signer.ATTEMPTS", 0)
    signature = ConfirmedSignatureFactory()

    page = client.post(own(signature, "signature_consent"), {"purpose": "updates", "given": "yes"})

    assert page.status_code == 422
    assert "Try again" in page.content.decode()


def test_reason_is_taken_back(client):
    signature = ConfirmedSignatureFactory(reason="For the rivers.", reason_state=ReasonState.SHOWN)

    page = client.post(own(signature, "signature_reason"), follow=True)

    assert "For the rivers." not in page.content.decode()
    assert Signature.objects.get().reason is None


# --- Leaving --------------------------------------------------------------------------
def test_withdraw_takes_two_clicks_from_the_mail(client):
    client.handler.enforce_csrf_checks = True
    signature = ConfirmedSignatureFactory()
    number_waiting_signatures(at=timezone.now())

    page = client.get(own(signature)).content.decode()
    after = client.post(own(signature, "signature_withdraw"), follow=True)
    number_waiting_signatures(at=timezone.now())

    assert f'action="{own(signature, "signature_withdraw")}"' in page
    assert "Your signature leaves the count" in page
    assert "Your signature is withdrawn" in after.content.decode()
    assert client.get(reverse("petition_count", args=[signature.petition.slug])).json() == {"count": 0}


def test_withdraw_when_the_count_is_final_says_what_stays(client):
    signature = ConfirmedSignatureFactory(petition=final())
    number_waiting_signatures(at=timezone.now())

    page = client.get(own(signature, "signature_withdraw")).content.decode()
    after = client.post(own(signature, "signature_withdraw"), follow=True).content.decode()

    assert "its number is final" in page
    assert "Your data is erased" in after
    assert "number 1 from Germany" in after
    assert Signature.objects.get().name is None


def test_withdraw_twice_leads_to_the_same_page(client):
    signature = ConfirmedSignatureFactory()

    pages = [client.post(own(signature, "signature_withdraw"), follow=True) for _ in range(2)]

    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].content == pages[1].content


def test_erase_says_before_the_button_what_happens_to_each(client):
    signature = ConfirmedSignatureFactory(email="ada@example.org")
    kept = ConfirmedSignatureFactory(email="ada@example.org", petition=final(title="Long over"))

    page = client.get(own(signature, "signature_erase")).content.decode()

    assert "Long over" in page
    assert page.count("leaves the count") >= 2
    assert page.count("your data is erased") == 1
    assert signature.petition.campaign_id != kept.petition.campaign_id


@pytest.mark.parametrize(("reach", "left"), [("campaign", 1), ("site", 0)])
def test_erase_reaches_as_far_as_said(client, reach, left):
    client.handler.enforce_csrf_checks = True
    signature = ConfirmedSignatureFactory(email="ada@example.org")
    ConfirmedSignatureFactory(email="ada@example.org")

    page = client.post(own(signature, "signature_erase"), {"reach": reach}, follow=True)

    assert "Your signature is withdrawn" in page.content.decode()
    assert Signature.objects.filter(email_key__isnull=False).count() == left


@pytest.mark.parametrize(("ticked", "left"), [({}, 1), ({"whole_mailbox": "on"}, 0)])
def test_erase_shared_mailbox_asks_for_the_other_person(client, ticked, left):
    signature = ConfirmedSignatureFactory(name="Ada", email="home@example.org")
    ConfirmedSignatureFactory(petition=signature.petition, name="Bob", email="home@example.org", slot=2)

    page = client.get(own(signature, "signature_erase")).content.decode()
    client.post(own(signature, "signature_erase"), {"reach": "site", **ticked})

    assert "under other names, too" in page
    assert Signature.objects.filter(email_key__isnull=False).count() == left


def test_erase_without_a_reach_changes_nothing(client):
    signature = ConfirmedSignatureFactory()
    before = stored()

    response = client.post(own(signature, "signature_erase"), {"reach": "everybody"})

    assert response.status_code == 422
    assert stored() == before


# --- The copy of their data -------------------------------------------------------------
def test_data_page_shows_the_history_of_consents(client):
    signature = ConfirmedSignatureFactory(email="ada@example.org", network="203.0.113.0/24")
    for given in (True, False):
        set_consent(signature=signature, purpose="updates", given=given, locale="en", at=timezone.now())

    page = client.get(own(signature, "signature_data")).content.decode()

    assert "ada@example.org" in page
    assert "203.0.113.0/24" in page
    assert page.count(str(WORDINGS["updates"])) == 2
    assert page.count("Taken back on") == 1


def test_data_file_is_json_to_keep(client):
    signature = ConfirmedSignatureFactory(name="Ådä Signer", email="ada@example.org")

    response = client.get(own(signature, "signature_data_json"))

    assert response.headers["Content-Disposition"] == 'attachment; filename="my-signatures.json"'
    assert json.loads(response.content)["signatures"][0]["name"] == "Ådä Signer"
    assert "Ådä" in response.content.decode()


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("signature_data", 5), ("signature_erase", 5)])
def test_own_lists_take_a_fixed_number_of_queries(
    client, item_count, name, queries, django_assert_num_queries
):
    signature = ConfirmedSignatureFactory(email="ada@example.org")
    ConfirmedSignatureFactory.create_batch(item_count, email="ada@example.org")

    with django_assert_num_queries(queries):
        client.get(own(signature, name))
