"""The part of the set-up that Django does: one process, so that a second start is quick."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = (
        "Bring translations, database, static files, reference data and the demo campaign up to date. "
        "Safe to repeat."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only-translations", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("compilemessages", ignore_patterns=[".venv", "var", ".git"], verbosity=0)
        call_command("pseudolocale", verbosity=0)
        if options["only_translations"]:
            return
        call_command("migrate", interactive=False, verbosity=0)
        if not static_files_are_collected():
            call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_reference", stdout=self.stdout)
        if settings.DEMO_PASSWORD:
            call_command("load_demo", stdout=self.stdout)


def static_files_are_collected() -> bool:
    """Whether the collected files are those of the sources: compressing them all again takes longer than the rest."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return False
    made_at = manifest.stat().st_mtime
    names = set()
    for finder in get_finders():
        for name, storage in finder.list([]):
            names.add(name)
            if Path(storage.path(name)).stat().st_mtime > made_at:
                return False
    return names == set(json.loads(manifest.read_text())["paths"])
