"""Makes the pseudo-locale `en-xa` (see core/pseudo.py) from the English messages of the project and of what it uses."""

import os
import subprocess
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.core import pseudo
from campaign.core.pseudo import pseudo_translate, read_catalog, write_catalog

HEADER = (
    "Language: en_XA\nContent-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
)
ENGLISH = "locale/en/LC_MESSAGES/django.po"


class Command(BaseCommand):
    help = "Make the pseudo-locale that shows which words of the interface were never marked for translation."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help="make it anew even if nothing seems to have changed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target = Path(settings.LOCALE_PATHS[0]) / "en_XA" / "LC_MESSAGES" / "django.mo"
        sources = [path for path in self._sources() if path.exists()]
        code = [Path(__file__), Path(pseudo.__file__)]
        newest = max(path.stat().st_mtime for path in [*sources, *code])
        if target.exists() and target.stat().st_mtime >= newest and not options["force"]:
            return
        messages: dict[str, str] = {}
        for path in sources:
            messages.update(_messages(path))
        messages = {key: pseudo_translate(text) for key, text in messages.items() if key}
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"django.{os.getpid()}.tmp")
        draft.write_bytes(write_catalog([("", HEADER), *messages.items()]))
        draft.rename(target)
        self.stdout.write(f"{len(messages)} messages in the pseudo-locale en-xa.")

    def _sources(self) -> list[Path]:
        """English catalogs, ours last: what a template says in our words wins."""
        own = Path(settings.LOCALE_PATHS[0]).parent / ENGLISH
        if not own.exists():
            raise CommandError(f"{own} is missing. Make it with: manage.py messages")
        used = [Path(config.path) / ENGLISH for config in apps.get_app_configs()]
        return [Path(django.__path__[0]) / "conf" / ENGLISH, *used, own]


def _messages(path: Path) -> dict[str, str]:
    """Every message of a .po file with its English text."""
    try:
        filled = subprocess.run(  # noqa: S603  a program of gettext on a file of ours
            ["msgen", "--no-wrap", str(path), "-o", "-"],  # noqa: S607  found on the path, like all of gettext
            check=True,
            capture_output=True,
        )
        compiled = subprocess.run(
            ["msgfmt", "-", "-o", "-"],  # noqa: S607
            input=filled.stdout,
            check=True,
            capture_output=True,
        )
    except FileNotFoundError as error:
        raise CommandError("gettext is not installed: msgen and msgfmt are needed.") from error
    except subprocess.CalledProcessError as error:
        raise CommandError(f"{path}: {error.stderr.decode().strip()}") from error
    return dict(read_catalog(compiled.stdout))
