"""How long numbering, printing and rendering a law take, by the number of its provisions.

Run by hand:   .venv/bin/python bench/law.py [tradition] [language] [rounds]

It makes laws of 100, 1,000 and 10,000 provisions (chapters, articles, numbered paragraphs, points; some paragraphs refer to two
others, and values are filled in), and measures, after a first round to warm up: `number_tree`; `numbered_text`, which
numbers, resolves and prints; `render_law_html` for a page, from the payload; and the checks before publishing. Then all
traditions in turn at 1,000. Trees of 200 levels have to be refused, not to fall over.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings.test")

import django  # noqa: E402

django.setup()

from campaign.regulations.checks import problems_of  # noqa: E402
from campaign.regulations.numbering import number_tree  # noqa: E402
from campaign.regulations.printing import numbered_text  # noqa: E402
from campaign.regulations.rendering import render_law_html  # noqa: E402
from campaign.regulations.traditions import tradition, tradition_keys  # noqa: E402
from campaign.regulations.tree import LegalText, Unit  # noqa: E402
from campaign.regulations.values import VariableSpec  # noqa: E402

WORDS = "The provider shall deposit each model with the archive within [[period]] of the day on which it was made available."
LIMIT = 0.150  # seconds for 1,000 provisions, warm


def law(size: int, key: str, language: str) -> LegalText:
    """A law of about `size` provisions: chapters of ten articles of three paragraphs, one of which has four points."""
    chapters: list[Unit] = []
    made = 0
    while made + 81 <= size:
        number = len(chapters)
        articles = [_article(f"a{number}-{index}") for index in range(10)]
        chapters.append(Unit(f"c{number}", "chapter", heading=f"Part {number} of it", children=articles))
        made += 1 + 10 * 8
    spec = VariableSpec("period", "duration", "Period", default="24 months")
    return LegalText("A law", language, key, chapters, {"period": spec})


def _article(key: str) -> Unit:
    points = [Unit(f"{key}-p{index}", "point", body=f"a thing of the kind {index};") for index in range(4)]
    paragraphs = [
        Unit(f"{key}-1", "paragraph", body=f"{WORDS} It says so. [[ref:{key}-3]] and [[ref:a0-0-1]] apply."),
        Unit(f"{key}-2", "paragraph", body=f"[[ref:{key}-1#2]] does not apply to:", children=points),
        Unit(f"{key}-3", "paragraph", body=WORDS),
    ]
    return Unit(key, "article", heading="A duty", children=paragraphs)


def middle(work: Callable[[], object], rounds: int) -> float:
    """Median seconds, after one round that does not count."""
    work()
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def measure(size: int, key: str, language: str, rounds: int) -> float:
    text = law(size, key, language)
    form = tradition(key)
    payload = {"law": numbered_text(text).as_data()}
    html = render_law_html(payload)
    numbering = middle(lambda: number_tree(text.provisions, tradition=form, language=language), rounds)
    printing = middle(lambda: numbered_text(text), rounds)
    rendering = middle(lambda: render_law_html(payload), rounds)
    checking = middle(lambda: problems_of(text), max(rounds // 3, 1))
    total = printing + rendering
    print(
        f"{key:15} {language} {size:6,} provisions: numbering {numbering * 1000:6.1f} ms, printed {printing * 1000:6.1f} ms; "
        f"HTML of {len(html) // 1024:5,} KiB {rendering * 1000:6.1f} ms; together {total * 1000:6.1f} ms; "
        f"checks {checking * 1000:.0f} ms"
    )
    return total


def refuses_depth() -> None:
    """A tree of 200 levels is refused with a sentence."""
    top = inner = Unit("u0", "article", body="Words:")
    for level in range(1, 200):
        below = Unit(f"u{level}", "point", body="Words:")
        inner.children.append(below)
        inner = below
    found = problems_of(LegalText("Deep", "en", "us-bill", [top]))
    print(f"200 levels: {found[-1].remedy}")


def main() -> None:
    key = sys.argv[1] if len(sys.argv) > 1 else "eu-regulation"
    language = sys.argv[2] if len(sys.argv) > 2 else "en"
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    took = {
        size: measure(size, key, language, max(rounds * 1_000 // size, 3) if size > 1_000 else rounds)
        for size in (100, 1_000, 10_000)
    }
    verdict = "holds" if took[1_000] < LIMIT else "IS BROKEN"
    print(
        f"limit of {LIMIT * 1000:.0f} ms for 1,000 {verdict}; 10,000 take {took[10_000] / took[1_000]:.1f} times as long"
    )
    for other in tradition_keys():
        for tongue in sorted(tradition(other).languages):
            measure(1_000, other, tongue, rounds)
    refuses_depth()


if __name__ == "__main__":
    main()
