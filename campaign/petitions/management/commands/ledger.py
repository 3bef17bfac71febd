"""`manage.py ledger verify [slug]`: recount a ledger, or all of them."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.petitions.models import Petition
from campaign.petitions.services import Findings, verify_ledger, verify_ledgers


class Command(BaseCommand):
    help = "Look after the ledgers of petitions."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, title="verbs")
        verify = verbs.add_parser(
            "verify",
            help="Recount rows, entries, public numbers, tree and signed heads. Public numbers that differ are mended. "
            "Exit code 1 when anything else is wrong.",
        )
        verify.add_argument("slug", nargs="?", help="one petition; without it, all")
        verify.add_argument(
            "--no-repair", action="store_true", help="only tell; a wrong public number is an error then"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        results = self._results(options["slug"], repair=not options["no_repair"])
        for findings in results:
            self._tell(findings)
        if not all(findings.holds for findings in results):
            sys.exit(1)

    def _results(self, slug: str | None, *, repair: bool) -> list[Findings]:
        if slug is None:
            return verify_ledgers(repair=repair)
        petition = Petition.objects.filter(slug=slug).first()
        if petition is None:
            raise CommandError(f"There is no petition “{slug}”.")
        return [verify_ledger(petition=petition, repair=repair)]

    def _tell(self, findings: Findings) -> None:
        for line in findings.wrong:
            self.stderr.write(f"{findings.slug}: WRONG: {line}")
        for line in findings.mended:
            self.stdout.write(f"{findings.slug}: mended: {line}")
        if findings.holds:
            self.stdout.write(
                f"{findings.slug}: holds: {findings.total} counted, {findings.entries} entries, {findings.heads} signed heads"
            )
