from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.consultations.importer import load_profiles
from campaign.core.yamlfile import FileError


class Command(BaseCommand):
    help = "Load or update portal profiles from a YAML file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            total = load_profiles(options["file"])
        except FileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Loaded {total} portal profiles.")
