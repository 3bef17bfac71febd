"""The annex of signers' names: ordering it, stopping it, handing it out, destroying it."""

import base64
import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.consultations import tasks
from campaign.consultations.models import Filing, NamesAnnex, NamesPart, NamesPiece, NamesState
from campaign.consultations.models.names import STANDING, UNFINISHED
from campaign.consultations.names.people import basis_of, cited_petition, counted_in, gone_since
from campaign.consultations.names.shown import destroys_at, is_handed_in
from campaign.core.errors import DomainError
from campaign.core.nudge import nudge_on_commit

logger = logging.getLogger(__name__)


class NoPetitionCited(DomainError):
    message = _("What was filed cites no petition, so there are no names to hand in.")


class SignersAreErased(DomainError):
    message = _("The personal data of this petition’s signers is erased. Their number is all that is left.")


class AnnexIsReady(DomainError):
    message = _("There is an annex already. Download it, or have it made anew.")


class AnnexIsFinished(DomainError):
    message = _("The work on the annex has ended already. Load the page again to see how.")


class AnnexNotReady(DomainError):
    message = _("There is no annex to download. Have one made first.")


class AnnexOutdated(DomainError):
    message = _(
        "People who are named in this annex have taken their names back since it was made. Have it made anew."
    )


@transaction.atomic
def order_names_annex(*, filing: Filing, anew: bool = False, by: User | None, at: datetime) -> NamesAnnex:
    """Have the names of a filing's petition put together, or give the order that is at work.

    `anew` destroys the one that is ready and begins another. `record`, `frozen_text` and `submission__consultation` are loaded.
    Raises NoPetitionCited, SignersAreErased, or AnnexIsReady.
    """
    Filing.objects.select_for_update().get(pk=filing.pk)  # of two who order at once, one after the other
    petition, counted = cited_petition(filing), counted_in(filing)
    if petition is None or counted is None:
        raise NoPetitionCited
    if petition.erased_at is not None:
        raise SignersAreErased
    standing = NamesAnnex.objects.filter(filing=filing, state__in=STANDING).first()
    if standing is not None and standing.is_waiting:
        return standing
    if standing is not None:
        if not anew:
            raise AnnexIsReady
        _destroy(standing, at)
    annex = NamesAnnex.objects.create(
        filing=filing,
        petition=petition,
        basis=basis_of(filing, petition),
        locale=filing.submission.locale,
        counted_total=counted["total"],
        ordered_by=by,
        ordered_at=at,
    )
    _log("consultations.names_ordered", annex, by, at)
    nudge_on_commit(tasks.gather_names, annex_id=str(annex.pk))
    return annex


@transaction.atomic
def cancel_names_annex(*, annex: NamesAnnex, by: User | None, at: datetime) -> None:
    """Stop the work, wherever it is, and keep nothing of it; processes end within two seconds. Raises AnnexIsFinished."""
    canceled = NamesAnnex.objects.filter(pk=annex.pk, state__in=UNFINISHED).update(
        state=NamesState.CANCELED, alive_at=None, numbers=None, finished_at=at
    )
    if not canceled:
        raise AnnexIsFinished
    _forget_content(annex)
    _log("consultations.names_canceled", annex, by, at)


@transaction.atomic
def hand_out_names(*, annex: NamesAnnex, by: User | None, at: datetime) -> Iterator[bytes]:
    """Put on the log that somebody took the file, and give it, opened piece by piece while it is read.

    `filing` and `petition` are loaded. Raises AnnexNotReady, or AnnexOutdated while it has not been handed in: nobody is handed
    to an authority after they took their name back.
    """
    if not NamesAnnex.objects.select_for_update().ready().filter(pk=annex.pk).exists():
        raise AnnexNotReady
    if not is_handed_in(annex.filing) and gone_since(annex):
        raise AnnexOutdated
    _log("consultations.names_downloaded", annex, by, at)
    return _pieces(annex)


def _pieces(annex: NamesAnnex) -> Iterator[bytes]:
    rows = NamesPiece.objects.filter(annex=annex).order_by("position")
    for pk in list(rows.values_list("pk", flat=True)):
        yield base64.b64decode(NamesPiece.objects.get(pk=pk).content)


@transaction.atomic
def destroy_names_annex(*, annex: NamesAnnex, by: User | None, at: datetime) -> None:
    """Destroy the finished file before its time. Raises AnnexNotReady."""
    if not NamesAnnex.objects.select_for_update().ready().filter(pk=annex.pk).exists():
        raise AnnexNotReady
    _destroy(annex, at)
    _log("consultations.names_destroyed", annex, by, at)


def _destroy(annex: NamesAnnex, at: datetime) -> None:
    _forget_content(annex)
    NamesAnnex.objects.filter(pk=annex.pk, state=NamesState.READY).update(
        state=NamesState.DESTROYED, numbers=None, destroyed_at=at
    )


def _forget_content(annex: NamesAnnex) -> None:
    NamesPart.objects.filter(annex=annex).delete()
    NamesPiece.objects.filter(annex=annex).delete()


def _log(act: str, annex: NamesAnnex, by: User | None, at: datetime) -> None:
    submission = annex.filing.submission
    log_act(subject_id=submission.campaign_id, act=act, actor=by, at=at, submission=submission.title)


# --- What time does --------------------------------------------------------------------


def destroy_due_names(*, at: datetime) -> int:
    """Destroy every file whose time has come, or whose petition's signers are erased. Gives their number."""
    destroyed = 0
    ready = NamesAnnex.objects.ready().select_related("filing__submission", "petition").order_by("pk")
    for annex in ready:
        ends_at = destroys_at(annex)
        is_due = ends_at is not None and ends_at <= at
        if not is_due and annex.petition.erased_at is None:
            continue
        with transaction.atomic():
            if not NamesAnnex.objects.select_for_update().ready().filter(pk=annex.pk).exists():
                continue
            _destroy(annex, at)
            _log("consultations.names_destroyed", annex, None, at)
        logger.info("names annex %s: destroyed", annex.pk)
        destroyed += 1
    return destroyed


def mark_outdated_names() -> int:
    """Note in every annex that is not handed in how many people took their names back since. Gives how many annexes changed."""
    changed = 0
    rows = NamesAnnex.objects.ready().filter(filing__receipts=None).select_related("petition").order_by("pk")
    for annex in rows:
        gone = gone_since(annex)
        changed += (
            NamesAnnex.objects.ready().filter(pk=annex.pk).exclude(gone_total=gone).update(gone_total=gone)
        )
    return changed
