from datetime import timedelta

import pytest

from campaign.regulations.importer import read_template
from campaign.regulations.queries import (
    edition_text,
    edition_tree,
    latest_edition,
    published_edition,
    published_templates,
    template_editions,
)
from campaign.regulations.tree import walk
from tests.factories import regulations as make

pytestmark = pytest.mark.django_db


def with_label(label, slug="small-act"):
    source = make.FILE.replace('label: "1.0"', f'label: "{label}"')
    return source.replace("slug: small-act", f"slug: {slug}")


def test_published_templates_leaves_drafts_out():
    make.EditionFactory()
    edition = make.published_edition()

    templates = list(published_templates())

    assert templates == [edition.template]
    assert (templates[0].latest_label, templates[0].latest_at) == ("1.0", make.MOMENT)


def test_published_templates_shows_the_newest_edition_in_library_order():
    make.published_edition()
    make.published_edition(with_label("1.1"), at=make.MOMENT + timedelta(days=1))
    make.published_edition(
        with_label("1.0", "a-first").replace("language: en", "language: en\n  position: 0")
    )

    assert [(row.slug, row.latest_label) for row in published_templates()] == [
        ("a-first", "1.0"),
        ("small-act", "1.1"),
    ]


def test_latest_edition_and_one_by_label():
    first = make.published_edition()
    second = make.published_edition(with_label("1.1"), at=make.MOMENT + timedelta(days=1))
    make.EditionFactory(template=first.template, label="2.0")

    assert latest_edition(slug="small-act") == second
    assert published_edition(slug="small-act", label="1.0") == first
    assert published_edition(slug="small-act", label="2.0") is None
    assert latest_edition(slug="other") is None
    assert [row.label for row in template_editions(template_id=first.template_id)] == ["1.1", "1.0"]


@pytest.mark.parametrize("item_count", [1, 3])
def test_edition_tree_takes_one_query(item_count, django_assert_num_queries):
    edition = make.EditionFactory()
    for index in range(item_count):
        parent = make.ProvisionFactory(edition=edition, key=f"a{index}", position=index, body="")
        for part in range(item_count):
            make.ProvisionFactory(
                edition=edition, key=f"a{index}-{part}", parent=parent, position=item_count - part
            )

    with django_assert_num_queries(1):
        tree = edition_tree(edition=edition)

    expected = [f"a{index}-{part}" for index in range(item_count) for part in reversed(range(item_count))]
    assert [unit.key for unit, above in walk(tree) if above] == expected


def test_edition_text_reads_back_what_was_loaded(django_assert_num_queries):
    edition = make.published_edition()

    with django_assert_num_queries(3):
        found = edition_text(edition=edition)

    assert found == read_template(make.node()).text
