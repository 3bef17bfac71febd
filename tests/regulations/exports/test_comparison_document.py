"""The PDF of a comparison."""

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest

from campaign.documents.builders import builder_for
from campaign.documents.canonical import canonical_json, digest_of
from campaign.documents.models import FrozenText
from campaign.documents.rendering import run_renderer
from campaign.documents.text_kinds import text_kind
from campaign.regulations.blocks import Writing, writing_as_data
from tests.factories.documents import MOMENT
from tests.regulations.exports.samples import REDLINE, TABLE, line, span
from tests.tools.verapdf import validate

KIND = "regulations.comparison"


def frozen(writing):
    data = writing_as_data(writing)
    return FrozenText(
        kind=KIND,
        title=writing.title,
        locale=writing.language,
        payload=canonical_json(data).decode(),
        digest=digest_of(data),
        frozen_at=MOMENT,
    )


def rendered(writing):
    text = frozen(writing)
    source = builder_for(KIND)(text, "en")
    return run_renderer(html=source.html, title=source.title, digest=text.digest, moment=MOMENT).content


def elements(pdf):
    def below(element):
        yield element
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from below(kid)

    return list(below(pdf.Root.StructTreeRoot.K[0]))


BOTH = Writing("Both", "en", (*REDLINE.blocks, *TABLE.blocks), (*REDLINE.notes, "It is no legal advice."))


@pytest.fixture(scope="module")
def both():
    return rendered(BOTH)


def test_document_has_headings_and_table_headers_with_scope(both):
    with pikepdf.open(io.BytesIO(both)) as pdf:
        found = elements(pdf)
        kinds = [str(element.S) for element in found]
        scopes = [str(element.A.Scope) for element in found if str(element.S) == "/TH" and "/A" in element]

    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= set(kinds)
    assert scopes == ["/Column", "/Column"]


def test_document_says_the_text_its_digest_and_that_it_is_no_advice(both):
    said = subprocess.run(
        ["pdftotext", "-", "-"], input=both, capture_output=True, check=True
    ).stdout.decode()

    for words in (
        "Editions 1.0 and 1.1 are compared.",
        "[Added:",
        "[Removed:",
        "longer summary",
    ):
        assert words in said
    assert said.casefold().count("legal advice") == 1
    assert digest_of(writing_as_data(BOTH)) in said


def test_document_gives_the_same_bytes_twice():
    assert rendered(TABLE) == rendered(TABLE)


def test_document_has_a_name_though_its_title_has_no_letters_for_one():
    text = frozen(Writing("비교", "ko", (line(span("x")),)))

    assert builder_for(KIND)(text, "en").file_name == f"comparison-{text.digest[:12]}.pdf"


def test_frozen_comparison_is_shown_on_a_page():
    assert '<h3 class="writing__title">Amendments</h3>' in text_kind(KIND).draw(frozen(TABLE))


@pytest.mark.skipif(
    bool(validate.missing()), reason=f"{validate.missing()}; see tests/tools/verapdf/validate.py"
)
def test_document_conforms_to_pdf_ua_and_pdf_a(both, tmp_path: Path):
    file = tmp_path / "both.pdf"
    file.write_bytes(both)

    outcome = validate.validate(file)

    assert outcome.returncode == 0, outcome.stdout
