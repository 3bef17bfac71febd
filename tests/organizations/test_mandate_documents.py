"""Documents that are to show who may sign: sent, checked by staff, erased."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from campaign.mailing.models import OutgoingMail
from campaign.mailing.services import pump_mail
from campaign.organizations import tasks
from campaign.organizations.models import (
    DuplicateCause,
    Mandate,
    MandateDocument,
    MandateProof,
    Organization,
)
from campaign.organizations.queries import mandates_to_check
from campaign.organizations.services import (
    DocumentIsEmpty,
    DocumentTooLarge,
    DomainSpeaksForAnother,
    MandateCannotMove,
    NotADocument,
    OwnOrganization,
    SignatoryData,
    accept_document,
    document_bytes,
    document_kind,
    erase_documents,
    refuse_document,
    request_document_mandate,
    withdraw_mandate,
)
from tests.factories.accounts import UserFactory
from tests.factories.mandates import (
    PDF,
    DuplicateFlagFactory,
    MandateDocumentFactory,
    MandateFactory,
    WaitingMandateFactory,
)
from tests.factories.organizations import MembershipFactory, OrganizationFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()
SIGNATORY = SignatoryData(name="Sam", function="Chair", email="sam@gmail.com", locale="en")


def waiting(**fields):
    """A mandate whose document waits for staff."""
    return MandateDocumentFactory(
        mandate=WaitingMandateFactory(**{"proof": MandateProof.DOCUMENT, "stated_at": NOW} | fields)
    ).mandate


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, ("application/pdf", "pdf")),
        (b"\x89PNG\r\n\x1a\n and more", ("image/png", "png")),
        (b"\xff\xd8\xff\xe0 and more", ("image/jpeg", "jpg")),
        (b"%PDF-" + b"x" * 4_999_995, ("application/pdf", "pdf")),
    ],
)
def test_kind_of_a_document_is_told_by_how_it_begins(content, kind):
    assert document_kind(content) == kind


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", DocumentIsEmpty),
        (b"%PDF-" + b"x" * 4_999_996, DocumentTooLarge),
        (b"MZ\x90 a program", NotADocument),
        (b"<html><script>", NotADocument),
        (b"PK\x03\x04 word.docx", NotADocument),
        (b" %PDF-1.7", NotADocument),
        (b"GIF89a", NotADocument),
        (b"\x89PNG", NotADocument),
    ],
)
def test_file_that_is_no_document_is_refused(content, refusal):
    with pytest.raises(refusal):
        document_kind(content)


def test_document_is_kept_sealed_and_comes_out_as_it_was():
    organization = OrganizationFactory(domain="", website="https://pages.example/club", proven_at=None)

    request_document_mandate(
        organization=organization, signatory=SIGNATORY, content=PDF, at=NOW, by=UserFactory()
    )

    document = MandateDocument.objects.get()
    assert document_bytes(document) == PDF
    assert (document.media_type, document.byte_size) == ("application/pdf", len(PDF))
    assert document.name == f"{organization.slug}-{NOW:%Y-%m-%d}.pdf"
    assert document.mandate.expires_at == NOW + timedelta(days=60)
    assert document.mandate.domain == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM organizations_mandatedocument")
        stored = bytes(cursor.fetchone()[0])
    assert b"minutes" not in stored
    assert b"JVBERi0" not in stored  # the same in base64


def test_document_that_is_refused_at_the_door_stores_nothing():
    organization = OrganizationFactory()

    with pytest.raises(NotADocument):
        request_document_mandate(
            organization=organization, signatory=SIGNATORY, content=b"x", at=NOW, by=UserFactory()
        )

    assert not Mandate.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_queue_holds_what_waits_the_oldest_first():
    later, sooner = waiting(), waiting(stated_at=NOW - timedelta(days=3))
    waiting(stated_at=NOW - timedelta(days=61))
    waiting(withdrawn_at=NOW)
    waiting(proven_at=NOW)
    waiting(rejected_at=NOW)
    WaitingMandateFactory(proof=MandateProof.DOMAIN_MAIL)
    DuplicateFlagFactory(organization=sooner.organization)

    rows = mandates_to_check(at=NOW)

    assert [(row.pk, row.has_flags) for row in rows] == [(sooner.pk, True), (later.pk, False)]


def test_accepting_shows_the_organization_and_tells_the_signatory():
    mandate, staff = waiting(signatory_email="sam@gmail.com"), UserFactory()

    assert accept_document(mandate=mandate, by=staff, at=NOW, has_own_domain=True)
    pump_mail(at=timezone.now())

    mandate.refresh_from_db()
    assert (mandate.proven_at, mandate.checked_by) == (NOW, staff)
    assert mandate.is_in_force_at(NOW)
    organization = Organization.objects.get()
    assert (organization.proven_at, organization.domain != "") == (NOW, True)
    assert [letter.to for letter in outbox.outbox] == [["sam@gmail.com"]]
    assert "is confirmed" in outbox.outbox[0].subject


def test_letters_are_in_the_signatorys_language():
    mandate = waiting(locale="en-xa")
    refuse_document(mandate=mandate, reason="The seal is missing.", by=UserFactory(), at=NOW)

    assert OutgoingMail.objects.get().locale == "en-xa"


def test_organization_on_a_shared_host_speaks_for_no_domain():
    mandate = waiting()

    accept_document(mandate=mandate, by=UserFactory(), at=NOW, has_own_domain=False)

    organization = Organization.objects.get()
    assert (organization.proven_at, organization.domain, organization.lookalike_key) == (NOW, "", "")


def test_two_organizations_on_one_shared_host_are_both_shown():
    hosts = [OrganizationFactory(domain="pages.example", proven_at=None) for _ in range(2)]

    shown = [
        accept_document(mandate=waiting(organization=row), by=UserFactory(), at=NOW, has_own_domain=False)
        for row in hosts
    ]

    assert shown == [True, True]


def test_domain_that_was_proven_is_not_taken_away_by_a_document():
    mandate = waiting()
    MandateFactory(organization=mandate.organization)

    accept_document(mandate=mandate, by=UserFactory(), at=NOW, has_own_domain=False)

    assert Organization.objects.get().domain != ""


def test_domain_of_another_is_not_given_away_by_a_document():
    mandate = waiting(organization=OrganizationFactory(domain="famous.example", proven_at=None))
    OrganizationFactory(domain="famous.example")

    with pytest.raises(DomainSpeaksForAnother):
        accept_document(mandate=mandate, by=UserFactory(), at=NOW, has_own_domain=True)

    mandate.refresh_from_db()
    assert mandate.proven_at is None
    assert not OutgoingMail.objects.exists()


def test_accepting_an_organization_that_may_be_here_twice_holds_it_back():
    mandate = waiting(signatory_email="sam@gmail.com")
    DuplicateFlagFactory(organization=mandate.organization, cause=DuplicateCause.NUMBER)

    assert not accept_document(mandate=mandate, by=UserFactory(), at=NOW, has_own_domain=True)
    pump_mail(at=timezone.now())

    assert Organization.objects.get(pk=mandate.organization_id).proven_at is None
    assert "staff looks whether it is here already" in " ".join(outbox.outbox[0].body.split())


def test_refusing_tells_the_signatory_why():
    mandate = waiting(signatory_email="sam@gmail.com")

    refuse_document(mandate=mandate, reason="The minutes name somebody else.", by=UserFactory(), at=NOW)
    pump_mail(at=timezone.now())

    mandate.refresh_from_db()
    assert (mandate.rejected_at, mandate.proven_at) == (NOW, None)
    assert mandate.reason == "The minutes name somebody else."
    assert [letter.to for letter in outbox.outbox] == [["sam@gmail.com"]]
    assert "The minutes name somebody else." in outbox.outbox[0].body


DECISIONS = [
    lambda mandate, by, at: accept_document(mandate=mandate, by=by, at=at, has_own_domain=True),
    lambda mandate, by, at: refuse_document(mandate=mandate, reason="x", by=by, at=at),
]


@pytest.mark.parametrize("decide", DECISIONS)
@pytest.mark.parametrize(
    "fields",
    [
        {"withdrawn_at": NOW},
        {"rejected_at": NOW},
        {"proven_at": NOW},
        {"stated_at": NOW - timedelta(days=60)},
    ],
)
def test_document_that_does_not_wait_any_more_is_not_decided(decide, fields):
    mandate = waiting(**fields)

    with pytest.raises(MandateCannotMove):
        decide(mandate, UserFactory(), NOW)

    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("decide", DECISIONS)
@pytest.mark.parametrize("who", ["member", "signatory", "signatory's mailbox"])
def test_staff_does_not_decide_about_the_own_document(decide, who):
    staff = UserFactory()
    fields = {
        "member": {},
        "signatory": {"user": staff},
        "signatory's mailbox": {"signatory_email": staff.email},
    }[who]
    mandate = waiting(**fields)
    if who == "member":
        MembershipFactory(organization=mandate.organization, user=staff, role="viewer")

    with pytest.raises(OwnOrganization):
        decide(mandate, staff, NOW)

    mandate.refresh_from_db()
    assert (mandate.proven_at, mandate.rejected_at) == (None, None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="an in-memory SQLite is one connection's alone")
def test_two_of_staff_at_once_decide_once():
    mandate, outcomes = waiting(), []
    staff = [UserFactory(), UserFactory()]

    def decide(act, by):
        try:
            act(Mandate.objects.get(pk=mandate.pk), by, NOW)
        except MandateCannotMove:
            outcomes.append("told")
        else:
            outcomes.append("decided")

    in_threads([lambda act=act, by=by: decide(act, by) for act, by in zip(DECISIONS, staff, strict=True)])

    mandate.refresh_from_db()
    assert sorted(outcomes) == ["decided", "told"]
    assert (mandate.proven_at is None) != (mandate.rejected_at is None)
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "is_erased"),
    [
        ({}, False),
        ({"stated_at": NOW - timedelta(days=59)}, False),
        ({"stated_at": NOW - timedelta(days=60)}, True),
        ({"withdrawn_at": NOW}, True),
        ({"proven_at": NOW - timedelta(days=29)}, False),
        ({"proven_at": NOW - timedelta(days=31)}, True),
        ({"rejected_at": NOW - timedelta(days=29)}, False),
        ({"rejected_at": NOW - timedelta(days=31)}, True),
        ({"stated_at": NOW - timedelta(days=70), "proven_at": NOW - timedelta(days=20)}, False),
        ({"stated_at": NOW - timedelta(days=70), "rejected_at": NOW - timedelta(days=20)}, False),
    ],
)
def test_document_is_erased_after_the_decision_or_when_nobody_decides(fields, is_erased):
    waiting(**fields)

    assert [erase_documents(at=NOW) for _time in range(2)] == [int(is_erased), 0]
    assert MandateDocument.objects.exists() != is_erased
    assert Mandate.objects.exists()


def test_hourly_task_erases():
    mandate = waiting()
    withdraw_mandate(mandate=mandate, reason="sent the wrong file", by=None, at=NOW)

    for _time in range(2):
        tasks.tend_mandates()

    assert not MandateDocument.objects.exists()
