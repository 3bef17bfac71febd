from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from campaign.organizations.services import make_lists


class Command(BaseCommand):
    help = (
        "Put the names of organizations in the order of each language of the site that is new, or whose rules have changed. "
        "Safe to repeat; `load_reference` does it too."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            f"Names of organizations put in order in {make_lists(at=timezone.now())} languages."
        )
