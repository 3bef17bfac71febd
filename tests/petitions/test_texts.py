"""A petition's text as passages, and the redline between two."""

import pytest

from campaign.documents.redline import redline
from campaign.petitions.texts import petition_passages
from tests.factories.documents import FrozenTextFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

TEXT = "We ask for **this**.\n\n## Why\n\nBecause it is ours.\n"


def frozen(text=TEXT, title="Return the models", **more):
    payload = {"addressee": "The Parliament", "campaign": "C", "petition": "p", "text": text}
    return FrozenTextFactory(kind="petitions.petition", title=title, payload=payload | more)


def test_petition_passages_are_title_addressee_and_paragraphs_as_written():
    passages = petition_passages(frozen())

    assert [(each.key, each.label, each.text) for each in passages] == [
        ("title", "Title", "Return the models"),
        ("addressee", "Addressee", "The Parliament"),
        ("", "The demand, paragraph 1", "We ask for **this**."),
        ("", "The demand, paragraph 2", "## Why"),
        ("", "The demand, paragraph 3", "Because it is ours."),
    ]


def test_petition_passages_hold_who_may_sign():
    assert petition_passages(frozen(eligibility="Residents."))[-1].text == "Residents."


def test_redline_of_petitions_an_inserted_paragraph_leaves_the_others_alone():
    old, new = (
        frozen(),
        frozen(TEXT.replace("## Why", "A new paragraph.\n \n## Why"), eligibility="Residents."),
    )

    changes = redline(old, new).changes

    assert [(str(change.kind), change.passage.text) for change in changes] == [
        ("unchanged", "Return the models"),
        ("unchanged", "The Parliament"),
        ("unchanged", "We ask for **this**."),
        ("added", "A new paragraph."),
        ("unchanged", "## Why"),
        ("unchanged", "Because it is ours."),
        ("added", "Residents."),
    ]
