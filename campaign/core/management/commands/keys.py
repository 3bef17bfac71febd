from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaign.core.rotation import data_key_counts, index_key_counts, rotate_data_keys, rotate_index_keys


class Command(BaseCommand):
    help = "Change the keys that protect personal data, while the site runs. See docs/operations.md, Keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["rotate", "status"])
        parser.add_argument("--index", action="store_true", help="the index key, not the data keys")

    def handle(self, *args: Any, act: str, index: bool, **options: Any) -> None:
        if act == "rotate":
            self._rotate(index=index)
        is_done = self._index_status() if index else self._data_status()
        if not is_done:
            raise CommandError(
                "The old key is still needed." if act == "status" else "Not finished: run it again."
            )
        self.stdout.write("Everything is under the current key. The old one is not needed by this database.")

    def _rotate(self, *, index: bool) -> None:
        outcome = (rotate_index_keys if index else rotate_data_keys)(tell=self.stdout.write)
        self.stdout.write(
            f"Changed {outcome.changed}, left {outcome.left}, unreadable {outcome.unreadable}, "
            f"clashing {outcome.clashing}."
        )

    def _data_status(self) -> bool:
        current, total = next(iter(settings.DATA_KEYS)), Counter[str]()
        for place, counts in data_key_counts().items():
            total += counts
            self.stdout.write(f"{place}: {self._told(counts)}")
        self.stdout.write(f"All: {self._told(total)}")
        return set(total) <= {current}

    def _index_status(self) -> bool:
        others = 0
        for model, counts in index_key_counts().items():
            others += counts["other"]
            self.stdout.write(f"{model}: {counts['current']} rows current, {counts['other']} not")
        return others == 0

    def _told(self, counts: Counter[str]) -> str:
        return (
            ", ".join(
                f"{number} under {key_id or 'a key that is not in the ring'}"
                for key_id, number in sorted(counts.items())
            )
            or "nothing"
        )
