import hashlib
import threading
import time
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.checks.drafted import read
from campaign.consultations.checks.workspace import evidence_findings
from campaign.consultations.evidence import cited_keys, preview
from campaign.consultations.models import Source, SourceCopy
from campaign.consultations.payloads import submission_payload
from campaign.consultations.services import (
    CopyData,
    CopyIsEmpty,
    CopyTooLarge,
    SourceChangedMeanwhile,
    SourceData,
    SourceKeyTaken,
    add_source,
    copy_bytes,
    edit_source,
)
from campaign.consultations.services import evidence as evidence_services
from campaign.consultations.views import evidence
from tests.consultations.walk import freeze
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory, TeamMemberFactory
from tests.factories.consultations import AnswerFactory, OwnPartFactory, SourceFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


def add(campaign, copy=None, **fields):
    data = SourceData(**{"key": "study", "title": "A study", **fields})
    return add_source(campaign=campaign, data=data, copy=copy, by=UserFactory(), at=NOW)


def test_add_source_keeps_a_copy_with_its_digest():
    source = add(CampaignFactory(), CopyData("../a/study.pdf", b"%PDF-1.7"))

    copy = SourceCopy.objects.get(source=source)
    assert (copy.name, copy.byte_size) == ("study.pdf", 8)
    assert copy.digest == hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert copy_bytes(copy) == b"%PDF-1.7"


def test_kept_copy_is_encrypted_at_rest():
    add(CampaignFactory(), CopyData("study.txt", b"words of the study"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM consultations_sourcecopy")
        stored = bytes(cursor.fetchone()[0])
    assert b"words of the study" not in stored
    assert b"d29yZHM" not in stored


@pytest.mark.parametrize(("content", "error"), [(b"", CopyIsEmpty), (b"12345", CopyTooLarge)])
def test_add_source_with_a_bad_copy_stores_nothing(monkeypatch, content, error):
    monkeypatch.setattr(evidence_services, "MAX_COPY_BYTES", 4)

    with pytest.raises(error):
        add(CampaignFactory(), CopyData("a.txt", content))

    assert not Source.objects.exists()


def test_add_source_with_a_mark_that_is_taken_is_refused():
    source = SourceFactory(key="study")

    with pytest.raises(SourceKeyTaken):
        add(source.campaign)
    add(CampaignFactory())

    assert Source.objects.filter(key="study").count() == 2


def test_edit_source_keeps_its_mark_and_replaces_its_copy():
    source = add(CampaignFactory(), CopyData("old.txt", b"old"))

    edit_source(
        source=source,
        data=SourceData(key="other", title="New title"),
        copy=CopyData("new.txt", b"new"),
        version=1,
        by=UserFactory(),
        at=NOW,
    )

    source.refresh_from_db()
    assert (source.key, source.title, source.version) == ("study", "New title", 2)
    assert [row.name for row in SourceCopy.objects.all()] == ["new.txt"]


def test_edit_source_from_an_old_version_changes_nothing():
    source = SourceFactory(version=2)

    with pytest.raises(SourceChangedMeanwhile), transaction.atomic():
        edit_source(
            source=source, data=SourceData("k", "New"), copy=None, version=1, by=UserFactory(), at=NOW
        )


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("One[^a] two[^b] one again[^a].", ["a", "b"]),
        ("Not \\[^a] and not [^a b].", []),
        ("| cell[^x-1_Y] |", ["x-1_Y"]),
        ("", []),
    ],
)
def test_cited_keys_in_the_order_of_their_first_citation(text, keys):
    assert cited_keys([text]) == keys


def test_preview_numbers_notes_and_leaves_unknown_marks():
    first, second = SourceFactory.build(key="a", campaign=None), SourceFactory.build(key="b", campaign=None)

    html, notes = preview("Two[^b], one[^a], two[^b], none[^c].", {"a": first, "b": second})

    assert [(note.number, note.source.key) for note in notes] == [(1, "b"), (2, "a")]
    mark = '<sup class="note-mark"><a href="#note-{0}">{0}</a></sup>'
    assert html == f"<p>Two{mark.format(1)}, one{mark.format(2)}, two{mark.format(1)}, none[^c].</p>\n"


def test_preview_puts_in_nothing_that_was_typed_as_a_placed_mark():
    html, notes = preview("\ue0009\ue001 <b>x</b>", {})

    assert (html, notes) == ("<p>9 &lt;b&gt;x&lt;/b&gt;</p>\n", [])


def test_payload_lists_cited_sources_in_the_order_of_first_citation():
    answer = AnswerFactory(question__position=1, text="One[^late], two[^early].")
    campaign = answer.submission.campaign
    OwnPartFactory(submission=answer.submission, question=answer.question, text="Ours[^own], [^early].")
    add(
        campaign,
        CopyData("kept.txt", b"kept"),
        key="late",
        title="Late",
        author="A",
        published_on="May 2024",
        url="https://study.example/1",
        quote="Words",
        seen_on=date(2026, 11, 1),
    )
    for key in ("early", "own", "unused"):
        SourceFactory(campaign=campaign, key=key, title=key)

    evidence = submission_payload(submission=answer.submission, at=NOW)["evidence"]

    assert [each["key"] for each in evidence] == ["late", "early", "own"]
    assert evidence[0] == {
        "key": "late",
        "title": "Late",
        "author": "A",
        "published_on": "May 2024",
        "url": "https://study.example/1",
        "quote": "Words",
        "seen_on": "2026-11-01",
        "archive_digest": hashlib.sha256(b"kept").hexdigest(),
        "archive_name": "late.txt",
    }
    assert (evidence[1]["seen_on"], evidence[1]["archive_digest"]) == ("", "")


def test_findings_name_unknown_marks_and_notes_in_short_answers():
    answer = AnswerFactory(
        question__position=1, text="Known[^a], unknown[^b], broken[^c d].", short_text="Short[^a]."
    )
    SourceFactory(campaign=answer.submission.campaign, key="a")
    answer.submission.summary = "Summary[^a]."
    answer.submission.save()

    findings = evidence_findings(read(answer.submission))

    assert [(each.is_error, each.code, each.about, each.question_number) for each in findings] == [
        (True, "unknown-source", "[^b]", "1"),
        (True, "unknown-source", "[^c d]", "1"),
        (True, "note-in-short", "", "1"),
        (True, "mark-in-summary", "[^a]", ""),
    ]


def test_findings_read_own_parts_too():
    part = OwnPartFactory(question__position=1, text="Ours[^x].", short_text="")

    findings = evidence_findings(read(part.submission))

    assert [each.address for each in findings] == [reverse("own_parts", args=[part.submission_id, "1"])]


def test_findings_do_not_know_sources_of_other_campaigns():
    answer = AnswerFactory(text="One[^a].")
    SourceFactory(key="a")

    assert [each.code for each in evidence_findings(read(answer.submission))] == ["unknown-source"]


# --- Pages ---------------------------------------------------------------------------
@pytest.fixture
def campaign():
    return CampaignFactory()


def as_team(client, campaign, role="editor"):
    client.force_login(TeamMemberFactory(campaign=campaign, role=role).user)


def listed(campaign):
    return reverse("source_list", args=[campaign.slug])


def test_source_is_added_with_a_copy(client, campaign):
    as_team(client, campaign)
    data = {
        "title": "A study",
        "key": "study",
        "url": "https://study.example/",
        "seen_on": "2026-11-01",
        "version": "0",
        "copy": SimpleUploadedFile("study.pdf", b"%PDF-1.7"),
    }

    response = client.post(listed(campaign), data)

    source = Source.objects.get()
    assert response.url == listed(campaign)
    assert (source.key, source.seen_on, source.copy.name) == ("study", date(2026, 11, 1), "study.pdf")


@pytest.mark.parametrize(
    ("field", "value"),
    [("key", "two words"), ("title", ""), ("url", "javascript:alert(1)"), ("url", "ftp://a.example/")],
)
def test_source_bad_input_keeps_the_form(client, campaign, field, value):
    as_team(client, campaign)
    data = {"title": "A study", "key": "study", "author": "Kept author", "version": "0", field: value}

    response = client.post(listed(campaign), data)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Kept author" in response.content.decode()
    assert not Source.objects.exists()


def test_source_with_a_mark_that_is_taken_is_told_at_its_field(client, campaign):
    as_team(client, campaign)
    SourceFactory(campaign=campaign, key="study")

    response = client.post(listed(campaign), {"title": "B", "key": "study", "version": "0"})

    assert response.status_code == 422
    assert "key" in response.context["form"].errors


def test_source_list_says_where_each_is_cited(client, campaign):
    as_team(client, campaign, "viewer")
    answer = AnswerFactory(submission__campaign=campaign, text="One[^a].")
    AnswerFactory(submission__campaign=campaign, text="None [^ab].")
    cited, unused = SourceFactory(campaign=campaign, key="a"), SourceFactory(campaign=campaign, key="b")

    rows = client.get(listed(campaign)).context["rows"]

    assert rows == [(cited, [answer]), (unused, [])]


@pytest.mark.parametrize("item_count", [1, 3])
def test_source_list_takes_a_fixed_number_of_queries(client, campaign, item_count, django_assert_num_queries):
    as_team(client, campaign, "viewer")
    for number in range(item_count):
        add(campaign, CopyData("a.txt", b"a"), key=f"s-{number}")
        AnswerFactory(submission__campaign=campaign, text=f"[^s-{number}]")

    with django_assert_num_queries(8):
        client.get(listed(campaign))


def test_source_list_is_paged(client, campaign, monkeypatch):
    monkeypatch.setattr(evidence, "SOURCES_A_PAGE", 2)
    as_team(client, campaign, "viewer")
    sources = [
        SourceFactory(campaign=campaign, key=f"s-{number}", title=f"T {number}") for number in range(3)
    ]

    pages = [client.get(listed(campaign), {"page": page}) for page in (1, 2)]

    assert [[source for source, _places in page.context["rows"]] for page in pages] == [
        sources[:2],
        sources[2:],
    ]
    assert 'rel="next" href="?page=2"' in pages[0].content.decode()


def test_source_is_changed(client, campaign):
    as_team(client, campaign)
    source = SourceFactory(campaign=campaign, key="a")
    address = reverse("source_edit", args=[campaign.slug, source.pk])

    response = client.post(address, {"title": "Better title", "version": "1"})

    source.refresh_from_db()
    assert response.url == listed(campaign)
    assert (source.key, source.title) == ("a", "Better title")


def test_source_changed_by_somebody_else_shows_theirs(client, campaign):
    as_team(client, campaign)
    source = SourceFactory(campaign=campaign, title="Their title", version=2)
    address = reverse("source_edit", args=[campaign.slug, source.pk])

    response = client.post(address, {"title": "My title", "version": "1"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "My title" in page
    assert "Their title" in page


def test_copy_is_for_the_team_and_always_a_file(client, campaign):
    source = add(campaign, CopyData("page.html", b"<script>alert(1)</script>"))
    as_team(client, campaign, "viewer")

    response = client.get(reverse("source_copy", args=[campaign.slug, source.pk]))

    assert response.content == b"<script>alert(1)</script>"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == 'attachment; filename="page.html"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_copy_is_hidden_from_everybody_else(client, campaign):
    source = add(campaign, CopyData("a.txt", b"a"))
    address = reverse("source_copy", args=[campaign.slug, source.pk])
    signed_out = client.get(address).status_code
    client.force_login(TeamMemberFactory().user)

    assert signed_out == 302
    assert client.get(address).status_code == 404


def test_copy_of_another_campaigns_source_is_404(client, campaign):
    as_team(client, campaign)
    foreign = add(CampaignFactory(), CopyData("a.txt", b"a"))

    assert client.get(reverse("source_copy", args=[campaign.slug, foreign.pk])).status_code == 404


@pytest.mark.parametrize(
    ("role", "reading", "writing"), [(None, 404, 404), ("viewer", 200, 403), ("editor", 200, 422)]
)
def test_source_list_by_role(client, campaign, role, reading, writing):
    client.force_login(UserFactory())
    if role:
        as_team(client, campaign, role)

    assert client.get(listed(campaign)).status_code == reading
    assert client.post(listed(campaign), {}).status_code == writing


def test_preview_moves_a_note_behind_the_link_in_whose_words_it_stands():
    source = SourceFactory.build(key="a", campaign=None)

    html, _notes = preview("See [the report[^a]](https://law.example/r).", {"a": source})

    assert 'the report</a><sup class="note-mark"><a href="#note-1">1</a></sup>.' in html


def replace_copy(source, content):
    edit_source(
        source=source,
        data=SourceData(key="a", title="T"),
        copy=CopyData("new.txt", content),
        version=Source.objects.get(pk=source.pk).version,
        by=UserFactory(),
        at=NOW,
    )


def test_copy_that_a_frozen_text_names_stays_when_another_takes_its_place(client):
    answer = AnswerFactory(text="One[^study].")
    campaign = answer.submission.campaign
    source = add(campaign, CopyData("interview.txt", b"one"))
    named = freeze(answer.submission, at=NOW).frozen_text.data["evidence"][0]["archive_digest"]

    replace_copy(source, b"two")
    replace_copy(source, b"three")

    assert [row.digest for row in source.earlier_copies.all()] == [named]
    assert copy_bytes(Source.objects.get().copy) == b"three"
    as_team(client, campaign, "viewer")
    address = reverse("source_copy", args=[campaign.slug, source.pk])
    assert client.get(address).content == b"three"
    assert client.get(address, {"sha256": named}).content == b"one"
    assert client.get(address, {"sha256": "0" * 64}).status_code == 404


@pytest.mark.parametrize(("name", "frozen"), [("Interview J. D..PDF", "study.pdf"), ("no ending", "study")])
def test_name_of_an_uploaded_copy_is_not_published(name, frozen):
    answer = AnswerFactory(text="One[^study].")
    add(answer.submission.campaign, CopyData(name, b"one"))

    evidence = submission_payload(submission=answer.submission, at=NOW)["evidence"]

    assert evidence[0]["archive_name"] == frozen


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_copy_that_is_replaced_while_a_text_is_frozen_stays():
    answer = AnswerFactory(text="One[^study].")
    source = add(answer.submission.campaign, CopyData("a.txt", b"one"))
    is_frozen, frozen = threading.Event(), []

    def fix():
        with transaction.atomic():
            frozen.append(freeze(answer.submission, at=NOW).frozen_text)
            is_frozen.set()
            time.sleep(0.5)  # the other one comes meanwhile

    def replace():
        is_frozen.wait(10)
        replace_copy(source, b"two")

    in_threads([fix, replace])

    named = frozen[0].data["evidence"][0]["archive_digest"]
    assert [row.digest for row in source.earlier_copies.all()] == [named]
