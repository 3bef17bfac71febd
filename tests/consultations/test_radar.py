"""The page of deadlines: what is on it for whom, in what order, on which clocks; and its month."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.models import DeadlineChoices
from campaign.consultations.radar import month_beside, month_of, month_weeks, radar_entries
from campaign.consultations.services import mark_done
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import AuthorityFactory, JurisdictionFactory, TeamMemberFactory
from tests.factories.consultations import ConsultationFactory, MilestoneFactory, SubmissionFactory
from tests.factories.documents import FrozenTextFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
AT = datetime(2026, 2, 1, 12, tzinfo=UTC)
ADDRESS = "/consultations/deadlines/"


def closing_in(title="Call", **distance):
    return ConsultationFactory(title=title, closes_at=AT + timedelta(**distance))


def member(submission, role="viewer"):
    return TeamMemberFactory(campaign=submission.campaign, role=role).user


def names(user, **choice):
    entries = radar_entries(user=user, at=AT, zone="UTC", **choice)
    return [each.milestone.name if each.milestone else each.consultation.title for each in entries]


# --- what stands on it ---


def test_open_ones_come_first_the_next_at_the_top_then_closed_ones_the_last_at_the_top():
    for title, days in [("far", 9), ("near", 1), ("long over", -9), ("just over", -1)]:
        closing_in(title, days=days)

    assert names(UserFactory()) == ["near", "far", "just over", "long over"]


def test_internal_dates_of_ones_own_submissions_are_among_them_while_they_matter():
    submission = SubmissionFactory(consultation=closing_in("Call", days=9))
    user = member(submission)
    for label, days in [("soon", 2), ("overdue", -1)]:
        MilestoneFactory(submission=submission, label=label, due_at=AT + timedelta(days=days))
    mark_done(milestone=MilestoneFactory(submission=submission, label="done"), by=user, at=AT)
    MilestoneFactory(submission=SubmissionFactory(consultation=submission.consultation), label="others'")
    over = SubmissionFactory(campaign=submission.campaign, consultation=closing_in("Over", days=-1))
    MilestoneFactory(submission=over, label="too late")
    filed = SubmissionFactory(
        campaign=submission.campaign,
        consultation=submission.consultation,
        state="filed",
        frozen_text=FrozenTextFactory(),
    )
    MilestoneFactory(submission=filed, label="filed already")

    assert names(user) == ["overdue", "soon", "Call", "Over"]
    assert names(UserFactory()) == ["Call", "Over"]


def test_choices_narrow_it_to_ones_campaigns_and_to_a_jurisdiction():
    korea = AuthorityFactory(jurisdiction=JurisdictionFactory(code="KR", name="Korea"))
    ours = SubmissionFactory(consultation=closing_in("ours", days=3))
    MilestoneFactory(submission=ours, label="date", due_at=AT + timedelta(days=1))
    ConsultationFactory(title="theirs", authority=korea, closes_at=AT + timedelta(days=2))
    user = member(ours)

    assert names(user) == ["date", "theirs", "ours"]
    assert names(user, only_mine=True) == ["date", "ours"]
    assert names(user, jurisdiction="KR") == ["theirs"]
    assert names(user, jurisdiction="KR", only_mine=True) == []


def test_entry_shows_both_clocks_and_stands_on_the_authoritys_day():
    ConsultationFactory(closes_at=datetime(2026, 2, 3, 15, tzinfo=UTC), time_zone="Asia/Tokyo")

    [entry] = radar_entries(user=UserFactory(), at=AT, zone="America/New_York")

    assert (entry.there, entry.here) == (datetime(2026, 2, 4), datetime(2026, 2, 3, 10))  # noqa: DTZ001
    assert (entry.day, entry.left) == (date(2026, 2, 4), "2 days left")
    assert entry.closing.warnings == ["0:00 is the start of that day. The last full day is 3 February 2026."]


# --- a month ---


def test_month_has_whole_weeks_with_what_falls_on_each_day():
    ConsultationFactory(title="on the third", closes_at=datetime(2026, 2, 3, 22, 59, 59, tzinfo=UTC))
    ConsultationFactory(title="next month", closes_at=datetime(2026, 3, 1, 11, tzinfo=UTC))

    weeks = month_weeks(radar_entries(user=UserFactory(), at=AT, zone="UTC"), date(2026, 2, 1))

    found = {day.day: [each.consultation.title for each in day.entries] for week in weeks for day in week}
    assert [len(week) for week in weeks] == [7] * 5
    assert (weeks[0][0].day, weeks[-1][-1].day) == (date(2026, 1, 26), date(2026, 3, 1))
    assert {day: titles for day, titles in found.items() if titles} == {
        date(2026, 2, 3): ["on the third"],
        date(2026, 3, 1): ["next month"],
    }


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "0001-01", "9999-12", "x", "2026-02-01"])
def test_month_that_is_none_is_this_one(text):
    assert month_of(text, today=date(2026, 2, 14)) == date(2026, 2, 1)


def test_months_beside_cross_the_year():
    assert month_of("2025-12", today=date(2026, 2, 14)) == date(2025, 12, 1)
    assert month_beside(date(2025, 12, 1), 1) == date(2026, 1, 1)
    assert month_beside(date(2026, 1, 1), -1) == date(2025, 12, 1)


# --- the page ---


def test_page_shows_deadline_clocks_and_the_month_as_a_table(client):
    ConsultationFactory(title="Open models", closes_at=datetime(2199, 2, 3, 22, 59, 59, tzinfo=UTC))

    page = client.get(f"{ADDRESS}?zone=Asia/Seoul&month=2199-02").content.decode()

    assert page.count("Open models") == 2
    assert "3 February 2199, 23:59" in page
    assert "4 February 2199, 07:59" in page
    assert '<caption class="visually-hidden">Deadlines in February 2199</caption>' in page
    assert page.count('<th scope="col">') == 7
    assert "?zone=Asia%2FSeoul&amp;month=2199-01#month" in page
    assert "?zone=Asia%2FSeoul&amp;month=2199-03#month" in page


def test_page_without_a_known_zone_shows_utc_and_reading_stores_nothing(client):
    user = UserFactory()
    client.force_login(user)
    ConsultationFactory()

    page = client.get(f"{ADDRESS}?zone=Mars/Base&jurisdiction=XX&month=x&page=x").content.decode()

    assert '<option lang="und" selected>UTC</option>' in page
    assert not DeadlineChoices.objects.exists()


def test_page_without_deadlines_says_what_belongs_here(client):
    assert "None has been imported yet." in client.get(ADDRESS).content.decode()


def test_page_does_not_change_by_being_posted_to(client):
    assert client.post(ADDRESS).status_code == 405


def test_chosen_clock_and_mails_are_kept_for_the_person(client):
    user = UserFactory()
    client.force_login(user)
    ConsultationFactory(closes_at=timezone.now() + timedelta(days=3))

    response = client.post(reverse("deadline_choose"), {"time_zone": "Asia/Seoul"})

    row = DeadlineChoices.objects.get(user=user)
    assert response.status_code == 302
    assert (row.time_zone, row.wants_reminders) == ("Asia/Seoul", False)
    assert '<option lang="und" selected>Asia/Seoul</option>' in client.get(ADDRESS).content.decode()


def test_clock_that_does_not_exist_is_refused(client):
    client.force_login(UserFactory())

    response = client.post(reverse("deadline_choose"), {"time_zone": "Mars/Base", "wants_reminders": "on"})

    assert response.status_code == 422
    assert not DeadlineChoices.objects.exists()


def test_choosing_asks_to_sign_in_and_is_not_done_by_reading(client):
    assert client.post(reverse("deadline_choose")).status_code == 302
    client.force_login(UserFactory())

    assert client.get(reverse("deadline_choose")).status_code == 405


def test_ways_lead_here_from_consultations_and_to_dates_from_a_submission(client):
    submission = SubmissionFactory()
    client.force_login(member(submission))

    assert f'href="{ADDRESS}"' in client.get(reverse("consultation_list")).content.decode()
    page = client.get(reverse("submission_detail", args=[submission.pk])).content.decode()
    assert reverse("milestone_list", args=[submission.pk]) in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    ConsultationFactory.create_batch(item_count)

    with django_assert_num_queries(2):
        client.get(ADDRESS)


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_of_a_team_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    submission = SubmissionFactory()
    MilestoneFactory.create_batch(item_count, submission=submission)
    client.force_login(member(submission))

    with django_assert_num_queries(6):
        client.get(ADDRESS)
