"""The list of endorsers: shown to each of them before it goes out, and corrected."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.mailing.services import mail_row, queue_mails
from campaign.organizations.models import Call, Endorsement
from campaign.organizations.services.names import rename_organization

PROOF_EVERY = timedelta(hours=12)


class ProofSentLately(DomainError):
    message = _("Everybody on the list got it in the last twelve hours. Wait with the next one.")


class NobodyToShow(DomainError):
    message = _("Nobody stands behind this text yet. There is no list to show.")


@transaction.atomic
def send_list_proof(*, call: Call, at: datetime) -> int:
    """Mail each endorser how the list will stand and how they stand in it. Returns how many.

    Raises ProofSentLately, NobodyToShow.
    """
    claimed = Call.objects.filter(pk=call.pk).exclude(proof_sent_at__gt=at - PROOF_EVERY)
    if not claimed.update(proof_sent_at=at):
        raise ProofSentLately
    rows = Endorsement.objects.accepted().filter(frozen_text=call.frozen_text_id).order_by("pk")
    sent = queue_mails(
        mail_row(
            kind="organizations.list_proof",
            to=row.signatory_email or "",
            locale=row.locale,
            about_id=row.pk,
            at=at,
        )
        for row in rows
    )
    if not sent:
        raise NobodyToShow
    return sent


def correct_listed_name(*, endorsement: Endorsement, name: str, at: datetime) -> None:
    """The signatory corrects how their organization is called in lists. Where a list went out already, the change is noted.

    What was stated when it endorsed stays on record as it was.
    """
    if endorsement.organization is not None:
        rename_organization(organization=endorsement.organization, name=name, by=None, at=at)
