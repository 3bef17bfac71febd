"""What an organization puts into the portal's boxes where it hands in its own reply, from the frozen text."""

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.campaigns.models import CampaignPartner
from campaign.consultations.boxes import organization_box, takes_words
from campaign.consultations.checks import filing_findings
from campaign.consultations.checks.drafted import read
from campaign.consultations.checks.workspace import own_part_findings
from campaign.consultations.kit import filing_kit
from campaign.consultations.models import Answer, Filing, OwnPart, Question
from tests.consultations.walk import freeze, prepare
from tests.factories.campaigns import PartnerFactory, TeamMemberFactory
from tests.factories.consultations import (
    AnswerFactory,
    ConsultationFactory,
    OwnPartFactory,
    QuestionFactory,
    RequirementFactory,
    SourceFactory,
    SubmissionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


@pytest.fixture
def submission():
    """Two questions answered in words and one by a choice; nobody adds anything yet."""
    submission = SubmissionFactory(consultation=ConsultationFactory(), campaign__state="published")
    asked = [
        {"text": "Full", "short_text": "Common 1"},
        {"text": "", "short_text": "Common 2"},
        {"text": "", "short_text": "Yes", "kind": "single-choice", "options": ["Yes", "No"]},
    ]
    for position, each in enumerate(asked, start=1):
        words = {name: each.pop(name) for name in ("text", "short_text")}
        question = QuestionFactory(
            consultation=submission.consultation, position=position, number=str(position), **each
        )
        AnswerFactory(submission=submission, question=question, **words)
    return submission


def adds(submission, number, *, name="Archive Guild", short="", text=""):
    """What a partner adds to one answer; the organization."""
    known = CampaignPartner.objects.filter(campaign=submission.campaign, organization__display_name=name)
    partner = known.first() or PartnerFactory(campaign=submission.campaign, organization__display_name=name)
    OwnPartFactory(
        submission=submission,
        question=submission.consultation.questions.get(number=number),
        organization=partner.organization,
        text=text,
        short_text=short,
    )
    return partner.organization


def kit_of(submission, organization):
    """The kit of what is frozen now; what stands in the draft is changed before it is read."""
    filing = Filing.objects.get(pk=prepare(freeze(submission, at=NOW), at=NOW).pk)
    OwnPart.objects.update(text="Not frozen", short_text="Not frozen")
    Answer.objects.update(short_text="Not frozen")
    return filing_kit(filing=filing, at=NOW, organization=organization)


def test_box_of_all_answers_together_holds_the_common_ones_and_ones_own(submission):
    guild = adds(submission, "1", short="Ours 1")
    adds(submission, "2", short="Theirs", name="Another")
    RequirementFactory(consultation=submission.consultation, value=4_000)

    kit = kit_of(submission, guild)

    expected = "1. Common 1\n\nOurs 1\n\n2. Common 2"
    (box,) = kit.own_reply.boxes
    assert kit.own_reply.name == "Archive Guild"
    assert (box.number, box.text, box.length, box.byte_length) == ("", expected, len(expected), len(expected))
    assert [each.text for each in kit.boxes] == ["1. Common 1\n\n2. Common 2"]


def test_boxes_of_single_answers_hold_the_common_one_and_ones_own(submission):
    guild = adds(submission, "1", short="Ours 1")

    kit = kit_of(submission, guild)

    assert [(each.number, each.text) for each in kit.own_reply.boxes] == [
        ("1", "Common 1\n\nOurs 1"),
        ("2", "Common 2"),
    ]
    assert [(each.number, each.value) for each in kit.picks] == [("3", "Yes")]


def test_box_counts_as_portals_do(submission):
    guild = adds(submission, "2", short="e\u0301\r\nü")

    box = kit_of(submission, guild).own_reply.boxes[1]

    assert box.text == "Common 2\n\né\nü"
    assert (box.length, box.byte_length) == (13, 15)


def test_box_of_an_own_part_without_a_short_one_has_its_words_and_its_sources(submission):
    SourceFactory(campaign=submission.campaign, key="report", title="A report", url="")
    guild = adds(submission, "2", text="We **add**[^report].")

    box = kit_of(submission, guild).own_reply.boxes[1]

    assert box.text.startswith("Common 2\n\nWe add")
    assert box.text.endswith("\n\n[1] " + box.text.rsplit("[1] ", 1)[1])
    assert box.text.count("A report") == 1


def test_full_part_that_the_portal_would_not_take_is_for_the_file_alone(submission):
    guild = adds(submission, "1", short="Ours 1")
    adds(submission, "2", text="We add " * 40)
    Question.objects.filter(number="2").update(max_chars=100)

    boxes = kit_of(submission, guild).own_reply.boxes

    assert [box.text for box in boxes] == ["Common 1\n\nOurs 1", "Common 2"]


@pytest.mark.parametrize("adding", [None, "Another"])
def test_kit_of_an_organization_that_adds_nothing_has_the_boxes_of_all(submission, adding):
    guild = PartnerFactory(campaign=submission.campaign).organization
    if adding:
        adds(submission, "1", short="Theirs", name=adding)

    assert kit_of(submission, guild).own_reply is None


@pytest.mark.parametrize(("maximum", "over_by"), [(len("Common 1\n\nOurs 1"), []), (10, [6])])
def test_box_says_how_far_it_is_over_the_limit(submission, maximum, over_by):
    guild = adds(submission, "1", short="Ours 1")
    filed = freeze(submission, at=NOW)
    RequirementFactory(
        consultation=submission.consultation, subject="answer", value=maximum, status="reported"
    )
    filing = Filing.objects.get(pk=prepare(filed, at=NOW).pk)

    boxes = filing_kit(filing=filing, at=NOW, organization=guild).own_reply.boxes

    assert [usage.over_by for usage in boxes[0].over] == over_by
    assert boxes[1].over == []


def test_own_reply_says_who_the_organization_is(submission):
    RequirementFactory(
        consultation=submission.consultation,
        topic="identification",
        subject="organization",
        unit="",
        value=["organization_name", "email"],
    )
    guild = adds(submission, "1", short="Ours 1")

    kit = kit_of(submission, guild)

    common, own = kit.organization_fields, kit.own_reply.organization_fields
    assert [field.value for field in common] == [submission.campaign.owner.legal_name, ""]
    assert [field.value for field in own] == [guild.legal_name, ""]


# --- Limits that changed after the freeze ----------------------------------------------
def part_findings(submission):
    return [each for each in filing_findings(submission=submission, at=NOW) if each.code == "own-part-over"]


@pytest.mark.parametrize(("slack", "total"), [(0, 0), (-1, 1)])
@pytest.mark.parametrize(("status", "may_override"), [("verified", False), ("reported", True)])
def test_shared_limit_of_now_is_measured_on_what_was_frozen_with_own_parts(
    submission, slack, total, status, may_override
):
    adds(submission, "1", short="Ours 1")
    frozen = freeze(submission, at=NOW)
    OwnPart.objects.update(short_text="Much longer than what was frozen, and not counted")
    RequirementFactory(
        consultation=submission.consultation,
        value=len("1. Common 1\n\nOurs 1\n\n2. Common 2") + slack,
        status=status,
    )

    findings = part_findings(frozen)

    assert [(each.is_error, each.may_override) for each in findings] == [(True, may_override)] * total
    assert all(str(each.message).startswith("Archive Guild is 1 over") for each in findings)
    assert all(each.address == reverse("submission_thaw", args=[frozen.pk]) for each in findings)


def test_limit_of_one_answer_is_measured_for_each_organization_alone(submission):
    adds(submission, "1", short="Ours 1")
    adds(submission, "1", short="Longer than theirs", name="Zeta")
    adds(submission, "2", text="Full words alone", name="Zeta")
    frozen = freeze(submission, at=NOW)
    RequirementFactory(consultation=submission.consultation, subject="answer", value=20)

    findings = part_findings(frozen)

    assert [(each.question_number, str(each.message).split(" is ")[0]) for each in findings] == [
        ("1", "Zeta")
    ]


def test_what_was_passed_over_in_the_draft_is_not_asked_again_once_frozen(submission):
    adds(submission, "1", short="Ours 1")
    RequirementFactory(consultation=submission.consultation, value=20, status="reported")
    RequirementFactory(consultation=submission.consultation, subject="answer", value=10, status="reported")
    drafted = {each.key for each in own_part_findings(read(submission))}

    frozen = freeze(submission, at=NOW)

    assert len(drafted) == 2
    assert part_findings(frozen) == []


# --- What is typed ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"short_answer": ""}, True),
        ({"options": ["Yes", "No"], "short_answer": "Yes"}, False),
        ({"short_answer": "42"}, False),
        ({"upload": {"name": "a.pdf"}, "short_answer": ""}, False),
        ({"kind": "number", "short_answer": ""}, False),
        ({"kind": "free-text", "short_answer": "Not in the box of then"}, True),
    ],
)
def test_takes_words_with_and_without_the_kind_of_a_question(changes, expected):
    question = {"number": "1", "short_answer": "Words", "options": [], "upload": None, **changes}

    assert takes_words(question, {"box_text": "1. Words\n\n2. More"}) is expected


def test_box_of_an_organization_leaves_out_what_is_not_typed():
    part = {"organization": "A", "organization_id": "a", "answer": "", "short_answer": "Ours"}
    words = {"number": "1", "short_answer": "Words", "options": [], "own_parts": [part]}
    choice = {"number": "2", "short_answer": "Yes", "options": ["Yes"], "own_parts": [part]}
    data = {"box_text": "1. Words", "sections": [{"questions": [words, choice]}]}

    assert organization_box(data, "a") == "1. Words\n\nOurs"
    assert organization_box(data, "b") == "1. Words"


# --- The page ---------------------------------------------------------------------------
def test_kit_page_shows_the_boxes_of_ones_own_organization_alone(client, submission):
    guild = adds(submission, "1", short="Ours 1")
    adds(submission, "1", short="Theirs 1", name="Zeta")
    filing = prepare(freeze(submission, at=NOW), at=NOW)
    client.force_login(
        TeamMemberFactory(campaign=submission.campaign, organization=guild, role="viewer").user
    )

    response = client.get(reverse("filing_kit", args=[filing.pk]))

    page = response.content.decode()
    assert response.context["kit"].own_reply.name == "Archive Guild"
    assert "Common 1\n\nOurs 1" in page
    assert "Theirs 1" not in page
    assert page.count('id="own-box-1"') == page.count('data-copy="#own-box-1"') == 1
    assert page.count('id="box-1"') == 1


@pytest.mark.parametrize("item_count", [1, 3])
def test_kit_page_takes_a_fixed_number_of_queries(client, submission, item_count, django_assert_num_queries):
    guild = adds(submission, "1", short="Ours 1")
    for number in range(item_count):
        adds(submission, "2", short="Theirs", name=f"Organization {number}")
    filing = prepare(freeze(submission, at=NOW), at=NOW)
    client.force_login(TeamMemberFactory(campaign=submission.campaign, organization=guild).user)

    with django_assert_num_queries(17):
        client.get(reverse("filing_kit", args=[filing.pk]))
