import logging
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from campaign.guard import tasks
from campaign.guard.limits import Limit
from campaign.guard.lists import BrokenLine
from campaign.guard.models import (
    AccessList,
    Arrivals,
    Bucket,
    GuardedNetwork,
    ListKind,
    MailboxRule,
    UsedCheck,
)
from campaign.guard.queries import Crowd, access_lists, crowds, mailbox_rules
from campaign.guard.services import (
    AliasWithRules,
    NoDomain,
    RuleGoesRound,
    UnknownSign,
    delete_mailbox_rule,
    guard_networks,
    hold_buckets,
    note_arrivals,
    save_access_list,
    save_mailbox_rule,
    store_buckets,
    use_once,
)
from tests.factories.accounts import UserFactory
from tests.factories.guard import AccessListFactory, GuardedNetworkFactory, MailboxRuleFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
HOUR = timedelta(hours=1)


def test_mailbox_rule_is_kept_in_one_spelling():
    save_mailbox_rule(domain=" @Bücher.example. ", ignores_dots=True, tag="+", note="They say so.")

    row = MailboxRule.objects.get()
    assert (row.domain, row.same_as, row.ignores_dots, row.tag) == ("xn--bcher-kva.example", "", True, "+")


def test_mailbox_rule_saved_again_is_changed():
    for tag in ("+", "-"):
        save_mailbox_rule(domain="mail.example", tag=tag)

    assert MailboxRule.objects.get().tag == "-"


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"domain": "nothing"}, NoDomain),
        ({"domain": "not a domain.example"}, NoDomain),
        ({"domain": "new.example", "same_as": "x"}, NoDomain),
        ({"domain": "new.example", "same_as": "new.example"}, RuleGoesRound),
        ({"domain": "new.example", "same_as": "alias.example"}, RuleGoesRound),
        ({"domain": "main.example", "same_as": "other.example"}, RuleGoesRound),
        ({"domain": "new.example", "same_as": "main.example", "tag": "+"}, AliasWithRules),
        ({"domain": "new.example", "same_as": "main.example", "ignores_dots": True}, AliasWithRules),
        ({"domain": "new.example", "tag": "="}, UnknownSign),
    ],
)
def test_mailbox_rule_that_makes_no_sense_is_refused(fields, refusal):
    MailboxRuleFactory(domain="main.example")
    MailboxRuleFactory(domain="alias.example", same_as="main.example", tag="")

    with pytest.raises(refusal):
        save_mailbox_rule(**fields)

    assert MailboxRule.objects.count() == 2


def test_mailbox_rule_deleted_twice_is_gone_once():
    MailboxRuleFactory(domain="mail.example")

    delete_mailbox_rule(domain="mail.example")
    delete_mailbox_rule(domain="mail.example")

    assert mailbox_rules() == {}


def test_access_list_is_replaced_and_logged_by_ids(caplog):
    by, now = UserFactory(), timezone.now()
    AccessListFactory(lines="*@old.example")

    with caplog.at_level(logging.INFO, logger="campaign.guard"):
        save_access_list(kind=ListKind.BLOCK, text="ada@example.org # a remark", by=by, at=now)

    row = AccessList.objects.get()
    assert (row.lines, row.changed_at, row.changed_by) == ("ada@example.org # a remark", now, by)
    assert "ada" not in caplog.text
    assert str(by.pk) in caplog.text


def test_access_list_with_a_broken_line_is_not_stored():
    AccessListFactory(lines="*@old.example")

    with pytest.raises(BrokenLine):
        save_access_list(
            kind=ListKind.BLOCK, text="*@new.example\nrubbish", by=UserFactory(), at=timezone.now()
        )

    assert AccessList.objects.get().lines == "*@old.example"


def test_access_lists_are_parsed_anew_when_they_changed(django_assert_num_queries):
    by, now = UserFactory(), timezone.now()
    save_access_list(kind=ListKind.BLOCK, text="*@one.example", by=by, at=now)
    access_lists({})

    with django_assert_num_queries(1):
        assert access_lists({}).blocked.pattern.pattern == r".*@one\.example"
    save_access_list(kind=ListKind.BLOCK, text="*@two.example", by=by, at=now + HOUR)

    assert access_lists({}).blocked.pattern.pattern == r".*@two\.example"


def test_bucket_is_full_at_first_and_remembers_what_was_spent():
    limit, now = Limit(3, 60, HOUR), timezone.now()

    for _ in range(2):
        with transaction.atomic():
            buckets = hold_buckets(limits={7: limit}, at=now)
            buckets.spend({7: limit}, now)
            store_buckets(buckets=buckets)

    row = Bucket.objects.get()
    assert (row.key, row.tokens, row.filled_at) == (7, 1, now)


@pytest.mark.parametrize("item_count", [1, 3])
def test_buckets_take_a_fixed_number_of_queries(item_count, django_assert_num_queries):
    limits = {n: Limit(3, 60, HOUR) for n in range(item_count)}

    with transaction.atomic(), django_assert_num_queries(3):
        store_buckets(buckets=hold_buckets(limits=limits, at=timezone.now()))


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
@pytest.mark.django_db(transaction=True)
def test_buckets_of_many_at_once_lose_no_token_and_lock_nobody_out():
    limit, now = Limit(1_000, 1, HOUR), timezone.now()
    keys = list(range(10))

    def spend(order):
        with transaction.atomic():
            buckets = hold_buckets(limits=dict.fromkeys(order, limit), at=now)
            for key in order:
                buckets.spend({key: limit}, now)
            store_buckets(buckets=buckets)

    in_threads([lambda: spend(keys), lambda: spend(keys[::-1])] * 10)

    assert set(Bucket.objects.values_list("tokens", flat=True)) == {980}


def test_network_guarded_again_is_guarded_longer():
    now = timezone.now()
    guard_networks(network_keys=[7], at=now)

    guard_networks(network_keys=[7, 8], at=now + HOUR)

    untils = dict(GuardedNetwork.objects.values_list("network_key", "until"))
    assert untils == dict.fromkeys((7, 8), now + HOUR + timedelta(minutes=30))


def test_check_is_good_once():
    until = timezone.now() + HOUR

    assert [use_once(key=b"a" * 16, until=until), use_once(key=b"a" * 16, until=until)] == [True, False]
    assert use_once(key=b"b" * 16, until=until)


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
@pytest.mark.django_db(transaction=True)
def test_check_is_good_once_for_many_at_once():
    until, won = timezone.now() + HOUR, []

    in_threads([lambda: won.append(use_once(key=b"a" * 16, until=until))] * 20)

    assert sorted(won) == [False] * 19 + [True]


@pytest.mark.parametrize("item_count", [1, 3])
def test_crowds_are_counted_by_network_in_one_read(item_count, django_assert_num_queries):
    now, places = timezone.now(), [uuid.uuid4() for _ in range(item_count)]
    for place in places:
        note_arrivals(counts={(place, 1): (5, 0), (place, 2): (4, 3), (place, 3): (3, 0)}, at=now)
        note_arrivals(counts={(place, 1): (1, 1), (place, None): (9, 0)}, at=now)
        note_arrivals(counts={(place, 1): (90, 90)}, at=now - HOUR)

    with django_assert_num_queries(1):
        found = crowds(subject_ids=places, since=now - timedelta(minutes=5))

    assert found == dict.fromkeys(places, Crowd(requests=22, quarantined=4, from_two_networks=10))


def test_prune_twice_deletes_what_says_nothing_any_more():
    now = timezone.now()
    Bucket.objects.create(key=1, tokens=0, filled_at=now - timedelta(hours=7))
    Bucket.objects.create(key=2, tokens=0, filled_at=now - timedelta(hours=5))
    GuardedNetworkFactory(until=now - HOUR)
    GuardedNetworkFactory(until=now + HOUR)
    for hours in (-1, 1):
        UsedCheck.objects.create(key=f"{hours}".encode(), until=now + hours * HOUR)
    for hours in (-2, 0):
        note_arrivals(counts={(uuid.uuid4(), 1): (1, 0)}, at=now + hours * HOUR)

    tasks.prune()
    tasks.prune()

    left = [model.objects.count() for model in (Bucket, GuardedNetwork, UsedCheck, Arrivals)]
    assert left == [1, 1, 1, 1]
    assert Bucket.objects.get().key == 2
