"""Making the annex of names: gather, draw each part, join them. Rows are the orders: of a worker that dies, one is left.

A worker holds a row by its number of attempts and says every second or so that it is alive. Whoever takes the row from it, by
canceling or after LEASE, changes one of the two: what the first one writes then finds no row.
"""

import base64
import hashlib
import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Sum
from django.template.loader import render_to_string
from django.utils import translation
from django_countries import countries

from campaign.consultations import tasks
from campaign.consultations.models import (
    NamesAnnex,
    NamesPart,
    NamesPartState,
    NamesPiece,
    NamesState,
)
from campaign.consultations.models.names import UNFINISHED
from campaign.consultations.names.pages import PageSetter, PartPlan, name_line, stretches
from campaign.consultations.names.people import as_bits, counted_in, cut_of, named_signatures
from campaign.consultations.names.reasons import NamesReason
from campaign.core.fields import sealed
from campaign.core.nudge import nudge_on_commit
from campaign.documents.children import NoLongerWanted, RendererCrashed, RenderFailed
from campaign.documents.chunks import join_chunks, render_chunk
from campaign.documents.reasons import Reason

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)  # who has not said for so long that they are alive has lost the row
MAX_ATTEMPTS = 3
SWEEP_AFTER = timedelta(seconds=10)  # an order younger than this has its own message on the way
SWEEP_BATCH = 20
PIECE_BYTES = 256 * 1024

Row = TypeVar("Row", NamesAnnex, NamesPart)


class Hold:
    """A row that this worker has taken, and the time as far as it knows: that of the claim plus what has passed."""

    def __init__(self, row: NamesAnnex | NamesPart, at: datetime) -> None:
        self.row, self._at, self._started = row, at, time.monotonic()
        self.annex_id = row.annex_id if isinstance(row, NamesPart) else row.pk

    @property
    def now(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._started)

    def settle(self, **values: Any) -> bool:
        """Write, unless the row was taken from us in the meantime."""
        rows = type(self.row)._default_manager.filter(
            pk=self.row.pk, state=self.row.state, attempts=self.row.attempts
        )
        return bool(rows.update(**values))

    def is_wanted(self) -> bool:
        """Say that we are alive; whether the row is still ours."""
        return self.settle(alive_at=self.now)

    def require(self) -> None:
        """As a part of a transaction: until it ends, nobody can take the row. Raises NoLongerWanted."""
        if not self.is_wanted():
            raise NoLongerWanted


def _claim(model: type[Row], pk: str, *, waiting: str, working: str, at: datetime) -> Hold | None:
    row = model._default_manager.filter(pk=pk, state=waiting).first()
    if row is None:
        return None
    claimed = model._default_manager.filter(pk=pk, state=waiting, attempts=row.attempts).update(
        state=working, attempts=row.attempts + 1, alive_at=at
    )
    if not claimed:
        return None
    row.state, row.attempts = working, row.attempts + 1
    return Hold(row, at)


@contextmanager
def _given_back(hold: Hold, *, to: str) -> Iterator[None]:
    """Whatever happens inside, the row does not stay taken. What cannot get better ends the whole annex with a reason."""
    name, pk = type(hold.row).__name__, hold.row.pk
    try:
        yield
    except NoLongerWanted:
        logger.info("%s %s: canceled, or taken by another worker", name, pk)
    except RenderFailed as failure:
        _fail(hold.annex_id, failure.reason, hold.now)
    except RendererCrashed as crash:
        logger.warning("%s %s: ended without an answer: %s", name, pk, crash)
        _give_back(hold, to, Reason.INTERRUPTED)
    except BaseException:  # also a worker that is told to stop: the next one must not wait for the lease
        _give_back(hold, to, Reason.INTERNAL)
        raise


# --- Gathering -------------------------------------------------------------------------


def gather_names(*, annex_id: str, at: datetime) -> None:
    """Decide who is named on which page, and order each part once it is full. Does nothing when it is claimed or done already."""
    hold = _claim(NamesAnnex, annex_id, waiting=NamesState.ORDERED, working=NamesState.GATHERING, at=at)
    if hold is None:
        return
    with _given_back(hold, to=NamesState.ORDERED):
        _gather(hold)


def _gather(hold: Hold) -> None:
    annex = NamesAnnex.objects.select_related(
        "filing__record", "filing__frozen_text", "filing__submission", "petition"
    ).get(pk=hold.row.pk)
    gathered_at = hold.now
    NamesPart.objects.filter(annex=annex).delete()  # of a worker that vanished
    counted = counted_in(annex.filing)
    total = counted["total"] if counted else 0
    cut = cut_of(petition=annex.petition, counted_at=annex.filing.fixed_at, total=total)
    setter, numbers = PageSetter(), list[int]()
    country_name = cache(countries.name)  # in the language of the list
    with translation.override(annex.locale):
        for row in named_signatures(petition=annex.petition, cut=cut, basis=annex.basis):
            full = setter.add(name_line(row.name or "", str(country_name(row.country.code))))
            numbers.append(row.number or 0)
            if full is not None:
                _order_part(hold, annex, full)
    if not numbers:
        _fail(annex.pk, NamesReason.NOBODY, hold.now)
        return
    _order_part(hold, annex, setter.rest())
    hold.settle(
        state=NamesState.RENDERING,
        gathered_at=gathered_at,
        person_total=len(numbers),
        part_total=setter.position + 1,
        numbers=as_bits(numbers),
        attempts=0,
        alive_at=None,
    )
    _merge_if_whole(annex.pk)


def _order_part(hold: Hold, annex: NamesAnnex, plan: PartPlan) -> None:
    with transaction.atomic():
        hold.require()
        part = NamesPart.objects.create(
            annex=annex,
            position=plan.position,
            first_page=plan.first_page,
            page_total=len(plan.pages),
            lines=plan.as_json(),
        )
        nudge_on_commit(tasks.render_names, part_id=str(part.pk))


# --- Drawing one part ------------------------------------------------------------------


def render_names(*, part_id: str, at: datetime) -> None:
    """Draw one part. Does nothing when it is claimed, done or gone. What cannot get better ends the whole annex with a reason."""
    hold = _claim(NamesPart, part_id, waiting=NamesPartState.WAITING, working=NamesPartState.RENDERING, at=at)
    if hold is None:
        return
    rows = NamesPart.objects.select_related("annex__filing__frozen_text", "annex__petition")
    with _given_back(hold, to=NamesPartState.WAITING):
        part = rows.filter(pk=part_id).first()
        if part is not None:  # not canceled since
            _draw(hold, part)


def _draw(hold: Hold, part: NamesPart) -> None:
    annex = part.annex
    html, title = _drawn_up(part)
    chunk = render_chunk(
        html=html,
        title=title,
        digest=hashlib.sha256(f"{annex.pk} {part.position}".encode()).hexdigest(),
        moment=annex.ordered_at,
        is_wanted=hold.is_wanted,
    )
    if chunk.page_count != part.page_total:
        logger.error(
            "part %s of a names annex: %d pages instead of %d", part.pk, chunk.page_count, part.page_total
        )
        raise RenderFailed(Reason.FAULTY)
    hold.settle(
        state=NamesPartState.READY,
        lines=None,
        file=sealed(part, "file", base64.b64encode(chunk.content).decode()),
        replaced_total=chunk.replaced,
        megabytes=chunk.megabytes,
        alive_at=None,
    )
    _merge_if_whole(annex.pk)  # after the part is stored for all to see: of the last two, one finds both


def _drawn_up(part: NamesPart) -> tuple[str, str]:
    annex = part.annex
    with translation.override(annex.locale):
        title = translation.gettext("Names of signers: %(petition)s") % {"petition": annex.petition.title}
        html = render_to_string(
            "consultations/pdf/names.html",
            {
                "part": part,
                "annex": annex,
                "petition": annex.petition,
                "title": title,
                "filed_title": annex.filing.frozen_text.title,
                "filed_digest": annex.filing.frozen_text.digest,
                "counted_at": annex.filing.fixed_at,
                "pages": [stretches(page) for page in json.loads(part.lines or "[]")],
            },
        )
    return html, title


def _merge_if_whole(annex_id: Any) -> None:
    waiting = NamesPart.objects.filter(annex=annex_id).exclude(state=NamesPartState.READY)
    if NamesAnnex.objects.filter(pk=annex_id, state=NamesState.RENDERING).exists() and not waiting.exists():
        nudge_on_commit(tasks.merge_names, annex_id=str(annex_id))


# --- Joining ---------------------------------------------------------------------------


def merge_names(*, annex_id: str, at: datetime) -> None:
    """Join the parts into the file and drop them. Does nothing while parts are missing, or when it is claimed or done already."""
    annex = NamesAnnex.objects.filter(pk=annex_id, state=NamesState.RENDERING).first()
    if annex is None or annex.parts.filter(state=NamesPartState.READY).count() != annex.part_total:
        return
    hold = _claim(NamesAnnex, annex_id, waiting=NamesState.RENDERING, working=NamesState.MERGING, at=at)
    if hold is None:
        return
    with _given_back(hold, to=NamesState.RENDERING):
        _merge(hold, annex)


def _merge(hold: Hold, annex: NamesAnnex) -> None:
    chunks = list(_chunks(annex))
    joined = join_chunks(chunks=chunks, moment=annex.ordered_at, is_wanted=hold.is_wanted)
    facts = annex.parts.aggregate(
        pages=Sum("page_total"), replaced=Sum("replaced_total"), megabytes=Max("megabytes")
    )
    if joined.page_count != facts["pages"] or not joined.content.startswith(b"%PDF-1.7"):
        raise RenderFailed(Reason.FAULTY)
    with transaction.atomic():
        hold.require()
        annex.pieces.all().delete()
        view = memoryview(joined.content)
        for position, start in enumerate(range(0, len(view), PIECE_BYTES)):
            content = base64.b64encode(view[start : start + PIECE_BYTES]).decode()
            NamesPiece.objects.create(annex=annex, position=position, content=content)
        hold.settle(
            state=NamesState.READY,
            page_count=joined.page_count,
            byte_size=len(joined.content),
            file_digest=hashlib.sha256(joined.content).hexdigest(),
            replaced_total=facts["replaced"],
            part_megabytes=facts["megabytes"],
            merge_megabytes=joined.megabytes,
            reason="",
            alive_at=None,
            finished_at=hold.now,
        )
        annex.parts.all().delete()


def _chunks(annex: NamesAnnex) -> Iterator[bytes]:
    for part in annex.parts.order_by("position").iterator(chunk_size=10):
        yield base64.b64decode(part.file or "")


# --- Outcomes, and what keeps orders moving --------------------------------------------


def _fail(annex_id: Any, reason: str, at: datetime) -> None:
    with transaction.atomic():
        failed = NamesAnnex.objects.filter(pk=annex_id, state__in=UNFINISHED).update(
            state=NamesState.FAILED, reason=reason[:200], numbers=None, alive_at=None, finished_at=at
        )
        if failed:
            NamesPart.objects.filter(annex=annex_id).delete()
            NamesPiece.objects.filter(annex=annex_id).delete()


def _give_back(hold: Hold, state: str, reason: str) -> None:
    if hold.row.attempts >= MAX_ATTEMPTS:
        if hold.is_wanted():
            _fail(hold.annex_id, reason, hold.now)
    else:
        hold.settle(state=state, alive_at=None)


def release_stale_names(*, at: datetime) -> int:
    """Give back what vanished workers held, or end the annex after MAX_ATTEMPTS. Gives the number of rows moved."""
    moved = 0
    annexes, parts = (model.objects.filter(alive_at__lt=at - LEASE) for model in (NamesAnnex, NamesPart))
    for rows, working, waiting in (
        (annexes, NamesState.GATHERING, NamesState.ORDERED),
        (annexes, NamesState.MERGING, NamesState.RENDERING),
        (parts, NamesPartState.RENDERING, NamesPartState.WAITING),
    ):
        stale = rows.filter(state=working)
        over = stale.filter(attempts__gte=MAX_ATTEMPTS)
        whose = "annex_id" if stale.model is NamesPart else "pk"
        for annex_id in set(over.values_list(whose, flat=True)):
            _fail(annex_id, Reason.INTERRUPTED, at)
            moved += 1
        moved += stale.filter(attempts__lt=MAX_ATTEMPTS).update(state=waiting, alive_at=None)
    return moved


def sweep_names(*, at: datetime) -> int:
    """Nudge workers about the oldest orders, parts and unions that still wait. Gives their number."""
    orders = NamesAnnex.objects.filter(state=NamesState.ORDERED, ordered_at__lt=at - SWEEP_AFTER)
    parts = NamesPart.objects.filter(
        state=NamesPartState.WAITING, created_at__lt=at - SWEEP_AFTER, annex__state__in=UNFINISHED
    )
    unfinished = NamesPart.objects.filter(annex=OuterRef("pk")).exclude(state=NamesPartState.READY)
    whole = NamesAnnex.objects.filter(~Exists(unfinished), state=NamesState.RENDERING)
    waiting = [
        *((tasks.gather_names, "annex_id", pk) for pk in _oldest(orders)),
        *((tasks.render_names, "part_id", pk) for pk in _oldest(parts)),
        *((tasks.merge_names, "annex_id", pk) for pk in _oldest(whole)),
    ]
    for task, name, pk in waiting:
        nudge_on_commit(task, **{name: str(pk)})
    return len(waiting)


def _oldest(rows: Any) -> list[Any]:
    return list(rows.order_by(F("pk")).values_list("pk", flat=True)[:SWEEP_BATCH])
