"""The page of the annex of names: who may have it, what it says, and what it does."""

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.activity.models import LogEntry
from campaign.consultations.models import NamesAnnex, NamesPart, NamesState
from campaign.consultations.names.shown import kit_names
from campaign.consultations.services.names import order_names_annex
from campaign.petitions.models import Signature
from tests.consultations.names_walk import signed_filing
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import PartnerFactory, TeamMemberFactory
from tests.factories.names import NamesAnnexFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def filing():
    return signed_filing(names=["Ada Signer", "Bo Signer"])


@pytest.fixture
def lead(filing, client):
    user = TeamMemberFactory(campaign=filing.submission.campaign, role="owner", membership="owner").user
    client.force_login(user)
    return user


def address(filing):
    return reverse("names_annex", args=[filing.pk])


def of(annex, verb):
    return reverse(f"names_{verb}", args=[annex.filing_id, annex.pk])


def ready(filing, **values):
    return NamesAnnexFactory(filing=filing, petition=filing.submission.petition, **values)


def body(response):
    return response.content.decode()


def test_page_offers_to_have_the_list_made(client, filing, lead):
    response = client.get(address(filing))

    assert response.status_code == 200
    assert "2 signatures were counted" in body(response)
    assert "The authority that asks is the petition’s addressee" in body(response)


def test_page_says_so_when_the_authority_is_not_the_addressee(client):
    filing = signed_filing(names=["Ada"], is_addressee=False)
    client.force_login(
        TeamMemberFactory(campaign=filing.submission.campaign, role="owner", membership="owner").user
    )

    assert "The authority that asks is not the petition’s addressee" in body(client.get(address(filing)))


def test_post_orders_the_list(client, filing, lead):
    response = client.post(address(filing))

    annex = NamesAnnex.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, address(filing))
    assert (annex.state, annex.ordered_by) == (NamesState.ORDERED, lead)


def test_page_shows_which_part_is_being_made(client, filing, lead):
    annex = order_names_annex(filing=filing, by=lead, at=NOW)
    NamesAnnex.objects.update(state=NamesState.RENDERING, part_total=75)
    for position, state in enumerate(["ready"] * 11 + ["waiting"] * 64):
        NamesPart.objects.create(annex=annex, position=position, first_page=1, page_total=1, state=state)

    piece = client.get(address(filing), headers={"hx-request": "true"})

    assert "Part 12 of 75" in body(piece)
    assert "<html" not in body(piece)


def test_page_says_why_it_failed_and_offers_to_try_again(client, filing, lead):
    order_names_annex(filing=filing, by=lead, at=NOW)
    NamesAnnex.objects.update(state=NamesState.FAILED, reason="too_large")

    page = body(client.get(address(filing)))

    assert "more time or memory than this site allows" in page
    assert "Try again" in page


def test_download_sends_the_file_and_writes_who_took_it(client, filing, lead):
    annex = ready(filing, pieces="%PDF-1.7 the names")

    response = client.post(of(annex, "download"))

    assert b"".join(response.streaming_content) == b"%PDF-1.7 the names"
    assert "no-store" in response.headers["Cache-Control"]
    assert LogEntry.objects.filter(act="consultations.names_downloaded", actor=lead).count() == 1


def test_download_of_an_outdated_list_is_refused_in_words(client, filing, lead):
    annex = ready(filing, numbers=b"\x02")
    Signature.objects.filter(number=1).update(state="withdrawn", counted=False)

    response = client.post(of(annex, "download"), follow=True)

    assert "1 person who is named in it has taken the name back since." in body(response)
    assert "Have it made anew" in body(response)
    assert "Download the names" not in body(response)


def test_cancel_stops_the_work(client, filing, lead):
    annex = order_names_annex(filing=filing, by=lead, at=NOW)

    client.post(of(annex, "cancel"))

    annex.refresh_from_db()
    assert annex.state == NamesState.CANCELED


def test_destroy_leaves_the_digest(client, filing, lead):
    annex = ready(filing)

    response = client.post(of(annex, "destroy"), follow=True)

    assert "stay on record" in body(response)
    assert annex.file_digest in body(response)
    assert not annex.pieces.exists()


def test_post_when_one_is_ready_says_so(client, filing, lead):
    ready(filing)

    assert "There is an annex already." in body(client.post(address(filing), follow=True))


@pytest.mark.parametrize("verb", ["cancel", "destroy", "download"])
def test_get_does_nothing(client, filing, lead, verb):
    annex = ready(filing)

    assert client.get(of(annex, verb)).status_code == 405
    annex.refresh_from_db()
    assert annex.state == NamesState.READY


def test_anonymous_visitor_is_asked_to_sign_in(client, filing):
    assert client.get(address(filing)).headers["Location"].startswith(reverse("account_login"))


def test_stranger_finds_nothing(client, filing):
    client.force_login(UserFactory())

    assert client.get(address(filing)).status_code == 404


@pytest.mark.parametrize("role", ["viewer", "translator", "moderator", "editor"])
def test_lower_role_is_refused(client, filing, role):
    client.force_login(TeamMemberFactory(campaign=filing.submission.campaign, role=role).user)

    assert client.get(address(filing)).status_code == 403


def test_partners_lead_is_refused(client, filing):
    partner = PartnerFactory(campaign=filing.submission.campaign).organization
    member = TeamMemberFactory(
        campaign=filing.submission.campaign, organization=partner, role="owner", membership="owner"
    )
    client.force_login(member.user)

    assert client.get(address(filing)).status_code == 403
    assert client.post(of(ready(filing), "download")).status_code == 403


def test_annex_of_another_filing_is_not_found(client, filing, lead):
    other = ready(signed_filing(names=["Elsewhere"]))

    response = client.post(reverse("names_download", args=[filing.pk, other.pk]))

    assert response.status_code == 404


def test_kit_shows_nothing_to_who_may_not_have_the_names(filing, lead):
    editor = TeamMemberFactory(campaign=filing.submission.campaign, role="editor").user

    assert kit_names(filing=filing, user=editor)["may_have_names"] is False
    assert kit_names(filing=filing, user=lead)["may_have_names"] is True


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_does_not_read_more_for_more_parts(client, filing, lead, item_count, django_assert_num_queries):
    annex = order_names_annex(filing=filing, by=lead, at=NOW)
    NamesAnnex.objects.update(state=NamesState.RENDERING, part_total=item_count)
    for position in range(item_count):
        NamesPart.objects.create(annex=annex, position=position, first_page=1, page_total=1)
    client.get(address(filing))

    with django_assert_num_queries(9):
        client.get(address(filing), headers={"hx-request": "true"})
