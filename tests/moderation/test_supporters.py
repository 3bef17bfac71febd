"""What an organization sees of the people who agreed to hear from it: numbers, one person, a file."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaign.activity.models import LogEntry
from campaign.moderation import export
from campaign.moderation.export import address_rows, supporters
from campaign.moderation.models import ModerationAct
from campaign.petitions.models import Signature
from campaign.petitions.services import number_waiting_signatures, set_news, withdraw_signature
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import PartnerFactory, TeamMemberFactory
from tests.factories.organizations import MembershipFactory
from tests.factories.petitions import (
    ConfirmedSignatureFactory,
    PetitionFactory,
    agreed_to_news,
)
from tests.petitions.test_supporters import asking

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
EXPORT = {"kind": "csv", "use": "A fair"}


@pytest.fixture
def petition():
    return PetitionFactory(slug="bridge", campaign__slug="water")


@pytest.fixture
def partner(petition):
    return PartnerFactory(campaign=petition.campaign, organization__slug="river").organization


def sign_in(client, campaign, organization, role="owner", member_as="owner"):
    user = TeamMemberFactory(
        campaign=campaign, organization=organization, role=role, membership=member_as
    ).user
    client.force_login(user)
    return user


def agree(petition, *organizations, **fields):
    return agreed_to_news(ConfirmedSignatureFactory(petition=petition, **fields), *organizations)


def address(name, petition):
    return reverse(name, args=[petition.campaign.slug])


def table(response):
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


# --- Who may ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "member_as", "statuses"),
    [
        ("owner", "owner", (200, 200, 200)),
        ("owner", "viewer", (200, 403, 403)),
        ("editor", "editor", (200, 200, 200)),
        ("moderator", "owner", (403, 403, 403)),
        ("viewer", "owner", (403, 403, 403)),
    ],
)
def test_pages_of_a_partner_by_role(client, petition, partner, role, member_as, statuses):
    sign_in(client, petition.campaign, partner, role, member_as)

    answers = (
        client.get(address("supporters", petition)),
        client.post(address("supporters_find", petition), {"email": "ada@example.org"}),
        client.get(address("supporters_export", petition)),
    )

    assert tuple(answer.status_code for answer in answers) == statuses


def test_pages_are_404_for_members_of_a_partner_who_are_not_in_the_team(client, petition, partner):
    client.force_login(MembershipFactory(organization=partner).user)

    assert client.get(address("supporters", petition)).status_code == 404


def test_pages_are_404_once_the_partnership_has_ended(client, petition, partner):
    sign_in(client, petition.campaign, partner)
    petition.campaign.partnerships.all().delete()

    assert client.get(address("supporters", petition)).status_code == 404


def test_pages_are_kept_nowhere(client, petition, partner):
    sign_in(client, petition.campaign, partner)

    for name in ("supporters", "supporters_export"):
        assert "no-store" in client.get(address(name, petition)).headers["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "method"), [("supporters", "post"), ("supporters_find", "get"), ("supporters_export", "put")]
)
def test_wrong_method_is_405(client, petition, partner, name, method):
    sign_in(client, petition.campaign, partner)

    assert getattr(client, method)(address(name, petition)).status_code == 405


# --- Numbers ----------------------------------------------------------------------
def test_numbers_are_of_ones_own_organization_and_the_joint_ones(client, petition, partner):
    other = PetitionFactory(campaign=petition.campaign)
    for number in range(11):
        agree(petition, petition.campaign.owner, email=f"a{number}@example.org")
    for place in (petition, other):
        agree(place, partner, email="both@example.org")
    agree(petition, partner, petition.campaign.owner, email="ab@example.org")
    ConfirmedSignatureFactory(petition=petition)
    number_waiting_signatures(at=timezone.now())
    sign_in(client, petition.campaign, partner)

    page = client.get(address("supporters", petition)).context

    assert (page["total"], page["reach"]) == (2, 10)
    assert [(row.slug, row.signature_total, agreed) for row, agreed in page["petitions"]] == [
        ("bridge", 14, 2),
        (other.slug, 1, 1),
    ]
    assert [share.total for share in page["countries"]] == [2]
    assert page["weeks"][-1].total == 2
    assert page["tag"] == "river"


def test_page_says_when_signers_are_not_asked(client, petition):
    quiet = PartnerFactory(campaign=petition.campaign, asks_news=False).organization
    sign_in(client, petition.campaign, quiet)

    page = client.get(address("supporters", petition)).content.decode()

    assert "Signers are not asked." in page
    assert "fewer than ten" in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    campaign = PetitionFactory().campaign
    for _ in range(item_count):
        organization = PartnerFactory(campaign=campaign).organization
        agree(PetitionFactory(campaign=campaign), organization, campaign.owner)
    user = sign_in(client, campaign, organization)
    for _ in range(item_count):
        LogEntry.objects.create(
            subject_id=organization.pk,
            act="moderation.supporter_looked_up",
            actor_id=user.pk,
            facts={"of": "x"},
            at=timezone.now(),
        )

    with django_assert_num_queries(16):
        client.get(reverse("supporters", args=[campaign.slug]))


# --- One person --------------------------------------------------------------------
def find(client, petition, email):
    return client.post(address("supporters_find", petition), {"email": email})


def test_find_shows_what_ones_own_supporter_agreed_to(client, petition, partner):
    agree(petition, partner, name="Åse Own", email="ase@example.org")
    sign_in(client, petition.campaign, partner)

    page = find(client, petition, "ASE@example.org")

    assert [row.signature.name for row in page.context["found"]] == ["Åse Own"]
    assert "Åse Own" in page.content.decode()


def test_find_says_the_same_of_anothers_supporter_and_of_nobody(client, petition, partner):
    third = PartnerFactory(campaign=petition.campaign).organization
    agree(petition, petition.campaign.owner, email="owners@example.org", name="Olga Owners")
    agree(petition, third, email="thirds@example.org", name="Theo Thirds")
    agree(PetitionFactory(), partner, email="another@example.org", name="Anna Another")
    taken_back = agree(petition, partner, email="regret@example.org", name="Rita Regret")
    set_news(signature=taken_back, organization=asking(partner), given=False, locale="en", at=timezone.now())
    withdrawn = agree(petition, partner, email="left@example.org")
    withdraw_signature(signature=withdrawn, at=timezone.now())
    sign_in(client, petition.campaign, partner)
    find(client, petition, "first@example.org")

    answers = set()
    for name in ("owners", "thirds", "another", "regret", "left", "nobody"):
        email = f"{name}@example.org"
        with CaptureQueriesContext(connection) as queries:
            response = find(client, petition, email)
        before = (query["sql"].partition('"person_key" IN')[0] for query in queries)  # keys differ
        statements = tuple(re.sub(r"VALUES.*|'[^']*'|_x\d+", "", sql) for sql in before)
        answer = response.content.decode().partition('id="find"')[2].partition("</section>")[0]
        token = re.compile('name="csrfmiddlewaretoken" value="[^"]*"')
        answers.add((response.status_code, statements, token.sub("", answer.replace(email, ""))))

    assert len(answers) == 1
    assert "None of your supporters has this address." in next(iter(answers))[2]


def test_find_is_in_the_organizations_log_without_the_address(client, petition, partner):
    user = sign_in(client, petition.campaign, partner)

    find(client, petition, "ada@example.org")

    entry = LogEntry.objects.get()
    assert (entry.subject_id, entry.act, entry.actor_id) == (
        partner.pk,
        "moderation.supporter_looked_up",
        user.pk,
    )
    assert entry.facts == {"of": petition.campaign.title}


def test_find_bad_address_keeps_the_form(client, petition, partner):
    sign_in(client, petition.campaign, partner)

    response = find(client, petition, "no address")

    assert response.status_code == 422
    assert 'value="no address"' in response.content.decode()
    assert not LogEntry.objects.exists()


# --- The file ----------------------------------------------------------------------
def ask(client, petition, of="", **changes):
    return client.post(address("supporters_export", petition), EXPORT | {"petition": of} | changes)


def test_export_of_the_campaign_has_each_person_once_and_nobody_elses(client, petition, partner):
    other = PetitionFactory(campaign=petition.campaign)
    for place in (petition, other):
        agree(place, partner, name="Åse Both", email="ase@example.org")
    agree(other, partner, name="Bo One", email="bo@example.org")
    agree(petition, petition.campaign.owner, name="Olga Owners")
    agree(PetitionFactory(), partner, name="Anna Another")
    user = sign_in(client, petition.campaign, partner)

    response = ask(client, petition)

    assert sorted(row[0] for row in table(response)[1:]) == ["Bo One", "Åse Both"]
    assert f'filename="water-news-{partner.slug}-' in response.headers["Content-Disposition"]
    act = ModerationAct.objects.get()
    assert (act.actor, act.petition, act.count, act.note) == (user, None, 2, "news of river, water: A fair")


def test_export_of_one_petition(client, petition, partner):
    other = PetitionFactory(campaign=petition.campaign)
    agree(petition, partner, name="Here")
    agree(other, partner, name="There")
    sign_in(client, petition.campaign, partner)

    rows = table(ask(client, petition, of=str(other.pk)))

    assert [row[0] for row in rows[1:]] == ["There"]
    assert rows[1][5] == "2026-11-2"


def test_export_of_a_petition_of_another_campaign_is_refused(client, petition, partner):
    foreign = PetitionFactory()
    agree(foreign, partner)
    agree(petition, partner)
    sign_in(client, petition.campaign, partner)

    assert ask(client, petition, of=str(foreign.pk)).status_code == 422
    assert not ModerationAct.objects.exists()


@pytest.mark.parametrize("changes", [{"use": " "}, {"kind": "pdf"}])
def test_export_needs_a_use_and_a_kind(client, petition, partner, changes):
    agree(petition, partner)
    sign_in(client, petition.campaign, partner)

    assert ask(client, petition, **changes).status_code == 422
    assert not ModerationAct.objects.exists()


def test_export_of_nobody_is_refused(client, petition, partner):
    sign_in(client, petition.campaign, partner)

    response = ask(client, petition)

    assert response.status_code == 422
    assert "Nobody has agreed to this yet" in response.content.decode()


def test_export_as_a_spreadsheet_and_its_limit(client, petition, partner, monkeypatch):
    agree(petition, partner, name="=1+1")
    sign_in(client, petition.campaign, partner)
    assert ask(client, petition, kind="xlsx").getvalue()[:2] == b"PK"

    monkeypatch.setattr("campaign.moderation.services.exporting.SHEET_ROWS", 0)

    assert ask(client, petition, kind="xlsx").status_code == 422


def whom(petition, organization):
    return supporters(organization=organization, campaign=petition.campaign, at=timezone.now())


@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_rows_are_read_chunk_by_chunk_each_person_once(petition, partner, monkeypatch, chunk):
    monkeypatch.setattr(export, "CHUNK", chunk)
    other = PetitionFactory(campaign=petition.campaign)
    for person in range(5):
        for place in (petition, other):
            agree(place, partner, email=f"p{person}@example.org", name=f"P{person}")

    rows = list(address_rows(whom(petition, partner)))

    assert sorted(row[0] for row in rows) == [f"P{person}" for person in range(5)]


def test_rows_leave_out_who_leaves_meanwhile_and_who_comes_later(petition, partner, monkeypatch):
    monkeypatch.setattr(export, "CHUNK", 1)
    people = [agree(petition, partner) for _ in range(3)]

    written = address_rows(whom(petition, partner))
    first = next(written)[1]
    gone = next(row for row in people if row.email != first)
    withdraw_signature(signature=gone, at=timezone.now())
    agreed_to_news(ConfirmedSignatureFactory(petition=petition), partner, at=timezone.now())
    others = [row[1] for row in written]

    assert [first, *others].count(gone.email) == 0
    assert len(others) == 1


def test_rows_need_a_record_that_gives_it(petition, partner):
    row = agree(petition, partner)
    Signature.objects.filter(pk=row.pk).update(consents=row.consents)

    assert list(address_rows(whom(petition, partner))) == []


def test_stranger_finds_no_export(client, petition):
    client.force_login(UserFactory())

    assert ask(client, petition).status_code == 404
