"""Collects the interface's messages: makemessages with this project's settings, and a check for CI."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

IGNORED = [".venv/*", "var/*", "tests/*", "bench/*", "node_modules/*"]
DATED = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date):.*$', re.MULTILINE)


class Command(BaseCommand):
    help = "Collect every string marked for translation into locale/."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="fail if that changed anything; change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0])
        locales = sorted({"en", *(path.parts[-3] for path in folder.glob("*/LC_MESSAGES/django.po"))})
        files = [folder / locale / "LC_MESSAGES" / "django.po" for locale in locales]
        before = {path: path.read_text() if path.exists() else "" for path in files}
        call_command(
            "makemessages",
            locale=locales,
            ignore_patterns=IGNORED,
            no_obsolete=True,
            no_location=True,
            no_wrap=True,
            verbosity=0,
        )
        changed = [path for path in files if DATED.sub("", path.read_text()) != DATED.sub("", before[path])]
        for path in files:
            # A new date alone is no change.
            if before[path] and (options["check"] or path not in changed):
                path.write_text(before[path])
        if options["check"] and changed:
            names = ", ".join(str(path.relative_to(folder.parent)) for path in changed)
            raise CommandError(f"{names} lag behind the code. Run: manage.py messages")
        self.stdout.write(f"{len(changed)} of {len(files)} catalogs changed.")
