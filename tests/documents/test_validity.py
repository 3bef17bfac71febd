"""Every kind of PDF that this site makes conforms to PDF/UA-1 and PDF/A-3a, before and after it is sealed: what veraPDF says."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from campaign.consultations.documents import build_filing
from campaign.documents import builders
from campaign.documents.formats import PDF
from campaign.documents.models import FrozenText
from campaign.documents.sealing import seal_pdf
from campaign.documents.services import freeze_text, render_source
from campaign.organizations.services import confirm_endorsement
from campaign.petitions.documents import build_handover
from campaign.petitions.services import number_waiting_signatures
from campaign.regulations.blocks import Writing, writing_as_data
from campaign.regulations.documents import build_comparison_document, build_edition_document
from campaign.regulations.services import import_template
from tests.consultations.filing_sample import fixed, own_part, question
from tests.factories.documents import MOMENT
from tests.factories.organizations import EndorsementFactory
from tests.factories.petitions import ConfirmedSignatureFactory, DemandFactory, HandoverFactory
from tests.regulations.exports.samples import REDLINE, TABLE
from tests.tools.verapdf import validate

pytestmark = pytest.mark.django_db

LIBRARY = Path(__file__).resolve().parents[2] / "campaign/regulations/data"
MUCH = """A paragraph[^study] with **bold**, *slanted*, `code`, and [a link](https://example.org/).

1. one
2. two
   - deeper
   - > quoted in a list

     and on

> A quotation.
>
> - with a list

| Country | Number |
| --- | ---: |
| Łódź | 1 |

    code

---

### A heading in an answer

ξεσκεπάζω, Чуєш їх, नमस्ते कार्य"""


@pytest.fixture(autouse=True)
def own_builders():
    """Other tests of this room begin without a builder; these are about the site's own."""


@pytest.fixture
def site_seals(tmp_path, settings):
    call_command("make_seal_key", str(tmp_path / "seal"), stdout=StringIO())
    settings.SEAL_KEY_FILE = str(tmp_path / "seal/seal-key.pem")
    settings.SEAL_CERTIFICATE_FILE = str(tmp_path / "seal/seal-certificate.pem")


def filings():
    """The three covers: alone, with a law as annex and all that Markdown can be, and in a language that runs to the left."""
    law = editions()[0][1]
    annex = {"title": law.title, "digest": law.digest}
    full = [question(answer=MUCH, own_parts=[own_part("Archive Guild", MUCH)]), question("2", answer=MUCH)]
    sections = [{"title": "Principles", "questions": full}, {"title": "Ξ", "questions": [question("3")]}]
    arabic = [
        question(question="ما العمل؟", answer="نطلب نشر السجل **العام**[^study]\n\n- أولا\n- אנחנו\n- third")
    ]
    return [
        (build_filing, fixed(cover={"design": "plain", "color": ""})),
        (build_filing, fixed(cover={"design": "band", "color": "#1f9e8a"}, sections=sections, annex=annex)),
        (
            build_filing,
            fixed(
                locale="ar",
                cover={"design": "letter", "color": "#aa3300"},
                sections=[{"title": "", "questions": arabic}],
            ),
        ),
    ]


def handovers():
    petition = DemandFactory(title="Return the models", text=MUCH.replace("[^study]", ""))
    for country in ("FR", "MT", "DE"):
        ConfirmedSignatureFactory.create_batch(6, petition=petition, country=country)
    endorsement = EndorsementFactory(
        frozen_text=petition.frozen_text, display_name="Łódź & Union", country="PL"
    )
    confirm_endorsement(endorsement=endorsement, at=timezone.now())
    number_waiting_signatures(at=timezone.now())
    return [(build_handover, HandoverFactory(petition=petition, items=["This document"]).record)]


def editions():
    for name in ("eu-model-return-regulation", "training-copyleft-license"):
        import_template(path=LIBRARY / f"{name}.yaml", at=MOMENT)
    texts = FrozenText.objects.filter(kind="regulations.edition").order_by("title")
    return [(build_edition_document, text) for text in texts]


def comparisons():
    writing = Writing("Both", "en", (*REDLINE.blocks, *TABLE.blocks), REDLINE.notes)
    data = writing_as_data(writing)
    text = freeze_text(kind="regulations.comparison", title="Both", locale="en", payload=data, at=MOMENT)
    return [(build_comparison_document, text)]


SAMPLES = {
    "consultations.filing": filings,
    "petitions.handover": handovers,
    "regulations.edition": editions,
    "regulations.comparison": comparisons,
}


def test_every_kind_of_pdf_is_tried_here():
    assert {kind for kind, known in builders._builders.items() if known.media_type == PDF} == SAMPLES.keys()


@pytest.mark.skipif(
    bool(validate.missing()), reason=f"{validate.missing()}; see tests/tools/verapdf/validate.py"
)
@pytest.mark.parametrize("kind", SAMPLES)
def test_pdf_conforms_to_both_standards_before_and_after_its_seal(kind, site_seals, tmp_path):
    files = []
    for number, (build, text) in enumerate(SAMPLES[kind]()):
        with translation.override(text.locale):
            source = build(text, text.locale)
        bare = render_source(source=source, frozen_text=text).content
        sealed = seal_pdf(content=bare, promised="", at=timezone.now()).content
        for name, content in (("bare", bare), ("sealed", sealed)):
            file = tmp_path / f"{number}-{name}.pdf"
            file.write_bytes(content)
            files.append(file)

    outcome = validate.validate(*files)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert outcome.stdout.count("PASS") == 2 * len(files)
