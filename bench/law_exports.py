"""How long the files of a law take: every format of an edition of many provisions, and of a comparison as long.

Run by hand:   .venv/bin/python bench/law_exports.py [provisions]

The edition is one of the EU tradition: articles of five paragraphs, each with four points. The second of two runs is told: by
then everything is loaded. The last lines tell how large the DOCX and the Akoma Ntoso file are, and how long the check by the
schema takes.
"""

import datetime as dt
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings.test")

import django  # noqa: E402

django.setup()

from lxml import etree  # noqa: E402

from campaign.regulations.blocks import Mark, Paragraph, Span, Writing  # noqa: E402
from campaign.regulations.exports.formats import LAW_FORMATS, WRITING_FORMATS  # noqa: E402
from campaign.regulations.exports.html import writing_html  # noqa: E402
from campaign.regulations.exports.origin import Origin  # noqa: E402
from campaign.regulations.printing import numbered_text  # noqa: E402
from campaign.regulations.tree import LegalText, Unit  # noqa: E402

SCHEMA = ROOT / "tests" / "regulations" / "exports" / "schemas" / "akomantoso30.xsd"
WORDS = "Providers of covered models shall make available to the public what this Article asks them to return, as [[ref:a0]] says"
PER_ARTICLE = 26  # one article, five paragraphs, four points in each


def article(number: int) -> Unit:
    paragraphs = [
        Unit(
            f"a{number}-{place}",
            "paragraph",
            body=f"{WORDS}:",
            children=[Unit(f"a{number}-{place}-{point}", "point", body=f"{WORDS};") for point in range(4)],
        )
        for place in range(5)
    ]
    return Unit(f"a{number}", "article", heading="Duty to return", children=paragraphs)


def edition(provisions: int) -> dict:
    articles = [article(number) for number in range(max(provisions // PER_ARTICLE, 1))]
    law = numbered_text(LegalText("A law", "en", "eu-regulation", articles))
    template = {
        "slug": "law",
        "title": "A law",
        "kind": "act",
        "summary": "",
        "disclaimer": "Not legal advice.",
    }
    return {"template": template, "edition": {"label": "1.0"}, "law": law.as_data()}


def comparison(paragraphs: int) -> Writing:
    changed = (
        Span("Providers shall "),
        Span("give", Mark.DELETED),
        Span("return", Mark.INSERTED),
        Span(f" it. {WORDS}"),
    )
    return Writing(
        "A comparison", "en", tuple(Paragraph(changed, (Span("(a)"),), 1) for _ in range(paragraphs))
    )


def took(name: str, act) -> None:
    act()
    start = time.perf_counter()
    act()
    print(f"{name:<40}{(time.perf_counter() - start) * 1000:>9.0f} ms", flush=True)


def main(provisions: int) -> None:
    payload, writing, origin = edition(provisions), comparison(provisions), Origin(date=dt.date(2026, 11, 22))
    print(f"{provisions:,} provisions")
    for key, law_format in LAW_FORMATS.items():
        took(f"law, {key}", lambda law_format=law_format: law_format.content(payload, origin))
    for key, writing_format in WRITING_FORMATS.items():
        took(
            f"comparison, {key}",
            lambda writing_format=writing_format: writing_format.content(writing, origin),
        )
    took("comparison, part of a page", lambda: writing_html(writing))
    docx, xml = (LAW_FORMATS[key].content(payload, origin) for key in ("docx", "xml"))
    print(f"DOCX {len(docx):,} bytes, Akoma Ntoso {len(xml):,} bytes")
    schema, root = etree.XMLSchema(etree.parse(SCHEMA)), etree.fromstring(xml)
    took("validation by the schema", lambda: schema.assertValid(root))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
