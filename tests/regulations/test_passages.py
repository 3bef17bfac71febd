"""An edition as passages, and the redline between two."""

import pytest

from campaign.documents.redline import redline, redline_summary
from campaign.regulations.rendering import edition_passages
from campaign.regulations.services import FROZEN_KIND
from tests.factories import regulations as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def next_edition(*changes):
    source = make.FILE.replace('label: "1.0"', 'label: "1.1"\n  base: "1.0"')
    for before, after in changes:
        assert before in source
        source = source.replace(before, after)
    return make.published_edition(source)


def test_edition_passages_are_the_provisions_by_key_as_a_reader_cites_them():
    edition = make.published_edition()

    passages = edition_passages(edition.frozen_text)

    assert edition.frozen_text.kind == FROZEN_KIND
    assert [(each.key, each.label, each.heading, each.text) for each in passages if each.key[0] != ":"] == [
        ("recital", "recital (1)", "", "Reasons are given,"),
        ("terms", "Article 1", "Definitions", "The following definitions apply:"),
        ("def-model", "Article 1, point (1)", "", "‘model’ means a thing."),
        ("duty", "Article 2", "Duty", ""),
        ("duty-return", "Article 2(1)", "", "Every model shall be returned within 24\u00a0months."),
        ("duty-limits", "Article 2(2)", "", "Paragraph\u00a01 shall not apply:"),
        ("duty-limits-a", "Article 2(2), point (a)", "", "to a first thing;"),
        ("duty-limits-b", "Article 2(2), point (b)", "", "to a second thing."),
    ]


def test_edition_passages_hold_title_and_fixed_words_and_no_key_twice():
    passages = edition_passages(make.published_edition().frozen_text)

    keys = [each.key for each in passages]
    assert passages[0].text == "A small regulation"
    assert ":enacting" in keys
    assert len(set(keys)) == len(keys)
    assert all(each.label for each in passages)


def test_edition_passages_without_a_citation_are_called_by_what_holds_them():
    source = make.FILE.partition("provisions:\n")[0] + (
        "provisions:\n"
        "  - key: cit\n    kind: citation\n    text: Having regard to it,\n"
        "  - key: amend\n    kind: article\n    heading: Amendments\n    text: An act is amended as follows.\n    children:\n"
        "      - key: point\n        kind: amending-point\n        text: in Article 3, the following is added\n"
        "        children:\n          - key: put-in\n            kind: quoted\n            act: Some act\n"
        "            text: New words of [[period]]\n"
    )

    passages = edition_passages(make.published_edition(source).frozen_text)

    labels = {each.key: each.label for each in passages}
    assert labels["cit"] == "Citation"
    assert labels["put-in"] == labels["point"]


def test_redline_of_editions_tells_what_changed_and_what_has_another_number():
    old = make.published_edition()
    new = next_edition(
        ("within [[period]]", "within [[period]] of that day"),
        ("  - key: duty\n", "  - key: put-in\n    kind: article\n    heading: Put in\n    text: It is new.\n  - key: duty\n"),
        ("            text: to a first thing;\n          - key: duty-limits-b\n            kind: point\n", ""),
    )  # fmt: skip

    changes = redline(old.frozen_text, new.frozen_text)

    found = {change.passage.key: (str(change.kind), change.former_label) for change in changes.changes}
    assert redline_summary(changes) == "2 changed, 1 added, 1 removed, 2 renumbered"
    assert found["duty-return"] == ("changed", "Article 2(1)")
    assert found["put-in"] == ("added", "")
    assert found["duty-limits-b"] == ("removed", "")
    assert found["duty-limits"] == ("renumbered", "Article 2(2)")


def test_redline_page_of_two_editions_shows_the_words(client):
    old = make.published_edition()
    new = next_edition(("default: 24 months", "default: 30 months"))

    page = client.get(f"/texts/{old.frozen_text.digest}/changes/{new.frozen_text.digest}/").content.decode()

    assert '<p class="redline__sum">1 changed</p>' in page
    assert "Every model shall be returned within <del>" in page
