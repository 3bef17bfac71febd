from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.consultations.importer import load_consultation
from campaign.core.yamlfile import FileError


class Command(BaseCommand):
    help = "Import a consultation from a YAML file. The layout: campaign/consultations/data/calls/README.md"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            consultation = load_consultation(options["file"])
        except FileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Imported {consultation.slug}: {consultation.questions.count()} questions.")
