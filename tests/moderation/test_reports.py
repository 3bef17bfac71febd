from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.mailing.kinds import Letters
from campaign.mailing.models import OutgoingMail
from campaign.moderation import tasks
from campaign.moderation.models import Act, ModerationAct, Report, ReportState
from campaign.moderation.services import AlreadyDecided, decide_report, report_petition
from campaign.moderation.services.decisions import MOST_OPEN
from campaign.petitions.models import PetitionState
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.moderation import ReportFactory, staff
from tests.factories.petitions import DraftPetitionFactory, PetitionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORM = {"kind": "hate", "details": "It calls for violence.", "reporter": "Reporter@Example.ORG"}
ELSEWHERE = {"HTTP_SEC_FETCH_SITE": "cross-site"}


def report(client, petition, headers=None, **changes):
    return client.post(reverse("petition_report", args=[petition.slug]), FORM | changes, **(headers or {}))


def test_report_needs_neither_account_nor_token(client):
    petition = PetitionFactory()
    client.handler.enforce_csrf_checks = True

    response = report(client, petition)

    row = Report.objects.get()
    assert response.url == reverse("petition_reported", args=[petition.slug])
    assert (row.petition, row.kind, row.details) == (petition, "hate", "It calls for violence.")
    assert (row.reporter, row.state) == ("Reporter@example.org", ReportState.OPEN)
    assert not response.cookies


def test_report_from_another_site_is_refused(client):
    assert report(client, PetitionFactory(), headers=ELSEWHERE).status_code == 403

    assert not Report.objects.exists()


@pytest.mark.parametrize("changes", [{"details": ""}, {"kind": "boring"}, {"reporter": "nobody"}])
def test_report_with_a_slip_keeps_what_was_typed(client, changes):
    response = report(client, PetitionFactory(), **changes)

    assert response.status_code == 422
    assert "It calls for violence." in response.content.decode() or "details" in changes
    assert not Report.objects.exists()


@pytest.mark.parametrize("state", [PetitionState.HIDDEN, PetitionState.WITHDRAWN])
def test_petition_that_is_not_public_cannot_be_reported(client, state):
    assert report(client, PetitionFactory(state=state)).status_code == 404
    assert report(client, DraftPetitionFactory()).status_code == 404


def test_further_reports_are_thanked_and_not_stored(client):
    petition, other = PetitionFactory(), PetitionFactory()
    ReportFactory.create_batch(MOST_OPEN, petition=petition)
    ReportFactory.create_batch(MOST_OPEN, petition=other, state=ReportState.DISMISSED)

    answers = [report(client, row).status_code for row in (petition, other)]

    assert answers == [302, 302]
    assert Report.objects.filter(petition=petition).count() == MOST_OPEN
    assert Report.objects.filter(petition=other).count() == MOST_OPEN + 1


def test_one_network_reports_three_times_at_once(client):
    petitions = PetitionFactory.create_batch(4)

    answers = [report(client, row, {"REMOTE_ADDR": "203.0.113.7"}).status_code for row in petitions]
    report(client, petitions[3], {"REMOTE_ADDR": "198.51.100.7"})

    assert answers == [302] * 4
    assert Report.objects.count() == 4


def test_network_may_report_again_later():
    petition, now = PetitionFactory(), timezone.now()
    moments = [now] * 4 + [now + timedelta(hours=2)]

    stored = [
        report_petition(
            petition=petition,
            kind="hate",
            details="…",
            reporter="",
            locale="en",
            network="203.0.113.0/24",
            at=moment,
        )
        for moment in moments
    ]

    assert [row is not None for row in stored] == [True, True, True, False, True]


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    ReportFactory.create_batch(item_count)
    client.force_login(staff())

    with django_assert_num_queries(4):  # session, user, how many, these
        page = client.get(reverse("moderation_reports"))

    assert len(page.context["reports"]) == item_count


def test_decided_reports_have_a_list_of_their_own(client):
    waits, decided = ReportFactory(), ReportFactory(state=ReportState.DISMISSED, decided_at=timezone.now())
    client.force_login(staff())

    pages = [client.get(reverse("moderation_reports"), data) for data in ({}, {"decided": "1"})]

    assert [list(page.context["reports"]) for page in pages] == [[waits], [decided]]


def decide(client, row, outcome, decision="It is what the law forbids."):
    address = reverse("moderation_report", args=[row.pk])
    return client.post(address, {"decision": decision, "outcome": outcome})


def test_upheld_report_takes_the_petition_down_and_tells_everybody(client):
    row, moderator = ReportFactory(), staff()
    lead = TeamMemberFactory(campaign=row.petition.campaign, role="owner").user
    client.force_login(moderator)

    response = decide(client, row, "uphold")

    row.refresh_from_db()
    row.petition.refresh_from_db()
    assert response.url == reverse("moderation_reports")
    assert (row.state, row.decided_by, row.reporter) == (ReportState.UPHELD, moderator, None)
    assert (row.petition.state, row.petition.hidden_note) == ("hidden", "It is what the law forbids.")
    told = {(mail.kind, mail.recipient) for mail in OutgoingMail.objects.all()}
    assert told == {("moderation.report", "reporter@example.org"), ("moderation.decision", lead.email)}
    assert set(ModerationAct.objects.values_list("act", flat=True)) == {Act.TAKE_DOWN, Act.REPORT}


def test_dismissed_report_leaves_the_petition(client):
    row = ReportFactory(reporter=None)
    client.force_login(staff())

    decide(client, row, "dismiss")

    row.refresh_from_db()
    row.petition.refresh_from_db()
    assert (row.state, row.petition.state) == (ReportState.DISMISSED, PetitionState.OPEN)
    assert not OutgoingMail.objects.exists()


def test_decision_without_a_reason_is_refused(client):
    row = ReportFactory()
    client.force_login(staff())

    assert decide(client, row, "uphold", decision=" ").status_code == 422

    row.refresh_from_db()
    assert row.state == ReportState.OPEN


def test_second_decision_is_refused_and_says_so(client):
    row = ReportFactory()
    decide_report(report=row, upheld=False, decision="Fine.", by=staff(), at=timezone.now())
    client.force_login(staff())

    response = decide(client, row, "uphold")

    assert response.status_code == 422
    assert str(AlreadyDecided.message) in response.content.decode()
    row.petition.refresh_from_db()
    assert row.petition.state == PetitionState.OPEN


def letter_about(row):
    mail = OutgoingMail(kind="moderation.report", about_id=row.pk, locale="en", recipient="r@example.org")
    return Letters([mail]).compose(mail)


@pytest.mark.parametrize(
    ("state", "words"),
    [(ReportState.UPHELD, "taken the petition down"), (ReportState.DISMISSED, "let the petition stand")],
)
def test_letter_says_the_outcome_and_nothing_of_what_was_typed(state, words):
    row = ReportFactory(state=state, decision="For <this> reason.", details="Typed by a stranger.")

    letter = letter_about(row)

    assert words in letter.text
    assert "For <this> reason." in letter.text
    assert "For &lt;this&gt; reason." in letter.html
    assert "Typed by a stranger." not in letter.text + letter.html


def test_letter_about_an_open_report_is_not_sent():
    assert letter_about(ReportFactory()) is None


def test_details_are_erased_half_a_year_after_the_decision():
    now = timezone.now()
    fresh, old = (
        ReportFactory(state=ReportState.DISMISSED, decided_at=now - timedelta(days=days))
        for days in (182, 184)
    )

    tasks.forget()
    tasks.forget()

    kept = {row.pk: row.details for row in Report.objects.all()}
    assert kept == {fresh.pk: "All of them are called Mickey.", old.pk: None}
