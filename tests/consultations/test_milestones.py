"""Internal dates: planned back, changed in one form, done, and moved along with the deadline."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaign.consultations.deadlines import closing_of, wall_time_at
from campaign.consultations.models import CalendarEntry, Consultation, Milestone, MilestoneKind, Submission
from campaign.consultations.services import (
    DeadlineHasPassed,
    Edit,
    MilestoneChangedMeanwhile,
    edit_milestones,
    follow_deadlines,
    mark_done,
    mark_undone,
    plan_milestones,
)
from campaign.consultations.services.milestones import plan_back
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import ConsultationFactory, MilestoneFactory, SubmissionFactory
from tests.factories.documents import FrozenTextFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
KINDS = ["legal-check", "translation", "sign-off", "filing"]


def closing(wall_time="2026-03-31T23:59:59", zone="Europe/Brussels"):
    return closing_of(datetime.fromisoformat(wall_time), zone).moment


def submission_until(wall_time="2026-03-31T23:59:59", **fields):
    return SubmissionFactory(consultation__closes_at=closing(wall_time), **fields)


def move_deadline(submission, wall_time):
    Consultation.objects.filter(pk=submission.consultation_id).update(closes_at=closing(wall_time))


def dates_of(submission):
    rows = Milestone.objects.filter(submission=submission).order_by("due_at")
    return [(row.kind, wall_time_at(row.due_at, row.time_zone).isoformat(sep=" ")) for row in rows]


def edit_of(row, **changes):
    return Edit(
        **{"pk": row.pk, "version": row.version, "label": row.label or "", "due_at": row.due_at, **changes}
    )


# --- planning ---


def test_plan_keeps_the_usual_distances_at_the_deadlines_own_time_across_a_change_of_clocks():
    submission = submission_until()

    plan = plan_milestones(submission=submission, at=AT)

    assert not plan.is_squeezed
    assert dates_of(submission) == [
        ("legal-check", "2026-03-19 23:59:59"),
        ("translation", "2026-03-23 23:59:59"),
        ("sign-off", "2026-03-27 23:59:59"),
        ("filing", "2026-03-30 23:59:59"),
    ]


def test_plan_without_time_for_the_usual_distances_is_squeezed_evenly():
    plan = plan_back(closes_at=AT + timedelta(hours=5), zone="Europe/Brussels", at=AT)

    assert plan.is_squeezed
    assert [(kind.value, moment - AT) for kind, moment in plan.dates.items()] == [
        (kind, timedelta(hours=hours)) for hours, kind in enumerate(KINDS, start=1)
    ]


@given(st.integers(1, 40 * 86_400), st.sampled_from(["Europe/Brussels", "Asia/Tokyo", "America/New_York"]))
def test_planned_dates_are_in_order_never_past_and_never_after_the_deadline(seconds, zone):
    closes_at = AT + timedelta(seconds=seconds)

    dates = list(plan_back(closes_at=closes_at, zone=zone, at=AT).dates.values())

    assert dates == sorted(dates)
    assert dates[0] >= AT
    assert dates[-1] <= closes_at


def test_plan_again_adds_what_is_missing_and_leaves_the_rest():
    submission = submission_until()
    plan_milestones(submission=submission, at=AT)
    Milestone.objects.get(kind="translation").delete()
    kept = dict.fromkeys(Milestone.objects.values_list("pk", flat=True))

    plan_milestones(submission=submission, at=AT)

    assert sorted(kind for kind, _due in dates_of(submission)) == sorted(KINDS)
    assert set(kept) < set(Milestone.objects.values_list("pk", flat=True))


def test_plan_after_the_deadline_is_refused():
    submission = submission_until("2026-02-01T00:00:00")

    with pytest.raises(DeadlineHasPassed):
        plan_milestones(submission=submission, at=AT)

    assert dates_of(submission) == []


# --- changing ---


def test_edit_stores_what_changed_and_notes_that_somebody_set_it():
    submission = submission_until()
    plan_milestones(submission=submission, at=AT)
    first, second, *_rest = Milestone.objects.order_by("due_at")

    edit_milestones(
        submission=submission,
        edits=[edit_of(first, due_at=AT + timedelta(days=3)), edit_of(second), Edit(None, 0, "Ask Ada", AT)],
        at=AT,
    )

    first.refresh_from_db()
    second.refresh_from_db()
    own = Milestone.objects.get(kind=MilestoneKind.OWN)
    assert (first.due_at, first.is_by_hand, first.version) == (AT + timedelta(days=3), True, 2)
    assert (second.is_by_hand, second.version) == (False, 1)
    assert (own.name, own.is_by_hand) == ("Ask Ada", True)


def test_edit_of_an_old_version_stores_nothing_of_it():
    submission = submission_until()
    first, second = MilestoneFactory.create_batch(2, submission=submission)
    edit_milestones(submission=submission, edits=[edit_of(second, label="Theirs")], at=AT)

    with pytest.raises(MilestoneChangedMeanwhile):
        edit_milestones(
            submission=submission, edits=[edit_of(first, label="Mine"), edit_of(second, label="Mine")], at=AT
        )

    assert sorted(row.name for row in Milestone.objects.all()) == sorted([first.label, "Theirs"])


def test_edit_reaches_no_date_of_another_submission():
    foreign = MilestoneFactory()

    with pytest.raises(MilestoneChangedMeanwhile):
        edit_milestones(submission=submission_until(), edits=[edit_of(foreign, is_removed=True)], at=AT)

    assert Milestone.objects.filter(pk=foreign.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_the_same_date_at_once_one_is_told():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: there is no race to test")
    row = MilestoneFactory()
    told = []

    def save(label):
        try:
            edit_milestones(submission=row.submission, edits=[edit_of(row, label=label)], at=AT)
        except MilestoneChangedMeanwhile:
            told.append(label)

    in_threads([lambda label=label: save(label) for label in ("One", "Two")])

    assert len(told) == 1
    row.refresh_from_db()
    assert ({row.name, *told}, row.version) == ({"One", "Two"}, 2)


def test_done_is_noted_once_and_can_be_taken_back():
    row, first, second = MilestoneFactory(), *UserFactory.create_batch(2)

    mark_done(milestone=row, by=first, at=AT)
    mark_done(milestone=row, by=second, at=AT + timedelta(hours=1))
    row.refresh_from_db()
    done = (row.done_by, row.done_at, row.version)
    mark_undone(milestone=row, at=AT)
    mark_undone(milestone=row, at=AT)
    row.refresh_from_db()

    assert done == (first, AT, 2)
    assert (row.done_by, row.done_at, row.version) == (None, None, 3)


# --- when the deadline moves ---


def test_dates_nobody_touched_move_with_the_deadline_once():
    submission = submission_until()
    plan_milestones(submission=submission, at=AT)
    by_hand, done, moved, _filing = Milestone.objects.order_by("due_at")
    edit_milestones(submission=submission, edits=[edit_of(by_hand, due_at=AT + timedelta(days=1))], at=AT)
    mark_done(milestone=done, by=UserFactory(), at=AT)
    before = moved.due_at
    move_deadline(submission, "2026-04-10T17:00:00")

    totals = [follow_deadlines(at=AT + timedelta(days=2)) for _run in range(2)]

    moved.refresh_from_db()
    assert totals == [2, 0]
    assert dates_of(submission) == [
        ("legal-check", "2026-03-02 13:00:00"),
        ("translation", "2026-03-23 23:59:59"),
        ("sign-off", "2026-04-06 17:00:00"),
        ("filing", "2026-04-09 17:00:00"),
    ]
    assert (moved.moved_from, moved.moved_at) == (before, AT + timedelta(days=2))


def test_deadline_moved_into_the_past_moves_nothing():
    submission = submission_until()
    plan_milestones(submission=submission, at=AT)
    before = dates_of(submission)
    move_deadline(submission, "2026-02-01T00:00:00")

    assert [follow_deadlines(at=AT) for _run in range(2)] == [0, 0]
    assert dates_of(submission) == before


def test_dates_of_what_is_filed_stay():
    submission = submission_until()
    plan_milestones(submission=submission, at=AT)
    before = dates_of(submission)
    Submission.objects.filter(pk=submission.pk).update(state="filed", frozen_text=FrozenTextFactory())
    move_deadline(submission, "2026-05-10T17:00:00")

    assert follow_deadlines(at=AT) == 0
    assert dates_of(submission) == before


def test_calendars_are_told_of_each_change_of_a_consultation_once():
    consultation = ConsultationFactory(closes_at=closing())
    follow_deadlines(at=AT)
    follow_deadlines(at=AT + timedelta(hours=1))
    first = CalendarEntry.objects.values_list("sequence", "changed_at").get()
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=closing("2026-04-10T17:00:00"))

    for hours in (2, 3):
        follow_deadlines(at=AT + timedelta(hours=hours))

    assert first == (0, AT)
    assert CalendarEntry.objects.values_list("sequence", "changed_at").get() == (1, AT + timedelta(hours=2))


# --- the page ---


@pytest.fixture
def submission():
    return SubmissionFactory()


def as_team(client, submission, role="editor"):
    client.force_login(TeamMemberFactory(campaign=submission.campaign, role=role).user)


def page_of(submission):
    return reverse("milestone_list", args=[submission.pk])


def typed(rows, *more):
    """What a browser sends for these dates, and for the form of one more."""
    forms = [
        {
            "pk": str(row.pk),
            "version": str(row.version),
            "label": row.label or "",
            "day": wall_time_at(row.due_at, row.time_zone).strftime("%Y-%m-%d"),
            "clock": wall_time_at(row.due_at, row.time_zone).strftime("%H:%M:%S"),
        }
        for row in rows
    ]
    forms += [{"pk": "", "version": "0", "label": "", "day": "", "clock": "", **each} for each in more]
    data = {
        f"dates-{number}-{name}": value for number, form in enumerate(forms) for name, value in form.items()
    }
    return data | {"dates-TOTAL_FORMS": str(len(forms)), "dates-INITIAL_FORMS": str(len(rows))}


def test_page_plans_shows_and_stores_dates(client, submission):
    as_team(client, submission)

    client.post(reverse("milestone_plan", args=[submission.pk]))
    rows = list(Milestone.objects.order_by("due_at"))
    day = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%d")
    response = client.post(
        page_of(submission), typed(rows, {"label": "Ask Ada", "day": day, "clock": "24:00"})
    )

    assert response.status_code == 302
    own = Milestone.objects.get(kind="own")
    assert wall_time_at(own.due_at, "Europe/Brussels").strftime("%H:%M:%S") == "00:00:00"
    assert not Milestone.objects.exclude(kind="own").filter(is_by_hand=True).exists()
    assert "Ask Ada" in client.get(page_of(submission)).content.decode()


def test_page_says_when_the_plan_had_to_be_squeezed(client):
    submission = SubmissionFactory(consultation__closes_at=timezone.now() + timedelta(days=3))
    as_team(client, submission)

    page = client.post(reverse("milestone_plan", args=[submission.pk]), follow=True).content.decode()

    assert "The deadline is too near for the usual distances." in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("label", "", "Say what is due on that day."),
        ("day", "", "Say which day."),
        ("clock", "25:00", "This is not a time. Write it like 17:00."),
        ("day", "2001-01-01", "This has passed. Choose a later day."),
        ("day", "2199-01-01", "This is after the deadline. Choose an earlier day."),
    ],
)
def test_page_with_bad_input_keeps_the_form_and_stores_nothing(client, submission, field, value, sentence):
    as_team(client, submission)
    row = MilestoneFactory(submission=submission)
    new = {
        "label": "Kept words",
        "day": (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%d"),
        "clock": "12:00",
    }

    data = typed([row], {**new, field: value})
    response = client.post(page_of(submission), data | {"dates-0-label": "Changed"})

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert 'value="Changed"' in page
    assert [each.name for each in Milestone.objects.all()] == [row.label]


def test_page_of_a_date_that_lost_its_day_says_so(client, submission):
    as_team(client, submission)
    row = MilestoneFactory(submission=submission)

    response = client.post(page_of(submission), typed([row], {}) | {"dates-0-day": ""})

    assert (response.status_code, "Say which day." in response.content.decode()) == (422, True)


def test_page_after_the_deadline_shows_dates_and_no_form(client):
    submission = SubmissionFactory(consultation__closes_at=AT)
    as_team(client, submission)
    MilestoneFactory(submission=submission, label="Ask Ada", due_at=AT)

    page = client.get(page_of(submission)).content.decode()

    assert ("Ask Ada" in page, "Save the dates" in page, "Plan back" in page) == (True, False, False)


def test_page_of_an_old_version_shows_theirs_and_lets_save_again(client, submission):
    as_team(client, submission)
    row = MilestoneFactory(submission=submission)
    mine = typed([row], {}) | {"dates-0-label": "Mine"}
    edit_milestones(submission=submission, edits=[edit_of(row, label="Theirs")], at=timezone.now())

    refused = client.post(page_of(submission), mine)
    again = client.post(page_of(submission), mine | {"dates-0-version": "2"})

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Somebody else changed these dates meanwhile." in page
    assert all(found in page for found in ('value="Mine"', "Theirs", 'name="dates-0-version" value="2"'))
    assert (again.status_code, Milestone.objects.get().name) == (302, "Mine")


def test_page_removes_a_date_that_is_ticked(client, submission):
    as_team(client, submission)
    row = MilestoneFactory(submission=submission)

    client.post(page_of(submission), typed([row], {}) | {"dates-0-is_removed": "on"})

    assert not Milestone.objects.exists()


def test_buttons_note_what_is_done(client, submission):
    as_team(client, submission)
    row = MilestoneFactory(submission=submission)
    address = reverse("milestone_done", args=[submission.pk, row.pk])

    states = []
    for done in ("yes", "yes", "no"):
        assert client.post(address, {"done": done}).status_code == 302
        row.refresh_from_db()
        states.append(row.is_done)

    assert states == [True, True, False]


def test_date_of_another_submission_is_404(client, submission):
    as_team(client, submission)
    foreign = MilestoneFactory()

    assert client.post(reverse("milestone_done", args=[submission.pk, foreign.pk])).status_code == 404


@pytest.mark.parametrize(
    ("role", "read", "write"), [("viewer", 200, 403), ("editor", 200, 302), (None, 404, 404)]
)
def test_team_reads_and_who_drafts_writes(client, submission, role, read, write):
    as_team(client, submission if role else SubmissionFactory(), role or "owner")
    row = MilestoneFactory(submission=submission)

    found = [
        client.post(page_of(submission), typed([row], {})).status_code,
        client.post(reverse("milestone_plan", args=[submission.pk])).status_code,
        client.post(reverse("milestone_done", args=[submission.pk, row.pk])).status_code,
    ]

    assert client.get(page_of(submission)).status_code == read
    assert found == [write] * 3


def test_page_asks_to_sign_in_and_buttons_refuse_reading(client, submission):
    row = MilestoneFactory(submission=submission)

    assert client.get(page_of(submission)).status_code == 302
    as_team(client, submission)
    assert client.get(reverse("milestone_plan", args=[submission.pk])).status_code == 405
    assert client.get(reverse("milestone_done", args=[submission.pk, row.pk])).status_code == 405


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_takes_a_fixed_number_of_queries(client, submission, item_count, django_assert_num_queries):
    as_team(client, submission)
    for row in MilestoneFactory.create_batch(item_count, submission=submission):
        mark_done(milestone=row, by=UserFactory(), at=timezone.now())

    with django_assert_num_queries(6):
        client.get(page_of(submission))
