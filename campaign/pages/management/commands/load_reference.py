from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from campaign.campaigns import importer as campaigns
from campaign.consultations import importer as consultations
from campaign.core.errors import DomainError
from campaign.guard import importer as guard

ROOMS = Path(__file__).resolve().parents[3]


class Command(BaseCommand):
    help = (
        "Load or update what the site refers to: jurisdictions, portal profiles, consultations, instruments, "
        "mailbox rules."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            jurisdictions = campaigns.load_jurisdictions(ROOMS / "campaigns/data/jurisdictions.yaml")
            profiles = consultations.load_profiles(ROOMS / "consultations/data/portals.yaml")
            rules = guard.load_mailbox_rules(ROOMS / "guard/data/mailbox_rules.yaml")
            calls = sorted((ROOMS / "consultations/data/calls").glob("*.yaml"))
            for path in calls:
                consultations.load_consultation(path)
        except DomainError as error:
            raise CommandError(str(error)) from error
        call_command("load_instruments", stdout=self.stdout)
        call_command("list_names", stdout=self.stdout)
        self.stdout.write(
            f"Loaded {jurisdictions} jurisdictions, {profiles} portal profiles, {len(calls)} consultations, "
            f"{rules} new mailbox rules."
        )
