"""Data migrations that may run a second time, or backwards, on rows as they are then."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from campaign.consultations.models import Answer, AnswerVersion, CoSigner, Question, SourceCopy
from tests.factories.campaigns import PartnerFactory
from tests.factories.consultations import AnswerFactory, SourceFactory, SubmissionFactory
from tests.factories.organizations import OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()

digests = import_module("campaign.consultations.migrations.0013_digests_of_answered_questions")
co_signers = import_module("campaign.consultations.migrations.0016_filed_means_a_receipt")
versions = import_module("campaign.consultations.migrations.0018_first_versions_of_answers")


def test_digests_are_noted_where_there_are_none_and_no_other_is_overwritten():
    unknown = AnswerFactory(question_digest="")
    outdated = AnswerFactory(
        submission=unknown.submission, question__number="2", question_digest="of another wording"
    )

    digests.note_digests(apps, None)

    unknown.refresh_from_db()
    outdated.refresh_from_db()
    assert unknown.question_digest == unknown.question.digest
    assert outdated.question_digest == "of another wording"


def test_co_signers_are_noted_once_however_often_it_runs():
    submission = SubmissionFactory()
    partner = PartnerFactory(campaign=submission.campaign, accepted_at=NOW).organization
    of_another_kind = OrganizationFactory()
    CoSigner.objects.create(submission=submission, organization=of_another_kind, added_at=NOW)

    co_signers.note_co_signers(apps, None)
    co_signers.note_co_signers(apps, None)

    noted = sorted(CoSigner.objects.values_list("organization", flat=True))
    assert noted == sorted([submission.campaign.owner_id, partner.pk, of_another_kind.pk])


@pytest.fixture
def many_answers():
    """1,202 that are written, and an empty one among them."""
    first = AnswerFactory()
    asked = first.question
    questions = Question.objects.bulk_create(
        Question(
            consultation=asked.consultation,
            section=asked.section,
            number=f"Q{place}",
            position=place + 10_000,
            text="What?",
            kind=asked.kind,
        )
        for place in range(1_202)
    )
    Answer.objects.bulk_create(
        Answer(
            submission=first.submission,
            question=question,
            text=" " if place == 600 else f"Answer {place}",
            changed_at=NOW,
        )
        for place, question in enumerate(questions)
    )


@pytest.mark.usefixtures("many_answers")
def test_each_written_answer_has_one_first_version_however_often_it_runs():
    versions.note_first_versions(apps, None)
    versions.note_first_versions(apps, None)

    assert Answer.objects.count() == 1_203
    assert AnswerVersion.objects.count() == 1_202
    assert set(AnswerVersion.objects.values_list("answer", "number", "text")) == {
        (pk, 1, text) for pk, text in Answer.objects.exclude(text=" ").values_list("pk", "text")
    }


def migrated(name):
    """Models as they are with migration `name` of this room as the last one."""
    executor = MigrationExecutor(connection)
    target = [("consultations", name)]
    executor.migrate(target)
    return executor.loader.project_state(target).apps


def kept_copy(name, at=NOW, **of):
    return SourceCopy.objects.create(
        name=name, content="YQ==", byte_size=1, digest=name, uploaded_at=at, **of
    )


@pytest.mark.django_db(transaction=True)
def test_earlier_copies_go_when_sources_can_have_one_copy_alone():
    both, earlier_alone = SourceFactory(), SourceFactory()
    kept_copy("current", source=both)
    kept_copy("earlier", earlier_of=both)
    kept_copy("first", NOW - timedelta(days=2), earlier_of=earlier_alone)
    kept_copy("second", NOW - timedelta(days=1), earlier_of=earlier_alone)
    leaves = [
        name for room, name in MigrationExecutor(connection).loader.graph.leaf_nodes("consultations") if room
    ]

    try:
        before = migrated("0019_names_annex").get_model("consultations", "SourceCopy")
        found = set(before.objects.values_list("source", "name"))
    finally:
        (last,) = leaves
        migrated(last)

    assert found == {(both.pk, "current"), (earlier_alone.pk, "second")}
    assert set(SourceCopy.objects.values_list("source", "name", "earlier_of")) == {
        (both.pk, "current", None),
        (earlier_alone.pk, "second", None),
    }
