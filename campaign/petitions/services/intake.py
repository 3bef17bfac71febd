"""Taking in what people typed into sign forms: requests become pending signatures and mails, batch by batch.

All judging is done here, from rows and in the transaction that deletes the requests: lists, limits, the household rule, who has
signed already. A worker that dies leaves its batch as it was for the next one. Several workers share the work.

Whoever takes in a mailbox holds its bucket's row (`guard.services.hold_buckets`), so that no two workers judge the same mailbox
at once. All take their locks in one order: requests, buckets by key, pending signatures by id.
"""

import json
import logging
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cached_property
from time import monotonic

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from campaign.campaigns.queries import names_of_asking
from campaign.guard.limits import Limit, bucket_key, configured_limits
from campaign.guard.mailboxes import Past, Rules, same_mailbox
from campaign.guard.models import Cause
from campaign.guard.queries import access_lists, crowds, past_spellings
from campaign.guard.respelling import held_rules
from campaign.guard.services import guard_networks, hold_buckets, note_arrivals, store_buckets
from campaign.mailing.models import Priority
from campaign.mailing.services import mail_row, queue_mails
from campaign.petitions.consents import COLUMNS, Asking, columns_of, consents_given
from campaign.petitions.keys import domain_keys, mailbox_keys, name_keys, network_keys, postcode_keys
from campaign.petitions.models import Petition, ReasonState, Signature, SignatureState, SignRequest
from campaign.petitions.services.household import Person, gives_way, place_of
from campaign.petitions.services.signing import SignerData

logger = logging.getLogger(__name__)

BATCH = 200
_KNOWN_FIELDS = {field.name for field in fields(SignerData)}
_PURPOSES = {"sign", *COLUMNS}
_TYPED_COLUMNS = [
    *("name", "email", "postcode", "reason", "network", "country", "locale", "source"),
    *("email_key", "domain_key", "network_key", "name_key", "postcode_key"),
    *("consents", "name_is_public", "wants_updates", "reason_state"),
    *("signed_at", "quarantined_at", "quarantine_cause"),
    *("state", "state_before", "invalidated_by"),
]


def take_in_requests(*, at: datetime, seconds: float = 5.0, size: int = BATCH) -> int:
    """Take in what waits, for at most about `seconds`. Returns how many requests were taken in.

    A request that cannot be taken in is set aside (`failed_at`) and logged by its id; it does not stop the others.
    """
    start, taken = monotonic(), Counter[uuid.UUID]()
    while monotonic() - start < seconds:
        found = _take_in_batch(at=at, size=size)
        taken += found
        if found.total() < size:  # what came since, or what another worker leaves, is for the next run
            break
    if taken:
        watch_for_attacks(petition_ids=taken.keys(), at=at)
    return taken.total()


def _take_in_batch(*, at: datetime, size: int) -> Counter[uuid.UUID]:
    """How many requests were taken in, by petition. Empty when none waits, or when other workers have them all."""
    waiting = SignRequest.objects.filter(failed_at=None).order_by("pk")
    try:
        with transaction.atomic():
            return _take_in(waiting.select_for_update(skip_locked=True)[:size])
    except (
        OperationalError,
        InterfaceError,
    ):  # the database's trouble, not a request's: the next run tries again
        raise
    except Exception:  # noqa: BLE001  whose fault it was is found out one by one
        ids = list(waiting.values_list("pk", flat=True)[:size])
        return sum((_take_in_alone(request_id, at=at) for request_id in ids), Counter[uuid.UUID]())


def _take_in_alone(request_id: uuid.UUID, *, at: datetime) -> Counter[uuid.UUID]:
    request = SignRequest.objects.filter(pk=request_id, failed_at=None)
    try:
        with transaction.atomic():
            return _take_in(request.select_for_update(skip_locked=True))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001  its text may hold what somebody typed
        logger.error("sign request %s cannot be taken in: %s", request_id, type(error).__name__)
        request.update(failed_at=at)
        return Counter()


# --- One batch --------------------------------------------------------------------
@dataclass
class _Request:
    """One request, opened, with what is looked up by it."""

    petition_id: uuid.UUID
    at: datetime
    signer: SignerData
    mailbox: str  # the spelling that stands for all
    email_keys: list[bytes]
    network_key: int | None
    cause: str = ""  # why it is set aside
    asking: tuple[Asking, ...] = ()  # the organizations whose news was ticked

    @cached_property
    def person(self) -> Person:
        return Person(name_keys(self.signer.name), postcode_keys(self.signer.postcode))


def _take_in(rows: Iterable[SignRequest]) -> Counter[uuid.UUID]:
    """Take in rows that this transaction has locked."""
    rows = list(rows)
    if not rows:
        return Counter()
    rules, past = held_rules(), past_spellings()
    requests = sorted((_opened(row, rules, past) for row in rows), key=lambda request: request.at)
    _judge(requests, rules)
    _find_asking(requests)
    _store(requests)
    SignRequest.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return Counter(request.petition_id for request in requests)


def _opened(row: SignRequest, rules: Rules, past: Past) -> _Request:
    typed = json.loads(row.typed)
    # A release that is being rolled out, or back, may have written more than this one knows.
    known = {name: value for name, value in typed.items() if name in _KNOWN_FIELDS}
    purposes = tuple(purpose for purpose in known["purposes"] if purpose in _PURPOSES)
    boxes = tuple(known.get("organizations", ()))
    signer = SignerData(**{**known, "purposes": purposes, "organizations": boxes})
    return _Request(
        petition_id=row.petition_id,
        at=row.received_at,
        signer=signer,
        mailbox=same_mailbox(signer.email, rules),
        email_keys=mailbox_keys(signer.email, rules, past),
        network_key=network_keys(signer.network)[0] if signer.network else None,
    )


def _find_asking(requests: list[_Request]) -> None:
    """Give each request the organizations that it ticked and that ask there, under the names that were shown.

    Anything else that stands in their place is dropped: what does not exist, asks elsewhere or not any more, and whose words
    were others when the person saw them. Three reads for a batch; none when nobody ticked one.
    """
    ticked = [request for request in requests if request.signer.organizations]
    if not ticked:
        return
    petitions = Petition.objects.filter(pk__in={request.petition_id for request in ticked})
    campaigns = dict(petitions.values_list("pk", "campaign_id"))
    boxes = {box: _id_of(box) for request in ticked for box in request.signer.organizations}
    names = names_of_asking(
        campaign_ids=set(campaigns.values()), organization_ids={pk for pk in boxes.values() if pk}
    )
    for request in ticked:
        campaign_id = campaigns[request.petition_id]
        asking = [
            (box, Asking(str(pk), names[campaign_id, pk]))
            for box, pk in boxes.items()
            if pk and box in request.signer.organizations and (campaign_id, pk) in names
        ]
        request.asking = tuple(each for box, each in asking if box == each.box(request.signer.locale))


def _id_of(box: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(box.partition(":")[0])
    except ValueError:
        return None


# --- Judging ----------------------------------------------------------------------
def _judge(requests: list[_Request], rules: Rules) -> None:
    """Give each request that is to be set aside its cause, spend the limits, and remember what came from where."""
    lists = access_lists(rules)
    limits = [_limits_of(request) for request in requests]
    buckets = hold_buckets(limits={k: v for each in limits for k, v in each.items()}, at=requests[0].at)
    crowded: set[int] = set()
    for request, its_limits in zip(requests, limits, strict=True):
        who = {
            "typed": request.signer.email,
            "mailbox": request.mailbox,
            "network": request.signer.network,
        }
        if lists.blocked.holds(**who):
            request.cause = Cause.BLOCKED
        elif request.signer.is_trapped:
            request.cause = Cause.HONEYPOT
        elif not lists.allowed.holds(**who):
            mailbox, *of_network = its_limits
            empty = buckets.spend(its_limits, request.at)
            if empty is not None:
                request.cause = Cause.ADDRESS if empty == mailbox else Cause.NETWORK
            # Well before the limit: its people are asked for the check in time, and pass by it.
            is_crowded = any(buckets.is_half_empty(key, its_limits[key]) for key in of_network)
            if is_crowded and request.network_key is not None:
                crowded.add(request.network_key)
    store_buckets(buckets=buckets)
    if crowded:
        guard_networks(network_keys=crowded, at=requests[-1].at)
    _remember(requests)


def _limits_of(request: _Request) -> dict[int, Limit]:
    """The buckets of a request. That of its mailbox is the first, and always among them: it is the lock, too.

    Who solved the check is not held up by the others behind the same network, and takes nothing from them.
    """
    configured, network = configured_limits(), request.signer.network
    limits = {bucket_key("mailbox", request.mailbox): configured.mailbox}
    if network and not request.signer.is_checked:
        limits[bucket_key("network", network, request.petition_id.hex)] = configured.network_here
        limits[bucket_key("network", network)] = configured.network
    return limits


def _remember(requests: list[_Request]) -> None:
    counts: dict[tuple[uuid.UUID, int | None], tuple[int, int]] = {}
    for request in requests:
        key = request.petition_id, request.network_key
        total, aside = counts.get(key, (0, 0))
        counts[key] = total + 1, aside + bool(request.cause)
    note_arrivals(counts=counts, at=requests[-1].at)


def watch_for_attacks(*, petition_ids: Collection[uuid.UUID], at: datetime) -> None:
    """Switch the check for robots on where somebody seems to sign in bulk (see settings.GUARD_REQUESTS)."""
    since = at - timedelta(minutes=settings.GUARD_WINDOW_MINUTES)
    for petition_id, crowd in crowds(subject_ids=petition_ids, since=since).items():
        in_bulk = crowd.requests >= settings.GUARD_REQUESTS and 2 * crowd.from_two_networks > crowd.requests
        if in_bulk or crowd.quarantined > settings.GUARD_QUARANTINED:
            _guard(petition_id, at=at)


def _guard(petition_id: uuid.UUID, *, at: datetime) -> None:
    until = at + timedelta(minutes=settings.GUARD_MINUTES)
    petition = Petition.objects.filter(pk=petition_id)
    if petition.filter(Q(guarded_until=None) | Q(guarded_until__lt=at)).update(guarded_until=until):
        logger.warning("petition %s is signed in bulk: the check for robots is on", petition_id)
    else:  # once a minute is often enough to say that it goes on
        petition.filter(guarded_until__lt=until - timedelta(minutes=1)).update(guarded_until=until)


# --- Storing ----------------------------------------------------------------------
class _Rows:
    """The signatures of a batch's mailboxes: those that are there, and those that it makes or changes."""

    def __init__(self, requests: list[_Request]) -> None:
        self.of_mailbox: dict[tuple[uuid.UUID, bytes], list[Signature]] = defaultdict(list)
        mailboxes: dict[tuple[uuid.UUID, bytes], set[bytes]] = defaultdict(set)  # by what a row may hold
        for request in requests:
            for key in request.email_keys:
                mailboxes[request.petition_id, key].add(request.email_keys[0])
        for row in _existing(mailboxes.keys()):
            for mailbox in mailboxes[row.petition_id, bytes(row.email_key or b"")]:
                self.of_mailbox[row.petition_id, mailbox].append(row)
        self.new: dict[uuid.UUID, Signature] = {}
        self.changed: dict[uuid.UUID, Signature] = {}

    def add(self, row: Signature, request: _Request) -> None:
        self.of_mailbox[request.petition_id, request.email_keys[0]].append(row)
        self.new[row.pk] = row

    def change(self, row: Signature) -> None:
        if row.pk not in self.new:
            self.changed[row.pk] = row

    def save(self) -> None:
        Signature.objects.bulk_create(self.new.values())
        if self.changed:
            # One statement for all. The rows are locked, so none is inserted and none has been confirmed meanwhile.
            Signature.objects.bulk_create(
                self.changed.values(),
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=_TYPED_COLUMNS,
            )


def _existing(keys: Collection[tuple[uuid.UUID, bytes]]) -> list[Signature]:
    """The rows of these mailboxes. What gives way is locked, and read first: what is confirmed meanwhile is among the others."""
    by_petition = defaultdict(list)
    for petition_id, key in keys:
        by_petition[petition_id].append(key)
    theirs = Q()
    for petition_id, its_keys in by_petition.items():
        theirs |= Q(petition_id=petition_id, email_key__in=its_keys)
    rows = Signature.objects.filter(theirs)
    loose = Q(state=SignatureState.PENDING) | Q(
        state=SignatureState.INVALIDATED, state_before=SignatureState.PENDING
    )
    locked = rows.filter(loose).select_for_update(of=("self",)).order_by("pk")
    return [*locked, *rows.exclude(loose).order_by("pk")]


def _store(requests: list[_Request]) -> None:
    rows = _Rows(requests)
    ids = {request.petition_id for request in requests}
    households = set(Petition.objects.filter(pk__in=ids, household_rule=True).values_list("pk", flat=True))
    mails: dict[tuple[uuid.UUID, bool], tuple[Signature, _Request]] = {}
    for request in requests:
        row, is_full = _placed(request, rows, household_rule=request.petition_id in households)
        if row is not None and not request.cause:
            mails[row.pk, is_full] = row, request  # one mail for each row, however often it was asked for
    rows.save()
    queue_mails(
        mail_row(
            kind="petitions.signed",
            to=row.email or request.signer.email,
            locale=request.signer.locale,
            about_id=row.pk,
            payload={"household_is_full": True} if is_full else {},
            at=request.at,
            priority=Priority.AT_THE_SCREEN,
        )
        for (_pk, is_full), (row, request) in mails.items()
    )


def _placed(request: _Request, rows: _Rows, *, household_rule: bool) -> tuple[Signature | None, bool]:
    """The row that a request belongs to, written into unless it is firm, and whether there was no place for it.

    A request that is set aside changes nothing about a signature that is not: nobody can spoil somebody else's by flooding.
    """
    theirs = rows.of_mailbox[request.petition_id, request.email_keys[0]]
    place = place_of(request.person, theirs, household_rule=household_rule)
    row = place.row
    if row is None and place.slot:
        row = Signature(petition_id=request.petition_id, slot=place.slot)
        _write(row, request, theirs)
        rows.add(row, request)
    elif row is None:
        firm = [each for each in theirs if each.state == SignatureState.CONFIRMED]
        return (firm[0] if firm else None), True
    elif _may_write(row, request):
        _write(row, request, theirs)
        rows.change(row)
    return row, False


def _may_write(row: Signature, request: _Request) -> bool:
    if not gives_way(row) or request.at < row.signed_at:
        return False
    counts_for_nothing = row.state == SignatureState.INVALIDATED or row.quarantined_at is not None
    return counts_for_nothing or not request.cause


def _write(row: Signature, request: _Request, theirs: list[Signature]) -> None:
    """What was typed last stands, until somebody confirms. `theirs`: all rows of the mailbox."""
    signer = request.signer
    for name in ("name", "email", "postcode", "reason", "network", "country", "locale", "source"):
        setattr(row, name, getattr(signer, name))
    for name, given in columns_of(signer.purposes).items():
        setattr(row, name, given)
    row.state, row.state_before, row.invalidated_by = SignatureState.PENDING, "", None
    if not _is_taken(request.email_keys[0], row, theirs):
        row.email_key = request.email_keys[0]
    row.domain_key = domain_keys(signer.email)[0]
    row.network_key = request.network_key
    row.name_key = request.person.name_keys[0]
    row.postcode_key = request.person.postcode_keys[0] if signer.postcode else None
    row.consents = consents_given(
        signer.purposes, locale=signer.locale, at=request.at, organizations=request.asking
    )
    row.reason_state = ReasonState.WAITING if signer.reason else ReasonState.NONE
    # The confirming page tells by it whether what it showed still stands: it must change with what was typed.
    again = row.signed_at + timedelta(microseconds=1) if row.signed_at else request.at
    row.signed_at = max(request.at, again)
    row.quarantine_cause = request.cause
    row.quarantined_at = (row.quarantined_at or request.at) if request.cause else None


def _is_taken(key: bytes, row: Signature, theirs: list[Signature]) -> bool:
    """Whether another row has the key in this one's slot: two that a new rule made one mailbox's. Each is found by its own."""
    return any(
        other is not row and other.slot == row.slot and bytes(other.email_key or b"") == key
        for other in theirs
    )
