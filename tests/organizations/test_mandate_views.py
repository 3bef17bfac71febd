from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaign.core.links import link_token
from campaign.mailing.models import OutgoingMail
from campaign.organizations.models import (
    DnsOutcome,
    Mandate,
    MandateObjection,
    MandateProof,
)
from campaign.organizations.services import record_of
from tests.factories.accounts import UserFactory
from tests.factories.mandates import (
    PDF,
    DuplicateFlagFactory,
    MandateFactory,
    MandateObjectionFactory,
    WaitingMandateFactory,
)
from tests.factories.organizations import MembershipFactory, OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORM = {
    "signatory_name": "Sam",
    "signatory_function": "Director",
    "signatory_email": "sam@office.example",
    "proof": "domain_mail",
    "statement": "on",
}


@pytest.fixture
def organization():
    return OrganizationFactory(domain="office.example", website="https://office.example", proven_at=None)


@pytest.fixture
def owner(client, organization):
    user = MembershipFactory(organization=organization).user
    client.force_login(user)
    return user


def prove(client, organization, **changes):
    return client.post(reverse("organization_prove", args=[organization.slug]), FORM | changes)


def document(content=PDF, name="minutes.pdf"):
    return SimpleUploadedFile(name, content, content_type="text/html")


# --- Who may ---------------------------------------------------------------------------
PAGES = {  # by name: method, status for a viewer, for an owner
    "organization_prove": ("get", 403, 200),
    "organization_mandates": ("get", 200, 200),
    "mandate_withdraw": ("get", 403, 200),
    "mandate_object": ("get", 403, 200),
    "mandate_hand_on": ("get", 403, 200),
    "mandate_renew": ("get", 403, 200),
    "mandate_record": ("get", 403, 200),
    "mandate_record_state": ("get", 403, 302),
    "mandate_look": ("post", 403, 302),
}


def address_of(name, organization):
    if name in {"organization_prove", "organization_mandates"}:
        return reverse(name, args=[organization.slug])
    proof = MandateProof.DOMAIN_DNS if "record" in name or "look" in name else MandateProof.DOMAIN_MAIL
    factory = WaitingMandateFactory if proof == MandateProof.DOMAIN_DNS else MandateFactory
    mandate = factory(organization=organization, proof=proof)
    return reverse(name, args=[organization.slug, mandate.pk])


@pytest.mark.parametrize("person", ["anonymous", "stranger", "viewer", "owner"])
@pytest.mark.parametrize("name", PAGES)
def test_page_by_person(client, organization, name, person):
    method, viewer, owner = PAGES[name]
    if person in {"viewer", "owner"}:
        client.force_login(MembershipFactory(organization=organization, role=person).user)
    elif person == "stranger":
        client.force_login(MembershipFactory().user)

    response = getattr(client, method)(address_of(name, organization))

    assert (
        response.status_code == {"anonymous": 302, "stranger": 404, "viewer": viewer, "owner": owner}[person]
    )
    if person == "anonymous":
        assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
def test_page_refuses_other_methods(client, organization, owner, name):
    address = address_of(name, organization)
    wrong = client.get if PAGES[name][0] == "post" else client.delete

    assert wrong(address).status_code == 405


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("mandate")])
def test_mandate_of_another_organization_is_not_found(client, organization, owner, name):
    foreign = MandateFactory(proof=MandateProof.DOMAIN_DNS)
    method = PAGES[name][0]

    assert getattr(client, method)(reverse(name, args=[organization.slug, foreign.pk])).status_code == 404


# --- Stating ----------------------------------------------------------------------------
def test_by_mail_sends_the_link(client, organization, owner):
    response = prove(client, organization)

    assert response.url == reverse("organization_mandates", args=[organization.slug])
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["organizations.mandate"]


def test_by_record_leads_to_the_record(client, organization, owner):
    response = prove(client, organization, proof="domain_dns", signatory_email="sam@gmail.com")

    mandate = Mandate.objects.get()
    assert response.url == reverse("mandate_record", args=[organization.slug, mandate.pk])
    page = client.get(response.url).content.decode()
    assert "_reclaim.office.example" in page
    assert record_of(mandate).value in page


def test_by_document_takes_the_file(client, organization, owner):
    response = prove(client, organization, proof="document", document=document())

    mandate = Mandate.objects.get()
    assert response.url == reverse("organization_mandates", args=[organization.slug])
    assert (mandate.proof, mandate.document.media_type) == ("document", "application/pdf")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"signatory_email": "sam@gmail.com"}, "signatory_email", "Anybody can open a mailbox"),
        ({"signatory_email": "sam@other.example"}, "signatory_email", "not on the website"),
        ({"signatory_email": "sam"}, "signatory_email", "Write one mail address"),
        ({"signatory_name": ""}, "signatory_name", "required"),
        ({"signatory_function": ""}, "signatory_function", "required"),
        ({"statement": ""}, "statement", "required"),
        ({"proof": ""}, "proof", "required"),
        ({"proof": "document"}, "document", "Choose the document."),
        ({"proof": "document", "document": document(b"")}, "document", "empty"),
        ({"proof": "document", "document": document(b"<html>")}, "document", "no PDF, PNG or JPEG"),
        ({"proof": "document", "document": document(b"%PDF-" + b"x" * 5_000_000)}, "document", "larger than 5 MB"),
        ({"proof": "document", "document": document(), "signatory_name": ""}, "document", "Choose the document again"),
    ],
)  # fmt: skip
def test_slip_is_told_at_its_place_and_keeps_what_was_typed(
    client, organization, owner, changes, field, words
):
    upload = changes.get("document")
    if upload:
        upload.seek(0)

    response = prove(client, organization, **changes)

    assert response.status_code == 422
    assert words in response.context["form"].errors[field][0]
    assert 'value="Director"' in response.content.decode() or field == "signatory_function"
    assert not Mandate.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("proof", ["domain_mail", "domain_dns"])
def test_without_an_own_domain_only_a_document_is_offered(client, owner, organization, proof):
    organization.domain, organization.website = "", "https://pages.example/club"
    organization.save()

    page = client.get(reverse("organization_prove", args=[organization.slug])).content.decode()
    response = prove(client, organization, proof=proof)

    assert 'value="document"' in page
    assert f'value="{proof}"' not in page
    assert response.status_code == 422
    assert "Send a document" in response.context["form"].errors["proof"][0]


def test_domain_of_another_is_told_and_stores_nothing(client, organization, owner):
    OrganizationFactory(domain="office.example")

    response = prove(client, organization)

    assert response.status_code == 422
    assert "Another organization" in response.context["form"].non_field_errors()[0]
    assert not Mandate.objects.exists()


def test_founding_without_an_own_domain_leads_to_the_document(client):
    client.force_login(UserFactory())
    fields = {"legal_name": "Club", "display_name": "Club", "kind": "association", "country": "DE"}
    fields["website"] = "https://co.uk/club"

    response = client.post(reverse("organization_create"), fields)

    assert response.status_code == 302
    assert "neither a mailbox nor a record" in client.get(response.url).content.decode()


# --- The link ---------------------------------------------------------------------------
def link_of(mandate):
    return reverse("mandate_confirm", args=[link_token(purpose="mandate", row_id=mandate.pk)])


def test_link_shows_and_post_confirms_and_says_so(client):
    mandate = WaitingMandateFactory()

    assert client.get(link_of(mandate)).status_code == 200
    mandate.refresh_from_db()
    assert mandate.proven_at is None

    response = client.post(link_of(mandate), follow=True)
    assert response.status_code == 200
    assert "Your mandate is confirmed" in response.content.decode()
    assert client.post(link_of(mandate), follow=True).status_code == 200


def test_link_of_an_organization_that_is_held_back_says_so(client):
    mandate = WaitingMandateFactory()
    DuplicateFlagFactory(organization=mandate.organization)

    page = client.post(link_of(mandate), follow=True).content.decode()

    mandate.organization.refresh_from_db()
    assert "staff looks at it first" in page
    assert mandate.organization.proven_at is None


@pytest.mark.parametrize("field", ["withdrawn_at", "rejected_at"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_link_of_a_statement_taken_back_is_dead(client, field, method):
    mandate = WaitingMandateFactory(**{field: timezone.now()})

    assert getattr(client, method)(link_of(mandate)).status_code == 410


@pytest.mark.parametrize("field", ["withdrawn_at", "rejected_at", "ends_at"])
def test_link_of_a_mandate_that_is_over_says_where_it_stands(client, field):
    mandate = MandateFactory(**{field: timezone.now()})

    page = client.get(link_of(mandate)).content.decode()

    assert "not in force any more" in page
    assert "Yes, I am authorized" not in page


def test_link_when_the_domain_speaks_for_another_meanwhile(client, organization):
    mandate = WaitingMandateFactory(organization=organization)
    OrganizationFactory(domain="office.example")

    response = client.post(link_of(mandate))

    assert response.status_code == 409
    assert "Another organization" in response.content.decode()


# --- The record -------------------------------------------------------------------------
@pytest.fixture
def by_record(organization, owner):
    return WaitingMandateFactory(organization=organization, proof=MandateProof.DOMAIN_DNS)


def test_looking_asks_a_worker_and_the_page_asks_again_by_itself(
    client, by_record, django_capture_on_commit_callbacks
):
    slug = by_record.organization.slug
    with django_capture_on_commit_callbacks() as callbacks:
        response = client.post(reverse("mandate_look", args=[slug, by_record.pk]))

    by_record.refresh_from_db()
    state = reverse("mandate_record_state", args=[slug, by_record.pk])
    assert (by_record.dns_outcome, len(callbacks)) == (DnsOutcome.ASKED, 1)
    assert f'hx-get="{state}"' in client.get(response.url).content.decode()
    piece = client.get(state, headers={"HX-Request": "true"}).content.decode()
    assert f'hx-get="{state}"' in piece
    assert "<html" not in piece


def test_looking_again_at_once_is_told(client, by_record):
    address = reverse("mandate_look", args=[by_record.organization.slug, by_record.pk])
    client.post(address)

    page = client.post(address, follow=True).content.decode()

    assert "looked up a moment ago" in page


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("", "Not looked at yet"),
        ("missing", "New records can take minutes"),
        ("other", "letter by letter"),
        ("differs", "all servers have to give the same"),
        ("silent", "did not answer in time"),
        ("broken", "cannot answer"),
    ],
)
def test_page_says_what_was_found_and_asks_no_more(client, by_record, outcome, words):
    Mandate.objects.update(dns_outcome=outcome, dns_checked_at=timezone.now())

    page = client.get(reverse("mandate_record", args=[by_record.organization.slug, by_record.pk]))

    assert words in page.content.decode()
    assert "hx-get" not in page.content.decode()


def test_page_says_what_stands_in_the_way_of_a_record_that_is_there(client, by_record):
    OrganizationFactory(domain="office.example")
    Mandate.objects.update(dns_outcome=DnsOutcome.FOUND)

    page = client.get(reverse("mandate_record", args=[by_record.organization.slug, by_record.pk]))

    assert "Another organization has been confirmed" in page.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_record_of_a_mandate_that_is_proven(client, by_record, method):
    Mandate.objects.update(proven_at=timezone.now(), ends_at=timezone.now() + timedelta(days=700))
    name = "mandate_record" if method == "get" else "mandate_look"

    response = getattr(client, method)(
        reverse(name, args=[by_record.organization.slug, by_record.pk]), follow=True
    )

    assert "In force" in response.content.decode()
    assert "Look now" not in response.content.decode()


# --- The list ---------------------------------------------------------------------------
@pytest.mark.parametrize("item_count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    client, organization, owner, item_count, django_assert_num_queries
):
    MandateFactory.create_batch(item_count, organization=organization)
    with django_assert_num_queries(9):
        # session, user, organization, role, how many, these, level, held back, found twice
        page = client.get(reverse("organization_mandates", args=[organization.slug]))

    assert len(page.context["lines"]) == item_count


def test_list_names_signatories_to_owners_alone(client, organization, owner):
    MandateFactory(organization=organization, signatory_name="Sam Secret")
    address = reverse("organization_mandates", args=[organization.slug])
    seen = [client.get(address).content.decode()]
    client.force_login(MembershipFactory(organization=organization, role="viewer").user)
    seen.append(client.get(address).content.decode())

    assert ["Sam Secret" in page for page in seen] == [True, False]
    assert ["Withdraw" in page for page in seen] == [True, False]


@pytest.mark.parametrize(
    ("decision", "words"),
    [("", "staff looks at it first"), ("same", "is here already"), ("different", "All mandates")],
)
def test_list_says_when_the_organization_is_held_back(client, organization, owner, decision, words):
    MandateFactory(organization=organization)
    DuplicateFlagFactory(organization=organization, decision=decision)

    page = client.get(reverse("organization_mandates", args=[organization.slug])).content.decode()

    assert words in page
    assert ("notice--" in page) == (decision != "different")


# --- Withdrawing, handing on, reporting -----------------------------------------------------
def test_withdrawing_asks_for_a_reason_and_does_it(client, organization, owner):
    mandate = MandateFactory(organization=organization)
    address = reverse("mandate_withdraw", args=[organization.slug, mandate.pk])

    assert client.post(address, {"reason": ""}).status_code == 422
    mandate.refresh_from_db()
    assert mandate.withdrawn_at is None
    assert client.post(address, {"reason": "left"}).status_code == 302

    mandate.refresh_from_db()
    assert (mandate.withdrawn_at is not None, mandate.reason) == (True, "left")


@pytest.mark.parametrize("name", ["mandate_withdraw", "mandate_hand_on", "mandate_renew", "mandate_object"])
def test_refused_mandate_leads_back_to_the_list(client, organization, owner, name):
    mandate = MandateFactory(organization=organization, rejected_at=timezone.now())

    for method in (client.get, client.post):
        response = method(reverse(name, args=[organization.slug, mandate.pk]), {"reason": "x"}, follow=True)
        assert "has been decided on meanwhile" in response.content.decode()


@pytest.mark.parametrize("way", [{"proof": "domain_mail"}, {"proof": "domain_dns"}, {"proof": "document"}])
def test_handing_on_works_by_each_way(client, organization, owner, way):
    old = MandateFactory(organization=organization)
    files = {"document": document()} if way["proof"] == "document" else {}

    response = client.post(reverse("mandate_hand_on", args=[organization.slug, old.pk]), FORM | way | files)

    assert response.status_code == 302
    new = Mandate.objects.get(replaces=old)
    assert (new.proof, new.signatory_name) == (way["proof"], "Sam")
    old.refresh_from_db()
    assert old.is_in_force_at(timezone.now())


def test_renewing_begins_with_what_was_stated(client, organization, owner):
    old = MandateFactory(organization=organization, ends_at=timezone.now() + timedelta(days=3))

    page = client.get(reverse("mandate_renew", args=[organization.slug, old.pk]))

    assert page.context["form"].initial["signatory_name"] == old.signatory_name
    assert "Renew the mandate" in page.content.decode()


def test_reporting_reaches_staff_once(client, organization, owner):
    mandate = MandateFactory(organization=organization)
    address = reverse("mandate_object", args=[organization.slug, mandate.pk])

    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "The board never met."}).status_code == 302
    response = client.post(address, {"reason": "Again"})

    assert response.status_code == 422
    assert "Again" in response.content.decode()
    assert MandateObjection.objects.get().reason == "The board never met."


def test_reported_mandate_says_so_in_the_list(client, organization, owner):
    MandateObjectionFactory(mandate=MandateFactory(organization=organization))

    page = client.get(reverse("organization_mandates", args=[organization.slug])).content.decode()

    assert "Reported as never authorized" in page
    assert reverse("mandate_object", args=[organization.slug, Mandate.objects.get().pk]) not in page


def test_signatory_reads_whom_the_mandate_gives_the_organization_to(client):
    mandate = WaitingMandateFactory()
    owner = MembershipFactory(organization=mandate.organization, user__name="Olga Owner").user

    page = client.get(reverse("mandate_confirm", args=[link_token(purpose="mandate", row_id=mandate.pk)]))

    assert f"Olga Owner ({owner.email})" in page.content.decode()
