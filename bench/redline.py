"""How long a redline takes, passage by passage, against difflib on the same words.

Run by hand:   .venv/bin/python bench/redline.py [passages] [changes] [words]

It makes an edition of `passages` passages of `words` words, changes a few words in `changes` of them, moves some and adds some,
and compares: `compare` of campaign.documents.redline; difflib.SequenceMatcher for each changed passage; and difflib on the words
of the whole text, stopped after a minute. Then the page is drawn, and two texts of 20,000 words are compared as one passage.
"""

import difflib
import os
import random
import sys
import time
from multiprocessing import Process
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings.test")

import django  # noqa: E402

django.setup()

from django.utils import timezone  # noqa: E402

from campaign.documents.models import FrozenText  # noqa: E402
from campaign.documents.redline import compare, draw_redline  # noqa: E402
from campaign.documents.text_kinds import Passage, register_text_kind  # noqa: E402
from campaign.documents.words import word_changes  # noqa: E402

CHOICE = random.Random(20_261_122)
WORDS = ["the"] * 300 + ["of"] * 200 + [f"word{number}" for number in range(4_000)]


def text(words: int) -> str:
    """Sentences of some length."""
    return " ".join(CHOICE.choice(WORDS) + ("." if CHOICE.random() < 0.06 else "") for _ in range(words))


def edited(source: str) -> str:
    words = source.split(" ")
    for _ in range(5):
        words[CHOICE.randrange(len(words))] = CHOICE.choice(WORDS)
    return " ".join(words)


def edition(passages: int, changes: int, words: int, *, keyed: bool) -> tuple[list[Passage], list[Passage]]:
    old = [Passage(f"p{n}" if keyed else "", f"Article {n}", text(words)) for n in range(passages)]
    new = list(old)
    for place in CHOICE.sample(range(passages), changes):
        new[place] = Passage(old[place].key, old[place].label, edited(old[place].text))
    for _ in range(passages // 50):
        new.insert(CHOICE.randrange(passages), new.pop(CHOICE.randrange(passages)))
        new.insert(
            CHOICE.randrange(passages), Passage(f"n{len(new)}" if keyed else "", "Article n", text(words))
        )
    return old, new


def took(name: str, act) -> None:
    start = time.perf_counter()
    act()
    print(f"{name:<58}{time.perf_counter() - start:>9.3f} s", flush=True)


def took_at_most(name: str, act, *, seconds: int) -> None:
    start = time.perf_counter()
    process = Process(target=act)
    process.start()
    process.join(seconds)
    ended = not process.is_alive()
    process.terminate()
    passed = f"{time.perf_counter() - start:>9.3f} s" if ended else f"    more than {seconds} s"
    print(f"{name:<58}{passed}", flush=True)


def difflib_words(old: str, new: str) -> None:
    difflib.SequenceMatcher(None, old.split(" "), new.split(" "), autojunk=False).get_opcodes()


def main(passages: int, changes: int, words: int) -> None:
    old, new = edition(passages, changes, words, keyed=True)
    print(f"{passages:,} passages of {words:,} words, {changes:,} changed")
    took("compare, passages by key", lambda: list(compare(old, new)))
    nameless, nameless_now = edition(passages, changes, words, keyed=False)
    took("compare, paragraphs without keys", lambda: list(compare(nameless, nameless_now)))
    took_at_most(
        "difflib, each changed passage",
        lambda: [
            difflib_words(change.old.text, change.new.text)
            for change in compare(old, new)
            if change.kind == "changed"
        ],
        seconds=60,
    )
    whole, whole_now = " ".join(each.text for each in old), " ".join(each.text for each in new)
    took_at_most("difflib, the whole text", lambda: difflib_words(whole, whole_now), seconds=60)

    register_text_kind(
        "bench", label="", draw=str, passages=lambda text: old if text.digest == "0" * 64 else new
    )
    texts = [
        FrozenText(
            kind="bench", title="", locale="en", payload="{}", digest=digit * 64, frozen_at=timezone.now()
        )
        for digit in "01"
    ]
    took("draw_redline", lambda: draw_redline(*texts))

    print("20,000 words in one passage")
    one = text(20_000)
    for name, other in (
        ("400 changed", " ".join(edited(part) for part in one.split(". ")[:400])),
        ("every word another", text(20_000)),
        ("in another order", " ".join(CHOICE.sample(one.split(" "), 20_000))),
    ):
        took(f"word_changes, {name}", lambda other=other: word_changes(one, other))
        took_at_most(f"difflib, {name}", lambda other=other: difflib_words(one, other), seconds=60)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(*(numbers + [1_000, 200, 120][len(numbers) :]))
