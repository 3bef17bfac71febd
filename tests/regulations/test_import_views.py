"""A new edition by upload: the site's staff, a whole file or nothing, and each fault at its line."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from campaign.documents.models import FrozenText
from campaign.regulations.forms import importing as forms
from campaign.regulations.models import Edition, Hook, Template
from campaign.regulations.services import import_template_upload
from tests.factories import regulations as make
from tests.factories.accounts import UserFactory
from tests.threads import in_threads

pytestmark = pytest.mark.django_db

ADDRESS = "/instruments/import/"
NEXT = make.FILE.replace('label: "1.0"', 'label: "1.1"\n  base: "1.0"\n  change_note: A second thing.')


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(is_staff=True))
    return client


def upload(client, text, name="small.yaml"):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, content)})


def told(response):
    return response.context["form"].errors["file"]


@pytest.mark.sqlite
def test_import_publishes_the_edition_and_leads_to_it(staff):
    response = upload(staff, make.FILE)

    edition = Edition.objects.get()
    assert (response.status_code, response.url) == (302, reverse("edition", args=["small-act", "1.0"]))
    assert edition.is_published
    page = staff.get(response.url).content.decode()
    assert "Edition 1.0 is published." in page


def test_import_of_the_next_edition_shows_the_way_to_its_changes(staff):
    old = make.published_edition()

    page = staff.get(upload(staff, NEXT).url).content.decode()

    new = Edition.objects.get(label="1.1")
    changes = reverse("frozen_text_changes", args=[old.frozen_text.digest, new.frozen_text.digest])
    assert f'<a href="{changes}">Changes since edition 1.0</a>' in page


def test_import_again_says_that_nothing_changed(staff):
    upload(staff, make.FILE)

    page = staff.get(upload(staff, make.FILE).url).content.decode()

    assert "Edition 1.0 was published before, with this text. Nothing changed." in page
    assert Edition.objects.count() == 1


def test_import_again_records_checks(staff):
    upload(staff, make.FILE)
    checked = make.FILE.replace(
        "example.org/law", "example.org/law\n    checked_by: Ada\n    checked_on: 2026-11-20"
    )

    page = staff.get(upload(staff, checked).url).content.decode()

    assert "1 check of a reference was recorded." in page
    assert Hook.objects.get().checked_by == "Ada"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            make.FILE.replace("schema: 1", "schema: 9"),
            ["small.yaml, line 1, “schema”: this version reads schema 1. Write schema: 1."],
        ),
        (b"\xff", ["small.yaml: byte 0 is not UTF-8. Save the file as UTF-8."]),
        (
            make.FILE.replace("slug: small-act", "slug: import"),
            [
                "small.yaml, line 3, “template.slug”: “import” is the address of a page of this site. Choose another slug."
            ],
        ),
        (
            make.FILE.replace('label: "1.0"', 'label: "1.1"\n  base: "1.0"'),
            [
                (
                    "small.yaml, line 12, “edition.base”: edition 1.0 of “small-act” is not published here. "
                    "Load it first or correct the label."
                )
            ],
        ),
    ],
    ids=["schema", "encoding", "slug", "base"],
)
def test_import_broken_file_is_told_at_its_field_and_stores_nothing(staff, text, expected):
    response = upload(staff, text)

    assert response.status_code == 422
    assert told(response) == expected
    assert not Template.objects.exists()
    assert not FrozenText.objects.exists()


def test_import_tells_every_fault_on_a_line_of_its_own(staff):
    broken = make.FILE.replace("[[ref:duty-return]]", "[[ref:gone]]").replace("[[period]]", "[[years]]")

    response = upload(staff, broken)

    assert [line.partition(",")[0] for line in told(response)] == ["small.yaml"] * len(told(response))
    assert len(told(response)) >= 2
    assert not Edition.objects.exists()


def test_import_with_endless_faults_tells_fifty_and_how_many_more(staff):
    many = "".join(
        f'\n  - key: wrong-{n}\n    kind: article\n    heading: H\n    text: "[[ref:gone-{n}]]"'
        for n in range(60)
    )

    response = upload(staff, make.FILE.rstrip() + many + "\n")

    assert len(told(response)) == 51
    assert told(response)[-1] == "10 more places have to be mended. They are told when these are."


def test_import_over_a_published_edition_is_refused(staff):
    upload(staff, make.FILE)

    response = upload(staff, make.FILE.replace("a first thing", "any thing"))

    assert response.status_code == 422
    assert "a published edition never changes. Raise the label." in told(response)[0]
    assert "to a first thing;" in Edition.objects.get().frozen_text.payload


def test_import_of_too_large_a_file_is_refused_unread(staff, monkeypatch):
    monkeypatch.setattr(forms, "MAX_UPLOAD_BYTES", 10)

    response = upload(staff, make.FILE)

    assert response.status_code == 422
    assert told(response) == [
        "The file is larger than 500 kB. A long act has about 100 kB. Split the instrument."
    ]
    assert not Edition.objects.exists()


def test_import_without_a_file_or_with_an_empty_one_is_told(staff):
    assert staff.post(ADDRESS).status_code == 422
    assert upload(staff, "").status_code == 422


def test_import_escapes_what_the_file_says(staff):
    page = upload(staff, make.FILE.replace("schema: 1", "<script>alert(1)</script>: 1"))

    assert page.status_code == 422
    assert "<script>alert" not in page.content.decode()


def test_import_by_somebody_else_is_403_and_stores_nothing(client):
    client.force_login(UserFactory())

    assert client.get(ADDRESS).status_code == 403
    assert upload(client, make.FILE).status_code == 403
    assert not Edition.objects.exists()


def test_import_needs_sign_in(client):
    assert client.get(ADDRESS).url == f"{reverse('account_login')}?next={ADDRESS}"
    assert upload(client, make.FILE).status_code == 302
    assert not Edition.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete"])
def test_import_refuses_other_methods(staff, method):
    assert getattr(staff, method)(ADDRESS).status_code == 405


def test_import_seen_changes_nothing(staff):
    assert staff.get(ADDRESS).status_code == 200
    assert not Edition.objects.exists()


def test_library_shows_the_way_to_staff_alone(staff, client):
    assert ADDRESS in staff.get(reverse("instruments")).content.decode()

    client.force_login(UserFactory())

    assert ADDRESS not in client.get(reverse("instruments")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_import_of_one_edition_by_several_at_once_publishes_it_once():
    if connection.vendor == "sqlite":
        pytest.skip("a database in memory belongs to one connection")
    outcomes = []

    def load():
        outcome = import_template_upload(raw=make.FILE.encode(), file="small.yaml", at=make.MOMENT)
        outcomes.append(outcome.is_new)

    in_threads([load] * 4)

    assert sorted(outcomes) == [False, False, False, True]
    assert Edition.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_import_of_two_texts_under_one_label_at_once_refuses_the_second():
    if connection.vendor == "sqlite":
        pytest.skip("a database in memory belongs to one connection")
    refused = []

    def load(text):
        def act():
            try:
                import_template_upload(raw=text.encode(), file="small.yaml", at=make.MOMENT)
            except Exception as error:  # noqa: BLE001  told by the assertion below
                refused.append(str(error))

        return act

    in_threads([load(make.FILE), load(make.FILE.replace("a first thing", "any thing"))])

    assert len(refused) == 1
    assert "is published with another text" in refused[0]
    assert Edition.objects.count() == 1


# --- What an edition's page says about the others -------------------------------------------


def test_older_edition_says_that_there_is_a_newer_one_and_what_changed(client):
    old = make.published_edition()
    new = make.published_edition(NEXT, at=make.MOMENT + timedelta(days=1))

    page = client.get(reverse("edition", args=["small-act", "1.0"])).content.decode()

    changes = reverse("frozen_text_changes", args=[old.frozen_text.digest, new.frozen_text.digest])
    assert "You are reading edition 1.0. It stays as it was; edition 1.1 has taken its place." in page
    assert f'<a href="{reverse("edition", args=["small-act", "1.1"])}">Read edition 1.1</a>' in page
    assert f'<a href="{changes}">See what changed up to edition 1.1</a>' in page


def test_newest_edition_lists_all_of_them(client):
    make.published_edition()
    make.published_edition(NEXT, at=make.MOMENT + timedelta(days=1))

    page = client.get(reverse("instrument", args=["small-act"]))

    html = page.content.decode().partition('id="editions"')[2]
    assert [edition.label for edition in page.context["editions"]] == ["1.1", "1.0"]
    assert 'Edition 1.1 <span class="label">shown here</span>' in html
    assert f'<a href="{reverse("edition", args=["small-act", "1.0"])}">Edition 1.0</a>' in html
    assert '<p lang="en">A second thing.</p>' in html
    assert "There is a newer edition." not in page.content.decode()


def test_first_edition_has_no_changes(client):
    make.published_edition()

    assert "/changes/" not in client.get(reverse("instrument", args=["small-act"])).content.decode()


@pytest.mark.parametrize("item_count", [1, 3])
def test_edition_page_takes_a_constant_number_of_queries_whatever_the_editions(
    client, django_assert_num_queries, item_count
):
    make.published_edition()
    for index in range(1, item_count + 1):
        source = NEXT.replace('"1.1"', f'"1.{index}"').replace('base: "1.0"', f'base: "1.{index - 1}"')
        make.published_edition(source, at=make.MOMENT + timedelta(days=index))

    with django_assert_num_queries(5):
        client.get(reverse("instrument", args=["small-act"]))
