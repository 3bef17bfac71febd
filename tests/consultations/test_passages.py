"""A joint submission as passages, and the redline between two."""

import pytest
from django.utils import timezone

from campaign.consultations.documents import submission_passages
from campaign.consultations.models import Answer, OwnPart, Source
from campaign.documents.redline import redline
from tests.consultations.walk import freeze, thaw
from tests.factories.consultations import (
    AnswerFactory,
    OwnPartFactory,
    SourceFactory,
    UploadedAnswerFactory,
)
from tests.factories.petitions import PetitionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


@pytest.fixture
def submission():
    return AnswerFactory(
        submission__title="Our answer",
        submission__summary="In short: yes.",
        submission__consultation__locale="fr",
        question__number="12",
        question__text="Que faire ?",
    ).submission


def frozen(submission):
    return freeze(submission, at=NOW).frozen_text


def test_submission_passages_are_title_summary_questions_and_answers(submission):
    passages = submission_passages(frozen(submission))

    assert [(each.key, each.label, each.text) for each in passages if each.key != "consultation"] == [
        ("title", "Title", "Our answer"),
        ("summary", "Summary", "In short: yes."),
        ("", "Section", "Questions"),
        ("12:question", "Question 12, as asked", "Que faire ?"),
        ("12:answer", "Question 12", "Do **this**."),
        ("12:short", "Question 12, short answer", "Do this."),
    ]


def test_submission_passages_name_the_language_of_the_authoritys_words(submission):
    passages = submission_passages(frozen(submission))

    assert {each.key: each.language for each in passages if each.key} == {
        "title": "",
        "consultation": "fr",
        "summary": "",
        "12:question": "fr",
        "12:answer": "",
        "12:short": "",
    }


def test_redline_of_submissions_tells_a_changed_answer_and_a_petition_cited_anew(submission):
    old = frozen(submission)
    thaw(submission, at=NOW)
    Answer.objects.update(text="Do **that**.")
    submission.refresh_from_db()
    submission.petition = PetitionFactory(title="Cited")
    submission.save()

    changes = redline(old, frozen(submission)).changes

    marked = {
        change.passage.key: (str(change.kind), change.words) for change in changes if not change.is_quiet
    }
    assert marked["12:answer"] == (
        "changed",
        (("keep", "Do **"), ("del", "this"), ("ins", "that"), ("keep", "**.")),
    )
    assert marked["petition"][0] == "added"
    assert set(marked) == {"12:answer", "petition"}


def test_passages_have_own_parts_files_and_sources(submission):
    part = OwnPartFactory(submission=submission, question=submission.answers.get().question, text="Ours[^a].")
    SourceFactory(campaign=submission.campaign, key="a", title="A study", author="An author")
    upload = UploadedAnswerFactory(submission=submission, question__number="13")

    passages = {each.key: each.text for each in submission_passages(frozen(submission)) if each.key}

    assert passages[f"12:own:{part.organization_id}"] == "Ours[^a]."
    assert passages[f"12:own:{part.organization_id}:short"] == "And that."
    assert passages["13:file"] == f"paper.pdf\nSHA-256 {upload.digest}"
    assert passages["source:a"] == "An author\nA study"


def test_redline_tells_an_own_part_and_a_source_that_were_changed(submission):
    part = OwnPartFactory(submission=submission, question=submission.answers.get().question, text="Yes[^a].")
    SourceFactory(campaign=submission.campaign, key="a", title="A study")
    old = frozen(submission)
    thaw(submission, at=NOW)
    OwnPart.objects.update(text="No[^a].")
    Source.objects.update(title="Another study")

    changes = redline(old, frozen(submission)).changes

    assert {change.passage.key for change in changes if not change.is_quiet} == {
        f"12:own:{part.organization_id}",
        "source:a",
    }
