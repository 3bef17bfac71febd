"""Proving a mandate by a record of the organization's domain.

It shows who holds the domain, not that this person may sign: the statement stays on record with it. Web processes write down that
somebody asks; a worker looks.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.core.nudge import nudge_on_commit
from campaign.guard.limits import Limit, bucket_key
from campaign.guard.services import hold_buckets, store_buckets
from campaign.organizations import tasks
from campaign.organizations.dns import look_up, record_name
from campaign.organizations.models import DnsOutcome, Mandate, MandateProof, Organization
from campaign.organizations.services.mails import LinkExpired
from campaign.organizations.services.mandates import (
    DomainHasChanged,
    MandateCannotMove,
    NoOwnDomain,
    SignatoryData,
    prove_mandate,
    require_may_state,
    state_mandate,
    tell_named_person,
)
from campaign.organizations.services.organization import DomainSpeaksForAnother

logger = logging.getLogger(__name__)

LOOK_AGAIN = timedelta(seconds=15)  # nobody needs to look at one record more often
LOOKS_OF_A_DOMAIN = Limit(burst=8, sustained=60, per=timedelta(hours=1))  # whoever asks
OWN_MESSAGE = timedelta(seconds=10)  # a look asked for later than this has its own message on the way
SWEEP_BATCH = 100
# How often the site looks by itself, by how long ago the mandate was stated.
PACE = (
    (timedelta(0), timedelta(minutes=5)),
    (timedelta(hours=1), timedelta(minutes=30)),
    (timedelta(days=1), timedelta(hours=4)),
)


class AskedLately(DomainError):
    message = _("This was looked up a moment ago. Wait a little, then look again.")


@dataclass(frozen=True)
class DnsRecord:
    """The TXT record to set, exactly."""

    name: str
    value: str


def record_of(mandate: Mandate) -> DnsRecord:
    """The record that proves this mandate and no other. Nothing about it is stored."""
    return DnsRecord(name=record_name(mandate.domain), value=_values(mandate)[0])


def _values(mandate: Mandate) -> list[str]:
    """The value under the current secret key, then those of older keys, whose records are set already."""
    about = f"{mandate.pk.hex}:{mandate.domain}"
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    tokens = [
        salted_hmac("campaign.organizations.dns", about, secret=key, algorithm="sha256").hexdigest()[:40]
        for key in keys
    ]
    return [f"reclaim-verification={token}" for token in tokens]


@transaction.atomic
def request_dns_mandate(
    *,
    organization: Organization,
    signatory: SignatoryData,
    at: datetime,
    by: User,
    replaces: Mandate | None = None,
) -> Mandate:
    """Record a statement that a record of the organization's domain will prove. `record_of` says which.

    Raises NoOwnDomain, and what `require_may_state` raises.
    """
    if not organization.domain:
        raise NoOwnDomain
    proof = MandateProof.DOMAIN_DNS
    require_may_state(organization=organization, signatory=signatory, proof=proof, at=at, replaces=replaces)
    mandate = state_mandate(
        organization=organization, signatory=signatory, proof=proof, at=at, by=by, replaces=replaces
    )
    tell_named_person(mandate=mandate, at=at)
    return mandate


@transaction.atomic
def ask_for_look(*, mandate: Mandate, at: datetime) -> None:
    """Have a worker look for the record now.

    Raises LinkExpired when the mandate cannot be proven any more, AskedLately, DomainHasChanged.
    """
    if not mandate.is_waiting_at(at) or mandate.proof != MandateProof.DOMAIN_DNS:
        raise LinkExpired
    if mandate.domain != mandate.organization.domain:
        raise DomainHasChanged
    limits = {bucket_key("dns", mandate.domain): LOOKS_OF_A_DOMAIN}
    buckets = hold_buckets(limits=limits, at=at)
    rested = Q(dns_asked_at=None) | Q(dns_asked_at__lte=at - LOOK_AGAIN)
    asked = _waiting(at).filter(rested, pk=mandate.pk)
    if buckets.spend(limits, at) is not None or not asked.update(
        dns_outcome=DnsOutcome.ASKED, dns_asked_at=at
    ):
        raise AskedLately
    store_buckets(buckets=buckets)
    nudge_on_commit(tasks.look_for_record, mandate_id=str(mandate.pk))


def _waiting(at: datetime) -> QuerySet[Mandate]:
    return Mandate.objects.waiting_at(at).filter(proof=MandateProof.DOMAIN_DNS)


def look_for_record(*, mandate_id: str, at: datetime) -> None:
    """Look for one record that was asked for, and prove the mandate when it is there. Does nothing when that was done already.

    Takes seconds, and is called by workers alone.
    """
    asked = _waiting(at).filter(pk=mandate_id, dns_outcome=DnsOutcome.ASKED)
    mandate = asked.select_related("organization").first()
    if mandate is None:
        return
    outcome = look_up(domain=mandate.domain, values=_values(mandate), servers=settings.DNS_SERVERS)
    logger.info("mandate %s: record %s", mandate.pk, outcome.value)
    with transaction.atomic():
        mine = Mandate.objects.filter(
            pk=mandate.pk, dns_outcome=DnsOutcome.ASKED, dns_asked_at=mandate.dns_asked_at
        )
        if mine.update(dns_outcome=outcome, dns_checked_at=at) and outcome == DnsOutcome.FOUND:
            _prove(mandate, at)


def _prove(mandate: Mandate, at: datetime) -> None:
    """What stands in the way is told by the mandate's page: nobody is at the screen here."""
    try:
        with transaction.atomic():
            prove_mandate(mandate=mandate, at=at)
    except (DomainSpeaksForAnother, DomainHasChanged, MandateCannotMove) as refusal:
        logger.info("mandate %s: not proven (%s)", mandate.pk, type(refusal).__name__)


def sweep_records(*, at: datetime) -> int:
    """Nudge workers about looks that nobody has done, and ask anew for records that were not there, less and less often.

    Returns how many.
    """
    forgotten = _waiting(at).filter(dns_outcome=DnsOutcome.ASKED, dns_asked_at__lte=at - OWN_MESSAGE)
    ids = list(forgotten.order_by("dns_asked_at", "pk").values_list("pk", flat=True)[:SWEEP_BATCH])
    for mandate in _due(at)[: SWEEP_BATCH - len(ids)]:
        same = _waiting(at).filter(pk=mandate.pk, dns_outcome=mandate.dns_outcome)
        if same.update(dns_outcome=DnsOutcome.ASKED, dns_asked_at=at):
            ids.append(mandate.pk)
    for mandate_id in ids:
        nudge_on_commit(tasks.look_for_record, mandate_id=str(mandate_id))
    return len(ids)


def _due(at: datetime) -> QuerySet[Mandate]:
    rested = Q()
    until = [age for age, _every in PACE[1:]] + [None]
    for (age, every), end in zip(PACE, until, strict=True):
        of_that_age = Q(stated_at__lte=at - age, last_look__lte=at - every)
        rested |= of_that_age & Q(stated_at__gt=at - end) if end else of_that_age
    rows = _waiting(at).exclude(dns_outcome__in=[DnsOutcome.ASKED, DnsOutcome.FOUND])
    rows = rows.annotate(last_look=Coalesce("dns_checked_at", "stated_at")).filter(rested)
    return rows.order_by("last_look", "pk")
