"""Consultations changed by hand: answers stay with their questions, conditions hold, and nobody overwrites another unseen."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import connection
from django.utils import timezone

from campaign.campaigns.models import Authority
from campaign.consultations.deadlines import datetime_in
from campaign.consultations.importer import (
    NOT_SAID,
    ChannelData,
    Clock,
    OutlineDoesNotHold,
    PlaceIsGone,
    QuestionData,
    SectionData,
    Why,
    outline,
    outline_of,
    sections_from_json,
    sections_to_json,
)
from campaign.consultations.models import DeadlineChange, Milestone, Question
from campaign.consultations.services import (
    ConsultationWasChanged,
    Facts,
    SectionHasQuestions,
    add_question,
    add_section,
    apply_draft,
    bring_call,
    bring_questions,
    change_facts,
    change_question,
    draft_changes,
    follow_deadlines,
    make_consultation,
    move_deadline,
    move_question,
    plan_milestones,
    remove_channel,
    remove_question,
    remove_section,
    rename_section,
    save_channel,
    shift_question,
    shift_section,
)
from tests.consultations.test_importer import SAMPLE, ground, load
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import AuthorityFactory, JurisdictionFactory
from tests.factories.consultations import (
    AnswerFactory,
    PortalProfileFactory,
    SubmissionFactory,
)
from tests.threads import in_threads

__all__ = ["ground"]

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()
SECTIONS = [
    SectionData(
        "a",
        "A",
        [
            QuestionData("1", "Choose?", "single-choice", options=["yes", "no"]),
            QuestionData(
                "2", "Why?", "free-text", condition=[{"question": "1", "options": ["yes"]}],
                parts=[QuestionData("2.1", "Since when?", "free-text")],
            ),
        ],
    ),
    SectionData("b", "B", [QuestionData("3", "Anything else?", "free-text")]),
]  # fmt: skip


def facts(**changes):
    values = {
        "title": "A call", "authority": AuthorityFactory(), "authority_name": "", "jurisdiction": None,
        "profile": PortalProfileFactory(), "portal_url": "", "reference": "", "kind": "call-for-evidence", "subject": "",
        "locale": "en", "languages": ["en"], "opened_date": date(2026, 1, 1), "has_official_numbers": True,
        "source_url": "https://authority.example/call", "credit": "© Authority",
    }  # fmt: skip
    return Facts(**{**values, **changes})


def clock(day="2027-03-01", time="17:00:00"):
    wall_time = f"{day}T{time}"
    moment = datetime_in(datetime.fromisoformat(wall_time), "Europe/Brussels")
    return Clock(wall_time, "Europe/Brussels", moment, f"Until {day}.")


@pytest.fixture
def made():
    """A consultation with four questions, each answered with its number."""
    sections = sections_from_json(sections_to_json(SECTIONS))
    consultation = make_consultation(
        facts=facts(), clock=clock(), sections=sections, by=UserFactory(), at=NOW
    )
    submission = SubmissionFactory(consultation=consultation)
    for question in consultation.questions.all():
        AnswerFactory(
            submission=submission, question=question, text=f"To {question.number}", short_text="yes"
        )
    return consultation


def standing(consultation):
    """(section, number, depth) in reading order."""
    return [
        (section.key, each.number, depth)
        for section, each, depth in outline.by_depth(outline_of(consultation))
    ]


def numbers(consultation):
    return [number for _section, number, _depth in standing(consultation)]


def question(consultation, number):
    return consultation.questions.get(number=number, gone_at=None)


def act(verb, consultation, **values):
    consultation.refresh_from_db()
    return verb(consultation=consultation, seen=consultation.revision, at=NOW, **values)


def said(consultation, number, /, **changes):
    found = outline.question_in(outline_of(consultation), question(consultation, number).pk)
    return replace(found, **changes)


# --- Facts and deadlines ------------------------------------------------------------
def test_consultation_made_by_hand_stands_as_it_was_stated(made):
    assert (made.title, made.locale, made.closes_stated_as) == ("A call", "en", "Until 2027-03-01.")
    assert made.source == {"primary": "https://authority.example/call"}
    assert standing(made) == [("a", "1", 0), ("a", "2", 0), ("a", "2.1", 1), ("b", "3", 0)]


def test_new_authority_is_made_once_for_its_name_and_jurisdiction():
    there = JurisdictionFactory()
    named = {"authority": None, "authority_name": "Ministry of Things", "jurisdiction": there}

    for title in ("One", "Two"):
        make_consultation(
            facts=facts(title=title, **named), clock=clock(), sections=[], by=UserFactory(), at=NOW
        )

    assert Authority.objects.filter(name="Ministry of Things", jurisdiction=there).count() == 1


def test_changed_facts_keep_what_a_file_said_beside_them(made):
    made.license = {"id": "CC0-1.0", "credit": "Old"}
    made.save()

    change_facts(consultation=made, facts=facts(title="Renamed", credit="New"), seen=made.revision)

    made.refresh_from_db()
    assert (made.title, made.license, made.revision) == ("Renamed", {"id": "CC0-1.0", "credit": "New"}, 2)


def test_moved_deadline_is_kept_with_its_reason_and_internal_dates_follow(made):
    submission = made.submissions.get()
    plan_milestones(submission=submission, at=NOW)
    before = made.closes_at

    why = Why(date(2027, 2, 1), "Extended by a week", is_mistake=False)
    act(move_deadline, made, clock=clock("2027-03-08"), why=why, by=UserFactory())
    made.refresh_from_db()
    moved = follow_deadlines(at=NOW)

    change = DeadlineChange.objects.get()
    assert (change.closes_at, change.changed_on, change.reason, change.is_mistake) == (
        before, date(2027, 2, 1), "Extended by a week", False,
    )  # fmt: skip
    assert moved == 4
    assert set(Milestone.objects.values_list("planned_for", flat=True)) == {made.closes_at}


def test_deadline_typed_wrong_is_kept_as_a_mistake_of_ours(made):
    act(move_deadline, made, clock=clock("2027-03-11"), why=Why(is_mistake=True), by=UserFactory())

    assert [change.is_mistake for change in DeadlineChange.objects.all()] == [True]


def test_words_of_a_deadline_change_and_it_does_not_count_as_moved(made):
    act(move_deadline, made, clock=replace(clock(), stated_as="By five."), why=NOT_SAID, by=UserFactory())

    made.refresh_from_db()
    assert made.closes_stated_as == "By five."
    assert DeadlineChange.objects.count() == 0


def test_ways_in_are_added_changed_with_their_own_clocks_and_removed(made):
    mail = ChannelData("", "email", "", "a@authority.example", "", "", None, [])
    for each in (mail, mail):
        act(save_channel, made, channel=None, said=each, why=NOT_SAID, by=UserFactory())
    first, second = made.channels.order_by("position")
    timed = replace(mail, address="b@authority.example", clock=clock("2027-02-01"))
    act(save_channel, made, channel=first, said=timed, why=NOT_SAID, by=UserFactory())
    first.refresh_from_db()
    later = replace(timed, clock=clock("2027-02-02"))
    act(save_channel, made, channel=first, said=later, why=Why(is_mistake=True), by=UserFactory())
    act(remove_channel, made, channel=second, by=UserFactory())

    [row] = made.channels.all()
    assert (row.key, row.address, row.closes_wall_time) == (
        "email",
        "b@authority.example",
        "2027-02-02T17:00:00",
    )
    assert [(each.channel, each.is_mistake) for each in DeadlineChange.objects.all()] == [(row, True)]


# --- Questions ----------------------------------------------------------------------
def test_changed_question_keeps_its_answer_which_is_marked(made):
    row = question(made, "3")

    act(change_question, made, row=row.pk, said=said(made, "3", text="Quite another?", number="9"))

    answer = row.answers.get()
    answer.question.refresh_from_db()
    assert (answer.text, answer.question.number, answer.is_outdated) == ("To 3", "9", True)


def test_condition_follows_the_number_and_the_words_of_the_question_it_names(made):
    row = question(made, "1")

    act(change_question, made, row=row.pk, said=said(made, "1", number="1a", options=["Yes, we do", "no"]))

    assert question(made, "2").condition == [{"question": "1a", "options": ["Yes, we do"]}]


@pytest.mark.parametrize(
    "changes", [{"options": ["no", "perhaps", "never"]}, {"kind": "free-text", "options": []}]
)
def test_question_that_a_condition_names_must_offer_that_choice(made, changes):
    with pytest.raises(OutlineDoesNotHold):
        act(change_question, made, row=question(made, "1").pk, said=said(made, "1", **changes))

    assert question(made, "1").options == ["yes", "no"]


def test_question_that_a_condition_names_cannot_go_or_stand_after_it(made):
    row = question(made, "1").pk

    with pytest.raises(OutlineDoesNotHold):
        act(remove_question, made, row=row)
    with pytest.raises(OutlineDoesNotHold):
        act(move_question, made, row=row, place=f"after:{question(made, '3').pk}")
    with pytest.raises(OutlineDoesNotHold):
        act(shift_question, made, row=row, up=False)


def test_removed_question_goes_and_what_was_answered_is_kept(made):
    act(remove_question, made, row=question(made, "2").pk)

    assert numbers(made) == ["1", "3"]
    gone = Question.objects.filter(gone_at=NOW).order_by("number")
    assert [(row.number, row.answers.get().text) for row in gone] == [("2", "To 2"), ("2.1", "To 2.1")]


def test_question_without_answer_is_deleted(made):
    new = act(
        add_question,
        made,
        said=QuestionData("4", "New?", "free-text"),
        place=f"part:{question(made, '3').pk}",
    )

    act(remove_question, made, row=new)

    assert not Question.objects.filter(pk=new).exists()


def test_new_question_stands_where_it_was_put(made):
    place = f"after:{question(made, '1').pk}"

    act(add_question, made, said=QuestionData("1b", "New?", "free-text"), place=place)
    act(add_question, made, said=QuestionData("0", "First?", "free-text"), place="start:0")

    assert numbers(made) == ["0", "1", "1b", "2", "2.1", "3"]


def test_moved_question_takes_its_parts_and_answers_along(made):
    row = question(made, "2")

    act(move_question, made, row=row.pk, place=f"part:{question(made, '3').pk}")

    assert standing(made) == [("a", "1", 0), ("b", "3", 0), ("b", "2", 1), ("b", "2.1", 2)]
    assert row.answers.get().text == "To 2"


def test_question_goes_one_place_up_and_into_the_next_section(made):
    row = question(made, "2").pk

    act(shift_question, made, row=row, up=False)
    after_one = standing(made)
    act(shift_question, made, row=row, up=False)
    at_the_end = numbers(made)
    act(shift_question, made, row=row, up=False)

    assert after_one == [("a", "1", 0), ("b", "2", 0), ("b", "2.1", 1), ("b", "3", 0)]
    assert at_the_end == numbers(made) == ["1", "3", "2", "2.1"]


def test_question_cannot_become_a_part_of_itself_or_lie_too_deep(made):
    row = question(made, "2").pk

    for place in (f"part:{question(made, '2.1').pk}", "start:9", "part:nothing", "after:" + "0" * 32):
        with pytest.raises(PlaceIsGone):
            act(move_question, made, row=row, place=place)


def test_two_questions_cannot_have_one_number(made):
    with pytest.raises(OutlineDoesNotHold):
        act(add_question, made, said=QuestionData("3", "New?", "free-text"), place="start:0")


def test_sections_are_added_renamed_shifted_and_removed_when_empty(made):
    act(add_section, made, title="C")
    act(rename_section, made, index=2, title="D")
    act(shift_section, made, index=2, up=True)
    titles = [section.title for section in outline_of(made)]
    with pytest.raises(SectionHasQuestions):
        act(remove_section, made, index=0)
    act(remove_section, made, index=1)

    assert titles == ["A", "D", "B"]
    assert [section.title for section in outline_of(made)] == ["A", "B"]
    assert numbers(made) == ["1", "2", "2.1", "3"]


# --- Who comes second ---------------------------------------------------------------
def test_change_of_what_somebody_else_changed_is_refused(made):
    row, stale = question(made, "3").pk, made.revision
    act(change_question, made, row=row, said=said(made, "3", text="Theirs?"))

    with pytest.raises(ConsultationWasChanged):
        change_question(consultation=made, row=row, said=said(made, "3", text="Mine?"), seen=stale, at=NOW)

    assert question(made, "3").text == "Theirs?"


def test_saving_what_stands_already_changes_nothing(made):
    act(change_question, made, row=question(made, "3").pk, said=said(made, "3"))

    made.refresh_from_db()
    assert made.revision == 1


def test_outline_is_read_whole_while_somebody_changes_it(made):
    changed, row = said(made, "3", text="Changed?"), question(made, "3").pk
    waiting = [changed]

    def meanwhile(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if waiting and sql.startswith("SELECT") and 'FROM "consultations_section"' in sql:
            change_question(consultation=made, row=row, said=waiting.pop(), seen=1, at=NOW)
        return result

    with connection.execute_wrapper(meanwhile):
        found = outline_of(made)

    assert waiting == []
    assert outline.question_in(found, row).text == "Changed?"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_is_refused(made):
    row, outcomes = question(made, "3").pk, []

    def change(text):
        try:
            change_question(consultation=made, row=row, said=said(made, "3", text=text), seen=1, at=NOW)
            outcomes.append(text)
        except ConsultationWasChanged:
            outcomes.append("refused")

    in_threads([lambda: change("One?"), lambda: change("Two?")])

    assert "refused" in outcomes
    assert question(made, "3").text in outcomes


# --- Beside files -------------------------------------------------------------------
def test_same_file_again_shows_what_a_change_by_hand_would_lose(ground):
    by = UserFactory(is_staff=True)
    consultation = load(SAMPLE)
    row = consultation.questions.order_by("position")[0]
    act(change_question, consultation, row=row.pk, said=said(consultation, row.number, text="By hand?"))

    draft = bring_call(raw=SAMPLE.encode(), file="sample.yaml", by=by, at=NOW)

    [change] = draft_changes(draft).marked
    assert (change.number, "".join(text for op, text in change.words if op != "ins")) == (
        row.number,
        "By hand?",
    )


def test_list_changes_nothing_before_the_yes_and_then_the_questions_alone(made):
    by = UserFactory()
    sections = [SectionData("a", "A", [QuestionData("1", "Anything else?", "free-text")])]

    draft = bring_questions(consultation=made, sections=sections, by=by, at=NOW)
    shown = [(each.number, each.fate.value) for each in draft_changes(draft).marked]
    before = numbers(made)
    apply_draft(draft=draft, seen=made.revision, by=by, at=NOW)

    assert before == ["1", "2", "2.1", "3"]
    assert shown == [("1", "moved"), ("1", "removed"), ("2", "removed"), ("2.1", "removed")]
    assert numbers(made) == ["1"]
    assert question(made, "1").answers.get().text == "To 3"


def test_outline_survives_being_kept_as_text(made):
    found = outline_of(made)

    kept = sections_from_json(sections_to_json(found))

    for each in outline.all_questions(found):
        each.row = None
    assert kept == found
