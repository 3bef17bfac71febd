"""The pages on which a consultation is made and changed by hand."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaign.campaigns.models import Campaign
from campaign.consultations.models import Consultation, DeadlineChange, ImportDraft, Question
from campaign.consultations.services import change_question, remove_question
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import AuthorityFactory, TeamMemberFactory
from tests.factories.consultations import (
    AnswerFactory,
    ChannelFactory,
    ConsultationFactory,
    PortalProfileFactory,
    QuestionFactory,
    SectionFactory,
    SubmissionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


@pytest.fixture
def consultation():
    """Two sections: questions 1 (a choice) and 2 in the first, 3 in the second."""
    row = ConsultationFactory(imported_by=TeamMemberFactory().user)
    first, second = (
        SectionFactory(consultation=row, position=place, title=f"Part {place}") for place in (1, 2)
    )
    QuestionFactory(
        consultation=row, section=first, number="1", position=1, kind="single-choice", options=["yes", "no"]
    )
    QuestionFactory(consultation=row, section=first, number="2", position=2, text="Why?")
    QuestionFactory(consultation=row, section=second, number="3", position=3, text="What else?")
    return row


@pytest.fixture
def editor(client, consultation):
    client.force_login(consultation.imported_by)
    return client


def page(name, consultation, *args):
    return reverse(name, args=[consultation.slug, *args])


def question(number):
    return Question.objects.get(number=number, gone_at=None)


def order():
    return list(Question.objects.filter(gone_at=None).order_by("position").values_list("number", flat=True))


def stated(**changes):
    return {
        "number": "2", "text": "Why not?", "kind": "free-text", "options": "", "max_chars": "", "max_words": "",
        "minimum": "", "maximum": "", "seen": "1", **changes,
    }  # fmt: skip


# --- Making one ---------------------------------------------------------------------
def new_call(**changes):
    return {
        "title": "A new call", "authority": "", "authority_name": "", "jurisdiction": "", "kind": "call-for-evidence",
        "profile": PortalProfileFactory().pk, "portal_url": "", "reference": "", "subject": "", "locale": "en",
        "languages": ["en", "fr"], "opened_date": "2026-11-01", "has_official_numbers": "on", "source_url": "", "credit": "",
        "day": "2027-02-03", "clock": "", "time_zone": "Europe/Brussels", "stated_as": "Until 3 February", **changes,
    }  # fmt: skip


@pytest.fixture
def runner(client):
    """Somebody who runs a published campaign."""
    member = TeamMemberFactory(role="editor")
    Campaign.objects.filter(pk=member.campaign_id).update(state="published")
    client.force_login(member.user)
    return client


def test_consultation_is_made_with_its_list_and_can_be_changed_at_once(runner):
    authority = AuthorityFactory()
    upload = SimpleUploadedFile("q.csv", b"section,number,text\nA,1,What?\nA,2,Why?\n")

    response = runner.post(reverse("consultation_create"), new_call(authority=authority.pk, questions=upload))

    made = Consultation.objects.get(title="A new call")
    assert response.url == page("consultation_edit", made)
    assert (made.authority, made.languages, made.closes_wall_time, made.closes_is_assumed) == (
        authority, ["en", "fr"], "2027-02-03T23:59:59", True,
    )  # fmt: skip
    assert order() == ["1", "2"]
    assert runner.get(response.url).status_code == 200


def test_consultation_made_with_a_clock_at_midnight_is_made_and_the_warning_is_shown(runner):
    values = new_call(authority=AuthorityFactory().pk, clock="0:00")

    response = runner.post(reverse("consultation_create"), values, follow=True)

    assert Consultation.objects.get(title="A new call").closes_is_assumed is False
    assert "0:00 is the start of that day." in response.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"authority_name": "Ministry"},
        {"authority": ""},
        {"clock": "five"},
        {"time_zone": "Mars/Base"},
        {"stated_as": ""},
        {"opened_date": "2027-12-01"},
        {"questions": b"number,text\n1,\n"},
    ],
)
def test_consultation_that_is_not_whole_keeps_what_was_typed_and_stores_nothing(runner, wrong):
    wrong = {
        key: SimpleUploadedFile("q.csv", value) if key == "questions" else value
        for key, value in wrong.items()
    }

    response = runner.post(
        reverse("consultation_create"),
        new_call(**{"authority": AuthorityFactory().pk, "subject": "Typed"} | wrong),
    )

    assert response.status_code == 422
    assert 'value="Typed"' in response.text
    assert not Consultation.objects.filter(subject="Typed").exists()


def test_only_who_runs_a_published_campaign_makes_one(client):
    address = reverse("consultation_create")

    assert client.get(address).status_code == 302
    client.force_login(TeamMemberFactory(role="viewer").user)
    assert client.get(address).status_code == 403
    assert client.put(address).status_code == 405


# --- Who may change one -------------------------------------------------------------
NAMES = [
    ("consultation_edit", []), ("consultation_facts", []), ("consultation_deadline", []), ("channel_add", []),
    ("channel_edit", ["channel"]), ("section_add", []), ("section_edit", [1]), ("question_add", []),
    ("question_edit", ["question"]), ("question_move", ["question"]), ("question_remove", ["question"]),
    ("question_list", []), ("question_paste", []), ("authority_document_add", []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "parts"), NAMES)
def test_page_is_for_who_brought_it_and_for_staff(client, consultation, name, parts):
    ids = {"channel": ChannelFactory(consultation=consultation).pk, "question": question("2").pk}
    address = page(name, consultation, *(ids.get(part, part) for part in parts))

    def status():
        return client.get(address).status_code

    anonymous = status()
    found = []
    for user in (UserFactory(), consultation.imported_by, UserFactory(is_staff=True)):
        client.force_login(user)
        found.append(status())

    assert (anonymous, found) == (302, [403, 200, 200])
    assert client.delete(address).status_code == 405


@pytest.mark.parametrize("name", ["question_shift", "section_shift", "section_remove", "channel_remove"])
def test_buttons_change_nothing_on_get_or_for_others(client, consultation, name):
    ids = {"channel_remove": ChannelFactory(consultation=consultation).pk, "question_shift": question("2").pk}
    address = page(name, consultation, ids.get(name, 1))

    client.force_login(UserFactory())
    assert client.post(address, {"seen": "1"}).status_code == 403
    client.force_login(consultation.imported_by)
    assert client.get(address).status_code == 405
    assert order() == ["1", "2", "3"]


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_of_all_parts_takes_a_fixed_number_of_queries(
    editor, consultation, item_count, django_assert_num_queries
):
    for number in range(item_count):
        ChannelFactory(consultation=consultation)
        QuestionFactory(consultation=consultation, section=consultation.sections.first(), number=f"x{number}")

    with django_assert_num_queries(9):
        response = editor.get(page("consultation_edit", consultation))

    assert response.status_code == 200


# --- Questions ----------------------------------------------------------------------
def test_question_is_changed_with_a_condition_that_names_an_earlier_choice(editor, consultation):
    ticked = f"{question('1').pk}:0"

    response = editor.post(
        page("question_edit", consultation, question("2").pk), stated(condition=[ticked], max_words="300")
    )

    row = question("2")
    assert response.url == page("consultation_edit", consultation)
    assert (row.text, row.max_words, row.condition) == (
        "Why not?",
        300,
        [{"question": "1", "options": ["yes"]}],
    )
    shown = editor.get(page("question_edit", consultation, row.pk)).text
    assert f'value="{ticked}"' in shown
    assert shown.count(" checked") == 1


def test_every_kind_of_question_is_shown_as_it_stands_and_saving_it_changes_nothing(editor, consultation):
    for number, values in enumerate(
        [{"kind": "multi-choice", "options": ["a", "b"]}, {"kind": "number", "minimum": "0.5", "maximum": "10"},
         {"kind": "date"}, {"kind": "upload", "is_required": True, "max_chars": 9}], start=10,
    ):  # fmt: skip
        QuestionFactory(
            consultation=consultation, section=consultation.sections.first(), number=number, **values
        )
    for row in Question.objects.all():
        form = editor.get(page("question_edit", consultation, row.pk)).context["form"]
        data = {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}
        editor.post(page("question_edit", consultation, row.pk), data)

    consultation.refresh_from_db()
    assert consultation.revision == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "a b"}, "number"),
        ({"number": ".."}, "number"),
        ({"text": ""}, "text"),
        ({"kind": "single-choice", "options": "one"}, "options"),
        ({"options": "a\nb"}, "options"),
        ({"kind": "multi-choice", "options": "a\na"}, "options"),
        ({"minimum": "1"}, "minimum"),
        ({"kind": "number", "minimum": "2", "maximum": "1"}, "minimum"),
        ({"max_chars": "0"}, "max_chars"),
        ({"condition": ["made:up"]}, "condition"),
        ({"number": "1"}, "__all__"),
    ],
)
def test_question_that_is_not_as_it_should_be_keeps_the_form(editor, consultation, wrong, field):
    response = editor.post(page("question_edit", consultation, question("2").pk), stated(**wrong))

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert question("2").text == "Why?"


def test_question_keeps_a_number_that_was_possible_once(editor, consultation):
    row = question("2")
    Question.objects.filter(pk=row.pk).update(number="(a)")

    response = editor.post(page("question_edit", consultation, row.pk), stated(number="(a)"))

    assert response.status_code == 302
    assert question("(a)").text == "Why not?"


def test_new_question_stands_where_the_address_said(editor, consultation):
    address = page("question_add", consultation)
    shown = editor.get(f"{address}?place=end:1").context["form"]

    editor.post(address, stated(number=shown["number"].value(), place=shown["place"].value()))

    assert shown["place"].value() == f"after:{question('2').pk}"
    assert order() == ["1", "2", "4", "3"]


def test_question_is_moved_by_buttons_and_the_button_has_the_focus_again(editor, consultation):
    response = editor.post(
        page("question_shift", consultation, question("3").pk), {"seen": "1", "up": "1"}, follow=True
    )

    assert question("3").section.position == 1
    assert response.text.count(" autofocus") == 1


def test_question_is_moved_to_any_place(editor, consultation):
    address = page("question_move", consultation, question("3").pk)

    response = editor.post(address, {"place": f"part:{question('1').pk}", "seen": "1"})

    assert response.status_code == 302
    assert order() == ["1", "3", "2"]
    assert question("3").parent == question("1")


def test_removal_says_what_goes_before_it_goes(editor, consultation):
    row = question("3")
    AnswerFactory(submission=SubmissionFactory(consultation=consultation), question=row)
    address = page("question_remove", consultation, row.pk)

    asked = editor.get(address)
    before = order()
    editor.post(address, {"seen": "1"})

    assert asked.context["answer_total"] == 1
    assert before == ["1", "2", "3"]
    assert order() == ["1", "2"]


# --- Who comes second ---------------------------------------------------------------
def test_who_comes_second_sees_both_and_saving_again_stores_theirs(editor, consultation):
    row = question("2")
    address = page("question_edit", consultation, row.pk)
    first = editor.get(address).context["form"]
    said = first.before
    said.text = "Theirs?"
    change_question(consultation=consultation, row=row.pk, said=said, seen=1, at=NOW)

    refused = editor.post(address, stated(text="Mine?"))
    unchanged = question("2").text
    again = editor.post(address, stated(text="Mine?", seen=refused.context["form"]["seen"].value()))

    assert refused.status_code == 422
    assert refused.context["standing"] == [("Question", "Theirs?")]
    assert "Mine?" in refused.text
    assert unchanged == "Theirs?"
    assert (again.status_code, question("2").text) == (302, "Mine?")


def test_button_on_a_page_that_is_old_changes_nothing_and_says_so(editor, consultation):
    remove_question(consultation=consultation, row=question("3").pk, seen=1, at=NOW)

    response = editor.post(
        page("question_shift", consultation, question("2").pk), {"seen": "1", "up": "1"}, follow=True
    )

    assert order() == ["1", "2"]
    assert "Somebody else changed this consultation meanwhile." in response.text
    assert (
        editor.post(page("question_shift", consultation, question("2").pk), {"seen": "x"}).status_code == 302
    )


# --- Facts, deadline, ways in -------------------------------------------------------
def test_facts_are_shown_as_they_stand_and_changed(editor, consultation):
    address = page("consultation_facts", consultation)
    form = editor.get(address).context["form"]
    data = {name: value for name in form.fields if (value := form[name].value()) is not None}

    response = editor.post(address, {**data, "title": "Renamed", "credit": "© Authority"})

    consultation.refresh_from_db()
    assert response.status_code == 302
    assert (consultation.title, consultation.reference, consultation.license) == (
        "Renamed", "REF 1", {"credit": "© Authority"},
    )  # fmt: skip


def test_deadline_that_was_ours_to_mend_says_so_to_everybody(editor, consultation):
    data = {
        "day": "2027-05-01", "clock": "17:00", "time_zone": "Europe/Paris", "stated_as": "1er mai", "is_mistake": "on",
        "changed_on": "2027-04-01", "reason": "", "seen": "1",
    }  # fmt: skip

    response = editor.post(page("consultation_deadline", consultation), data)

    change = DeadlineChange.objects.get()
    consultation.refresh_from_db()
    assert response.status_code == 302
    assert (change.is_mistake, change.changed_on, consultation.closes_wall_time) == (
        True,
        None,
        "2027-05-01T17:00:00",
    )
    assert "This was a mistake of ours." in editor.get(page("consultation_detail", consultation)).text


def test_way_in_needs_an_address_and_a_whole_clock(editor, consultation):
    address = page("channel_add", consultation)
    data = {"kind": "email", "url": "", "address": "", "note": "", "day": "2027-01-01", "clock": "", "time_zone": "",
            "stated_as": "", "seen": "1"}  # fmt: skip

    refused = editor.post(address, data)
    taken = editor.post(
        address, data | {"address": "a@b.example", "time_zone": "Asia/Seoul", "stated_as": "1월 1일"}
    )

    assert (refused.status_code, set(refused.context["form"].errors)) == (
        422,
        {"address", "time_zone", "stated_as"},
    )
    row = consultation.channels.get()
    assert taken.status_code == 302
    assert (row.key, row.closes_wall_time, row.closes_is_assumed) == ("email", "2027-01-01T23:59:59", True)
    shown = editor.get(page("channel_edit", consultation, row.pk)).text
    assert 'value="2027-01-01"' in shown


def test_way_in_is_removed(editor, consultation):
    row = ChannelFactory(consultation=consultation)

    editor.post(page("channel_remove", consultation, row.pk), {"seen": "0"})
    before = consultation.channels.count()
    editor.post(page("channel_remove", consultation, row.pk), {"seen": "1"})

    assert (before, consultation.channels.count()) == (1, 0)


def test_sections_are_added_renamed_moved_and_removed(editor, consultation):
    def revision():
        return Consultation.objects.get(pk=consultation.pk).revision

    editor.post(page("section_add", consultation), {"title": "Annex", "seen": revision()})
    editor.post(page("section_edit", consultation, 3), {"title": "The annex", "seen": revision()})
    editor.post(page("section_shift", consultation, 3), {"up": "1", "seen": revision()})
    titles = list(consultation.sections.order_by("position").values_list("title", flat=True))
    kept = editor.post(page("section_remove", consultation, 1), {"seen": revision()}, follow=True)
    editor.post(page("section_remove", consultation, 2), {"seen": revision()})

    assert titles == ["Part 1", "The annex", "Part 2"]
    assert "Questions stand in this section." in kept.text
    assert list(consultation.sections.order_by("position").values_list("title", flat=True)) == [
        "Part 1",
        "Part 2",
    ]


# --- Lists and pasted text ----------------------------------------------------------
def test_list_leads_to_what_it_changes_and_changes_nothing_yet(editor, consultation):
    upload = SimpleUploadedFile("q.csv", b"number;text\n2;Why?\n")

    response = editor.post(page("question_list", consultation), {"questions": upload})
    changes = editor.get(response.url)
    editor.post(response.url, {"seen": "1"})

    assert [(each.number, each.fate.value) for each in changes.context["changes"].marked] == [
        ("1", "removed"), ("3", "removed"),
    ]  # fmt: skip
    assert order() == ["2"]
    assert ImportDraft.objects.count() == 0


def test_list_with_mistakes_tells_them_all(editor, consultation):
    upload = SimpleUploadedFile("q.csv", b"number,text,kind\n1,,essay\n")

    response = editor.post(page("question_list", consultation), {"questions": upload})

    assert response.status_code == 422
    assert [error.partition(":")[0] for error in response.context["form"].errors["questions"]] == [
        "Row 2, column “text”", "Row 2, column “kind”",
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "status"), [("csv", 200), ("xlsx", 200), ("exe", 404)])
def test_template_of_a_list_can_be_saved(runner, kind, status):
    response = runner.get(reverse("question_list_template", args=[kind]))

    assert response.status_code == status
    if status == 200:
        assert response.headers["Content-Disposition"] == f'attachment; filename="questions.{kind}"'


def test_pasted_text_is_confirmed_line_by_line_before_it_leads_to_its_changes(editor, consultation):
    address, text = page("question_paste", consultation), "Intro\n\n1. Why?\n2. What else?"

    lines = editor.post(address, {"text": text})
    kinds = {field.html_name: field.value() for _line, field in lines.context["form"].rows}
    refused = editor.post(address, {"text": text, "confirm": "1", **kinds, "line_1": "option"})
    confirmed = editor.post(address, {"text": text, "confirm": "1", **kinds, "line_1": "section"})

    assert kinds == {"line_1": "section", "line_3": "question", "line_4": "question"}
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["line_1"])
    draft = ImportDraft.objects.get()
    assert confirmed.url == reverse("consultation_changes", args=[draft.pk])
    assert order() == ["1", "2", "3"]


def test_empty_or_endless_text_keeps_the_form_and_one_can_go_back_to_the_text(editor, consultation):
    address = page("question_paste", consultation)

    assert editor.post(address, {"text": " "}).status_code == 422
    assert editor.post(address, {"text": "a\n" * 901}).status_code == 422
    back = editor.post(address, {"text": "1. Why?", "again": "1"})
    assert (back.status_code, back.context["form"]["text"].value()) == (200, "1. Why?")


def test_who_left_the_team_changes_the_consultation_no_more(client):
    member = TeamMemberFactory()
    consultation = ConsultationFactory(imported_by=member.user)
    client.force_login(member.user)
    address = reverse("consultation_deadline", args=[consultation.slug])
    before = client.get(address).status_code
    member.delete()

    after = client.get(address).status_code

    assert (before, after) == (200, 403)
