from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from campaign.consultations.documents import build_filing
from campaign.consultations.models import Filing
from campaign.core.errors import DomainError
from campaign.documents.services import RendererCrashed, RenderFailed, render_source


class Command(BaseCommand):
    help = "Render what was last filed from a submission to a PDF file. The same filing gives the same bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "submission", help="id of the submission, as in its address; or the slug of its consultation"
        )
        parser.add_argument("-o", "--output", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        filing = _latest_filing(options["submission"])
        if filing is None:
            raise CommandError("Nothing was filed from this submission. File it first.")
        locale = filing.submission.locale
        try:
            with translation.override(locale):
                source = build_filing(filing.record, locale)
            pdf = render_source(source=source, frozen_text=filing.record)
        except (DomainError, RenderFailed, RendererCrashed) as error:
            raise CommandError(str(error)) from error
        options["output"].write_bytes(pdf.content)
        self.stdout.write(f"{options['output']}: {pdf.page_count} pages, {len(pdf.content):,} bytes")


def _latest_filing(name: str) -> Filing | None:
    rows = Filing.objects.select_related("record", "submission").order_by("-fixed_at", "pk")
    try:
        return rows.filter(submission=name).first()  # type: ignore[misc]  # a UUID as text, or ValidationError
    except ValidationError:
        return rows.filter(submission__consultation__slug=name).first()
