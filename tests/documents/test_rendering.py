"""The renderer: what it makes, and that nothing a document says gets out of its process."""

import base64
import hashlib
import io
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import unicodedata
import zlib
from pathlib import Path
from shutil import which

import pikepdf
import pytest
from django.template import engines
from django.template.loader import render_to_string

from campaign.documents import children as child_processes
from campaign.documents import rendering
from campaign.documents.builders import Embedded
from campaign.documents.models import FrozenText
from campaign.documents.rendering import RendererCrashed, RenderFailed, run_renderer
from tests.factories.documents import MOMENT
from tests.tools.verapdf import validate

RENDERER = Path(rendering.__file__).with_name("renderer.py")
DIGEST = hashlib.sha256(b"a frozen text").hexdigest()
SECRET = "TOPSECRET-4711"


def page(body, *, lang="en", title="A test"):
    return f'<!doctype html><html lang="{lang}"><head><title>{title}</title></head><body>{body}</body></html>'


def rendered(body, **parts):
    return run_renderer(html=page(body, **parts), title="A test", digest=DIGEST, moment=MOMENT)


def framed(body):
    """A document in the frame that every room's documents use."""
    text = FrozenText(title="Return the models", digest=DIGEST, frozen_at=MOMENT)
    frame = "{% extends 'documents/pdf/base.html' %}"
    blocks = f"{{% block body %}}{body}{{% endblock %}}"
    listed = "<nav class='contents'><h2>Contents</h2><ol><li><a href='#one'>One</a></li></ol></nav>"
    contents = f"{{% block contents %}}{listed}{{% endblock %}}"
    html = (
        engines["django"]
        .from_string(frame + contents + blocks)
        .render({"frozen_text": text, "reference": "Ref. 7", "running_title": "The models"})
    )
    return run_renderer(html=html, title=text.title, digest=DIGEST, moment=MOMENT)


SAMPLE = """
<h2 id="one" class="numbered">First part</h2>
<div class="question"><p class="label">Question 1</p><p>What is asked?</p></div>
<div class="answer"><p>An answer<span class="footnote">A source.</span> with <a href="https://example.org/">a link</a>.</p>
<ul><li>a point</li></ul></div>
<table><thead><tr><th scope="col">Country</th><th scope="col" class="number">Signatures</th></tr></thead>
<tbody><tr><th scope="row">Czechia</th><td class="number">12</td></tr></tbody></table>
<svg width="20" height="20" xmlns="http://www.w3.org/2000/svg"><title>A square</title><path d="M0 0h20v20z"/></svg>
"""


def text_of(pdf, *options):
    shown = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    marks_of_direction = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", shown)
    return " ".join(unicodedata.normalize("NFKC", marks_of_direction).split())


@pytest.fixture(scope="module")
def sample():
    return framed(SAMPLE)


@pytest.fixture
def opened(sample):
    with pikepdf.open(io.BytesIO(sample.content)) as pdf:
        yield pdf


def elements(pdf):
    """All structure elements below the document element, in reading order."""

    def below(element):
        yield element
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from below(kid)

    return list(below(pdf.Root.StructTreeRoot.K[0]))


# --- What is made -----------------------------------------------------------------


def test_renderer_begins_long_contents_below_their_heading():
    below = "".join(f"<li><a href='#one'>Entry {number}</a></li>" for number in range(80))
    listed = f"<nav class='contents'><h2>Contents</h2><ol><li><a href='#one'>All</a><ol>{below}</ol></li></ol></nav>"

    pdf = rendered(f"{listed}<main class='body'><h2 id='one'>One</h2></main>").content

    assert text_of(pdf, "-l", "1").startswith("Contents All 4 Entry 0 4")


def test_renderer_makes_the_same_bytes_twice(sample):
    again = framed(SAMPLE)

    assert again == sample


EMBEDDED = [
    Embedded(name="a table.csv", content=b"a,b\r\n1,2\r\n", media_type="text/csv", description="A table"),
    Embedded(
        name="data.json",
        content=b"{}",
        media_type="application/json",
        description="Data",
        relationship="Source",
    ),
]


def with_files(body=SAMPLE):
    return run_renderer(
        html=page(body), title="A test", digest=DIGEST, moment=MOMENT, embedded=EMBEDDED
    ).content


def test_pdf_carries_the_files_that_the_order_brings():
    with pikepdf.open(io.BytesIO(with_files())) as pdf:
        found = {
            name: (
                spec.get_file().read_bytes(),
                str(spec.get_file().mime_type),
                spec.description,
                str(spec.obj.AFRelationship),
            )
            for name, spec in pdf.attachments.items()
        }
        associated = [str(spec.UF) for spec in pdf.Root.AF]

    assert found == {
        "a table.csv": (b"a,b\r\n1,2\r\n", "text/csv", "A table", "/Data"),
        "data.json": (b"{}", "application/json", "Data", "/Source"),
    }
    assert associated == ["a table.csv", "data.json"]


def test_pdf_with_files_is_the_same_bytes_twice():
    assert with_files() == with_files()


@pytest.mark.skipif(
    bool(validate.missing()), reason=f"{validate.missing()}; see tests/tools/verapdf/validate.py"
)
def test_pdf_with_files_and_full_list_items_conforms_to_both_standards(tmp_path):
    first = "<li><p>a</p><blockquote><p>b</p></blockquote><pre>c</pre></li>"
    items = f"<ul>{first}<li><blockquote><p>d</p></blockquote><p>e</p></li></ul>"
    file = tmp_path / "with files.pdf"
    file.write_bytes(with_files(SAMPLE + items))

    outcome = validate.validate(file)

    assert outcome.returncode == 0, outcome.stdout


def test_headings_leave_no_level_out_whatever_people_wrote():
    written = "<h1>a</h1><h2>b</h2><h4>c</h4><h4>d</h4><h3>e</h3><h2>f</h2><h5>g</h5>"

    with pikepdf.open(io.BytesIO(rendered(written).content)) as pdf:
        tagged = [str(element.S) for element in elements(pdf) if str(element.S).startswith("/H")]

    assert tagged == ["/H1", "/H2", "/H3", "/H3", "/H3", "/H2", "/H3"]


def test_list_item_with_a_quotation_has_it_in_its_body():
    made = rendered("<ul><li><p>a</p><blockquote><p>b</p></blockquote></li></ul>").content

    with pikepdf.open(io.BytesIO(made)) as pdf:
        items = [element for element in elements(pdf) if element.S == "/LI"]
        kids = [[str(kid.S) for kid in item.K] for item in items]
    assert kids == [["/Lbl", "/LBody"]]


def test_renderer_makes_other_bytes_for_another_digest(sample):
    other = run_renderer(html=page("<p>a</p>"), title="A test", digest="0" * 64, moment=MOMENT)

    assert other.content != rendered("<p>a</p>").content


def test_pdf_has_title_language_and_the_dates_of_its_text(opened):
    info = opened.docinfo

    assert str(opened.Root.Lang) == "en"
    assert str(info["/Title"]) == "Return the models"
    assert str(info["/CreationDate"]) == str(info["/ModDate"]) == "D:20260201123000Z"
    assert str(info["/Creator"]) == "Reclaim"
    assert bytes(opened.trailer["/ID"][0]) == DIGEST[:32].encode()
    assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)


def test_pdf_claims_both_standards(opened):
    with opened.open_metadata() as metadata:
        claims = {name: metadata[name] for name in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")}

    assert claims == {"pdfaid:part": "3", "pdfaid:conformance": "A", "pdfuaid:part": "1"}


def test_pdf_is_tagged_by_what_things_are(opened):
    tags = [str(element.S) for element in elements(opened)]

    assert bool(opened.Root.MarkInfo.Marked)
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TR", "/TH", "/TD", "/Link", "/Figure"} <= set(tags)


def test_pdf_table_headers_say_what_they_head(opened):
    scopes = [str(element.A.Scope) for element in elements(opened) if element.S == "/TH"]

    assert scopes == ["/Column", "/Column", "/Row"]


def test_pdf_picture_is_described(opened):
    figures = [str(element.Alt) for element in elements(opened) if element.S == "/Figure"]

    assert figures == ["A square"]


def test_pdf_running_heads_are_no_part_of_the_text(opened):
    second = opened.pages[1]
    marks = [
        (str(step.operands[0]), "/MCID" in (step.operands[1] if len(step.operands) > 1 else {}))
        for step in pikepdf.parse_content_stream(second)
        if str(step.operator) in {"BDC", "BMC"}
    ]

    owned = opened.Root.StructTreeRoot.ParentTree.Nums[3]
    assert ("/Artifact", False) in marks
    assert sum(has_number for _tag, has_number in marks) == sum(owner is not None for owner in owned)


def test_pdf_fonts_are_embedded_and_ours(opened):
    fonts = {
        str(font.BaseFont): font.DescendantFonts[0].FontDescriptor
        for page in opened.pages
        for font in page.Resources.Font.values()
    }

    assert all("/FontFile2" in descriptor for descriptor in fonts.values())
    assert {name.partition("+")[2].partition("-")[0] for name in fonts} == {"Reclaim"}


def test_pdf_text_reads_back_with_page_numbers_and_digest(sample):
    text = text_of(sample.content)

    assert sample.page_count == 2
    assert "Contents One 2" in text
    assert "Page 1 of 2" in text
    assert "Ref. 7" in text
    assert "The models" in text
    assert "First part" in text
    assert "What is asked?" in text
    assert f"SHA-256 digest of the frozen text this document was made from: {DIGEST}" in text


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "All human beings are born “free” and equal: 10²⁵ ≥ 20 %."),
        ("cs", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
        ("el", "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι."),
        ("uk", "Ґ, є, і, ї: рівними у своїй гідності."),
        ("ar", "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق"),
        ("he", "כל בני האדם נולדו בני חורין ושווים בערכם"),
        ("hi", "सभी मनुष्यों को गौरव और अधिकारों के मामले में स्वतन्त्रता, क्षत्रिय, कार्य"),
    ],
)
def test_pdf_text_reads_back_in_each_script(lang, sentence):
    direction = "rtl" if lang in {"ar", "he"} else "ltr"

    pdf = rendered(f'<p lang="{lang}" dir="{direction}">{sentence}</p>').content

    assert text_of(pdf) == unicodedata.normalize("NFKC", sentence)


@pytest.mark.parametrize("sentence", ["모든 인간은 태어날 때부터 자유로우며"])
def test_pdf_text_in_hangul_reads_back_or_names_what_is_missing(sentence):
    try:
        pdf = rendered(f"<p>{sentence}</p>").content
    except RenderFailed as failure:
        assert failure.reason.startswith(f"glyphs:U+{min(map(ord, sentence.replace(' ', ''))):04X}")  # noqa: PT017
    else:
        assert text_of(pdf) == sentence


def test_character_without_any_font_fails_with_its_name():
    with pytest.raises(RenderFailed) as failure:
        rendered("<p>a \U0010fffd b</p>")

    assert failure.value.reason == "glyphs:U+10FFFD"
    assert "U+10FFFD" in str(failure.value)


def test_fingerprint_names_versions_look_and_fonts_from_the_system():
    facts = json.loads(rendered('<p lang="ar">الناس</p>').fingerprint)

    assert {"weasyprint", "pydyf", "pango", "harfbuzz", "fonttools", "look", "system_fonts"} <= set(facts)
    assert all(re.fullmatch("[0-9a-f]{16}", digest) for digest in facts["system_fonts"].values())
    assert facts["system_fonts"]


def test_vendored_fonts_are_those_on_record():
    folder = RENDERER.parent / "fonts"
    record = (folder / "VENDORED.md").read_text()
    rows = dict(re.findall(r"\| (\S+\.\w+) \| .* \| ([0-9a-f]{64}) \|", record))

    assert rows == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "VENDORED.md"
    }


@pytest.mark.parametrize(
    "html",
    [
        page("<p>a</p>", lang=""),
        page("<p>a</p>", title=" "),
        "<p>neither title nor language</p>",
        page('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==">'),
        page('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'),
    ],
    ids=["language", "title", "both", "picture", "drawing"],
)
def test_document_that_not_everybody_could_read_fails(html):
    with pytest.raises(RenderFailed) as failure:
        run_renderer(html=html, title="A test", digest=DIGEST, moment=MOMENT)

    assert failure.value.reason == "inaccessible"


@pytest.mark.skipif(
    bool(validate.missing()), reason=f"{validate.missing()}; see tests/tools/verapdf/validate.py"
)
def test_pdf_conforms_to_pdf_ua_1_and_pdf_a_3a(sample, tmp_path):
    scripts = rendered(
        '<p lang="hi">कार्य</p><p lang="ar" dir="rtl">الناس</p><p>a <a href="#nowhere">dead link</a></p>'
    )
    files = [tmp_path / "sample.pdf", tmp_path / "scripts.pdf"]
    for file, pdf in zip(files, [sample, scripts], strict=True):
        file.write_bytes(pdf.content)

    outcome = validate.validate(*files)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert outcome.stdout.count("PASS") == 4


# --- What cannot get out ------------------------------------------------------------


@pytest.fixture(scope="module")
def listener():
    """A server on this machine that counts who calls."""
    callers = []
    server = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            try:
                caller, _address = server.accept()
            except OSError:
                return
            callers.append(caller.getpeername())
            caller.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield server.getsockname()[1], callers
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def data_svg(inner, head=""):
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    svg = f'{head}<svg {names} width="99" height="20">{inner}</svg>'
    return f'<img alt="a" src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


ESCAPES = {
    "attached file": '<link rel="attachment" href="file://{secret}"><p>a',
    "attached file in a link": '<a rel="attachment" href="file://{secret}">a</a>',
    "file as picture": '<img alt="a" src="file://{secret}">',
    "file as style": '<link rel="stylesheet" href="file://{secret}"><p>a',
    "file by relative path": '<base href="file:///tmp/"><img alt="a" src="x.png">',
    "picture from a server": '<img alt="a" src="http://127.0.0.1:{port}/a">',
    "picture over ftp": '<img alt="a" src="ftp://127.0.0.1:{port}/a">',
    "base address": '<base href="http://127.0.0.1:{port}/"><img alt="a" src="a">',
    "imported style": '<style>@import "http://127.0.0.1:{port}/a.css";</style><p>a',
    "font from a server": "<style>@font-face{{font-family:z;src:url(http://127.0.0.1:{port}/a)}}p{{font-family:z}}</style><p>a",
    "font file": "<style>@font-face{{font-family:z;src:url(file://{secret})}}p{{font-family:z}}</style><p>a",
    "background": '<p style="background:url(http://127.0.0.1:{port}/a)">a',
    "generated content": "<style>p::before{{content:url(file://{secret})}}</style><p>a",
    "picture in a drawing": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>a</title>'
    '<image href="http://127.0.0.1:{port}/a" width="9" height="9"/></svg>',
    "object": '<object data="file://{secret}">a</object>',
    "frame": '<iframe src="http://127.0.0.1:{port}/a"></iframe>',
}


def assert_holds_no_secret(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        streams = [item.read_bytes() for item in opened.objects if isinstance(item, pikepdf.Stream)]
        assert "/EmbeddedFiles" not in opened.Root.get("/Names", {})
    assert not any(SECRET.encode() in stream for stream in [pdf, *streams])
    assert SECRET not in text_of(pdf)


@pytest.mark.parametrize("case", ESCAPES)
def test_document_reaches_neither_file_nor_server(case, listener, tmp_path):
    port, callers = listener
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)

    try:
        pdf = rendered(ESCAPES[case].format(secret=secret, port=port)).content
    except RenderFailed as failure:
        assert failure.reason == "outside"  # noqa: PT017  either outcome is right
    else:
        assert_holds_no_secret(pdf)
    assert callers == []


@pytest.mark.parametrize(
    ("inner", "scheme"),
    [
        ('<image href="{address}" width="9" height="9"/>', "file://{secret}"),
        ('<image xlink:href="{address}" width="9" height="9"/>', "http://127.0.0.1:{port}/a"),
        ('<use href="{address}#a"/>', "file://{secret}"),
        ('<use href="{address}#a"/>', "http://127.0.0.1:{port}/a"),
    ],
)
def test_drawing_inside_a_picture_reaches_neither_file_nor_server(inner, scheme, listener, tmp_path):
    port, callers = listener
    secret = tmp_path / "secret.svg"
    secret.write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><text id="a" y="9">{SECRET}</text></svg>')
    address = scheme.format(secret=secret, port=port)

    try:
        pdf = rendered(data_svg(inner.format(address=address))).content
    except RenderFailed as failure:
        assert failure.reason in {"outside", "picture"}  # noqa: PT017  either outcome is right
    else:
        assert_holds_no_secret(pdf)
    assert callers == []


def test_drawing_with_an_external_entity_reads_no_file(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    head = f'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file://{secret}">]>'

    try:
        pdf = rendered(data_svg('<text y="9">&x;</text>', head)).content
    except RenderFailed as failure:
        assert failure.reason == "picture"  # noqa: PT017  either outcome is right
    else:
        assert_holds_no_secret(pdf)


@pytest.mark.parametrize(
    "act",
    [
        "open({secret!r})",
        "open({secret!r}, 'w')",
        "__import__('os').open({secret!r}, 0)",
        "open('/etc/passwd')",
        "__import__('socket').create_connection(('127.0.0.1', {port}))",
        "__import__('socket').getaddrinfo('localhost', 80)",
        "__import__('subprocess').run(['true'])",
        "__import__('os').system('true')",
        "__import__('urllib.request').request.urlopen('http://127.0.0.1:{port}/')",
    ],
)
def test_process_that_gave_up_files_and_connections_cannot_take_them_back(act, listener, tmp_path):
    port, callers = listener
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    program = f"""
import runpy, sys
sys.argv = ["renderer"]
renderer = runpy.run_path({str(RENDERER)!r}, run_name="renderer")
import socket, subprocess, urllib.request
renderer["give_up_files_and_connections"]()
try:
    {act.format(secret=str(secret), port=port)}
except renderer["Refused"]:
    print("refused")
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "refused\n"
    assert secret.read_text() == SECRET
    assert callers == []


def test_renderer_is_not_given_the_workers_environment(monkeypatch):
    monkeypatch.setenv("RECLAIM_DATA_KEYS", SECRET)

    environment = child_processes._environment("/tmp/folder", 0)  # noqa: S108  a name only

    assert set(environment) <= {
        "LC_ALL", "TZ", "TMPDIR", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "SOURCE_DATE_EPOCH", "XDG_CACHE_HOME",
        *child_processes.PASSED_ON,
    }  # fmt: skip


# --- Limits -------------------------------------------------------------------------


def png_bomb(side=30_000):
    """A few kilobytes that claim to be a picture of 900 million dots."""
    packer = zlib.compressobj(9)
    row = bytes(side // 8 + 1)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()

    def chunk(kind, content):
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return f'<img alt="a" src="data:image/png;base64,{base64.b64encode(png).decode()}">'


ENDLESS = "<p>" + "lorem ipsum dolor " * 110_000


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (ENDLESS, "too_long"),
        ('<div style="display:grid;grid-template-columns:repeat(100000000,1px)">a</div>', "too_long"),
        ("<style>@page{size:5mm 5mm;margin:0}</style><p>" + "word " * 4000, "too_long"),
        ("<div>" * 300 + "a", "nesting"),
        ("<style>p{width:calc(" + "(" * 2000 + "1px" + ")" * 2000 + ")}</style><p>a", "nesting"),
        ('<table><tr><td colspan="1000000000">a</table>', "too_large"),
        (png_bomb(), "picture"),
    ],
    ids=["endless paragraph", "grid", "tiny pages", "nested", "nested formula", "wide cell", "picture bomb"],
)
def test_document_that_asks_too_much_fails_and_says_why(body, reason, settings):
    settings.RENDER_SECONDS = 3
    settings.RENDER_MEMORY_MB = 1024

    started = time.monotonic()
    with pytest.raises(RenderFailed) as failure:
        rendered(body)

    assert failure.value.reason == reason
    assert str(failure.value)
    assert time.monotonic() - started < 30


def test_document_that_needs_too_much_memory_fails(settings):
    settings.RENDER_MEMORY_MB = 400
    rows = "<tr><td>a</td><td>b</td><td>c</td></tr>" * 6000

    with pytest.raises(RenderFailed) as failure:
        rendered(f"<table>{rows}</table>")

    assert failure.value.reason == "too_large"


def test_document_of_too_many_bytes_starts_no_renderer(monkeypatch):
    monkeypatch.setattr(rendering, "MAX_HTML_BYTES", 1000)

    with pytest.raises(RenderFailed) as failure:
        rendered("a" * 1000)

    assert failure.value.reason == "too_large"


def children():
    """Process ids of renderers that this process started and that still run."""
    found = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-f", "renderer.py"], capture_output=True, text=True, check=False
    )
    return [int(line) for line in found.stdout.split()]


def during_rendering(act, body=ENDLESS):
    """Call `act` with the renderer's process id while it is at work; gives what the rendering raised."""
    raised = []

    def run():
        try:
            rendered(body)
        except (RenderFailed, RendererCrashed) as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    until = time.monotonic() + 20
    while not children() and time.monotonic() < until:
        time.sleep(0.05)
    act(children()[0])
    thread.join(60)
    return raised[0]


needs_pgrep = pytest.mark.skipif(which("pgrep") is None, reason="pgrep is not installed (procps)")


@needs_pgrep
def test_renderer_killed_from_outside_is_a_crash(settings):
    settings.RENDER_SECONDS = 20

    error = during_rendering(lambda pid: os.kill(pid, signal.SIGKILL))

    assert isinstance(error, RendererCrashed)
    assert children() == []


@needs_pgrep
def test_renderer_that_stands_still_is_ended_by_the_clock_on_the_wall(settings, monkeypatch):
    settings.RENDER_SECONDS = 2
    monkeypatch.setattr(child_processes, "GRACE_SECONDS", 1)

    error = during_rendering(lambda pid: os.kill(pid, signal.SIGSTOP))

    assert isinstance(error, RenderFailed)
    assert error.reason == "too_long"
    assert children() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has ended")
def test_renderer_ends_with_the_worker_that_started_it(tmp_path):
    order = tmp_path / "order.json"
    job = {"html": page(ENDLESS), "title": "t", "identifier": "0", "moment": "2026-01-01T00:00:00Z"}
    order.write_text(json.dumps(job))
    program = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, {str(RENDERER)!r}, "30", "1024"], stdin=open({str(order)!r}), stdout=subprocess.DEVNULL)
print(child.pid, flush=True)
time.sleep(60)
"""
    worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    renderer = int(worker.stdout.readline())
    until = time.monotonic() + 20
    while "libpango" not in Path(f"/proc/{renderer}/maps").read_text() and time.monotonic() < until:
        time.sleep(0.05)

    worker.kill()
    worker.wait()
    worker.stdout.close()

    while Path(f"/proc/{renderer}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{renderer}").exists()


def test_renderer_leaves_no_file_behind(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    rendered("<p>a</p>")

    assert list(tmp_path.iterdir()) == []


def test_frame_is_complete_without_any_block():
    text = FrozenText(title="Only <b>a</b> title", digest=DIGEST, frozen_at=MOMENT)

    html = render_to_string("documents/pdf/base.html", {"frozen_text": text})

    pdf = run_renderer(html=html, title=text.title, digest=DIGEST, moment=MOMENT).content
    assert "Only <b>a</b> title" in text_of(pdf)
