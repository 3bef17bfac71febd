import re
from datetime import timedelta

import pytest
from django.urls import reverse

from campaign.documents.models import Document
from campaign.regulations.models import Hook
from tests.factories import regulations as make

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"
GET_PAGES = ["instruments", "instrument", "edition"]


def address(name):
    arguments = {"instruments": [], "instrument": ["small-act"]}
    return reverse(name, args=arguments.get(name, ["small-act", "1.0"]))


def next_edition():
    source = make.FILE.replace('label: "1.0"', 'label: "1.1"\n  change_note: More.')
    return make.published_edition(source, at=make.MOMENT + timedelta(days=1))


def test_instruments_lists_what_is_published(client):
    make.EditionFactory(template__title="A draft")
    make.published_edition()

    page = client.get(address("instruments"))

    assert page.status_code == 200
    assert 'href="/instruments/small-act/" lang="en">Small act</a>' in page.content.decode()
    assert "A draft" not in page.content.decode()


def test_instruments_without_any_says_how_to_load_them(client):
    page = client.get(address("instruments"))

    assert "load_instruments" in page.content.decode()


@pytest.mark.parametrize("item_count", [1, 3])
def test_instruments_takes_a_constant_number_of_queries(client, django_assert_num_queries, item_count):
    for index in range(item_count):
        make.published_edition(make.FILE.replace("small-act", f"act-{index}"))

    with django_assert_num_queries(4):
        client.get(address("instruments"))


@pytest.mark.sqlite
def test_instrument_shows_the_newest_edition_as_law_is_set(client):
    edition = make.published_edition()

    page = client.get(address("instrument"))

    html = page.content.decode()
    assert page.status_code == 200
    assert '<article class="law law-eu" lang="en">' in html
    assert '<section class="law-article" id="duty">' in html
    assert '<a class="law-ref" href="#duty-return">Paragraph\u00a01</a> shall not apply:' in html
    assert '<span class="law-variable">24\u00a0months</span>' in html
    assert 'href="#duty-return" aria-label="Link to Article 2(1)"' in html
    assert reverse("frozen_text", args=[edition.frozen_text.digest]) in html
    assert '<nav class="contents"' in html
    assert "Not legal advice" in html


def test_instrument_tells_where_a_default_comes_from(client):
    make.published_edition()

    html = client.get(address("instrument")).content.decode()

    row = re.search(r"<tr>\s*<th scope=\"row\">Period.*?</tr>", html, re.DOTALL)
    assert "24\u00a0months" in row[0]
    assert "A source." in row[0]


def test_instrument_says_which_references_nobody_has_checked(client):
    make.published_edition()

    html = client.get(address("instrument")).content.decode()

    assert "1 of 1 references to existing law has not been checked by anyone yet." in html
    assert '<span class="state" data-state="unchecked">Not checked</span>' in html


def test_instrument_names_who_has_checked_a_reference(client):
    make.published_edition()
    Hook.objects.update(checked_by="Ada Lovelace", checked_on="2026-11-20")

    html = client.get(address("instrument")).content.decode()

    assert "by Ada Lovelace on 20 November 2026" in html
    assert "not been checked" not in html


def test_instrument_shows_objections_with_replies(client):
    make.published_edition()

    html = client.get(address("instrument")).content.decode()

    assert "<h3>It is too small.</h3>" in html
    assert "<p>It grows.</p>" in html


def test_instrument_moves_on_and_the_old_edition_stays(client):
    make.published_edition()
    next_edition()

    newest, old = client.get(address("instrument")), client.get(address("edition"))

    assert newest.context["edition"].label == "1.1"
    assert old.context["edition"].label == "1.0"
    assert "There is a newer edition." in old.content.decode()
    assert "There is a newer edition." not in newest.content.decode()


@pytest.mark.parametrize("item_count", [1, 3])
def test_instrument_takes_a_constant_number_of_queries(client, django_assert_num_queries, item_count):
    points = "".join(
        f"\n          - key: point-{index}\n            kind: point\n            text: to [[ref:duty-return]];"
        for index in range(item_count)
    )
    hooks = "".join(
        f"\n  - citation: Law {index}\n    address: https://example.org/{index}"
        for index in range(item_count)
    )
    source = make.FILE.replace(
        "children:\n          - key: duty-limits-a", f"children:{points}\n          - key: duty-limits-a"
    )
    make.published_edition(source.replace("hooks:", f"hooks:{hooks}"))

    with django_assert_num_queries(5):
        client.get(address("instrument"))


def test_instrument_escapes_hostile_text(client):
    source = (
        make.FILE.replace("text: to a first thing;", f'text: "{HOSTILE}"')
        .replace("heading: Duty", f'heading: "{HOSTILE}"')
        .replace("title: Small act", f'title: "{HOSTILE}"')
        .replace("label: Period", f'label: "{HOSTILE}"')
        .replace("argument: It is too small.", f'argument: "{HOSTILE}"')
    )
    make.published_edition(source)

    html = client.get(address("instrument")).content.decode()

    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert html.count("&lt;script&gt;alert(1)") >= 5


@pytest.mark.parametrize("name", ["instrument", "edition"])
def test_page_of_a_draft_or_of_nothing_is_not_found(client, name):
    make.EditionFactory(template__slug="small-act", label="1.0")

    assert client.get(address(name)).status_code == 404


@pytest.mark.parametrize("name", GET_PAGES)
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_page_refuses_other_methods(client, name, method):
    make.published_edition()

    assert getattr(client, method)(address(name)).status_code == 405


def test_edition_pdf_orders_the_document_and_goes_to_its_page(client):
    edition = make.published_edition()

    answer = client.post(address("edition_pdf"))

    document = Document.objects.get()
    assert document.frozen_text == edition.frozen_text
    assert (answer.status_code, answer.url) == (302, reverse("document", args=[document.pk]))


def test_edition_pdf_by_get_changes_nothing(client):
    make.published_edition()

    assert client.get(address("edition_pdf")).status_code == 405
    assert not Document.objects.exists()


def test_edition_pdf_of_nothing_is_not_found(client):
    assert client.post(address("edition_pdf")).status_code == 404
