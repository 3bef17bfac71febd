"""What is found before a text is frozen, fixed, or handed in."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaign.consultations.checks import file_findings, filing_findings, freeze_findings
from campaign.consultations.checks.wording import leads_anywhere
from campaign.consultations.findings import Finding, by_weight
from campaign.consultations.requirements import requirements_of
from campaign.documents.models import Document
from campaign.petitions.models import PetitionState
from tests.consultations.walk import freeze
from tests.factories.consultations import (
    AnswerFactory,
    MilestoneFactory,
    OwnPartFactory,
    QuestionFactory,
    RequirementFactory,
    SubmissionFactory,
)
from tests.factories.documents import DocumentFactory, FrozenTextFactory
from tests.factories.organizations import EndorsementFactory
from tests.factories.petitions import PetitionFactory
from tests.factories.regulations import published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


def found(submission):
    return {
        each.code: (each.is_error, each.may_override, str(each.message))
        for each in freeze_findings(submission=submission, at=NOW)
    }


def test_nothing_is_found_where_nothing_is_wrong():
    assert found(AnswerFactory().submission) == {}


@pytest.mark.parametrize(("status", "may_override"), [("verified", False), ("reported", True)])
def test_emoji_is_an_error_where_the_portal_refuses_it(status, may_override):
    submission = AnswerFactory(short_text="Do this 👍.").submission
    RequirementFactory(
        consultation=submission.consultation,
        topic="characters",
        subject="",
        unit="",
        value=["emoji"],
        status=status,
    )

    assert found(submission) == {"emoji": (True, may_override, "The portal refuses emoji: 👍")}


def test_emoji_is_no_error_where_nobody_refuses_it():
    assert found(AnswerFactory(short_text="Do this 👍.").submission) == {}


def test_letters_of_any_script_are_no_emoji():
    submission = AnswerFactory(
        short_text="Žluťoučký — “ελληνικά” 한국어 日本語 العربية हिन्दी §1 №2 ©"
    ).submission
    RequirementFactory(
        consultation=submission.consultation, topic="characters", subject="", unit="", value=["emoji"]
    )

    assert found(submission) == {}


def test_signs_that_nobody_sees_are_an_error_in_the_box():
    submission = AnswerFactory(short_text="Do\u200b this.").submission

    assert found(submission) == {
        "invisible": (True, False, "The short answer holds signs that nobody sees and portals count: U+200B")
    }


@pytest.mark.parametrize(
    "text", ["Write to jane.doe@home.example", "Call +49 30 1234567", "Call 030 1234 5678"]
)
def test_personal_data_is_a_warning(text):
    is_error, _may_override, message = found(AnswerFactory(text=text).submission)["personal-data"]

    assert is_error is False
    assert message.startswith("This looks like personal data")


@pytest.mark.parametrize(
    "text",
    [
        "From 2024-01-01 to 2025-12-31, 1,000,000 people in 27 countries.",
        "See Article 53(1), point (c), of Regulation (EU) 2024/1689.",
        "Case C-131/12, paragraph 94; 10.1038/s41586-024-07566-y",
    ],
)
def test_numbers_of_laws_and_dates_are_no_personal_data(text):
    assert found(AnswerFactory(text=text).submission) == {}


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://example.org/a", True),
        ("http://localhost:8000/x", False),
        ("http://wiki/x", False),
        ("http://192.168.1.4/", False),
        ("http://files.local/a", False),
        ("http://[::1]/", False),
        ("http://[bad/", False),
        ("https://8.8.8.8/", True),
    ],
)
def test_leads_anywhere(link, expected):
    assert leads_anywhere(link) is expected


@given(st.text(max_size=60))
def test_leads_anywhere_answers_for_any_text(text):
    assert leads_anywhere("http://" + text) in {True, False}


def test_private_link_is_a_warning():
    submission = AnswerFactory(text="See http://wiki/plan and https://example.org/b").submission

    assert found(submission) == {
        "private-link": (False, False, "Readers outside cannot open this address: http://wiki/plan")
    }


@pytest.mark.parametrize(
    ("locale", "wanted", "codes"),
    [
        ("fr", ["en"], ["language"]),
        ("en-GB", ["en"], []),
        ("fr", ["all-eu"], []),
        ("ko", ["all-eu"], ["language"]),
    ],
)
def test_language_that_the_authority_does_not_take(locale, wanted, codes):
    submission = AnswerFactory(submission__locale=locale).submission
    RequirementFactory(
        consultation=submission.consultation, topic="languages", subject="", unit="", value=wanted
    )

    assert list(found(submission)) == codes


def test_annex_that_has_a_newer_edition_is_a_warning():
    edition = published_edition()
    submission = AnswerFactory(submission__annex=edition).submission
    later = edition.published_at + timedelta(seconds=1)
    edition.template.editions.create(
        label="9.9", state="published", published_at=later, frozen_text=FrozenTextFactory()
    )

    assert list(found(submission)) == ["annex-outdated"]


def test_petition_that_is_hidden_meanwhile_is_an_error():
    submission = AnswerFactory(submission__petition=PetitionFactory(state=PetitionState.HIDDEN)).submission

    assert [(code, row[0]) for code, row in found(submission).items()] == [("petition-not-public", True)]


def test_filing_warns_of_unproven_endorsements_and_dates_that_are_not_done():
    frozen = freeze(AnswerFactory().submission, at=NOW)
    EndorsementFactory(frozen_text=frozen.frozen_text)
    MilestoneFactory(submission=frozen, label="Legal check by Monday")
    MilestoneFactory(submission=frozen, label="Lunch", done_at=NOW)

    findings = filing_findings(submission=frozen, at=NOW)

    assert [(each.code, each.is_error) for each in findings] == [("unproven", False), ("milestone", False)]
    assert "Legal check by Monday" in str(findings[1].message)


@pytest.mark.parametrize(
    ("topic", "unit", "value", "code"),
    [
        ("attachment-formats", "", ["docx"], "format"),
        ("attachment-formats", "", ["pdf"], None),
        ("attachment-size", "kilobytes", 1, "size"),
        ("attachment-size", "kilobytes", 2, None),
        ("text-length", "pages", 3, "pages"),
        ("text-length", "pages", 4, None),
    ],
)
def test_file_findings(topic, unit, value, code):
    submission = AnswerFactory().submission
    subject = "submission" if topic == "text-length" else ""
    RequirementFactory(
        consultation=submission.consultation, topic=topic, subject=subject, unit=unit, value=value
    )
    document = DocumentFactory(state=Document.State.READY, file="x/reply.pdf", byte_size=1_500, page_count=4)

    findings = file_findings(document, requirements_of(submission.consultation))

    assert [each.code for each in findings] == ([code] if code else [])


def test_findings_stand_by_weight_and_in_reading_order():
    stop, stop_later = Finding(True, "a"), Finding(True, "b")
    override = Finding(True, "c", may_override=True)
    warning = Finding(False, "d")

    assert by_weight([warning, override, stop, stop_later]) == [stop, stop_later, override, warning]


def test_key_of_a_finding_holds_in_every_language_and_changes_with_what_it_is_about():
    english = Finding(True, "Too long", "1", code="over-limit", about="12/10")
    german = Finding(True, "Zu lang", "1", code="over-limit", about="12/10")
    longer = Finding(True, "Too long", "1", code="over-limit", about="13/10")

    assert english.key == german.key
    assert english.key != longer.key


def test_own_parts_are_read_for_the_same():
    answer = AnswerFactory()
    OwnPartFactory(
        submission=answer.submission,
        question=answer.question,
        text="Ask jane.doe@home.example, or see http://wiki/plan",
        short_text="Do\u200b this 👍.",
    )
    RequirementFactory(
        consultation=answer.submission.consultation, topic="characters", subject="", unit="", value=["emoji"]
    )

    findings = freeze_findings(submission=answer.submission, at=NOW)

    assert {each.code for each in findings} == {"emoji", "invisible", "personal-data", "private-link"}
    place = reverse("own_parts", args=[answer.submission_id, answer.question.number])
    assert {each.address for each in findings} == {place}


def test_own_part_without_a_common_answer_is_read_too():
    answer = AnswerFactory()
    OwnPartFactory(submission=answer.submission, text="Ask jane.doe@home.example")

    findings = freeze_findings(submission=answer.submission, at=NOW)

    assert "personal-data" in {each.code for each in findings}


def test_decision_on_personal_data_covers_all_of_it_and_not_what_is_added_later():
    answer = AnswerFactory(text=" ".join(f"{letter}@home.example" for letter in "abcd"))
    before = freeze_findings(submission=answer.submission, at=NOW)[0]

    type(answer).objects.update(text=f"{answer.text} e@home.example")

    after = freeze_findings(submission=answer.submission, at=NOW)[0]
    assert (before.code, after.code) == ("personal-data", "personal-data")
    assert before.message == after.message
    assert before.key != after.key


@pytest.mark.parametrize(
    ("value", "words"),
    [(["en", "fr"], "English, French"), (["all-eu"], "any of the 24 official languages of the EU")],
)
def test_languages_that_the_authority_takes_are_named(value, words):
    submission = AnswerFactory(submission__locale="ko").submission
    RequirementFactory(
        consultation=submission.consultation, topic="languages", subject="", unit="", value=value
    )

    assert found(submission)["language"][2] == (
        f"The authority takes other languages only: {words} (read in an official source)."
    )


@pytest.mark.parametrize("item_count", [1, 3])
def test_draft_is_read_once_for_all_checks(item_count, django_assert_num_queries):
    submission = SubmissionFactory()
    for position in range(1, item_count + 1):
        question = QuestionFactory(consultation=submission.consultation, position=position)
        AnswerFactory(submission=submission, question=question)
        OwnPartFactory(submission=submission, question=question)

    with django_assert_num_queries(10):
        freeze_findings(submission=submission, at=NOW)
