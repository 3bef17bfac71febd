"""Long lists in chunks: drawn by the press, joined with their tags, and nothing of them left behind."""

import io
import os
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from campaign.documents import chunks
from campaign.documents.children import NoLongerWanted, RendererCrashed, RenderFailed
from campaign.documents.chunks import join_chunks, render_chunk, stop_presses
from tests.tools.verapdf import validate

MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_press_left():
    yield
    stop_presses()


def page(lines, *, first=1):
    text = "\n".join(lines)
    return (
        f'<!doctype html><html lang="en"><head><title>Names</title><style>@page :first {{ counter-reset: page {first} }}'
        f'</style></head><body><div class="running-head"><p>Names</p></div>'
        f'<div class="page-number"><p>Page <span class="this-page"></span></p></div>'
        f"<main><pre>\n{text}</pre></main></body></html>"
    )


def chunk(lines, *, first=1, **values):
    return render_chunk(
        html=page(lines, first=first), title="Names", digest="ab" * 32, moment=MOMENT, **values
    )


def words(content):
    return [each.extract_text() for each in PdfReader(io.BytesIO(content)).pages]


def test_chunk_has_64_lines_on_each_page():
    made = chunk(f"Name {n}" for n in range(129))

    assert (made.page_count, made.replaced) == (3, 0)
    lines = [[line for line in text.splitlines() if line.startswith("Name ")] for text in words(made.content)]
    assert [len(each) for each in lines] == [64, 64, 1]


def test_line_height_is_the_same_for_every_script():
    names = ["Ada Łukasz", "محمد علي", "김민수", "अनन्या", "Ольга", "דוד", "王伟", "ภาณุ", "𠮷野"]

    assert chunk(names[n % len(names)] for n in range(128)).page_count == 2


def test_higher_lines_stand_between_others_in_their_order():
    made = render_chunk(
        html=page(["Ada", "Bo"]).replace("</pre>", '</pre><p class="two">Cy</p><pre class="new">\nDi</pre>'),
        title="Names",
        digest="ab" * 32,
        moment=MOMENT,
    )

    lines = [line for text in words(made.content) for line in text.splitlines()]
    assert [line for line in lines if line in {"Ada", "Bo", "Cy", "Di"}] == ["Ada", "Bo", "Cy", "Di"]
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert paragraphs_below(pdf.Root.StructTreeRoot.K[0]) == 4


def test_page_is_full_with_its_64th_line_whatever_the_scripts():
    names = ["김민수", "王伟", "佐藤 花子", "محمد علي", "अनन्या", "Ada"]
    full = "\n".join(names[n % len(names)] for n in range(64))
    pages = f'<pre>\n{full}</pre><pre class="new">\n{full}</pre>'

    made = render_chunk(
        html=page([]).replace("<pre>\n</pre>", pages), title="Names", digest="ab" * 32, moment=MOMENT
    )

    assert made.page_count == 2


def test_equal_input_gives_equal_bytes():
    assert chunk(["Ada"]).content == chunk(["Ada"]).content


def test_character_without_a_font_becomes_a_square_and_is_counted():
    made = chunk(["Ada \U0010fffd", "Bo", "Cy \U000e0fff\U0010fffd"])

    assert made.replaced == 2
    assert "Bo" in words(made.content)[0]


@pytest.mark.parametrize(
    "hostile", ['<img src="file:///etc/passwd">', "<style>@import url(http://127.0.0.1/x.css);</style>"]
)
def test_markup_that_slipped_through_reaches_nothing(hostile):
    with pytest.raises(RenderFailed) as caught:
        chunk([hostile])

    assert caught.value.reason == "outside"


def test_press_that_refused_one_order_does_the_next():
    with pytest.raises(RenderFailed):
        chunk(['<img src="file:///etc/passwd">'])

    assert chunk(["Ada"]).page_count == 1


def test_memory_is_bounded(settings):
    settings.RENDER_MEMORY_MB = 300

    with pytest.raises(RenderFailed) as caught:
        chunk("Name" for _n in range(60_000))

    assert caught.value.reason == "too_large"


def test_work_that_is_not_wanted_ends_within_two_seconds():
    chunk(["Ada"])
    started = time.monotonic()

    with pytest.raises(NoLongerWanted):
        chunk((f"Name {n}" for n in range(30_000)), is_wanted=lambda: False)

    assert time.monotonic() - started < 4  # two, and a busy machine


def test_press_that_is_killed_is_replaced():
    chunk(["Ada"])
    os.kill(chunks._kept.press.process.pid, signal.SIGKILL)
    chunks._kept.press.process.wait()

    assert chunk(["Ada"]).page_count == 1


def test_press_killed_at_work_is_a_crash():
    chunk(["Ada"])

    def kill():
        os.kill(chunks._kept.press.process.pid, signal.SIGKILL)
        return True

    with pytest.raises(RendererCrashed):
        chunk((f"Name {n}" for n in range(20_000)), is_wanted=kill)


def paragraphs_below(element):
    if not hasattr(element, "S"):
        return 0
    kids = element.K if isinstance(element.K, pikepdf.Array) else [element.K]
    return int(element.S == "/P") + sum(
        paragraphs_below(kid) for kid in kids if isinstance(kid, pikepdf.Dictionary)
    )


def owners_of(tree, number):
    """How many paragraphs the tree names for the marked content of one page."""
    for leaf in tree.Kids:
        names = list(leaf.Nums)
        for key, owners in zip(names[::2], names[1::2], strict=True):
            if int(key) == number:
                return sum(1 for owner in owners if owner is not None and owner.S == "/P")
    return None


def test_joined_file_has_every_page_and_tag_in_order():
    parts = [
        chunk([f"{letter}{n}" for n in range(64)], first=number) for number, letter in enumerate("ABC", 1)
    ]

    joined = join_chunks(chunks=[each.content for each in parts], moment=MOMENT)

    assert joined.page_count == 3
    assert [text.split("Page ")[1].split()[0] for text in words(joined.content)] == ["1", "2", "3"]
    with pikepdf.open(io.BytesIO(joined.content)) as pdf:
        root = pdf.Root.StructTreeRoot
        numbers = [int(each.obj.StructParents) for each in pdf.pages]
        assert (len(root.K), len(set(numbers))) == (1, 3)
        assert paragraphs_below(root.K[0]) == 192
        assert owners_of(root.ParentTree, numbers[2]) == 64


def test_joined_twice_gives_the_same_bytes():
    parts = [chunk(["Ada"]).content, chunk(["Bo"], first=2).content]

    assert (
        join_chunks(chunks=parts, moment=MOMENT).content == join_chunks(chunks=parts, moment=MOMENT).content
    )


def test_something_else_than_chunks_is_refused():
    with pytest.raises(RenderFailed):
        join_chunks(chunks=[b"%PDF-1.7 and no more"], moment=MOMENT)


def test_nothing_is_left_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    parts = [chunk(["Wilhelmina Rare"]).content]
    join_chunks(chunks=parts, moment=MOMENT)

    found = subprocess.run(
        ["grep", "-rl", "Wilhelmina", str(tmp_path)], capture_output=True, check=False
    ).stdout
    stop_presses()

    assert found == b""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(
    bool(validate.missing()), reason=f"{validate.missing()}; see tests/tools/verapdf/validate.py"
)
def test_joined_file_is_pdfua_and_pdfa(tmp_path: Path):
    names = ["Ada Łukasz", "محمد علي", "김민수", "अनन्या", "דוד", "王伟", "x \U0010fffd"]
    parts = [
        chunk((names[n % len(names)] for n in range(128)), first=1).content,
        chunk((names[n % len(names)] for n in range(128)), first=3).content,
    ]
    file = tmp_path / "names.pdf"
    file.write_bytes(join_chunks(chunks=parts, moment=MOMENT).content)

    outcome = validate.validate(file)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
