"""Handing out the addresses of signers who agreed to be written to."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.moderation.export import SHEET_ROWS, Addressees, FileKind, Purpose, addressees
from campaign.moderation.models import Act
from campaign.moderation.services.record import record_act
from campaign.petitions.models import Petition


class NobodyAgreed(DomainError):
    message = _("Nobody has agreed to this yet, so there is nothing to export.")


class TooManyForASheet(DomainError):
    message = _("There are too many for a spreadsheet. Choose the text file: it takes any number.")


@transaction.atomic
def export_signers(
    *, petition: Petition, purpose: Purpose, kind: FileKind, use: str, by: User, at: datetime
) -> Addressees:
    """Who agreed as of now, to be read by `address_rows`. It is on record before the first row leaves the house.

    Raises NobodyAgreed, TooManyForASheet.
    """
    whom = addressees(petition=petition, purpose=purpose)
    if not whom.count:
        raise NobodyAgreed
    if kind == FileKind.XLSX and whom.count > SHEET_ROWS:
        raise TooManyForASheet
    record_act(act=Act.EXPORT, actor=by, at=at, petition=petition, note=f"{purpose}: {use}", count=whom.count)
    return whom
