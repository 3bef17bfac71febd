"""Load template files into the library: `manage.py load_instruments [FILE…]`."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from campaign.core.yamlfile import FileError
from campaign.regulations.services import ImportOutcome, StandsInTheWay, import_template

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Load instruments from template files and publish their editions; without files, those that come with Reclaim."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        at = timezone.now()
        try:
            lines = _load_files(files, at) if files else _load_library(at)
        except FileError as error:
            raise CommandError(str(error)) from None
        if int(options["verbosity"]) > 0:
            for line in lines:
                self.stdout.write(line)


def _load_files(paths: list[Path], at: datetime) -> list[str]:
    """All files or none."""
    with transaction.atomic():
        return [_line(import_template(path=path, at=at)) for path in paths]


def _load_library(at: datetime) -> list[str]:
    """What comes with Reclaim. A site starts also where somebody drafts one of these instruments, or published it otherwise."""
    lines = []
    for path in [*sorted(DATA.glob("*.yaml")), *sorted(DATA.glob("adaptations/*.yaml"))]:
        try:
            lines.append(_line(import_template(path=path, at=at)))
        except StandsInTheWay as error:
            lines.append(f"left out: {error}")
    return lines


def _line(outcome: ImportOutcome) -> str:
    name = f"{outcome.edition.template.slug} {outcome.edition.label}"
    if outcome.is_new:
        return f"{name}: published"
    if outcome.checks_recorded:
        return f"{name}: unchanged, {outcome.checks_recorded} checks recorded"
    return f"{name}: unchanged"
