"""The amendments that lead from a text to the annex: chosen, frozen with the answers, printed in every format."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.documents import (
    build_filing,
    build_json,
    build_markdown,
    build_plain_word,
    build_word,
)
from campaign.consultations.models import Submission
from campaign.consultations.services import AmendmentsImpossible, attachments_digest, edit_attachments
from campaign.documents.models import FrozenText
from campaign.documents.services import freeze_text
from tests.consultations.walk import freeze, prepare, thaw
from tests.factories.campaigns import JurisdictionFactory, TeamMemberFactory
from tests.factories.consultations import AnswerFactory, SubmissionFactory
from tests.factories.regulations import ADAPTATION, FILE, MOMENT, published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()
KOREAN = ADAPTATION.replace("language: en", "language: ko").replace("eu-regulation", "korean-act")
SECOND = FILE.replace('label: "1.0"', 'label: "1.1"').replace(
    "Every model shall be returned", "Each model is to be returned"
)


def later_edition(source):
    return published_edition(source, at=MOMENT + timedelta(hours=1))


@pytest.fixture
def first():
    return published_edition()


@pytest.fixture
def second(first):
    return published_edition(SECOND, at=MOMENT + timedelta(hours=1))


def chosen(submission, **fields):
    edit_attachments(submission=submission, **{"summary": "", "petition": None, **fields})
    submission.refresh_from_db()
    return submission


def filed(first, second, *, form="redline"):
    """The record of a filing with amendments."""
    submission = AnswerFactory().submission
    chosen(submission, annex=second, amends=first, amendments_form=form)
    return prepare(freeze(submission, at=NOW), at=NOW).record


def test_freeze_fixes_the_amendments_beside_the_annex(first, second):
    record = filed(first, second)

    text = FrozenText.objects.get(digest=record.data["text"])
    amendments = FrozenText.objects.get(digest=text.data["amendments"]["digest"])
    assert amendments.kind == "regulations.comparison"
    assert amendments.title == text.data["amendments"]["title"] == "Changes in the text: Small act, 1.1"
    assert text.data["annex"]["digest"] == second.frozen_text.digest


def test_amendments_are_part_of_what_is_signed_off(first, second):
    submission = chosen(AnswerFactory().submission, annex=second)
    before = freeze(submission, at=NOW).frozen_text.digest
    thaw(submission, at=NOW)
    chosen(submission, annex=second, amends=first, amendments_form="columns")

    after = freeze(submission, at=NOW).frozen_text.digest

    assert after != before


def test_texts_frozen_before_there_were_amendments_still_print(first):
    submission = chosen(AnswerFactory().submission, annex=first)
    record = prepare(freeze(submission, at=NOW), at=NOW).record
    text = FrozenText.objects.get(digest=record.data["text"])
    payload = {key: value for key, value in text.data.items() if key != "amendments"}
    older = freeze_text(kind=text.kind, title=text.title, locale="en", payload=payload, at=NOW)
    of_older = freeze_text(
        kind=record.kind, title="", locale="en", payload={**record.data, "text": older.digest}, at=NOW
    )

    assert 'id="amendments"' not in build_filing(of_older, "en").html


def test_pdf_has_the_amendments_before_the_annex(first, second):
    html = build_filing(filed(first, second), "en").html

    amendments, annex = html.index('<section id="amendments"'), html.index('<section id="annex"')
    assert amendments < annex
    assert '<ins class="writing__ins">' in html[amendments:annex]
    assert 'href="#amendments"' in html


def test_word_file_shows_what_changed_without_the_words_for_who_hears_it(first, second):
    html = build_word(filed(first, second), "en").html

    assert '<h1 lang="en">Changes in the text: Small act, 1.1</h1>' in html
    assert "<del" in html
    assert "visually-hidden" not in html
    assert "[Added:" not in html


def test_plain_word_file_has_columns_one_below_the_other(first, second):
    html = build_plain_word(filed(first, second, form="columns"), "en").html

    start = html.index('<h1 lang="en">Both texts side by side')
    before, now = html.index("Small act, 1.0:</strong>", start), html.index("Small act, 1.1:</strong>", start)
    assert start < before < now
    assert "<table" not in html


def test_machines_get_the_amendments_whole(first, second):
    record = filed(first, second)
    text = FrozenText.objects.get(digest=record.data["text"])

    assert f'"digest": "{text.data["amendments"]["digest"]}"' in build_json(record, "en").text
    assert (
        f"## Amendments\n\nChanges in the text: Small act, 1.1\n\nSHA-256 {text.data['amendments']['digest']}"
        in (build_markdown(record, "en").text)
    )


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ({"annex": None}, "annex"),
        ({"amends": "same"}, "amends"),
        ({"amendments_form": "poem"}, "amendments_form"),
        ({"amendments_form": ""}, "amendments_form"),
    ],
)
def test_amendments_that_lead_nowhere_are_refused_at_their_field(choice, field, first, second):
    submission = SubmissionFactory()
    given = {"annex": second, "amends": first, "amendments_form": "redline", **choice}
    given["amends"] = second if given["amends"] == "same" else given["amends"]

    with pytest.raises(AmendmentsImpossible) as refusal:
        chosen(submission, **given)

    assert refusal.value.field == field
    submission.refresh_from_db()
    assert submission.annex is None


@pytest.fixture
def korea():
    return JurisdictionFactory(code="KR")


def test_amendments_between_two_languages_are_refused(first, korea):
    korean = later_edition(KOREAN)

    with pytest.raises(AmendmentsImpossible) as refusal:
        chosen(SubmissionFactory(), annex=korean, amends=first, amendments_form="redline")

    assert refusal.value.field == "amends"


def test_english_form_of_a_korean_law_is_refused_at_the_form(first, korea):
    korean = later_edition(KOREAN)
    again = later_edition(
        KOREAN.replace('edition:\n  label: "1.0"', 'edition:\n  label: "1.1"').replace(
            "The minister decides.", "The minister may decide."
        )
    )

    with pytest.raises(AmendmentsImpossible) as refusal:
        chosen(SubmissionFactory(), annex=again, amends=korean, amendments_form="striking")

    assert refusal.value.field == "amendments_form"


def test_taking_the_amendments_out_takes_their_form_out(first, second):
    submission = chosen(SubmissionFactory(), annex=second, amends=first, amendments_form="redline")

    chosen(submission, annex=second, amends=None, amendments_form="redline")

    assert (submission.amends, submission.amendments_form) == (None, "")


def test_database_refuses_amendments_without_an_annex(first):
    submission = SubmissionFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(amends=first, amendments_form="redline")


def test_page_says_at_its_field_what_is_missing_and_keeps_what_was_typed(client, first):
    submission = SubmissionFactory()
    client.force_login(TeamMemberFactory(campaign=submission.campaign).user)
    form = {
        "summary": "Mine",
        "amends": str(first.pk),
        "amendments_form": "redline",
        "cover_design": "plain",
        "seen": attachments_digest(submission),
    }

    answer = client.post(reverse("submission_edit", args=[submission.pk]), form)

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"annex"}
    assert "Mine" in answer.content.decode()


def test_page_stores_the_amendments_and_shows_them(client, first, second):
    submission = SubmissionFactory()
    client.force_login(TeamMemberFactory(campaign=submission.campaign).user)
    form = {"annex": str(second.pk), "amends": str(first.pk), "amendments_form": "parliament-proposal"}

    form |= {"cover_design": "plain", "seen": attachments_digest(submission)}

    saved = client.post(reverse("submission_edit", args=[submission.pk]), form)

    submission.refresh_from_db()
    assert saved.status_code == 302
    assert (submission.amends, submission.amendments_form) == (first, "parliament-proposal")
    assert "Amendments" in client.get(saved.url).content.decode()
