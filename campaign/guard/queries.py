"""What a batch of requests is judged by, read once for all of them."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from campaign.guard.lists import Entries, parse_list
from campaign.guard.mailboxes import Past, Rules, Spelling
from campaign.guard.models import AccessList, Arrivals, GuardedNetwork, ListKind, MailboxRule, PastSpelling


def mailbox_rules() -> dict[str, Spelling]:
    """The providers' rules by domain: one small read."""
    rows = MailboxRule.objects.values_list("domain", "same_as", "ignores_dots", "tag")
    return {domain: Spelling(same_as, dots, tag) for domain, same_as, dots, tag in rows}


def past_spellings() -> Past:
    """How mailboxes of domains whose rule changed were spelled before, while rows may be stored by it: mostly none."""
    found: dict[str, list[Spelling]] = defaultdict(list)
    rows = PastSpelling.objects.values_list("domain", "same_as", "ignores_dots", "tag")
    for domain, same_as, dots, tag in rows:
        found[domain].append(Spelling(same_as, dots, tag))
    return found


@dataclass(frozen=True)
class Lists:
    """Both access lists. Blocks win."""

    blocked: Entries
    allowed: Entries


_kept: tuple[object, Lists] | None = None  # by what they were read from; in each process's own memory


def access_lists(rules: Rules) -> Lists:
    """The site's lists. They are opened and parsed anew only when they, or the mailbox rules, have changed."""
    global _kept
    version = (dict(AccessList.objects.values_list("kind", "changed_at")), dict(rules))
    if _kept is None or _kept[0] != version:
        texts = {row.kind: row.lines or "" for row in AccessList.objects.all()}
        blocked, allowed = (
            parse_list(texts.get(kind, ""), rules) for kind in (ListKind.BLOCK, ListKind.ALLOW)
        )
        _kept = (version, Lists(blocked=blocked, allowed=allowed))
    return _kept[1]


def guarded_networks(*, at: datetime) -> frozenset[int]:
    """The networks whose browsers do a proof of work at `at`: few, even in a bad hour."""
    return frozenset(GuardedNetwork.objects.filter(until__gt=at).values_list("network_key", flat=True))


@dataclass(frozen=True)
class Crowd:
    """What came to one place in a stretch of time."""

    requests: int
    quarantined: int
    from_two_networks: int  # by the two networks that most of it came from


def crowds(*, subject_ids: Collection[uuid.UUID], since: datetime) -> dict[uuid.UUID, Crowd]:
    """What came to each place since then, in one read. Requests from unknown networks count as of networks of their own."""
    rows = (
        Arrivals.objects.filter(subject_id__in=subject_ids, at__gt=since)
        .values_list("subject_id", "network_key")
        .annotate(Sum("requests"), Sum("quarantined"))
    )
    found: dict[uuid.UUID, list[tuple[int | None, int, int]]] = defaultdict(list)
    for subject_id, *counts in rows:
        found[subject_id].append(tuple(counts))
    return {subject_id: _crowd(counts) for subject_id, counts in found.items()}


def _crowd(counts: list[tuple[int | None, int, int]]) -> Crowd:
    by_network = sorted((requests for key, requests, _aside in counts if key is not None), reverse=True)
    return Crowd(
        requests=sum(requests for _key, requests, _aside in counts),
        quarantined=sum(aside for _key, _requests, aside in counts),
        from_two_networks=sum(by_network[:2]),
    )
