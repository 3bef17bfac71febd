"""How long documents take: a filing of ten pages with 300 organizations, in each way it is made, and letters of two pages.

Run by hand:   .venv/bin/python bench/documents.py [rounds]

Nothing is left behind: the database and the store are in memory, the seal's key in a folder that goes. The ways take turns, so
that a busy machine hits all of them alike. Times are of the wall clock, the middle of the rounds; letters in seconds of a core.

- ours: the renderer, a process of its own with limits, tagged, PDF/UA-1 and PDF/A-3a, the data inside
- bare: WeasyPrint in a new process on the same HTML, untagged, nothing inside
- queue to file: from the order's row to the stored file: drawn up, rendered, checked, stored; then the same with the seal
- letters: a process for each, as documents are made; and from a press that has all loaded, as chunks of long lists are made
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "campaign.settings.test"

LETTERS = 20
SENTENCE = "What is made from what belongs to everybody returns to everybody, and the law says when. "
BARE = """
import pathlib, sys
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
html, css, fonts = (pathlib.Path(p) for p in sys.argv[1:])
config = FontConfiguration()
sheet = css.read_text().replace("reclaim:", fonts.as_uri() + "/")
HTML(string=html.read_text()).write_pdf(stylesheets=[CSS(string=sheet, font_config=config)], font_config=config)
"""


def filing(number: int) -> Any:
    """The record of a filing of about ten pages; each number another text."""
    from tests.consultations.filing_sample import fixed, own_part, question

    rows = [
        {
            "name": f"Organization No. {place}",
            "country": ("DE", "FR", "PL", "KR", "BR")[place % 5],
            "domain": f"o{place}.example",
            "proof": "domain_mail",
            "is_invented": False,
        }
        for place in range(300)
    ]
    answer = f"{SENTENCE * 3}[^study]\n\n- {SENTENCE}\n- {SENTENCE}\n\n{SENTENCE * 2}[^statute]"
    questions = [
        question(str(place), answer=answer, own_parts=[own_part("Archive Guild", SENTENCE * 2)])
        for place in range(1, 5)
    ]
    return fixed(
        title=f"A joint answer, {number}",
        record={"endorsements": rows},
        sections=[{"title": "Principles", "questions": questions}],
    )


def letter(number: int) -> str:
    # Said at each paragraph, because the press sets lines of lists.
    look = "height: auto; white-space: normal; font-size: 11pt; line-height: 15pt"
    paragraphs = "".join(f'<p style="{look}">{SENTENCE * 7}</p>' for _each in range(9))
    title = f"Letter {number}"
    return f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1>{paragraphs}</body></html>'


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def core_seconds(work: Callable[[], object]) -> float:
    """What the processes that `work` starts, and waits for, take of a core."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        measure_filing(rounds, Path(folder))
    measure_letters()


def measure_filing(rounds: int, folder: Path) -> None:
    from django.conf import settings
    from django.core.management import call_command

    from campaign.consultations.documents import build_filing, build_word
    from campaign.documents.formats import DOCX
    from campaign.documents.making import make_file
    from campaign.documents.services import render_source

    call_command("make_seal_key", str(folder), verbosity=0, stdout=(folder / "said").open("w"))
    record = filing(0)
    source, word = build_filing(record, "en"), build_word(record, "en")
    page = folder / "page.html"
    page.write_text(source.html)
    documents = ROOT / "campaign/documents"
    bare = [sys.executable, "-W", "ignore", "-c", BARE, page, documents / "pdf/base.css", documents / "fonts"]
    taken: dict[str, list[float]] = {}
    pages = 0
    for number in range(1, rounds + 1):
        for name, key in (("queue to file", ""), ("queue to file, sealed", "seal")):
            settings.SEAL_KEY_FILE = str(folder / "seal-key.pem") if key else ""
            settings.SEAL_CERTIFICATE_FILE = str(folder / "seal-certificate.pem") if key else ""
            text = filing(2 * number + bool(key))
            taken.setdefault(name, []).append(timed(lambda text=text: order(text)))  # type: ignore[misc]
        taken.setdefault("bare", []).append(timed(lambda: subprocess.run(bare, check=True)))
        start = time.perf_counter()
        pages = render_source(source=source, frozen_text=record).page_count
        taken.setdefault("ours", []).append(time.perf_counter() - start)
        taken.setdefault("DOCX", []).append(
            timed(lambda: make_file(source=word, media_type=DOCX, frozen_text=record, locale="en"))
        )
    print(f"A filing of {pages} pages with 300 organizations, {rounds} rounds:")
    floor = statistics.median(taken["bare"])
    for name, values in taken.items():
        middle = statistics.median(values)
        print(
            f"  {name:22} {middle:.2f} s ({min(values):.2f} to {max(values):.2f}), {middle / floor:.2f} of bare"
        )


def order(text: Any) -> None:
    """What a worker does that has been running for a while."""
    from django.utils import timezone

    from campaign.documents.services import render_document, request_document

    at = timezone.now()
    row = request_document(kind="consultations.filing", frozen_text=text, locale="en", at=at)
    render_document(document_id=str(row.pk), at=at)
    row.refresh_from_db()
    if not row.is_ready:
        raise SystemExit(f"not made: {row.reason}")


def measure_letters() -> None:
    from django.utils import timezone

    from campaign.documents.chunks import render_chunk
    from campaign.documents.rendering import run_renderer

    at = timezone.now()

    def alone(number: int) -> int:
        return run_renderer(html=letter(number), title="Letter", digest="0" * 64, moment=at).page_count

    def pressed(number: int) -> Any:
        return render_chunk(html=letter(number), title="Letter", digest="0" * 64, moment=at)

    each = core_seconds(lambda: [alone(number) for number in range(3)]) / 3
    print(f"Letters of {alone(0)} pages, a process for each: {1 / each:.1f} a second and core")
    pressed(0)
    chunks = [pressed(number) for number in range(LETTERS)]
    each = sum(chunk.cpu_seconds for chunk in chunks) / LETTERS
    print(f"Letters of {chunks[0].page_count} pages, from a warm press: {1 / each:.1f} a second and core")


if __name__ == "__main__":
    main()
