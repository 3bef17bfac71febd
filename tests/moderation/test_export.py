import csv
import io
import re
import tracemalloc
import zipfile
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaign.activity.models import LogEntry
from campaign.core.cells import FORMULA_SIGNS, safe_cell
from campaign.moderation import export
from campaign.moderation.export import (
    address_rows,
    addressees,
    csv_lines,
    xlsx_file,
)
from campaign.moderation.models import Act, ModerationAct
from campaign.petitions.consents import consent_record, consents_given
from campaign.petitions.models import Signature
from campaign.petitions.services import (
    number_waiting_signatures,
    set_consent,
    withdraw_signature,
)
from tests.factories.campaigns import CampaignFactory, PartnerFactory, TeamMemberFactory
from tests.factories.petitions import (
    ConfirmedSignatureFactory,
    PetitionFactory,
    SignatureFactory,
    agreed_to_news,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORM = {"purpose": "updates", "kind": "csv", "use": "Invitation to the hand-over"}
HEAD = [
    "Name",
    "E-mail address",
    "Country",
    "Language",
    "Signed on",
    "Version of the consent",
    "Consent given at",
]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def agreed(petition, *purposes, factory=ConfirmedSignatureFactory, **fields):
    """A signer who agreed to be written to."""
    columns = {f"wants_{purpose}": True for purpose in purposes}
    consents = consents_given(["sign", *purposes], locale="en", at=timezone.now())
    return factory(petition=petition, consents=consents, **columns, **fields)


def number():
    number_waiting_signatures(at=timezone.now())


def lead(client, petition):
    user = TeamMemberFactory(campaign=petition.campaign, role="owner").user
    client.force_login(user)
    return user


def ask(client, petition, **changes):
    return client.post(reverse("petition_export", args=[petition.slug]), FORM | changes)


def table(response):
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def cells(file):
    """The texts of a workbook's first sheet, row by row; every cell must be one."""
    tree = ElementTree.fromstring(zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml"))  # noqa: S314
    rows = [list(row) for row in tree.iter(f"{SHEET}row")]
    assert {cell.get("t") for row in rows for cell in row} == {"inlineStr"}
    assert not list(tree.iter(f"{SHEET}f"))
    return [["".join(cell.itertext()) for cell in row] for row in rows]


def test_csv_holds_who_agreed(client):
    petition = PetitionFactory(slug="bridge")
    row = agreed(petition, "updates", name="Åse Ünal", email="ase@example.org", country="NO", locale="nb")
    number()
    lead(client, petition)

    response = ask(client, petition)

    day, given_at = row.signed_at.date().isoformat(), row.consents[1]["at"].partition(".")[0]
    assert table(response) == [
        HEAD,
        ["Åse Ünal", "ase@example.org", "NO", "nb", day, "2026-11-1", f"{given_at}+00:00"],
    ]


def test_file_is_kept_by_no_cache_and_names_petition_and_purpose(client):
    petition = PetitionFactory(slug="bridge")
    agreed(petition, "updates")
    number()
    lead(client, petition)

    headers = ask(client, petition).headers

    name = r'attachment; filename="bridge-updates-\d{4}-\d\d-\d\d\.csv"'
    assert re.fullmatch(name, headers["Content-Disposition"])
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in headers["Cache-Control"]


def test_export_is_on_record_before_anything_is_read(client):
    petition = PetitionFactory()
    agreed(petition, "updates")
    number()
    user = lead(client, petition)

    ask(client, petition)  # and nothing of the answer is taken

    act = ModerationAct.objects.get()
    assert (act.act, act.actor, act.petition, act.count) == (Act.EXPORT, user, petition, 1)
    assert act.note == "updates: Invitation to the hand-over"


def test_xlsx_holds_the_same_as_text(client):
    petition = PetitionFactory()
    agreed(petition, "updates", name="=1+1", email="a@example.org")
    number()
    lead(client, petition)

    response = ask(client, petition, kind="xlsx")

    rows = cells(io.BytesIO(response.getvalue()))
    assert rows[0] == HEAD
    assert rows[1][:2] == ["=1+1", "a@example.org"]


def names(petition):
    number()
    rows = list(address_rows(addressees(petition=petition)))
    return [row[0] for row in rows]


def test_nobody_is_in_it_who_did_not_agree_or_does_not_count():
    petition = PetitionFactory()
    agreed(petition, "updates", name="Yes")
    agreed_to_news(agreed(petition, name="To news alone"), petition.campaign.owner)
    agreed(petition, name="To nothing")
    agreed(PetitionFactory(), "updates", name="Elsewhere")
    agreed(petition, "updates", factory=SignatureFactory, name="Pending")
    agreed(petition, "updates", factory=SignatureFactory, name="Held", quarantined_at=timezone.now())
    gone = agreed(petition, "updates", name="Withdrawn")
    bad = agreed(petition, "updates", name="Invalidated")
    erased = agreed(petition, "updates", name="Erased")
    number()
    withdraw_signature(signature=gone, at=timezone.now())
    Signature.objects.filter(pk=bad.pk).update(state="invalidated")
    Signature.objects.filter(pk=erased.pk).update(email_key=None)

    assert names(petition) == ["Yes"]


def test_invalidated_is_out_before_the_ledger_says_so():
    petition = PetitionFactory()
    bad = agreed(petition, "updates")
    number()
    Signature.objects.filter(pk=bad.pk).update(state="invalidated")

    assert addressees(petition=petition).count == 0


def test_consent_taken_back_takes_them_out():
    petition = PetitionFactory()
    row = agreed(petition, "updates")
    number()
    set_consent(signature=row, purpose="updates", given=False, locale="en", at=timezone.now())

    assert names(petition) == []


def test_without_a_record_nobody_is_written_to():
    petition = PetitionFactory()
    taken_back = consent_record(purpose="updates", given=False, locale="en", at=timezone.now())
    agreed(petition, wants_updates=True)
    row = agreed(petition, "updates")
    Signature.objects.filter(pk=row.pk).update(consents=[*row.consents, taken_back])

    assert names(petition) == []


def test_who_leaves_while_the_file_is_written_is_not_in_what_follows(monkeypatch):
    monkeypatch.setattr(export, "CHUNK", 1)
    petition = PetitionFactory()
    rows = [agreed(petition, "updates", name=name) for name in ("One", "Two", "Three")]
    number()

    written = address_rows(addressees(petition=petition))
    first = next(written)
    withdraw_signature(signature=rows[1], at=timezone.now())

    assert [first[0], *(row[0] for row in written)] == ["One", "Three"]


def test_rows_are_read_chunk_by_chunk(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(export, "CHUNK", 4)
    petition = PetitionFactory()
    for _ in range(10):
        agreed(petition, "updates")
    number()
    whom = addressees(petition=petition)

    with django_assert_num_queries(3):
        assert len(list(address_rows(whom))) == 10


def many_rows(count):
    return (
        ["Ada Signer", f"signer-{n}@example.org", "DE", "en", "2026-11-22", "2026-11-1", "…"]
        for n in range(count)
    )


def peak(work):
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "write",
    [
        lambda rows: sum(len(line) for line in csv_lines(HEAD, rows)),
        lambda rows: xlsx_file(HEAD, rows).close(),
    ],
    ids=["csv", "xlsx"],
)
def test_memory_stays_flat_however_many_rows(write):
    write(many_rows(10))  # what is loaded once

    few, many = (peak(lambda count=count: write(many_rows(count))) for count in (500, 20_000))

    assert many < few + 500_000


@given(st.text(max_size=20))
def test_cell_never_begins_a_formula_and_loses_nothing(text):
    cell = safe_cell(text)

    assert not cell.startswith(FORMULA_SIGNS)
    assert cell in (text, f"'{text}")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_csv_has_an_apostrophe_before_what_begins_a_formula(sign):
    line = b"".join(csv_lines(["Name"], [[f"{sign}cmd|' /C calc'!A0"]])).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(line, newline="")))[1] == [f"'{sign}cmd|' /C calc'!A0"]


@pytest.mark.parametrize("changes", [{"use": " "}, {"purpose": "signers"}, {"kind": "pdf"}])
def test_export_needs_a_use_a_purpose_and_a_kind(client, changes):
    petition = PetitionFactory()
    agreed(petition, "updates")
    number()
    lead(client, petition)

    assert ask(client, petition, **changes).status_code == 422

    assert not ModerationAct.objects.exists()


def test_export_of_nobody_is_refused(client):
    petition = PetitionFactory()
    lead(client, petition)

    response = ask(client, petition)

    assert response.status_code == 422
    assert "Nobody has agreed to this yet" in response.content.decode()


def test_too_many_for_a_spreadsheet_are_refused_and_may_be_text(client, monkeypatch):
    monkeypatch.setattr("campaign.moderation.services.exporting.SHEET_ROWS", 1)
    petition = PetitionFactory()
    for _ in range(2):
        agreed(petition, "updates")
    number()
    lead(client, petition)

    assert ask(client, petition, kind="xlsx").status_code == 422
    assert len(table(ask(client, petition))) == 3


def partners_lead(client, petition, member_as="editor"):
    """An owner of the team who works for a partner; with whose role there, the partner says what it lets them do."""
    partner = PartnerFactory(campaign=petition.campaign).organization
    user = TeamMemberFactory(
        campaign=petition.campaign, organization=partner, role="owner", membership=member_as
    ).user
    client.force_login(user)
    return partner


def test_news_is_of_the_organization_one_works_for(client):
    petition = PetitionFactory()
    partner = partners_lead(client, petition)
    agreed_to_news(agreed(petition, name="The owner's"), petition.campaign.owner)
    agreed_to_news(agreed(petition, name="The partner's"), partner)
    number()

    theirs = table(ask(client, petition, purpose="news"))
    lead(client, petition)
    owners = table(ask(client, petition, purpose="news"))

    assert [row[0] for row in theirs[1:]] == ["The partner's"]
    assert [row[0] for row in owners[1:]] == ["The owner's"]


def test_mail_about_the_petition_is_not_for_a_partners_lead(client):
    petition = PetitionFactory()
    agreed(petition, "updates")
    number()
    partners_lead(client, petition)

    assert ask(client, petition, purpose="updates").status_code == 422
    assert not ModerationAct.objects.exists()


@pytest.mark.parametrize("member_as", ["moderator", "translator", "viewer"])
def test_partner_says_itself_who_exports_its_people(client, member_as):
    petition = PetitionFactory()
    partners_lead(client, petition, member_as)

    assert ask(client, petition, purpose="news").status_code == 403


def test_export_of_news_is_on_record_and_its_number_is_no_others(client):
    petition = PetitionFactory(slug="bridge")
    partner = partners_lead(client, petition)
    agreed_to_news(agreed(petition), partner)
    number()

    ask(client, petition, purpose="news", use="A fair")

    act = ModerationAct.objects.get()
    assert (act.act, act.petition, act.count) == (Act.EXPORT, None, 1)
    assert act.note == f"news of {partner.slug}, bridge: A fair"
    campaigns, own = (LogEntry.objects.get(subject_id=subject.pk) for subject in (petition.campaign, partner))
    assert campaigns.facts == {"organization": partner.display_name}
    assert own.facts == {"of": petition.title, "count": 1, "use": "A fair"}


def test_lead_of_another_campaign_finds_nothing(client):
    client.force_login(TeamMemberFactory(campaign=CampaignFactory(), role="owner").user)

    assert ask(client, PetitionFactory()).status_code == 404


def test_page_says_how_many_agreed(client):
    petition = PetitionFactory()
    agreed(petition, "updates")
    agreed_to_news(agreed(petition, "updates"), petition.campaign.owner)
    number()
    lead(client, petition)

    page = client.get(reverse("petition_export", args=[petition.slug]))

    assert [count for _label, count in page.context["agreed"]] == [2, 1]
