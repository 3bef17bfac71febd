from pathlib import Path

import pytest
from django.utils import timezone

import campaign.consultations
from campaign.campaigns.importer import load_jurisdictions
from campaign.campaigns.models import Authority
from campaign.consultations.importer import import_consultation, load_consultation, load_profiles
from campaign.consultations.models import Consultation, PortalProfile, Question, Requirement
from campaign.consultations.requirements import InForce
from campaign.core.yamlfile import FileError
from tests.factories.campaigns import JurisdictionFactory
from tests.factories.consultations import PortalProfileFactory, RequirementFactory

DATA = Path(campaign.consultations.__file__).parent / "data"

SAMPLE = """\
schema: 1
id: sample-call
title: "A sample call"
authority: "A ministry"
jurisdiction: EU
reference: null
kind: call-for-evidence
opened: 2026-01-06
closes:
  at: "2026-02-03T23:59:59"
  timezone: Europe/Brussels
  stated_as: "midnight Brussels time"
  precision: stated
portal: {profile: sample-portal, url: "https://example.org"}
languages: [en]
constraints:
  whole_submission: {max_chars: 4000, counts: characters, status: reported}
numbering: official
sections:
  - id: one
    title: "One"
    questions:
      - number: "1"
        type: free-text
        text: "First?"
        parts:
          - {number: "1.1", type: free-text, text: "Part?"}
      - {number: "2", type: single-choice, text: "Second?", options: [yes please, no thanks]}
"""


@pytest.fixture
def ground(db):
    PortalProfileFactory(slug="sample-portal")
    JurisdictionFactory()


def load(text):
    return import_consultation(raw=text.encode(), file="sample.yaml", at=timezone.now())


pytestmark = pytest.mark.sqlite


@pytest.mark.usefixtures("ground")
def test_import_stores_facts_and_questions_in_reading_order():
    consultation = load(SAMPLE)

    consultation.refresh_from_db()
    assert consultation.closes_at.isoformat() == "2026-02-03T22:59:59+00:00"
    assert list(consultation.questions.order_by("position").values_list("number", "parent__number")) == [
        ("1", None),
        ("1.1", "1"),
        ("2", None),
    ]
    assert Question.objects.get(number="2").options == ["yes please", "no thanks"]


@pytest.mark.usefixtures("ground")
def test_import_same_file_twice_changes_nothing():
    first = load(SAMPLE)
    ids = set(Question.objects.values_list("pk", flat=True))

    assert load(SAMPLE).pk == first.pk
    assert set(Question.objects.values_list("pk", flat=True)) == ids


@pytest.mark.usefixtures("ground")
def test_import_changed_file_replaces_the_questions():
    load(SAMPLE)

    load(SAMPLE.replace("Second?", "Second, really?"))

    assert Consultation.objects.count() == 1
    assert Question.objects.get(number="2").text == "Second, really?"


@pytest.mark.usefixtures("ground")
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "profile: sample-portal",
            "profile: nowhere",
            "line 14, “portal.profile”: “nowhere” is not a known portal",
        ),
        ("jurisdiction: EU", "jurisdiction: XX", "line 5, “jurisdiction”: “XX” is not a known jurisdiction"),
        ("schema: 1", "schema: 2", "line 1, “schema”: this version reads schema 1"),
        ("id: sample-call", "id: Sample Call", "line 2, “id”: use at most 80 lower-case"),
        ("Europe/Brussels", "Brussels", "line 11, “closes.timezone”: “Brussels” is not a time zone"),
        ('at: "2026-02-03T23:59:59"', 'at: "3 February"', "“closes.at”: a local time like"),
        ("precision: stated", "precision: maybe", "Use one of: assumed, stated"),
        ("type: single-choice", "type: essay", "“essay” is not known. Use one of:"),
        ("options: [yes please, no thanks]", "options: [yes please]", "a choice needs at least two"),
        ("max_chars: 4000", "max_chars: 0", "a whole number from 1 to"),
        ("max_chars: 4000", "max_chars: 010", "a whole number is needed here, not “010”"),
        ("max_chars: 4000", "max_chars: 99999999999", "a whole number from 1 to"),
        ("https://example.org", "javascript:alert(1)", "a web address that begins with https://"),
        ("2026-02-03T23:59:59", "9999-12-31T23:59:59", "a year from 1900 to 2200"),
        ("languages: [en]", "languages: [a-language-tag-too-long]", "at most 16 characters"),
        ('number: "2"', 'number: "1/2"', "use at most 16 letters"),
        ('number: "2"', 'number: ".."', "use at most 16 letters"),
        ('number: "2"', 'number: "\\u202a"', "use at most 16 letters"),
        ("numbering: official", "licence: CC-BY\nnumbering: official", "entries of the form “key: value”"),
        ("numbering: official", "notes: [.nan]\nnumbering: official", "a value in here cannot be read"),
        ("numbering: official", "notes: [!!binary x]\nnumbering: official", "a value in here cannot be read"),
        ("numbering: official", "notes: [2026-13-45]\nnumbering: official", "a value in here cannot be read"),
        ("numbering: official", 'notes: ["a\\0b"]\nnumbering: official', "a value in here cannot be read"),
        ("numbering: official", 'notes: ["\\ud800"]\nnumbering: official', "this is not valid YAML"),
        ("id: sample-call", "id: import", "use at most 80"),
        ("counts: characters", "counts: pages", "“pages” is not known"),
        ('number: "2"', 'number: "1"', "two questions have the number “1”"),
        ("kind: call-for-evidence", "kynd: call", "“kynd” is not a key of this format"),
        ('title: "A sample call"\n', "", "“title” is missing. Add it"),
        ("opened: 2026-01-06", "opened: soon", "“opened”: a date like"),
    ],
)
def test_import_mistake_names_place_and_remedy_and_stores_nothing(old, new, told):
    with pytest.raises(FileError, match=r"^sample\.yaml, line") as caught:
        load(SAMPLE.replace(old, new, 1))

    assert told in str(caught.value)
    assert not Consultation.objects.exists()
    assert not Authority.objects.exists()


@pytest.fixture
def jurisdictions(db):
    load_jurisdictions(DATA.parents[1] / "campaigns/data/jurisdictions.yaml")


@pytest.mark.usefixtures("jurisdictions")
def test_load_profiles_takes_the_shipped_file_twice():
    first = load_profiles(DATA / "portals.yaml")
    stated = Requirement.objects.count()

    assert load_profiles(DATA / "portals.yaml") == first == PortalProfile.objects.count() == 17
    assert Requirement.objects.count() == stated > 100


@pytest.mark.usefixtures("jurisdictions")
def test_load_profiles_leaves_what_the_operator_states():
    load_profiles(DATA / "portals.yaml")
    profile = PortalProfile.objects.get(slug="eu-have-your-say")
    PortalProfile.objects.filter(pk=profile.pk).update(name="Our name for it", is_edited=True)
    RequirementFactory(profile=profile, origin="operator", value=3_500)

    load_profiles(DATA / "portals.yaml")

    profile.refresh_from_db()
    lengths = InForce.of(profile.requirements.all()).rows("text-length")
    assert [(row.origin, row.value) for row in lengths] == [("operator", 3_500)]
    assert profile.name == "Our name for it"


@pytest.mark.django_db
def test_load_profiles_one_wrong_entry_stores_none(tmp_path):
    path = tmp_path / "portals.yaml"
    path.write_text(
        "schema: 2\nprofiles:\n  - {id: a, name: A}\n  - id: b\n    name: B\n    requirements:\n"
        "      - {topic: text-length, subject: everywhere, unit: characters, status: verified}\n"
    )

    with pytest.raises(FileError, match=r"line 7.*“everywhere” is not known"):
        load_profiles(path)

    assert not PortalProfile.objects.exists()


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("{topic: text-length, subject: submission, unit: lines, status: verified}", "“lines” is not known"),
        ("{topic: text-length, subject: submission, unit: words, value: 0, status: verified}", "from 1 to"),
        ("{topic: text-length, subject: submission, unit: words, value: 5}", "“status” is missing"),
        ("{topic: attachment-size, unit: megabytes, value: big, status: verified}", "in megabytes"),
        ("{topic: login, value: perhaps, status: verified}", "true or false"),
        ("{topic: languages, value: en, status: verified}", "a list is needed"),
        ("{topic: weather, value: en, status: verified}", "“weather” is not known"),
        (
            "{topic: login, value: true, status: verified}\n      - {topic: login, value: false, status: verified}",
            "stated twice",
        ),
    ],
)
@pytest.mark.django_db
def test_load_profiles_mistake_in_a_requirement_names_line_and_remedy(tmp_path, entry, told):
    path = tmp_path / "portals.yaml"
    path.write_text(f"schema: 2\nprofiles:\n  - id: a\n    name: A\n    requirements:\n      - {entry}\n")

    with pytest.raises(FileError, match=rf"line [67], .*{told}"):
        load_profiles(path)

    assert not PortalProfile.objects.exists()


@pytest.mark.usefixtures("ground")
def test_import_stores_what_the_call_states_itself():
    stated = SAMPLE.replace(
        "constraints:\n",
        "constraints:\n  one_submission_per_respondent: true\n  anonymous_allowed: null\n"
        "  attachments: {max_count: 1, max_size_mb: 2.5, formats: [pdf], status: verified}\n"
        "  identification: {organization: [organization_name, country]}\n"
        "  requirements:\n    - {topic: characters, value: [emoji], status: verified, source: 'the notice, page 2'}\n",
    )

    rows = load(stated).requirements.order_by("position")

    assert [(row.topic, row.subject, row.unit, row.value, row.status) for row in rows] == [
        ("text-length", "submission", "characters", 4000, "reported"),
        ("attachment-count", "", "", 1, "verified"),
        ("attachment-size", "", "kilobytes", 2_500, "verified"),
        ("attachment-formats", "", "", ["pdf"], "verified"),
        ("one-reply", "", "", True, "verified"),
        ("identification", "organization", "", ["organization_name", "country"], "verified"),
        ("characters", "", "", ["emoji"], "verified"),
    ]


@pytest.mark.usefixtures("ground")
def test_import_again_leaves_what_a_person_stated():
    consultation = load(SAMPLE)
    consultation.requirements.update(value=3_000, changed_at=consultation.created_at)

    load(SAMPLE.replace("max_chars: 4000", "max_chars: 5000"))

    assert [row.value for row in consultation.requirements.all()] == [3_000]


@pytest.mark.usefixtures("jurisdictions")
@pytest.mark.parametrize(
    ("name", "questions"),
    [("eu-open-digital-ecosystems-2026", 5), ("us-omb-federal-source-code-policy-2016", 10)],
)
def test_shipped_consultations_load(name, questions):
    load_profiles(DATA / "portals.yaml")

    consultation = load_consultation(DATA / "calls" / f"{name}.yaml")

    assert consultation.questions.count() == questions
    assert consultation.license["credit"]
