"""The page on which anybody checks a digest: what it finds, and that it finds nothing that is not public."""

import pytest
from django.urls import reverse

from campaign.documents.models import Document
from campaign.documents.services import publish_text
from campaign.documents.text_kinds import register_text_kind
from tests.factories.documents import MOMENT, DocumentFactory, FrozenTextFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

URL = "/documents/check/"
FILE, BARE = "a" * 64, "b" * 64
NOTHING = "Nothing public here has this digest"


@pytest.fixture
def text():
    text = FrozenTextFactory(title="Give <b>it</b> back")
    publish_text(frozen_text=text, address="/somewhere/public/", at=MOMENT)
    return text


@pytest.fixture
def sealed(text):
    return DocumentFactory(
        frozen_text=text,
        state=Document.State.READY,
        file_digest=FILE,
        unsealed_digest=BARE,
        sealed_by="Commons Lab",
        seal_digest="c" * 64,
        sealed_at=MOMENT,
        byte_size=10,
        finished_at=MOMENT,
    )


def answer(client, digest):
    response = client.get(URL, {"digest": digest})
    return response, response.content.decode()


def test_check_page_asks_for_a_digest_and_uploads_nothing(client):
    response = client.get(URL)

    page = response.content.decode()
    assert (response.status_code, response.context.get("matches")) == (200, None)
    assert 'name="digest"' in page
    assert '<input type="file" id="file-to-check" aria-describedby' in page  # without a name it is not sent


def test_digest_of_a_public_text_leads_to_it(client, text):
    response, page = answer(client, text.digest)

    assert response.status_code == 200
    assert "Yes, this text was frozen here" in page
    assert "Give &lt;b&gt;it&lt;/b&gt; back" in page
    assert 'href="/somewhere/public/"' in page
    assert reverse("frozen_text", args=[text.digest]) in page


def test_digest_of_a_file_leads_to_its_text_and_tells_of_the_seal(client, sealed):
    _response, page = answer(client, FILE)

    assert "Yes, this file was made here" in page
    assert "Commons Lab, on" in page
    assert "c" * 64 in page
    assert 'href="/somewhere/public/"' in page


def test_digest_from_before_the_seal_is_told_apart(client, sealed):
    _response, page = answer(client, BARE)

    assert "Made here, without its seal" in page
    assert "Yes, this file" not in page


@pytest.mark.parametrize(
    "typed",
    [
        f"  {'A' * 64} ",
        f"{FILE}  an answer.pdf",
        f"SHA256 (an answer.pdf) = {FILE}",
        ":".join(["aa"] * 32),
        "aaaa " * 16,
    ],
)
def test_digest_is_taken_as_programs_print_it(typed, client, sealed):
    assert "Yes, this file was made here" in answer(client, typed)[1]


def test_what_is_not_public_looks_like_nothing(client):
    hidden = FrozenTextFactory()
    DocumentFactory(frozen_text=hidden, state=Document.State.READY, file_digest=FILE, finished_at=MOMENT)

    found = {answer(client, digest)[1].replace(digest, "") for digest in (hidden.digest, FILE, "0" * 64)}

    assert len(found) == 1
    assert NOTHING in found.pop()


def test_text_whose_kind_guards_it_is_not_found(client, text):
    register_text_kind("tests.text", label="A", draw=lambda text: "", is_reader=lambda *_: True)

    assert NOTHING in answer(client, text.digest)[1]


def test_record_is_found_where_its_kind_says(client):
    record = FrozenTextFactory()
    register_text_kind(
        "tests.text", label="A record", draw=lambda text: "", address=lambda text, at: f"/acts/{text.title}/"
    )

    _response, page = answer(client, record.digest)

    assert f'href="/acts/{record.title}/"' in page
    assert "A record" in page


@pytest.mark.parametrize("typed", ["", "abc", "g" * 64, "a" * 63, "a" * 65])
def test_digest_that_is_none_is_refused_and_kept(typed, client):
    response, page = answer(client, typed)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["digest"]
    assert (f'value="{typed}"' in page) == bool(typed)


def test_check_page_posted_to_is_a_wrong_method(client):
    assert client.post(URL, {"digest": FILE}).status_code == 405


@pytest.mark.parametrize("item_count", [1, 3])
def test_check_page_asks_the_database_the_same_for_each_number_of_files(
    item_count, client, text, django_assert_num_queries
):
    for number in range(item_count):
        other = FrozenTextFactory(title=f"Text with a file {number}")
        publish_text(frozen_text=other, address=f"/{number}/", at=MOMENT)
        DocumentFactory(
            frozen_text=other, state=Document.State.READY, file_digest=FILE, byte_size=1, finished_at=MOMENT
        )

    with django_assert_num_queries(2):
        response = client.get(URL, {"digest": FILE})

    assert len(response.context["matches"]) == item_count
