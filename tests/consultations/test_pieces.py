from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from campaign.consultations.checks.drafted import read
from campaign.consultations.checks.workspace import piece_findings
from campaign.consultations.payloads import submission_payload
from campaign.consultations.pieces import Pieces, earlier_edition, escaped, filled_in
from campaign.core.cleaning import markdown_to_html
from campaign.petitions.services import number_waiting_signatures
from campaign.regulations.rendering import provision_rows
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import AnswerFactory, OwnPartFactory, SubmissionFactory
from tests.factories.organizations import AcceptedEndorsementFactory, OrganizationFactory
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory
from tests.factories.regulations import FILE, MOMENT, published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
AT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # the 23rd in Brussels


def pieces(**fields):
    return Pieces(SubmissionFactory(**fields), AT)


def drawn(text, **fields):
    return filled_in(text, pieces(**fields))


def signed_petition(total=3, **fields):
    petition = PetitionFactory(**fields)
    ConfirmedSignatureFactory.create_batch(total, petition=petition, country="DE")
    number_waiting_signatures(at=timezone.now())
    return petition


@pytest.mark.parametrize(("locale", "day"), [("en", "23 November 2026"), ("de", "23. November 2026")])
def test_signatures_are_counted_with_their_day_on_the_authoritys_clock(locale, day):
    text, problems = drawn("**[[signatures]]**", petition=signed_petition(), locale=locale)

    assert text.startswith("**3 ")
    assert text.endswith(f" {day}**")
    assert problems == []


def test_signatures_by_country_are_a_table_that_adds_up():
    text, problems = drawn("Before\n[[signatures by country]]\nAfter", petition=signed_petition(total=25))

    assert text == ("Before\n\n| Country | Signatures |\n| --- | ---: |\n| Germany | 25 |\n\nAfter")
    assert problems == []


def test_endorsers_are_those_of_petition_and_annex_each_once():
    edition = published_edition()
    petition = PetitionFactory()
    both = OrganizationFactory(legal_name="Both", display_name="Both *stars*", country="FR")
    one = OrganizationFactory(legal_name="One", display_name="One", country="PT")
    for text in (petition.frozen_text, edition.frozen_text):
        AcceptedEndorsementFactory(frozen_text=text, organization=both)
    AcceptedEndorsementFactory(frozen_text=edition.frozen_text, organization=one)
    found = Pieces(SubmissionFactory(petition=petition, annex=edition), timezone.now() + timedelta(days=1))

    text, problems = filled_in("[[endorsers]]", found)

    assert text == "- Both \\*stars\\* (France)\n- One (Portugal)"
    assert problems == []


def test_provision_is_quoted_with_its_number():
    edition = published_edition()
    row = next(row for row in provision_rows(edition.frozen_text.data) if row.key == "duty-return")

    text, problems = drawn("[[provision:duty-return]]", annex=edition)

    html = markdown_to_html(text)
    assert problems == []
    assert all(line.startswith(">") for line in text.split("\n"))
    assert text.startswith(f"> **{escaped(row.citation)}")
    assert html.count("<blockquote>") == 1


def test_provision_is_quoted_with_all_below_it():
    edition = published_edition()
    rows = provision_rows(edition.frozen_text.data)
    first = next(row for row, after in pairwise(rows) if after.depth > row.depth and after.text)
    below = rows[rows.index(first) + 1]

    text, _problems = drawn(f"[[provision:{first.key}]]", annex=edition)

    assert escaped(" ".join(below.text.split())[:40]) in text


def test_changes_are_listed_from_the_edition_before():
    older = published_edition()
    changed = FILE.replace('label: "1.0"', 'label: "1.1"').replace("shall be returned", "must be returned")
    newer = published_edition(changed, MOMENT + timedelta(days=1))

    text, problems = drawn("[[changes]]", annex=newer)

    assert earlier_edition(newer) == older
    assert problems == []
    assert text == "- Article 2(1): its words changed."


def test_changes_without_an_edition_before_are_a_problem():
    text, problems = drawn("[[changes]]", annex=published_edition())

    assert text == "[[changes]]"
    assert [problem.message for problem in problems] == [
        "The annex has no earlier edition to compare it with. Take this out."
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[signatures]]", "No petition is chosen."),
        ("[[signatures by country]]", "No petition is chosen."),
        ("[[endorsers]]", "No petition and no annex is chosen."),
        ("[[provision:x]]", "No annex is chosen."),
        ("[[weather]]", "Nothing can be pulled in under this name."),
    ],
)
def test_piece_that_is_not_there_stays_and_says_why(text, message):
    found, problems = drawn(text)

    assert found == text
    assert [problem.mark for problem in problems] == [text]
    assert problems[0].message.startswith(message)


def test_provision_the_annex_does_not_have_is_a_problem():
    _text, problems = drawn("[[provision:nowhere]]", annex=published_edition())

    assert problems[0].message.startswith("The annex has no provision with this key.")


def test_piece_that_becomes_a_table_needs_a_line_of_its_own():
    text, problems = drawn("See [[signatures by country]] here", petition=signed_petition(total=25))

    assert text == "See [[signatures by country]] here"
    assert [problem.message for problem in problems] == ["Give it a line of its own."]


def test_problem_is_worded_in_the_language_of_who_reads_it():
    found = pieces(locale="de")

    with translation.override("en"):
        _text, problems = filled_in("[[signatures]]", found)

    assert problems[0].message.startswith("No petition is chosen.")


@pytest.mark.parametrize(
    "name",
    [
        "# Head",
        "- item",
        "1. item",
        "> q",
        "[[signatures]]",
        "[^a]",
        "a|b",
        "<b>",
        "*x*",
        "`c`",
        "+ p",
        "a\\b",
        "===",
    ],
)
def test_escaped_text_is_shown_as_it_is(name):
    html = str(markdown_to_html(escaped(name)))

    shown = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert html == f"<p>{shown}</p>\n"


def test_payload_holds_answers_with_everything_filled_in():
    petition = signed_petition()
    answer = AnswerFactory(
        submission__petition=petition, submission__campaign=petition.campaign, text="By [[signatures]]."
    )
    OwnPartFactory(submission=answer.submission, question=answer.question, text="Ours: [[signatures]].")

    payload = submission_payload(submission=answer.submission, at=AT)

    question = payload["sections"][0]["questions"][0]
    assert question["answer"] == "By 3 signatures on 23 November 2026."
    assert question["own_parts"][0]["answer"] == "Ours: 3 signatures on 23 November 2026."
    assert payload["cover"] == {"design": "plain", "color": ""}


def test_findings_tell_what_is_not_there_with_its_place():
    answer = AnswerFactory(question__position=1, text="[[signatures]]", short_text="Short [[endorsers]]")

    findings = piece_findings(read(answer.submission))

    place = reverse("answer_edit", args=[answer.submission_id, "1"])
    assert [
        (each.is_error, each.code, each.about, each.question_number, each.address) for each in findings
    ] == [
        (True, "piece-missing", "[[signatures]]", "1", place),
        (True, "piece-in-short", "[[endorsers]]", "1", place),
    ]


def test_answer_page_shows_pieces_and_notes_as_they_will_be_printed(client):
    petition = signed_petition()
    answer = AnswerFactory(
        submission__petition=petition, question__position=1, text="By [[signatures]]. [[weather]]"
    )
    client.force_login(TeamMemberFactory(campaign=answer.submission.campaign).user)

    context = client.get(reverse("answer_edit", args=[answer.submission_id, "1"])).context

    assert "By 3 signatures on" in context["preview_html"]
    assert [each.mark for each in context["piece_problems"]] == ["[[weather]]"]
    assert [bool(pull["missing"]) for pull in context["pulls"]] == [False, False, True, True]


@pytest.mark.parametrize(
    ("field", "text", "about"),
    [
        ("text", "x [[" + "a" * 121 + "]]", "[[" + "a" * 30),
        ("text", "open [[signatures", "[[signatures"),
        ("short_text", "open [[signatures", "[[signatures"),
        ("short_text", "[[other]]", "[[other]]"),
        ("text", r"escaped [\[signatures]] and [one][two]", None),
    ],
)
def test_brackets_that_would_stay_are_an_error(field, text, about):
    submission = AnswerFactory(**{field: text}).submission

    found = [each for each in piece_findings(read(submission)) if each.code == "piece-broken"]

    assert [(each.is_error, each.about) for each in found] == ([(True, about)] if about else [])


def test_brackets_that_would_stay_in_a_summary_or_an_own_part_are_an_error():
    part = OwnPartFactory(text="ours [[", submission__summary="in short [[changes")

    found = [each.about for each in piece_findings(read(part.submission)) if each.code == "piece-broken"]

    assert found == ["[[", "[[changes"]
