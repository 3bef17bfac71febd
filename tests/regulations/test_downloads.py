"""Editions and drafts as files."""

import io
import re
import zipfile

import pytest
from django.urls import reverse

from campaign.regulations.exports.formats import LAW_FORMATS
from tests.factories import regulations as make
from tests.factories.accounts import UserFactory
from tests.regulations.compared import SECRET, begun, broken, member, second, team_instrument

pytestmark = pytest.mark.django_db


def edition_address(file_format, label="1.0"):
    return reverse("edition_download", args=["small-act", label, file_format])


def draft_address(file_format="txt"):
    return reverse("draft_download", args=["small-act", file_format])


def words_of(response, file_format):
    if file_format != "docx":
        return response.content.decode()
    with zipfile.ZipFile(io.BytesIO(response.content)) as file:
        return re.sub(r"<[^>]+>", "", file.read("word/document.xml").decode())


@pytest.mark.sqlite
@pytest.mark.parametrize("file_format", LAW_FORMATS)
def test_edition_is_downloaded_in_every_format(client, file_format):
    edition = make.published_edition()

    response = client.get(edition_address(file_format))

    assert response.status_code == 200
    assert response["Content-Type"] == LAW_FORMATS[file_format].content_type
    assert response["Content-Disposition"] == f'attachment; filename="small-act-1.0.{file_format}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Every model shall be returned within" in words_of(response, file_format)
    if file_format != "docx":
        assert edition.frozen_text.digest in response.content.decode()


@pytest.mark.parametrize("file_format", LAW_FORMATS)
def test_edition_gives_the_same_bytes_twice(client, file_format):
    make.published_edition()

    assert (
        client.get(edition_address(file_format)).content == client.get(edition_address(file_format)).content
    )


def test_edition_download_known_to_the_browser_is_not_sent_again(client):
    make.published_edition()
    etag = client.get(edition_address("txt"))["ETag"]

    response = client.get(edition_address("txt"), headers={"If-None-Match": etag})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)


def test_editions_of_an_instrument_are_one_work_in_akoma_ntoso(client):
    second(team_instrument())

    files = [client.get(edition_address("xml", label)).content.decode() for label in ("1.0", "1.1")]

    works = {re.search(r'<FRBRWork>.*?<FRBRuri value="([^"]+)"', file, re.DOTALL)[1] for file in files}
    texts = {re.search(r'<FRBRExpression>.*?<FRBRuri value="([^"]+)"', file, re.DOTALL)[1] for file in files}
    assert works == {"/akn/eu/bill/model/2026-11-22/small-act"}
    assert len(texts) == 2


@pytest.mark.parametrize(
    "address",
    [edition_address("pdf"), edition_address("txt", "9.9"), edition_address("txt").replace("small", "no")],
)
def test_edition_download_that_is_not_there_is_404(client, address):
    make.published_edition()

    assert client.get(address).status_code == 404


def test_edition_download_by_post_is_405(client):
    make.published_edition()

    assert client.post(edition_address("txt")).status_code == 405


def test_edition_page_lists_the_formats(client):
    make.published_edition()

    html = client.get(reverse("edition", args=["small-act", "1.0"])).content.decode()

    assert [name for name in LAW_FORMATS if f'href="{edition_address(name)}" download' in html] == list(
        LAW_FORMATS
    )


@pytest.mark.parametrize("file_format", LAW_FORMATS)
def test_draft_is_downloaded_and_says_so(client, file_format):
    template = team_instrument()
    begun(template)
    client.force_login(member(template))

    response = client.get(draft_address(file_format))

    said = words_of(response, file_format)
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="small-act-1.1-draft.{file_format}"'
    assert "no-store" in response["Cache-Control"]
    assert SECRET in said.replace("\u00a0", " ")
    assert "1.1, draft" in said
    assert "This is a draft. It is not published and may change." in said


def test_draft_that_is_not_sound_is_not_downloaded_but_told(client):
    template = team_instrument()
    broken(begun(template))
    client.force_login(member(template))

    response = client.get(draft_address())

    html = response.content.decode()
    assert response.status_code == 422
    assert "The draft cannot be printed yet." in html
    assert 'href="/instruments/small-act/draft/provisions/duty-return/"' in html
    assert 'href="/instruments/small-act/draft/publish/"' in html


@pytest.mark.parametrize("is_sound", [True, False])
def test_draft_downloads_lists_formats_or_what_to_mend(client, is_sound):
    template = team_instrument()
    draft = begun(template)
    if not is_sound:
        broken(draft)
    client.force_login(member(template))

    html = client.get(reverse("draft_downloads", args=["small-act"])).content.decode()

    assert (f'href="{draft_address("docx")}" download' in html) == is_sound
    assert ("The draft cannot be printed yet." in html) != is_sound


@pytest.mark.parametrize("name", ["draft_downloads", "draft_download"])
@pytest.mark.parametrize(
    ("role", "status"), [(None, 404), ("viewer", 403), ("translator", 403), ("editor", 200)]
)
def test_draft_files_are_for_its_drafters(client, name, role, status):
    template = team_instrument()
    begun(template)
    client.force_login(member(template, role) if role else UserFactory())
    arguments = ["small-act", "txt"] if name == "draft_download" else ["small-act"]

    assert client.get(reverse(name, args=arguments)).status_code == status
    client.logout()
    assert client.get(reverse(name, args=arguments)).url.startswith("/accounts/login/")


def test_draft_files_of_an_instrument_without_a_draft_are_404(client):
    template = team_instrument()
    client.force_login(member(template))

    assert client.get(draft_address()).status_code == 404


def test_draft_files_by_post_are_405(client):
    template = team_instrument()
    begun(template)
    client.force_login(member(template))

    assert client.post(draft_address()).status_code == 405
    assert client.post(reverse("draft_downloads", args=["small-act"])).status_code == 405
