"""The list of a filing's files: who sees it, who has files made, what each row says."""

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.documents import may_cancel_filing_document
from campaign.consultations.printed.kinds import FILING_KINDS, filing_documents
from campaign.consultations.services.documents import (
    UnknownFilingFormat,
    order_all_filing_documents,
    order_filing_document,
)
from campaign.documents.models import Document
from tests.consultations.walk import freeze, prepare
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import AnswerFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
State = Document.State


@pytest.fixture
def filing():
    return prepare(freeze(AnswerFactory().submission, at=NOW), at=NOW)


@pytest.fixture
def lead(filing):
    return TeamMemberFactory(campaign=filing.submission.campaign, role="owner", membership="owner").user


@pytest.fixture
def viewer(filing):
    return TeamMemberFactory(campaign=filing.submission.campaign, role="viewer", membership="viewer").user


def address(filing):
    return reverse("filing_document_list", args=[filing.pk])


def rows(client, filing):
    return client.get(address(filing), headers={"hx-request": "true"})


def states(filing):
    return {row.kind: row.document.state for row in filing_documents(filing=filing) if row.document}


def test_filing_has_its_pdf_ordered_and_nothing_else(filing):
    assert states(filing) == {"consultations.filing": State.REQUESTED}


def test_order_all_filing_documents_orders_each_once(filing):
    archive = order_all_filing_documents(filing=filing, at=NOW)
    order_all_filing_documents(filing=filing, at=NOW)

    assert archive.kind == "consultations.filing.zip"
    assert states(filing) == dict.fromkeys(FILING_KINDS, State.REQUESTED)
    assert Document.objects.count() == len(FILING_KINDS)


def test_order_filing_document_of_an_unknown_format_is_refused(filing):
    with pytest.raises(UnknownFilingFormat):
        order_filing_document(filing=filing, kind="petitions.handover", at=NOW)


@pytest.mark.parametrize("total", [0, 9])
def test_filing_documents_asks_the_database_once(total, filing, django_assert_num_queries):
    if total:
        order_all_filing_documents(filing=filing, at=NOW)

    with django_assert_num_queries(1):
        assert len(filing_documents(filing=filing)) == len(FILING_KINDS)


def test_list_asks_again_while_something_is_made(filing, lead, client):
    client.force_login(lead)
    waiting = rows(client, filing).content.decode()
    Document.objects.update(state=State.FAILED, reason="too_long")

    done = rows(client, filing).content.decode()

    assert ('hx-trigger="every 2s"' in waiting, 'hx-trigger="every 2s"' in done) == (True, False)
    assert "Step 1 of 5: Waiting its turn" in waiting
    assert "It took longer than this site allows." in done


def test_list_opened_as_a_page_leads_to_the_filing(filing, lead, client):
    client.force_login(lead)

    response = client.get(address(filing))

    assert (response.status_code, response.url) == (
        302,
        reverse("filing_detail", args=[filing.pk]) + "#documents",
    )


def test_list_posted_has_one_file_made(filing, viewer, client):
    client.force_login(viewer)

    response = client.post(address(filing), {"kind": "consultations.filing.odt"})

    assert response.status_code == 302
    assert states(filing)["consultations.filing.odt"] == State.REQUESTED


def test_list_posted_has_all_of_them_made(filing, viewer, client):
    client.force_login(viewer)

    client.post(address(filing), {"kind": "all"})

    assert set(states(filing)) == set(FILING_KINDS)


def test_list_posted_with_an_unknown_format_says_so(filing, lead, client):
    client.force_login(lead)

    response = client.post(address(filing), {"kind": "exe"}, follow=True)

    assert "A filing cannot be had in this format." in response.content.decode()
    assert set(states(filing)) == {"consultations.filing"}


def test_list_posted_needs_sign_in(filing, client):
    response = client.post(address(filing), {"kind": "all"})

    assert reverse("account_login") in response.url
    assert set(states(filing)) == {"consultations.filing"}


def test_list_posted_by_a_stranger_is_not_found(filing, client):
    client.force_login(UserFactory())

    assert client.post(address(filing), {"kind": "all"}).status_code == 404


def test_list_put_is_a_wrong_method(filing, client):
    assert client.put(address(filing)).status_code == 405


def test_list_offers_visitors_no_orders(filing, lead, client):
    client.force_login(lead)
    mine = rows(client, filing).content.decode()
    filing.submission.campaign.state = "published"
    filing.submission.campaign.save()
    type(filing).objects.update(is_practice=True)
    client.logout()

    theirs = rows(client, filing)

    assert theirs.status_code == 200
    assert ("<form" in mine, "<form" in theirs.content.decode()) == (True, False)


def test_filing_document_is_canceled_by_who_leads_alone(filing, lead, viewer):
    assert may_cancel_filing_document(filing.record, lead) is True
    assert may_cancel_filing_document(filing.record, viewer) is False
    assert may_cancel_filing_document(filing.record, UserFactory()) is False


def test_months_of_signatures_are_fixed_with_a_filing():
    from campaign.petitions.services import number_waiting_signatures
    from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory

    petition = PetitionFactory()
    ConfirmedSignatureFactory.create_batch(6, petition=petition, country="FR")
    number_waiting_signatures(at=NOW)
    answer = AnswerFactory(submission__petition=petition)

    filing = prepare(freeze(answer.submission, at=NOW), at=NOW)

    signatures = filing.record.data["signatures"]
    assert sum(row["total"] for row in signatures["months"]) == signatures["total"] == 6
    assert [len(row["month"]) for row in signatures["months"]] == [7]
