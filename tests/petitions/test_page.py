from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from campaign.petitions.models import Petition, ReportedKind
from campaign.petitions.services import (
    hide_petition,
    number_waiting_signatures,
    pause_petition,
    report_count,
)
from tests.factories.accounts import UserFactory
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def remembered(settings):
    """Pages are kept for ten seconds, as on a site."""
    settings.PAGE_SECONDS = 10
    yield caches["pages"]
    caches["pages"].clear()


def address_of(petition):
    return reverse("petition_detail", args=[petition.slug])


def sign_once_more(petition):
    ConfirmedSignatureFactory(petition=petition)
    number_waiting_signatures(at=timezone.now())


def test_page_in_memory_takes_no_query(client, remembered, django_assert_num_queries):
    address = address_of(PetitionFactory())
    first = client.get(address)

    with django_assert_num_queries(0):
        second = client.get(address)

    assert second.content == first.content


def test_page_keeps_its_validator_while_people_sign(client, remembered):
    petition = PetitionFactory()
    etag = client.get(address_of(petition)).headers["ETag"]
    sign_once_more(petition)

    again = client.get(address_of(petition), headers={"If-None-Match": etag})

    assert (again.status_code, again.headers["ETag"]) == (304, etag)


def test_page_drawn_anew_shows_the_new_number_under_a_new_validator(client, remembered):
    petition = PetitionFactory()
    old = client.get(address_of(petition))
    sign_once_more(petition)
    remembered.clear()

    new = client.get(address_of(petition), headers={"If-None-Match": old.headers["ETag"]})

    assert new.status_code == 200
    assert 'data-count="0"' in old.content.decode()
    assert 'data-count="1"' in new.content.decode()


def test_count_beside_a_remembered_page_is_the_live_one(client, settings):
    petition = PetitionFactory()
    client.get(address_of(petition))
    sign_once_more(petition)

    assert client.get(reverse("petition_count", args=[petition.slug])).json() == {"count": 1}


def test_page_puts_each_visitors_share_tag_into_the_form(client, remembered):
    address = address_of(PetitionFactory())

    pages = [client.get(address, {"s": tag}).content.decode() for tag in ("from-bo", "", '"><script>')]

    assert ['name="source" value="from-bo"' in page for page in pages] == [True, False, False]
    assert not any("share-tag-of-this-visitor" in page for page in pages)
    assert "<script>" not in pages[2].replace("<script src", "")


def test_page_is_the_same_whoever_looks(client, remembered):
    address = address_of(PetitionFactory())
    stranger = client.get(address)
    client.force_login(UserFactory())

    member = client.get(address)

    assert member.content == stranger.content
    assert "Set-Cookie" not in member.headers


def test_page_that_is_taken_down_is_gone_once_the_facts_are_read_again(client, remembered):
    petition = PetitionFactory()
    client.get(address_of(petition))

    hide_petition(petition=petition, note="a reason")
    remembered.delete(f"facts:{petition.slug}")

    assert client.get(address_of(petition)).status_code == 410


def test_page_of_a_paused_petition_is_another_drawing(client, remembered):
    petition = PetitionFactory()
    client.get(address_of(petition))

    pause_petition(petition=petition, note="Back at noon", at=timezone.now())
    remembered.delete(f"facts:{petition.slug}")

    assert "Back at noon" in client.get(address_of(petition)).content.decode()


def test_page_past_its_closing_time_has_no_form(client, remembered):
    petition = PetitionFactory()
    client.get(address_of(petition))

    Petition.objects.filter(pk=petition.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    remembered.delete(f"facts:{petition.slug}")

    assert "no longer collects signatures" in client.get(address_of(petition)).content.decode()


def test_page_shows_each_kind_of_number_apart(client):
    petition, now = PetitionFactory(), timezone.now()
    sign_once_more(petition)
    SignatureFactory.create_batch(2, petition=petition)
    SignatureFactory(petition=petition, quarantined_at=now)
    for kind, count in ((ReportedKind.PAPER, 40), (ReportedKind.PARTNER, 5)):
        report_count(
            petition=petition, kind=kind, count=count, collected_by="Club", note="", by=UserFactory(), at=now
        )

    counts = client.get(address_of(petition)).context["counts"]

    assert (counts.confirmed, counts.pending, counts.removed) == (1, 2, 0)
    assert (counts.paper, counts.partner) == (40, 5)


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_is_drawn_with_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    petition = PetitionFactory()
    ConfirmedSignatureFactory.create_batch(item_count, petition=petition, name_is_public=True)
    number_waiting_signatures(at=timezone.now())

    with django_assert_num_queries(10):
        client.get(address_of(petition))
