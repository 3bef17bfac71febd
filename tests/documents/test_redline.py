"""Redlines: what became of each passage, how a page tells it, and that nothing gets lost."""

import re
import time

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from campaign.documents.redline import (
    ChangeKind,
    NotComparable,
    compare,
    draw_redline,
    redline,
    redline_summary,
)
from campaign.documents.text_kinds import Passage, register_text_kind
from tests.factories.documents import FrozenTextFactory

KEYS = st.one_of(st.just(""), st.sampled_from("abcdefg"))
PASSAGES = st.lists(
    st.builds(Passage, KEYS, st.sampled_from("123"), st.text("xyz ", max_size=6), st.sampled_from(["", "H"])),
    max_size=9,
)


def passages_of(text):
    return [Passage(**row) for row in text.data["passages"]]


@pytest.fixture(autouse=True)
def kind(own_builders):
    register_text_kind("tests.text", label="A text", draw=lambda text: text.title, passages=passages_of)


def passage(key, text="Words.", label="", **more):
    return Passage(key, label or f"Article {key}", text, **more)


def frozen(*rows, **more):
    """A frozen text of these passages: (key, label, text)."""
    names = ("key", "label", "text")
    return FrozenTextFactory(
        payload={"passages": [dict(zip(names, row, strict=True)) for row in rows]}, **more
    )


def kinds(old, new):
    return [(str(change.kind), change.passage.key or change.passage.text) for change in compare(old, new)]


def joined(pieces, *ops):
    return "".join(text for op, text in pieces if op in ops)


# --- What became of each passage ----------------------------------------------------------


@given(PASSAGES, PASSAGES)
def test_compare_gives_the_new_text_in_order_and_all_of_the_old(old, new):
    changes = list(compare(old, new))

    assert [change.new for change in changes if change.new] == new
    assert sorted(map(repr, old)) == sorted(repr(change.old) for change in changes if change.old)


@given(PASSAGES, PASSAGES)
def test_compare_applied_as_a_whole_gives_the_words_of_both(old, new):
    for change in compare(old, new):
        before, after = change.old or passage("", ""), change.new or passage("", "")
        assert joined(change.words, "keep", "del") == before.text
        assert joined(change.words, "keep", "ins") == after.text
        assert joined(change.heading_words, "keep", "del") == before.heading
        assert joined(change.heading_words, "keep", "ins") == after.heading


@given(PASSAGES)
def test_compare_with_itself_changes_nothing(text):
    assert {change.kind for change in compare(text, text)} <= {ChangeKind.UNCHANGED}


def test_compare_tells_every_kind():
    old = [passage("a"), passage("b", "Two years."), passage("c"), passage("d"), passage("e"), passage("f")]
    new = [
        passage("a"), passage("b", "Three years."), passage("n", "New."), passage("f"), passage("d", label="3"),
        passage("e"),
    ]  # fmt: skip

    assert kinds(old, new) == [
        ("unchanged", "a"),
        ("changed", "b"),
        ("removed", "c"),
        ("added", "n"),
        ("moved", "f"),
        ("renumbered", "d"),
        ("unchanged", "e"),
    ]


def test_compare_says_where_a_moved_one_stood_and_what_it_was_called():
    old = [passage("a"), passage("b"), passage("c"), passage("d")]
    new = [passage("d", "Other words.", label="Article 0"), passage("a"), passage("b"), passage("c")]

    moved = next(compare(old, new))

    assert (moved.kind, moved.is_moved, moved.stood_after) == ("changed", True, passage("c"))
    assert moved.former_label == "Article d"


def test_compare_marks_the_fewest_as_moved():
    old = [passage(key) for key in "abcdef"]
    new = [passage(key) for key in "fabcde"]

    assert [key for kind, key in kinds(old, new) if kind == "moved"] == ["f"]


def test_compare_of_headings_alone_is_a_change():
    [change] = compare([passage("a", heading="Duty")], [passage("a", heading="Duties")])

    assert change.kind == "changed"
    assert change.heading_words == (("del", "Duty"), ("ins", "Duties"))


def test_compare_paragraphs_an_inserted_one_leaves_the_following_alone():
    old = [passage("", text, label="p") for text in ("First here.", "Second here.", "Third here.")]
    new = [old[0], passage("", "Put in between.", label="p"), old[1], old[2]]

    assert [kind for kind, _ in kinds(old, new)] == ["unchanged", "added", "unchanged", "unchanged"]


def test_compare_paragraphs_one_that_keeps_most_words_is_changed():
    old = [passage("", text) for text in ("A duty to return large models.", "Who signs, asks.", "The end.")]
    new = [
        passage("", text)
        for text in ("Something that nobody wrote.", "A duty to return all large models.", "The end.")
    ]

    assert [kind for kind, _ in kinds(old, new)] == ["added", "changed", "removed", "unchanged"]


def test_compare_paragraphs_the_same_elsewhere_has_moved():
    old = [passage("", text) for text in ("One one.", "Two two.", "Three three.")]

    assert kinds(old, [old[2], old[0], old[1]]) == [
        ("moved", "Three three."),
        ("unchanged", "One one."),
        ("unchanged", "Two two."),
    ]


def test_compare_paragraphs_takes_no_number_for_a_change():
    old = [passage("", "Words.", label="paragraph 1")]

    assert kinds(old, [passage("", "Words.", label="paragraph 2")]) == [("unchanged", "Words.")]


@pytest.mark.parametrize("is_keyed", [True, False])
def test_compare_of_five_thousand_passages_takes_no_more_than_five_seconds(is_keyed):
    old = [passage(f"p{n}" if is_keyed else "", f"Passage {n} says {n % 7}. " * 20) for n in range(5_000)]
    new = [
        passage(each.key, each.text.replace("says", "tells" if n % 3 else "says"))
        for n, each in enumerate(reversed(old))
    ]
    start = time.perf_counter()

    changes = list(compare(old, new))

    assert time.perf_counter() - start < 5  # about half a second on a free machine
    assert [change.new for change in changes if change.new] == new


# --- Two frozen texts ---------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.sqlite
def test_redline_counts_in_words():
    old = frozen(("a", "1", "Two years."), ("b", "2", "Gone."), ("c", "3", "Same."))
    new = frozen(("a", "1", "Three years."), ("c", "2", "Same."), ("d", "3", "New."), ("e", "4", "New too."))

    assert redline_summary(redline(old, new)) == "1 changed, 2 added, 1 removed, 1 renumbered"


@pytest.mark.django_db
def test_redline_of_the_same_words_says_so():
    old, new = frozen(("a", "1", "Same."), title="One"), frozen(("a", "1", "Same."), title="Two")

    assert redline_summary(redline(old, new)) == "Every passage reads the same."


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["tests.other", "tests.unknown"])
def test_redline_of_other_kinds_is_refused(other):
    register_text_kind("tests.other", label="Other", draw=lambda text: text.title)
    plain = frozen(("a", "1", "Same."), kind=other)

    with pytest.raises(NotComparable):
        redline(frozen(("a", "1", "Same.")), plain)
    with pytest.raises(NotComparable):
        redline(plain, plain)


# --- How it is shown ----------------------------------------------------------------------


@pytest.mark.django_db
def test_draw_redline_marks_words_by_element_and_in_hidden_words():
    old = frozen(("a", "Article 1", "Return it within 24 months."))
    new = frozen(("a", "Article 1", "Return it within 36 months."))

    html = draw_redline(old, new)

    hidden = '<bdi class="visually-hidden" lang="en">'
    assert f"within <del>{hidden}[Removed: </bdi>24{hidden}] </bdi></del>" in html
    assert f"<ins>{hidden}[Added: </bdi>36{hidden}] </bdi></ins> months." in html
    assert '<p class="redline__sum">1 changed</p>' in html
    assert re.search(r'<a href="#change-1"><span lang="en" dir="auto">Article 1</span></a>', html)
    assert 'id="change-1"' in html


@pytest.mark.django_db
def test_draw_redline_folds_what_stayed():
    same = [(f"s{n}", f"Article {n}", "Same.") for n in range(3)]
    old = frozen(*same, ("a", "Article 8", "Old."), ("z", "Article 9", "Last."))
    new = frozen(*same, ("a", "Article 8", "New."), ("z", "Article 10", "Last."))

    html = draw_redline(old, new)

    assert "<summary>3 passages unchanged</summary>" in html
    assert "<summary>1 passage renumbered, its words unchanged</summary>" in html
    assert 'Before: <span lang="en" dir="auto">Article 9</span>' in html


@pytest.mark.django_db
def test_draw_redline_shows_a_lost_line_end():
    html = draw_redline(frozen(("a", "1", "One\n\ntwo")), frozen(("a", "1", "One\ntwo")))

    assert '<span aria-hidden="true">¶</span>\n' in html


@pytest.mark.django_db
def test_draw_redline_escapes_hostile_text():
    bad = "<script>alert(1)</script>"
    old = frozen(("a", bad, f"{bad} one"), ("b", bad, bad), title=bad)
    new = frozen(("a", f"{bad}{bad}", f"{bad} two"), ("c", bad, bad), title=bad)

    html = draw_redline(old, new)

    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 6


@pytest.mark.django_db
def test_draw_redline_names_the_language_of_a_passage():
    texts = [
        FrozenTextFactory(
            locale="de",
            payload={"passages": [{"key": "a", "label": "Frage 1", "text": text, "language": "fr"}]},
        )
        for text in ("avant", "après")
    ]

    html = draw_redline(*texts)

    assert '<span lang="de" dir="auto">Frage 1</span>' in html
    assert '<p class="redline__words" lang="fr" dir="auto">' in html


@pytest.mark.django_db
def test_draw_redline_that_cannot_be_compared_leads_to_both_texts():
    old, new = frozen(("a", "1", "Same.")), frozen(("a", "1", "Same."), kind="tests.other")

    html = draw_redline(old, new)

    assert "These two texts cannot be compared passage by passage. Read both in full." in html
    assert reverse("frozen_text", args=[old.digest]) in html
    assert reverse("frozen_text", args=[new.digest]) in html


@pytest.mark.django_db
def test_draw_redline_twice_on_a_page_has_anchors_of_its_own():
    old, new = frozen(("a", "1", "Old.")), frozen(("a", "1", "New."))

    html = draw_redline(old, new, id_prefix="second-", heading_level=4)

    assert 'id="second-1"' in html
    assert 'href="#second-1"' in html
    assert "<h4>" in html


# --- The page -----------------------------------------------------------------------------


def address(old, new):
    return reverse("frozen_text_changes", args=[old.digest, new.digest])


@pytest.mark.django_db
@pytest.mark.sqlite
def test_changes_page_shows_both_texts_and_what_changed(client):
    old = frozen(("a", "1", "Old words."), title="Before it")
    new = frozen(("a", "1", "New words."), title="After it")

    response = client.get(address(old, new))

    page = response.content.decode()
    assert response.status_code == 200
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "Before it" in page
    assert "After it" in page
    assert old.digest in page
    assert ">New<" in page


@pytest.mark.django_db
@pytest.mark.parametrize("item_count", [1, 3])
def test_changes_page_takes_two_queries(client, django_assert_num_queries, item_count):
    rows = [(f"a{n}", str(n)) for n in range(item_count)]
    old, new = frozen(*((*row, "Old.") for row in rows)), frozen(*((*row, "New.") for row in rows))

    with django_assert_num_queries(2):
        client.get(address(old, new))


@pytest.mark.django_db
def test_changes_page_of_one_text_says_that_nothing_changed(client):
    text = frozen(("a", "1", "Words."))

    assert "one and the same text" in client.get(address(text, text)).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("known_first", [True, False])
def test_changes_page_of_an_unknown_digest_is_not_found(client, known_first):
    digests = [frozen(("a", "1", "Words.")).digest, "0" * 64]

    response = client.get(reverse("frozen_text_changes", args=digests if known_first else digests[::-1]))

    assert response.status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_changes_page_refuses_other_methods(client, method):
    text = frozen(("a", "1", "Words."))

    assert getattr(client, method)(address(text, text)).status_code == 405
