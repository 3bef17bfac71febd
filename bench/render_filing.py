"""How long the demo's filing takes to render, beside the least that WeasyPrint itself needs for the same HTML.

Run by hand, after bin/run has made the demo once:   .venv/bin/python bench/render_filing.py [rounds]

Three ways, in turn, so that a busy machine hits all of them alike: ours (a process of its own, tagged, PDF/UA-1 and PDF/A-3a),
bare (WeasyPrint in a new process, untagged), and warm (WeasyPrint untagged in a process that has it loaded).
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings.dev")

BARE = """
import pathlib, resource, sys, time
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
html, css, fonts = (pathlib.Path(p) for p in sys.argv[1:4])
for _ in range(int(sys.argv[4])):
    start = time.perf_counter()
    config = FontConfiguration()
    sheet = css.read_text().replace("reclaim:", fonts.as_uri() + "/")
    HTML(string=html.read_text()).write_pdf(stylesheets=[CSS(string=sheet, font_config=config)], font_config=config)
    took = time.perf_counter() - start
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    import django

    django.setup()
    from django.utils import translation

    from campaign.consultations.documents import build_filing, build_word
    from campaign.consultations.models import Filing
    from campaign.documents.formats import DOCX
    from campaign.documents.making import make_file
    from campaign.documents.services import render_source

    filing = Filing.objects.select_related("record").order_by("-fixed_at")[0]
    start = time.perf_counter()
    with translation.override("en"):
        source = build_filing(filing.record, "en")
    built = time.perf_counter() - start
    documents = ROOT / "campaign/documents"
    page = ROOT / "var/bench.html"
    page.write_text(source.html)
    ours, bare, warm, pages, memory = [], [], [], 0, 0
    for _ in range(rounds):
        start = time.perf_counter()
        pages = render_source(source=source, frozen_text=filing.record).page_count
        ours.append(time.perf_counter() - start)
        arguments = [str(page), str(documents / "pdf/base.css"), str(documents / "fonts")]
        start = time.perf_counter()
        _run(BARE, *arguments, "1")
        bare.append(time.perf_counter() - start)
        took, memory = _run(BARE, *arguments, "2")
        warm.append(took)
    page.unlink()
    with translation.override("en"):
        word = build_word(filing.record, "en")
    docx = []
    for _ in range(rounds):
        start = time.perf_counter()
        make_file(source=word, media_type=DOCX, frozen_text=filing.record, locale="en")
        docx.append(time.perf_counter() - start)
    print(f"DOCX median {statistics.median(docx):.2f} s (min {min(docx):.2f}, max {max(docx):.2f})")
    print(f"{pages} pages; HTML built in {built:.2f} s; peak memory of bare WeasyPrint {memory:.0f} MiB")
    floor = statistics.median(bare)
    for name, values in (("ours", ours), ("bare", bare), ("warm", warm)):
        middle = statistics.median(values)
        print(
            f"{name:5} median {middle:.2f} s (min {min(values):.2f}, max {max(values):.2f}), {middle / floor:.2f} of bare"
        )


def _run(code: str, *arguments: str) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    took, memory = done.stdout.split()
    return float(took), float(memory)


if __name__ == "__main__":
    main()
