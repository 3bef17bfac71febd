"""Mails before deadlines: to whom, when, once, in what words, and how somebody gets no more of them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from campaign.accounts.models import User
from campaign.consultations.deadlines import wall_time_at
from campaign.consultations.models import Consultation, DeadlineChoices, Reminder, Submission
from campaign.consultations.services import choose, mark_done, remind_of_deadlines, stop_reminders
from campaign.consultations.tasks import tend_deadlines
from campaign.core.links import link_token
from campaign.mailing.models import MailState, OutgoingMail
from campaign.mailing.services import pump_mail
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import MilestoneFactory, SubmissionFactory
from tests.factories.documents import FrozenTextFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
CLOSES = datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC)


@pytest.fixture
def submission():
    return SubmissionFactory(consultation__closes_at=CLOSES, title="Joint answer")


def drafter(submission, role="editor", **fields):
    return TeamMemberFactory(campaign=submission.campaign, role=role, user=UserFactory(**fields)).user


def before(**distance):
    return CLOSES - timedelta(**distance)


def recipients():
    return sorted(row.recipient for row in OutgoingMail.objects.all())


def file_it(submission):
    Submission.objects.filter(pk=submission.pk).update(state="filed", frozen_text=FrozenTextFactory())


# --- when, and to whom ---


def test_who_drafts_and_leads_is_reminded_and_nobody_else(submission):
    people = [drafter(submission, "owner"), drafter(submission, "editor")]
    for role in ("viewer", "translator", "moderator"):
        drafter(submission, role)
    drafter(submission, is_active=False)
    stop_reminders(user=drafter(submission))
    drafter(SubmissionFactory(consultation__closes_at=CLOSES + timedelta(days=60)))

    queued = remind_of_deadlines(at=before(days=14))

    assert queued == 2
    assert recipients() == sorted(each.email for each in people)


def test_steps_are_taken_once_each_however_often_it_runs(submission):
    drafter(submission)
    moments = [
        before(days=20),
        *(before(days=days, hours=-hours) for days in (14, 7, 2, 1) for hours in (0, 1)),
    ]

    queued = [remind_of_deadlines(at=moment) for moment in [*moments, before(seconds=1), CLOSES]]

    assert queued == [0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0]
    assert sorted(Reminder.objects.values_list("days_before", flat=True)) == [1, 2, 7, 14]


def test_steps_that_were_missed_are_not_made_up_one_by_one(submission):
    drafter(submission)

    assert [remind_of_deadlines(at=before(hours=30)) for _run in range(2)] == [1, 0]
    assert Reminder.objects.get().days_before == 2


def test_what_is_filed_is_no_reason_to_mail(submission):
    drafter(submission)
    MilestoneFactory(submission=submission, due_at=before(days=2))
    file_it(submission)

    assert remind_of_deadlines(at=before(days=1)) == 0


def test_deadline_that_moves_is_reminded_of_anew(submission):
    drafter(submission)
    remind_of_deadlines(at=before(days=2))
    Consultation.objects.update(closes_at=CLOSES + timedelta(days=10))

    assert remind_of_deadlines(at=CLOSES + timedelta(days=8)) == 1


@pytest.mark.parametrize(
    ("zone", "due", "begins"),
    [
        (
            "Europe/Brussels",
            datetime(2026, 3, 10, 22, 59, 59, tzinfo=UTC),
            datetime(2026, 3, 9, 23, tzinfo=UTC),
        ),
        ("Asia/Tokyo", datetime(2026, 3, 10, 3, tzinfo=UTC), datetime(2026, 3, 9, 15, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 10, 20, tzinfo=UTC), datetime(2026, 3, 10, 4, tzinfo=UTC)),
        (
            "Europe/Brussels",
            datetime(2026, 3, 10, 23, tzinfo=UTC),
            datetime(2026, 3, 9, 23, tzinfo=UTC),
        ),  # 0:00: the day before it
    ],
)
def test_internal_date_is_told_when_its_day_begins_on_its_own_clock(submission, zone, due, begins):
    drafter(submission)
    MilestoneFactory(submission=submission, due_at=due, time_zone=zone)

    queued = [remind_of_deadlines(at=begins + timedelta(seconds=seconds)) for seconds in (-1, 0, 1)]

    assert queued == [0, 1, 0]


def test_internal_date_that_is_done_is_not_told_and_one_that_is_late_is(submission):
    user = drafter(submission)
    done, _late = (MilestoneFactory(submission=submission, due_at=before(days=20)) for _each in range(2))
    mark_done(milestone=done, by=user, at=before(days=21))

    assert remind_of_deadlines(at=before(days=19)) == 1


def test_task_can_run_twice(submission):
    Consultation.objects.update(closes_at=timezone.now() + timedelta(days=1))
    drafter(submission)

    for _run in range(2):
        tend_deadlines()

    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_mail_each_person_once(submission):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: there is no race to test")
    people = [drafter(submission) for _each in range(5)]
    MilestoneFactory(submission=submission, due_at=before(days=1))

    in_threads([lambda: remind_of_deadlines(at=before(hours=20))] * 4)

    assert recipients() == sorted(2 * [each.email for each in people])
    assert Reminder.objects.count() == 10


@pytest.mark.parametrize("item_count", [1, 3])
def test_looking_when_all_are_told_takes_a_few_queries_for_each_submission(
    submission, item_count, django_assert_num_queries
):
    for _each in range(item_count):
        drafter(submission)
    remind_of_deadlines(at=before(days=2))

    with django_assert_num_queries(4):
        remind_of_deadlines(at=before(days=2))


# --- what it says ---


def sent_letter(submission):
    """The letter that comes out, with a deadline that is still ahead."""
    pump_mail(at=timezone.now())
    [letter] = outbox.outbox
    return letter


@pytest.fixture
def near():
    """A submission that closes in a day, on the clock of Tokyo."""
    closes_at = timezone.now().replace(microsecond=0) + timedelta(hours=23, minutes=30)
    return SubmissionFactory(
        consultation__closes_at=closes_at, consultation__time_zone="Asia/Tokyo", title="Joint answer"
    )


def shown(moment, zone):
    there = moment.astimezone(ZoneInfo(zone))
    return f"{there.day} {there:%B %Y, %H:%M} ({zone})"


@pytest.mark.parametrize(("own", "here"), [("", "UTC"), ("America/New_York", "America/New_York")])
def test_letter_says_what_is_left_on_both_clocks_and_how_to_stop(near, own, here):
    user = drafter(near)
    if own:
        choose(user=user, time_zone=own, wants_reminders=True)
    remind_of_deadlines(at=timezone.now())

    letter = sent_letter(near)

    closes_at = near.consultation.closes_at
    stop = reverse("reminders_stop", args=[link_token(purpose="deadline-reminders", row_id=user.pk)])
    assert (letter.subject, letter.to) == ("23 hours left: Joint answer", [user.email])
    assert shown(closes_at, "Asia/Tokyo") in letter.body.splitlines()
    assert shown(closes_at, here) in letter.body.splitlines()
    assert f"http://testserver{stop}" in letter.body
    assert all(found in letter.alternatives[0][0] for found in ("Joint answer", "Asia/Tokyo", here, stop))


def test_letter_of_an_internal_date_names_it_and_leads_to_the_dates(near):
    drafter(near)
    Consultation.objects.update(closes_at=timezone.now() + timedelta(days=20))
    MilestoneFactory(submission=near, label="Ask <Ada>", due_at=timezone.now())
    remind_of_deadlines(at=timezone.now())

    letter = sent_letter(near)

    assert letter.subject == "Due: Ask <Ada> for Joint answer"
    assert "http://testserver" + reverse("milestone_list", args=[near.pk]) in letter.body
    assert "Ask &lt;Ada&gt;" in letter.alternatives[0][0]


def test_letter_is_in_the_persons_language(near):
    drafter(near, locale="de")
    remind_of_deadlines(at=timezone.now())

    letter = sent_letter(near)

    there = wall_time_at(near.consultation.closes_at, "Asia/Tokyo")
    with translation.override("de"):
        assert f"{date_format(there, 'DATETIME_FORMAT')} (Asia/Tokyo)" in letter.body.splitlines()
    assert shown(near.consultation.closes_at, "Asia/Tokyo") not in letter.body


@pytest.mark.parametrize("why", ["filed", "moved", "closed", "left", "stopped"])
def test_letter_with_nothing_to_say_any_more_is_dropped(near, why):
    user = drafter(near)
    remind_of_deadlines(at=timezone.now())
    {
        "filed": lambda: file_it(near),
        "moved": lambda: Consultation.objects.update(closes_at=timezone.now() + timedelta(days=30)),
        "closed": lambda: Consultation.objects.update(closes_at=timezone.now() - timedelta(days=1)),
        "left": lambda: near.campaign.team.all().delete(),
        "stopped": lambda: stop_reminders(user=user),
    }[why]()

    pump_mail(at=timezone.now())

    assert outbox.outbox == []
    assert OutgoingMail.objects.get().state == MailState.DROPPED


# --- no more of them ---


def stop_address(user):
    return reverse("reminders_stop", args=[link_token(purpose="deadline-reminders", row_id=user.pk)])


def test_link_in_the_mail_shows_and_only_its_button_stops(client):
    user = UserFactory()

    page = client.get(stop_address(user)).content.decode()
    asked = DeadlineChoices.objects.exists()
    answers = [client.post(stop_address(user)).status_code for _each in range(2)]

    assert "Get no more of these mails" in page
    assert (asked, answers) == (False, [200, 200])
    assert DeadlineChoices.objects.get(user=user).wants_reminders is False


def test_link_that_nobody_was_mailed_is_dead(client):
    address = reverse("reminders_stop", args=[link_token(purpose="other", row_id=UserFactory().pk)])

    assert [client.get(address).status_code, client.post(address).status_code] == [410, 410]
    assert not DeadlineChoices.objects.exists()
    assert client.put(stop_address(User.objects.get())).status_code == 405


def test_stopping_keeps_the_rest_of_what_was_chosen(client):
    user = UserFactory()
    choose(user=user, time_zone="Asia/Seoul", wants_reminders=True)

    client.post(stop_address(user))

    row = DeadlineChoices.objects.get()
    assert (row.time_zone, row.wants_reminders) == ("Asia/Seoul", False)
