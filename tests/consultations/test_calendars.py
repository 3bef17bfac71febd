"""Deadlines in other programs: iCalendar for everybody and for one person, and the Atom feed."""

import logging
import uuid
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from campaign.consultations.calendars import _calendar, _event
from campaign.consultations.models import CalendarEntry, Consultation, DeadlineChoices
from campaign.consultations.services import drop_calendar_key, follow_deadlines, mark_done, renew_calendar_key
from campaign.core.links import link_token
from campaign.core.logs import HideTokens
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory, TeamMemberFactory
from tests.factories.consultations import ConsultationFactory, MilestoneFactory, SubmissionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
AT = datetime(2026, 2, 1, 12, tzinfo=UTC)
CLOSES = datetime(2026, 2, 3, 22, 59, 59, tzinfo=UTC)
HOSTILE = "One, two; three\\four\r\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:Mine\n\u2028" + "ü😀" * 60
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def submission():
    return SubmissionFactory(consultation__closes_at=CLOSES, consultation__title="Open models")


def member_of(submission, role="viewer"):
    return TeamMemberFactory(campaign=submission.campaign, role=role).user


def address_of(user):
    return reverse("user_calendar", args=[token_of(renew_calendar_key(user=user))])


def token_of(key):
    return link_token(purpose="deadline-calendar", row_id=key)


def public_address(campaign):
    return reverse("campaign_calendar", args=[campaign.slug])


def events_of(response):
    return Calendar.from_ical(response.content).walk("VEVENT")


# --- what an event says ---


def test_event_has_the_moment_in_utc_the_authoritys_clock_and_an_alarm_a_day_before(client, submission):
    follow_deadlines(at=AT)

    response = client.get(public_address(submission.campaign))

    [event] = events_of(response)
    [alarm] = event.walk("VALARM")
    consultation = submission.consultation
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert event["uid"] == f"consultation-{consultation.pk}@testserver"
    assert (event["dtstart"].dt, event["dtstamp"].dt, event["sequence"]) == (CLOSES, AT, 0)
    assert event["summary"] == "Deadline: Open models"
    assert event["description"].splitlines()[0] == "3 February 2026, 23:59 on the clock in Europe/Brussels"
    assert event["url"] == f"http://testserver/consultations/{consultation.slug}/"
    assert (alarm["action"], alarm["trigger"].dt) == ("DISPLAY", timedelta(days=-1))
    assert b"DTSTART:20260203T225959Z\r\n" in response.content


def test_event_at_midnight_says_which_day_is_the_last(client):
    submission = SubmissionFactory(
        consultation__closes_at=datetime(2026, 7, 26, 15, tzinfo=UTC), consultation__time_zone="Asia/Tokyo"
    )

    [event] = events_of(client.get(public_address(submission.campaign)))

    assert "0:00 is the start of that day. The last full day is 26 July 2026." in event["description"]


def test_sequence_rises_with_each_change_also_before_it_is_noted(client, submission):
    follow_deadlines(at=AT)
    Consultation.objects.update(closes_at=CLOSES + timedelta(days=7))

    at_once = events_of(client.get(public_address(submission.campaign)))[0]["sequence"]
    follow_deadlines(at=AT + timedelta(hours=1))

    assert at_once == 1
    assert events_of(client.get(public_address(submission.campaign)))[0]["sequence"] == 1
    assert CalendarEntry.objects.get().sequence == 1


def test_hostile_words_stay_words(client):
    submission = SubmissionFactory(
        consultation__title=HOSTILE,
        consultation__closes_stated_as=HOSTILE,
        consultation__authority__name=HOSTILE[:150],
        campaign__title=HOSTILE[:100],
    )
    MilestoneFactory(submission=submission, label=HOSTILE)

    response = client.get(address_of(member_of(submission)))

    events = events_of(response)
    assert len(events) == 2
    assert {event["url"].startswith("http://testserver/") for event in events} == {True}
    assert [event for event in events if event["summary"] == "Mine"] == []
    assert (
        sum("three\\four END:VEVENT BEGIN:VEVENT SUMMARY:Mine" in event["summary"] for event in events) == 2
    )


@given(st.text(max_size=300), st.lists(st.text(max_size=200), max_size=4))
def test_any_words_give_one_event_in_lines_of_at_most_75_octets(title, lines):
    event = _event(
        uid="x", moment=CLOSES, title=title, lines=lines, address="/", sequence=0, changed_at=AT, rings=True
    )

    raw = _calendar(title, [event])

    assert len(Calendar.from_ical(raw).walk("VEVENT")) == 1
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert raw.endswith(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert all(line.decode() is not None for line in raw.split(b"\r\n"))  # no character is cut in two


# --- a campaign's ---


def test_campaigns_calendar_has_what_it_answers_and_no_internal_dates(client, submission):
    MilestoneFactory(submission=submission)
    SubmissionFactory()

    response = client.get(public_address(submission.campaign))

    assert [event["summary"] for event in events_of(response)] == ["Deadline: Open models"]
    assert response.headers["Cache-Control"] == "public, max-age=600"


def test_calendar_of_a_draft_or_of_nothing_is_404(client):
    draft = CampaignFactory(state="draft")

    assert client.get(public_address(draft)).status_code == 404
    assert client.get(reverse("campaign_calendar", args=["nowhere"])).status_code == 404
    assert client.post(public_address(draft)).status_code == 405


def test_calendar_that_has_not_changed_is_304(client, submission):
    follow_deadlines(at=AT)
    first = client.get(public_address(submission.campaign))

    second = client.get(public_address(submission.campaign), headers={"If-None-Match": first.headers["ETag"]})
    Consultation.objects.update(title="Another")
    third = client.get(public_address(submission.campaign), headers={"If-None-Match": first.headers["ETag"]})

    assert (second.status_code, second.content) == (304, b"")
    assert third.status_code == 200


@pytest.mark.parametrize("item_count", [1, 3])
def test_calendars_take_a_fixed_number_of_queries(client, submission, item_count, django_assert_num_queries):
    SubmissionFactory.create_batch(item_count, campaign=submission.campaign)
    MilestoneFactory.create_batch(item_count, submission=submission)
    address = address_of(member_of(submission))
    follow_deadlines(at=AT)

    with django_assert_num_queries(2):
        client.get(public_address(submission.campaign))
    with django_assert_num_queries(3):
        client.get(address)


# --- a person's own ---


def test_own_calendar_has_internal_dates_with_their_versions_and_no_others(client, submission):
    row = MilestoneFactory(submission=submission, label="Sign, then file")
    MilestoneFactory()
    user = member_of(submission)
    address = address_of(user)

    before = {event["uid"]: event for event in events_of(client.get(address))}
    mark_done(milestone=row, by=user, at=AT)
    after = {event["uid"]: event for event in events_of(client.get(address))}

    uid = f"milestone-{row.pk}@testserver"
    assert set(before) == set(after) == {uid, f"consultation-{submission.consultation_id}@testserver"}
    assert (before[uid]["summary"], before[uid]["sequence"]) == (f"Sign, then file: {submission.title}", 0)
    assert (after[uid]["summary"], after[uid]["sequence"]) == (
        f"Done: Sign, then file, {submission.title}",
        1,
    )
    assert (len(before[uid].walk("VALARM")), len(after[uid].walk("VALARM"))) == (1, 0)


def test_own_calendar_needs_no_sign_in_and_is_kept_by_no_shared_cache(client, submission):
    response = client.get(address_of(member_of(submission)))

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, max-age=600"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert not response.cookies


def test_own_calendar_is_empty_for_who_left_the_team(client, submission):
    user = member_of(submission)
    address = address_of(user)
    submission.campaign.team.all().delete()

    assert events_of(client.get(address)) == []


def test_new_address_makes_the_one_before_a_dead_one(client, submission):
    user = member_of(submission)
    old, new = address_of(user), address_of(user)
    statuses = [client.get(old).status_code, client.get(new).status_code]
    drop_calendar_key(user=user)

    assert statuses == [404, 200]
    assert client.get(new).status_code == 404


def test_made_up_tokens_and_those_of_closed_accounts_are_404(client):
    user = UserFactory(is_active=False)
    closed = address_of(user)
    tokens = [
        "made.up",
        token_of(uuid.uuid4()),
        link_token(purpose="other", row_id=user.deadline_choices.calendar_key),
    ]

    assert client.get(closed).status_code == 404
    assert [client.get(reverse("user_calendar", args=[each])).status_code for each in tokens] == [404] * 3


def test_token_of_the_address_is_hidden_in_logs():
    token = token_of(uuid.uuid4())
    addresses = [reverse("user_calendar", args=[token]), reverse("reminders_stop", args=[token])]
    record = logging.LogRecord("x", logging.WARNING, "", 0, "Not Found: %s %s", tuple(addresses), None)

    HideTokens().filter(record)

    assert token not in record.getMessage()


def test_buttons_make_and_remove_ones_own_address(client):
    user = UserFactory()
    address = reverse("calendar_address")

    assert client.post(address).status_code == 302
    assert not DeadlineChoices.objects.exists()
    client.force_login(user)
    keys = []
    for data in ({}, {}, {"remove": "1"}):
        client.post(address, data)
        keys.append(DeadlineChoices.objects.get(user=user).calendar_key)

    assert (len({*keys}), keys[2]) == (3, None)
    assert client.get(address).status_code == 405


def test_radar_shows_the_address_to_its_owner(client):
    user = UserFactory()
    address = address_of(user)
    client.force_login(user)

    assert f"http://testserver{address}" in client.get(reverse("deadline_radar")).content.decode()


# --- Atom ---


def test_feed_has_consultations_with_their_deadlines_and_is_well_formed(client):
    consultation = ConsultationFactory(title="Models & <b>people</b>", closes_at=CLOSES)
    follow_deadlines(at=AT)

    response = client.get(reverse("consultation_feed"))

    [entry] = ElementTree.fromstring(response.content).findall(f"{ATOM}entry")  # noqa: S314  our own
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{consultation.pk}"
    assert entry.findtext(f"{ATOM}title") == "Models & <b>people</b>"
    assert entry.findtext(f"{ATOM}updated") == "2026-02-01T12:00:00+00:00"
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver/consultations/{consultation.slug}/"
    assert entry.findtext(f"{ATOM}summary") == (
        f"{consultation.authority.name} takes replies until 3 February 2026, 23:59 (Europe/Brussels)."
    )


def test_feed_that_has_not_changed_is_304_and_posting_is_refused(client):
    ConsultationFactory(title=HOSTILE)
    first = client.get(reverse("consultation_feed"))

    second = client.get(reverse("consultation_feed"), headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, second.status_code) == (200, 304)
    assert client.post(reverse("consultation_feed")).status_code == 405


@pytest.mark.parametrize("item_count", [1, 3])
def test_feed_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    ConsultationFactory.create_batch(item_count)

    with django_assert_num_queries(1):
        client.get(reverse("consultation_feed"))
