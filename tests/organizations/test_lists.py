"""Who stands behind a text: the public list, its files, the petition's page, and what is fixed and printed of it."""

import csv
import json
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image

from campaign.documents.services import publish_text
from campaign.organizations.logos import draw_logo, forget_logo, logo_name
from campaign.organizations.models import Call, Endorsement, OrganizationName, PersonalEndorsement
from campaign.organizations.printed import printed_endorsers
from campaign.organizations.queries import (
    Place,
    Wanted,
    endorser_glance,
    endorser_page,
    endorser_record,
    endorser_totals,
)
from campaign.organizations.services import (
    accept_affiliation,
    confirm_endorsement,
    list_organizations,
    move_call,
    note_correction,
    set_logo,
    state_affiliation,
    withdraw_endorsement,
)
from tests.factories.accounts import UserFactory
from tests.factories.documents import FrozenTextFactory
from tests.factories.organizations import EndorsementFactory, OrganizationFactory
from tests.factories.petitions import DemandFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


@pytest.fixture
def text():
    text = FrozenTextFactory(title="The text", payload={"paragraphs": ["One.", "Two."]})
    publish_text(frozen_text=text, address="/petitions/x/", at=NOW)
    return text


def stands(text, *, at=NOW, logo=None, **fields):
    """An organization behind a text."""
    row = confirm_endorsement(endorsement=EndorsementFactory(frozen_text=text, stated_at=at, **fields), at=at)
    if logo:
        picture = BytesIO()
        Image.new("RGB", (80, 40), logo).save(picture, "PNG")
        picture.seek(0)
        set_logo(
            organization=row.organization,
            drawn=draw_logo(picture),
            uses=["web", "documents"],
            by=UserFactory(),
            at=at,
        )
        row.organization.refresh_from_db()
    return row


def person(text, **fields):
    values = {
        "name": "Ada Person",
        "affiliation": "University",
        "country": "DE",
        "locale": "en",
        "email": "a@x.example",
    }
    return PersonalEndorsement.objects.create(
        frozen_text=text,
        state="accepted",
        stated_at=NOW,
        expires_at=NOW,
        accepted_at=NOW,
        email_key=fields.pop("email_key", b"1"),
        **{**values, **fields},
    )


def listed(text, locale="en", place=None, **wanted):
    page = endorser_page(frozen_text=text, locale=locale, wanted=Wanted(**wanted), place=place or Place())
    return [row.name for row in page.rows]


def address(text, name="text_endorsers"):
    return reverse(name, args=[text.digest])


def networked(text):
    """A network and one of its members behind a text, and another member that is not."""
    network, member = (
        stands(text, display_name="Network", kind="network"),
        stands(text, display_name="Member"),
    )
    for each in (member.organization, OrganizationFactory()):
        row = state_affiliation(member=each, network=network.organization, by=UserFactory(), at=NOW)
        accept_affiliation(affiliation=row, by=UserFactory(), at=NOW)
    return network, member


def test_list_is_by_region_and_then_by_name(text, settings):
    for name, country in (("Zoo", "EG"), ("Ärzte", "DE"), ("Bund", "FR"), ("Αθήνα", "GR"), ("집", "KR")):
        stands(text, display_name=name, country=country)

    assert listed(text) == ["Zoo", "집", "Ärzte", "Bund", "Αθήνα"]
    settings.LANGUAGES = [("el", "Ελληνικά")]
    list_organizations(row.organization for row in Endorsement.objects.select_related("organization"))
    assert listed(text, "el") == ["집", "Zoo", "Αθήνα", "Ärzte", "Bund"]


def test_list_has_who_stands_behind_this_text_alone(text):
    stands(text, display_name="Here")
    gone = stands(text, display_name="Gone")
    stands(FrozenTextFactory(), display_name="Elsewhere")
    EndorsementFactory(frozen_text=text, display_name="Pending")
    withdraw_endorsement(endorsement=gone, at=NOW)

    assert listed(text) == ["Here"]


def test_list_is_filtered(text):
    stands(text, display_name="Offene Häuser")
    seoul = stands(text, display_name="집", country="KR")
    seoul.mandate.proof = "document"
    seoul.mandate.save(update_fields=["proof"])

    assert listed(text, typed="hauser") == ["Offene Häuser"]
    assert listed(text, region="142") == ["집"]
    assert listed(text, proof="document") == ["집"]
    assert listed(text, proof="domain") == ["Offene Häuser"]


def test_totals_count_nobody_twice(text):
    networked(text)
    stands(text, country="KR")
    person(text)

    totals = endorser_totals(frozen_text=text)

    assert (totals.organizations, totals.countries, totals.affiliated, totals.people) == (3, 2, 1, 1)
    assert totals.regions == {"150": 2, "142": 1}


def test_page_shows_numbers_parts_networks_late_ones_people_and_corrections(client, text):
    networked(text)
    call = move_call(kind="tests.text", subject_id=text.pk, frozen_text=text, at=NOW)
    Call.objects.update(closes_at=NOW + timedelta(hours=1), time_zone="Europe/Brussels")
    late = stands(text, display_name="Latecomer", at=NOW + timedelta(hours=2))
    part = Endorsement.objects.get(display_name="Member")
    part.scope, part.exceptions = "part", [{"key": "p2", "label": "Paragraph 2"}]
    part.save()
    person(text)
    note_correction(frozen_text=text, kind="renamed", was="Old", now="New", at=NOW)
    assert (call.pk, late.is_late) == (Call.objects.get().pk, True)

    page = client.get(address(text)).content.decode()
    words = " ".join(page.split())

    for said in (
        *("3 organizations", "from 1 country", "1 of them is a member of a network that stands here too."),
        *("1 signed after the list was closed.", "1 person stands behind it in their own name"),
        *("signed after the list was closed</span>", "Paragraph 2", "Affiliation for identification only"),
        *("Ada Person", "University", ">Old</del>", ">New</ins>", "Latecomer"),
    ):
        assert said in words, said
    assert "a@x.example" not in page
    assert "director@" not in page


def test_page_without_publication_is_for_staff_alone(client):
    text = FrozenTextFactory()
    stands(text)
    for name in ("text_endorsers", "text_endorsers_csv", "text_endorsers_json"):
        assert client.get(address(text, name)).status_code == 404

    client.force_login(UserFactory(is_staff=True))
    page = client.get(address(text))
    assert page.status_code == 200
    assert "Not public." in page.content.decode()


def test_page_under_an_embargo_is_404(client, text):
    stands(text)
    move_call(kind="tests.text", subject_id=text.pk, frozen_text=text, at=NOW)
    Call.objects.update(embargo_until=timezone.now() + timedelta(days=1))

    assert client.get(address(text)).status_code == 404


def test_page_of_an_older_text_leads_to_the_current_one(client, text):
    row = stands(text)
    move_call(kind="tests.text", subject_id=row.pk, frozen_text=text, at=NOW)
    new = FrozenTextFactory(payload={"paragraphs": ["Other."]})
    move_call(kind="tests.text", subject_id=row.pk, frozen_text=new, at=NOW)

    page = client.get(address(text)).content.decode()

    assert "This text has changed since." in page
    assert address(new) in page
    assert "No organization stands behind this text yet" in page


def test_page_refuses_post_and_unknown_texts(client, text):
    assert client.post(address(text)).status_code == 405
    assert client.get(address(text).replace(text.digest, "0" * 64)).status_code == 404


@pytest.mark.parametrize("item_count", [1, 3, 60])
def test_page_takes_a_fixed_number_of_queries(client, text, item_count, django_assert_num_queries):
    network = stands(text, kind="network", display_name="A network").organization
    for n in range(item_count):
        member = stands(text, country=("DE", "KR", "BR")[n % 3]).organization
        row = state_affiliation(member=member, network=network, by=UserFactory(), at=NOW)
        accept_affiliation(affiliation=row, by=UserFactory(), at=NOW)
        person(text, email_key=str(n).encode())
        note_correction(frozen_text=text, kind="late", now="x", at=NOW)

    with django_assert_num_queries(13):
        client.get(address(text))


def test_list_pages_go_on_across_regions(text, monkeypatch):
    monkeypatch.setattr("campaign.organizations.queries.listing.page_of.__kwdefaults__", {"size": 2})
    for name, country in (("A", "EG"), ("B", "DE"), ("B", "FR"), ("C", "DE"), ("D", "BR")):
        stands(text, display_name=name, country=country)

    def page(place):
        return endorser_page(frozen_text=text, locale="en", wanted=Wanted(), place=place)

    first = page(Place())
    second = page(Place(after=first.later))
    third = page(Place(after=second.later))
    assert [[row.name for row in each.rows] for each in (first, second, third)] == [
        ["A", "D"],
        ["B", "B"],
        ["C"],
    ]
    assert [row.name for row in page(Place(before=second.earlier)).rows] == ["A", "D"]


def test_csv_holds_public_facts_and_no_formula(client, text):
    stands(text, display_name="=cmd|' /C calc'!A0", country="KR")
    networked(text)

    answer = client.get(address(text, "text_endorsers_csv"))
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert [row["name"] for row in rows] == ["'=cmd|' /C calc'!A0", "Member", "Network"]
    assert (rows[1]["networks"], rows[1]["country"], rows[1]["late"]) == ("Network", "FR", "no")
    assert "director@" not in answer.content.decode()


def test_json_holds_the_numbers_and_every_correction(client, text):
    networked(text)
    person(text)
    note_correction(frozen_text=text, kind="late", now="New", at=NOW)

    content = json.loads(client.get(address(text, "text_endorsers_json")).content)

    assert content["totals"] == {
        "organizations": 2,
        "countries": 1,
        "late": 0,
        "members_of_networks_listed": 1,
        "people_in_their_own_name": 1,
    }
    assert [row["name"] for row in content["organizations"]] == ["Member", "Network"]
    assert [row["now"] for row in content["corrections"]] == ["New"]
    assert "Ada" not in str(content)


@pytest.mark.parametrize("item_count", [1, 60])
def test_files_take_a_fixed_number_of_queries(client, text, item_count, django_assert_num_queries):
    for _ in range(item_count):
        stands(text)

    with django_assert_num_queries(5):
        client.get(address(text, "text_endorsers_csv"))


# --- The petition's page --------------------------------------------------------------


def test_petition_shows_the_number_a_dozen_and_the_way_to_all(client):
    petition = DemandFactory()
    publish_text(frozen_text=petition.frozen_text, address="/x/", at=NOW)
    for n in range(14):
        stands(petition.frozen_text, display_name=f"Endorser {n + 1:02}", country=("DE", "FR")[n % 2])

    page = client.get(reverse("petition_detail", args=[petition.slug])).content.decode()

    assert "14 organizations" in page
    assert "from 2 countries" in page
    assert [f"Endorser {n + 1:02}" in page for n in range(14)] == [True] * 12 + [False] * 2
    assert address(petition.frozen_text) in page
    assert "See all 14" in page


@pytest.mark.parametrize(("item_count", "count"), [(0, 1), (1, 3), (3, 3), (20, 3)])
def test_glance_takes_a_fixed_number_of_queries(text, item_count, count, django_assert_num_queries):
    for _ in range(item_count):
        stands(text, logo="red")

    with django_assert_num_queries(count):
        glance = endorser_glance(frozen_text_id=text.pk, locale="en")

    assert (glance.organizations, len(glance.first)) == (item_count, min(item_count, 12))


# --- What is fixed, and printed ----------------------------------------------------------


def test_record_fixes_the_list_as_a_document_of_its_language_prints_it(text):
    _network, member = networked(text)
    OrganizationName.objects.create(organization=member.organization, locale="de", name="Ein Mitglied")
    row = stands(text, display_name="Zoo", country="EG", logo="blue")
    later = stands(text, display_name="Later", at=NOW + timedelta(hours=1))
    person(text)

    record = endorser_record(frozen_text=text, until=NOW, locale="de")

    assert [(each["name"], each["region"], each["networks"]) for each in record["endorsements"]] == [
        ("Zoo", "002", []),
        ("Ein Mitglied", "150", ["Network"]),
        ("Network", "150", []),
    ]
    assert record["endorsements"][0]["logo"] == row.organization.shown_logo
    assert record["endorsers"] == {
        "until": NOW.isoformat(timespec="seconds"),
        "organizations": 3,
        "countries": 2,
        "affiliated": 1,
        "people": 1,
    }
    assert later.accepted_at > NOW
    assert "Ada" not in str(record)


def test_record_holds_no_logo_without_consent_for_documents(text):
    row = stands(text, logo="blue")
    row.organization.logo_uses = ["web"]
    row.organization.save()

    assert endorser_record(frozen_text=text, until=NOW, locale="en")["endorsements"][0]["logo"] == ""


@pytest.mark.parametrize("item_count", [1, 3])
def test_record_takes_a_fixed_number_of_queries(text, item_count, django_assert_num_queries):
    for _ in range(item_count):
        stands(text)

    with django_assert_num_queries(4):
        endorser_record(frozen_text=text, until=NOW, locale="en")


def test_printed_list_groups_by_region_and_has_the_logos_that_are_there(text):
    stands(text, display_name="Zoo", country="EG", logo="blue")
    lost = stands(text, display_name="Lost", logo="green")
    record = endorser_record(frozen_text=text, until=NOW, locale="en")
    forget_logo(logo_name(lost.organization.shown_logo))

    with translation.override("de"):
        printed = printed_endorsers(record)

    assert [(region, [row["name"] for row in rows]) for region, rows in printed.groups] == [
        ("Afrika", ["Zoo"]),
        ("Europa", ["Lost"]),
    ]
    assert [logo.name for logo in printed.logos] == ["Zoo"]
    assert printed.logos[0].address.startswith("data:image/png;base64,")


def test_printed_list_of_an_older_record_works_regions_out_of_countries():
    rows = [
        {"name": name, "country": country, "domain": "x.example", "proof": proof, "is_invented": False}
        for name, country, proof in (("A", "DE", "domain_mail"), ("B", "EG", "no longer known"))
    ]

    printed = printed_endorsers({"endorsements": rows})

    assert [region for region, _rows in printed.groups] == ["Africa", "Europe"]
    assert printed.groups[0][1][0]["proof_label"] == "no longer known"
    assert (printed.totals["organizations"], printed.totals["countries"], printed.logos) == (2, 2, [])


def test_wall_that_is_too_heavy_is_left_out(text, monkeypatch):
    monkeypatch.setattr("campaign.organizations.printed.MOST_LOGO_BYTES", 10)
    stands(text, logo="blue")

    assert printed_endorsers(endorser_record(frozen_text=text, until=NOW, locale="en")).logos == []
