"""Adaptation files of the library: changes to an edition of a model."""

from datetime import timedelta

import pytest

from campaign.core.yamlfile import FileError
from campaign.regulations.models import Edition, Template
from campaign.regulations.queries import edition_text
from campaign.regulations.services import import_template
from campaign.regulations.tree import walk
from tests.factories.campaigns import JurisdictionFactory
from tests.factories.regulations import ADAPTATION, FILE, MOMENT, node, published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LATER = MOMENT + timedelta(days=1)


@pytest.fixture
def model():
    JurisdictionFactory(code="KR", name="South Korea")
    return published_edition()


def load(source=ADAPTATION):
    return import_template(node=node(source), at=LATER).edition


def test_adaptation_has_the_models_text_with_its_changes(model):
    edition = load()

    text = edition_text(edition=edition)
    said = [(unit.key, len(above)) for unit, above in walk(text.provisions)]
    assert said == [
        ("duty", 0), ("duty-return", 1), ("duty-limits", 1), ("duty-limits-a", 2), ("local", 1),
        ("terms", 0), ("def-model", 1),
    ]  # fmt: skip
    units = {unit.key: unit for unit, _above in walk(text.provisions)}
    assert (units["duty"].heading, units["duty-return"].is_optional) == ("Duty to return", True)
    assert text.values == {"period": "12 months"}


def test_adaptation_knows_its_model_and_jurisdiction(model):
    edition = load()

    template = edition.template
    assert (template.model, edition.model_edition, template.jurisdiction.code) == (
        model.template,
        model,
        "KR",
    )
    assert template.kind == model.template.kind
    assert edition.frozen_text.data["adaptation"] == {
        "model": "small-act",
        "model_title": "Small act",
        "model_edition": "1.0",
        "jurisdiction": "KR",
        "jurisdiction_name": "South Korea",
    }
    assert edition.frozen_text.data["options"] == [
        {"key": "duty-return", "heading": "", "choice": "", "is_on": True}
    ]


def test_adaptation_leaves_the_model_as_it_was(model):
    before = edition_text(edition=model)

    load()

    assert edition_text(edition=model) == before


def test_default_of_the_jurisdiction_is_where_values_start():
    JurisdictionFactory(code="KR")
    defaults = "    defaults:\n      KR: {value: 6 months, source: A decree.}\n"
    published_edition(FILE.replace("    source: A source.\n", f"    source: A source.\n{defaults}"))

    edition = load(ADAPTATION.replace("values:\n  period: 12 months\n", ""))

    spec = edition_text(edition=edition).variables["period"]
    assert (spec.default, spec.source) == ("6 months", "A decree.")


def test_default_of_a_jurisdiction_has_to_fit():
    defaults = "    defaults:\n      KR: {value: 99 months, source: A decree.}\n"
    source = FILE.replace("    source: A source.\n", f"    source: A source.\n{defaults}")

    with pytest.raises(
        FileError, match="in its default for KR: “99 months” is more than the bound 36 months"
    ):
        import_template(node=node(source), at=MOMENT)


def test_same_adaptation_again_changes_nothing(model):
    load()

    assert not import_template(node=node(ADAPTATION), at=LATER).is_new
    assert Edition.objects.count() == 2


def test_other_text_under_the_same_label_is_refused(model):
    load()

    with pytest.raises(FileError, match="is published with another text"):
        load(ADAPTATION.replace("The minister decides.", "Nobody decides."))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("key: duty-return\n", "key: nowhere\n", "“nowhere” is no provision of the model. Correct the key."),
        (
            "after: duty-limits\n",
            "after: terms\n",
            "“terms” does not stand there. Correct “after” or “below”.",
        ),
        (
            'edition: "1.0"\n  jur',
            'edition: "2.0"\n  jur',
            "edition 2.0 of “small-act” is not published here.",
        ),
        ("jurisdiction: KR", "jurisdiction: XX", "the jurisdiction “XX” is not known here."),
        ("period: 12 months", "period: 12 apples", "“12 apples” is not a duration"),
        ("slug: small-act-kr", "slug: small-act", "“small-act” is taken by another instrument of this site."),
        (
            "must be returned",
            "must [[ref:duty-limits-b]] be",
            "[[ref:duty-limits-b]] points to no provision.",
        ),
    ],
)
def test_faults_of_an_adaptation_are_told_and_nothing_is_stored(model, old, new, told):
    with pytest.raises(FileError) as refusal:
        load(ADAPTATION.replace(old, new).replace('label: "1.0"', 'label: "1.1"'))

    assert told in str(refusal.value)
    assert Template.objects.count() == 1
