"""How long it takes to compare two versions of a law and to draw up the amendments, against the least that has to be done.

Run by hand:   .venv/bin/python bench/law_diff.py [provisions ...]

It makes a law of each size, changes a fifth of it (words, insertions, removals, moves), and compares the printed texts. The bare
limit is `word_changes` alone over the texts that changed. Then each form is drawn up, and the steps are found and applied.
"""

import os
import random
import statistics
import sys
import time
from copy import deepcopy
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings.test")

import django  # noqa: E402

django.setup()

from campaign.documents.words import word_changes  # noqa: E402
from campaign.regulations.comparing import (  # noqa: E402
    ChangeKind,
    amending_act_writing,
    amending_steps,
    apply_steps,
    changes_between,
    comparison_table_writing,
    parliament_writing,
    redline_writing,
    striking_writing,
    two_columns_writing,
)
from campaign.regulations.printing import numbered_text  # noqa: E402
from campaign.regulations.tree import LegalText, Unit  # noqa: E402

CHOICE = random.Random(20_261_122)
WORDS = ["the"] * 300 + ["of"] * 200 + [f"word{number}" for number in range(4_000)]
ROUNDS = 5
FORMS = (
    redline_writing,
    two_columns_writing,
    comparison_table_writing,
    parliament_writing,
    striking_writing,
    amending_act_writing,
)


def sentence(words: int = 60) -> str:
    return " ".join(CHOICE.choice(WORDS) for _ in range(words)) + "."


def law(provisions: int) -> LegalText:
    """Chapters of twenty articles, each with three paragraphs, each with two points."""
    chapters: list[Unit] = []
    made = 0
    while made < provisions:
        chapter = Unit(f"c{made}", "chapter", heading="Chapter")
        chapters.append(chapter)
        made += 1
        while made < provisions and len(chapter.children) < 20:
            article = Unit(f"a{made}", "article", heading="Heading")
            chapter.children.append(article)
            made += 1
            for _ in range(3):
                paragraph = Unit(f"p{made}", "paragraph", body=sentence())
                paragraph.children = [Unit(f"x{made}-{n}", "point", body=sentence(20)) for n in range(2)]
                article.children.append(paragraph)
                made += 3
    return LegalText("A law", "en", "eu-regulation", chapters)


def changed(source: LegalText, changes: int) -> LegalText:
    """Three quarters of the changes are of words; the others are new, removed and moved paragraphs."""
    text = deepcopy(source)
    articles = [article for chapter in text.provisions for article in chapter.children]
    texts = [unit for article in articles for part in article.children for unit in (part, *part.children)]
    for unit in CHOICE.sample(texts, min(len(texts), changes * 3 // 4)):
        words = unit.body.split(" ")
        for _ in range(3):
            words[CHOICE.randrange(len(words))] = CHOICE.choice(WORDS)
        unit.body = " ".join(words)
    for count in range(changes // 12):
        one, other = CHOICE.sample(articles, 2)
        one.children.append(Unit(f"new{count}", "paragraph", body=sentence()))
        if len(other.children) > 1:
            moved = other.children.pop()
            if count % 2:
                one.children.insert(0, moved)
    return text


def median(act) -> float:
    """Seconds of the middle one of some rounds, the first left out."""
    times = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main(sizes: list[int]) -> None:
    for size in sizes:
        source = law(size)
        measure(f"{size:,} provisions", source, changed(source, size // 5))
    rows = 10_000
    source = LegalText(
        "A law", "en", "eu-regulation", [Unit(f"a{n}", "article", body=sentence()) for n in range(rows)]
    )
    target = deepcopy(source)
    target.provisions = CHOICE.sample(target.provisions, rows - 500)
    measure(f"{rows:,} articles in one row, shuffled, some lost", source, target)


def measure(name: str, source: LegalText, target: LegalText) -> None:
    old, new = numbered_text(source), numbered_text(target)
    comparison = changes_between(old, new)
    pairs = [
        (change.old.body, change.new.body)
        for change in comparison.changes
        if change.old and change.new and change.old.body != change.new.body
    ]
    totals = ", ".join(
        f"{comparison.totals[kind]:,} {kind}" for kind in ChangeKind if comparison.totals[kind]
    )
    print(f"{name}: {totals}")
    bare = median(lambda: [word_changes(*pair) for pair in pairs])
    steps = amending_steps(source, target)
    show("word_changes alone", bare, bare)
    show("changes_between", median(lambda: changes_between(old, new).rows), bare)
    show("amending_steps", median(lambda: amending_steps(source, target)), bare)
    show("apply_steps", median(lambda: apply_steps(source, steps)), bare)
    for form in FORMS:
        show(f"changes_between and {form.__name__}", median(partial(drawn_up, form, old, new)), bare)


def drawn_up(form, old, new) -> None:
    form(changes_between(old, new))


def show(name: str, seconds: float, bare: float) -> None:
    ratio = f"{seconds / bare:>9.2f}" if bare > 0.0001 else ""
    print(f"  {name:<58}{seconds * 1000:>9.1f} ms{ratio}", flush=True)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [100, 1_000, 10_000])
