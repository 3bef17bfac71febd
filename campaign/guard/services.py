"""The verbs of the guard: rules and lists, buckets, and the memory of attacks."""

import logging
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.core.mailboxes import ascii_host
from campaign.guard.limits import Buckets, Level, Limit, configured_limits
from campaign.guard.lists import parse_list
from campaign.guard.models import (
    AccessList,
    Arrivals,
    Bucket,
    GuardedNetwork,
    ListKind,
    MailboxRule,
    UsedCheck,
)
from campaign.guard.queries import mailbox_rules
from campaign.guard.respelling import changing_rules

logger = logging.getLogger(__name__)

TAGS = ("", "+", "-")
KEPT_ARRIVALS = timedelta(hours=1)


# --- How providers spell one mailbox --------------------------------------------
class NoDomain(DomainError):
    message = _("Write a domain like example.org.")


class RuleGoesRound(DomainError):
    message = _(
        "That domain only points to another one, or others point to this one. Name the domain all stand for."
    )


class AliasWithRules(DomainError):
    message = _("A domain that stands for another one follows its rules. Leave dots and sign empty here.")


class UnknownSign(DomainError):
    message = _("Only + and - are known as signs before what means nothing.")


@changing_rules()
def save_mailbox_rule(
    *, domain: str, same_as: str = "", ignores_dots: bool = False, tag: str = "", note: str = ""
) -> MailboxRule:
    """Set what one provider's domain allows. A rule without effect is good too: it keeps `load_reference` from adding its own.

    What is stored by the rule before is found until it is stored anew (`PastSpelling`).
    Raises NoDomain, RuleGoesRound, AliasWithRules, UnknownSign.
    """
    domain, target = _domain(domain), _domain(same_as) if same_as.strip() else ""
    if tag not in TAGS:
        raise UnknownSign
    if target and (ignores_dots or tag):
        raise AliasWithRules
    if target:
        _refuse_rounds(domain, target)
    row, _created = MailboxRule.objects.update_or_create(
        domain=domain,
        defaults={"same_as": target, "ignores_dots": ignores_dots, "tag": tag, "note": note[:200]},
    )
    return row


def _domain(text: str) -> str:
    host = ascii_host(text.strip().removeprefix("@"))
    if "." not in host:
        raise NoDomain
    return host


def _refuse_rounds(domain: str, target: str) -> None:
    """Domains point one step far at most: nobody has to follow a chain, and no chain can go round."""
    others = MailboxRule.objects.exclude(same_as="").select_for_update()
    if target == domain or others.filter(Q(domain=target) | Q(same_as=domain)).exists():
        raise RuleGoesRound


@changing_rules()
def delete_mailbox_rule(*, domain: str) -> None:
    """Forget a rule. Twice is once. One that the site's reference data brings comes back with the next `load_reference`."""
    MailboxRule.objects.filter(domain=domain).delete()


# --- Who is blocked, who is never limited ---------------------------------------
def save_access_list(*, kind: ListKind, text: str, by: AbstractBaseUser, at: datetime) -> None:
    """Replace one of the lists. Raises BrokenLine with the number of the first line that cannot be read, nothing stored."""
    parse_list(text, mailbox_rules())
    AccessList.objects.update_or_create(
        kind=kind, defaults={"lines": text, "changed_at": at, "changed_by_id": by.pk}
    )
    logger.info("access list %s changed by user %s", kind, by.pk)


# --- Buckets --------------------------------------------------------------------
def hold_buckets(*, limits: Mapping[int, Limit], at: datetime) -> Buckets:
    """Lock the buckets of a batch until its transaction ends, making those that are missing: full at `at`, its first request.

    In the order of their keys, so that two workers wait for each other and never in a ring.
    """
    levels: dict[int, Level] = {}
    while missing := sorted(limits.keys() - levels.keys()):  # twice only when they were pruned in between
        Bucket.objects.bulk_create(
            [Bucket(key=key, tokens=limits[key].burst, filled_at=at) for key in missing],
            ignore_conflicts=True,
        )
        rows = Bucket.objects.filter(key__in=missing).select_for_update().order_by("key")
        for key, tokens, filled_at in rows.values_list("key", "tokens", "filled_at"):
            levels[key] = Level(tokens, filled_at)
    return Buckets(levels)


def store_buckets(*, buckets: Buckets) -> None:
    """Write back what a batch has left."""
    Bucket.objects.bulk_create(
        [
            Bucket(key=key, tokens=level.tokens, filled_at=level.filled_at)
            for key, level in buckets.levels.items()
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["tokens", "filled_at"],
    )


# --- Attacks --------------------------------------------------------------------
def note_arrivals(*, counts: Mapping[tuple[uuid.UUID, int | None], tuple[int, int]], at: datetime) -> None:
    """Remember a batch: {(subject, network key): (requests, of these quarantined)}."""
    Arrivals.objects.bulk_create(
        Arrivals(subject_id=subject, network_key=key, at=at, requests=requests, quarantined=quarantined)
        for (subject, key), (requests, quarantined) in counts.items()
    )


def guard_networks(*, network_keys: Iterable[int], at: datetime) -> None:
    """From now on browsers of these networks do a proof of work, for settings.GUARD_MINUTES."""
    until = at + timedelta(minutes=settings.GUARD_MINUTES)
    GuardedNetwork.objects.bulk_create(
        [GuardedNetwork(network_key=key, until=until) for key in sorted(network_keys)],
        update_conflicts=True,
        unique_fields=["network_key"],
        update_fields=["until"],
    )


def use_once(*, key: bytes, until: datetime) -> bool:
    """Use up a passed check. False when somebody has used it already."""
    try:
        with transaction.atomic():
            UsedCheck.objects.create(key=key, until=until)
    except IntegrityError:
        return False
    return True


def prune(*, at: datetime) -> None:
    """Delete what says nothing any more: buckets that are full again, attacks that are over, checks that have expired."""
    Bucket.objects.filter(filled_at__lt=at - configured_limits().slowest).delete()
    Arrivals.objects.filter(at__lt=at - KEPT_ARRIVALS).delete()
    GuardedNetwork.objects.filter(until__lt=at).delete()
    UsedCheck.objects.filter(until__lt=at).delete()
