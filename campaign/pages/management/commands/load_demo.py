from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.core.errors import DomainError
from campaign.pages.demo import load_demo


class Command(BaseCommand):
    help = "Make the demo campaign, unless it is there. For the embedded run."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = load_demo(at=timezone.now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("The demo campaign is ready." if made else "The demo campaign is there already.")
