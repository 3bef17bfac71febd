"""Ordering the files of a filing."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.consultations.models import Filing
from campaign.consultations.printed.kinds import FILING_BUNDLE, FILING_KINDS
from campaign.core.errors import DomainError
from campaign.documents.models import Document
from campaign.documents.services import request_document


class UnknownFilingFormat(DomainError):
    message = _("A filing cannot be had in this format. Choose one of the list.")


@transaction.atomic
def order_filing_document(*, filing: Filing, kind: str, at: datetime) -> Document:
    """Have one file of a filing made, or give the one that is ordered or ready. `record` and `submission` are loaded.

    Raises UnknownFilingFormat.
    """
    if kind not in FILING_KINDS:
        raise UnknownFilingFormat
    return request_document(kind=kind, frozen_text=filing.record, locale=filing.submission.locale, at=at)


@transaction.atomic
def order_all_filing_documents(*, filing: Filing, at: datetime) -> Document:
    """Have every file of a filing made, and the archive of them, which waits for the others. Gives the archive."""
    for kind in FILING_KINDS:
        if kind != FILING_BUNDLE:
            order_filing_document(filing=filing, kind=kind, at=at)
    return order_filing_document(filing=filing, kind=FILING_BUNDLE, at=at)
