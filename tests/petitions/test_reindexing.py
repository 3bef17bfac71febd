"""Providers' rules change while people sign: nobody counts twice, nobody is lost, and the keys follow."""

import logging
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from campaign.guard.importer import load_mailbox_rules
from campaign.guard.models import PastSpelling
from campaign.guard.queries import mailbox_rules
from campaign.guard.respelling import held_rules
from campaign.guard.services import delete_mailbox_rule, save_mailbox_rule
from campaign.petitions import tasks
from campaign.petitions.keys import mailbox_keys, name_keys
from campaign.petitions.models import Signature, SignatureState, SignRequest
from campaign.petitions.services import own_signatures, reindex_mailboxes, reindexing
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory
from tests.petitions.signing import sign
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()
DOMAIN = "mail.example"
PLAIN, DOTTED = f"ada@{DOMAIN}", f"a.da@{DOMAIN}"


def confirm_all():
    Signature.objects.filter(state=SignatureState.PENDING).update(
        state=SignatureState.CONFIRMED, confirmed_at=NOW
    )


def is_current(row):
    return bytes(row.email_key) == mailbox_keys(row.email, mailbox_rules())[0]


def add():
    save_mailbox_rule(domain=DOMAIN, ignores_dots=True)


def change():
    save_mailbox_rule(domain=DOMAIN, tag="+")


def make_alias():
    save_mailbox_rule(domain=DOMAIN, same_as="post.example")


def remove():
    delete_mailbox_rule(domain=DOMAIN)


@pytest.mark.parametrize("reindexed", [True, False])
@pytest.mark.parametrize(
    "changes", [[add], [add, remove], [add, change], [make_alias], [make_alias, remove], [add, remove, add]]
)
@pytest.mark.parametrize("address", [PLAIN, DOTTED, f"ada+x@{DOMAIN}"])
def test_same_address_counts_once_whatever_rules_come_and_go(address, changes, reindexed):
    petition, first, *others = PetitionFactory(), *changes
    if others:
        first()
    sign(petition, NOW, email=address)
    confirm_all()

    for act in others or [first]:
        act()
    if reindexed:
        reindex_mailboxes()
    sign(petition, NOW + timedelta(minutes=1), email=address)

    assert Signature.objects.count() == 1


def test_address_in_all_spellings_is_one_mailbox_after_reindexing():
    petition = PetitionFactory()
    sign(petition, NOW, email=DOTTED)
    add()

    assert reindex_mailboxes() == 1
    sign(petition, NOW + timedelta(minutes=1), email=PLAIN)

    assert Signature.objects.count() == 1


def test_address_of_two_people_is_two_mailboxes_after_its_rule_was_wrong():
    petition = PetitionFactory()
    add()
    sign(petition, NOW, email=DOTTED)
    remove()
    reindex_mailboxes()

    sign(petition, NOW + timedelta(minutes=1), email=PLAIN)

    assert sorted(row.email for row in Signature.objects.all()) == [DOTTED, PLAIN]


def test_reindex_twice_moves_once_and_leaves_other_domains_alone():
    row = ConfirmedSignatureFactory(email=DOTTED)
    other = ConfirmedSignatureFactory(email="a.da@other.example")
    add()

    assert [reindex_mailboxes() for _ in range(2)] == [1, 0]

    row.refresh_from_db()
    assert is_current(row)
    assert bytes(Signature.objects.get(pk=other.pk).email_key) == bytes(other.email_key)
    assert not PastSpelling.objects.exists()


def test_reindex_follows_the_other_domains_of_a_provider():
    save_mailbox_rule(domain="alias.example", same_as=DOMAIN)
    row = ConfirmedSignatureFactory(email="a.da@alias.example")
    add()

    tasks.reindex_mailboxes()
    tasks.reindex_mailboxes()

    row.refresh_from_db()
    assert is_current(row)


def test_reindex_doubles_stay_counted_and_are_named_by_id(caplog):
    first = ConfirmedSignatureFactory(email=PLAIN)
    second = ConfirmedSignatureFactory(petition=first.petition, email=DOTTED)
    add()

    with caplog.at_level(logging.WARNING):
        reindex_mailboxes()

    assert [record.args for record in caplog.records] == [(second.pk,)]
    assert DOTTED not in caplog.text
    assert Signature.objects.filter(state=SignatureState.CONFIRMED, email_key__isnull=False).count() == 2


@pytest.mark.parametrize("name", ["Ada Signer", "Bob Signer"])
@pytest.mark.parametrize("rule", [{}, {"asks_postcode": True, "household_rule": True}])
def test_doubles_that_nobody_confirmed_can_be_signed_again(rule, name):
    petition = PetitionFactory(**rule)
    for address in (PLAIN, DOTTED):
        sign(petition, NOW, email=address, postcode="10115")
    add()

    for turn, address in enumerate((PLAIN, DOTTED, PLAIN), start=1):
        sign(petition, NOW + timedelta(minutes=turn), email=address, name=name, postcode="10115")

    assert not SignRequest.objects.exists()
    assert Signature.objects.filter(name_key=name_keys(name)[0], signed_at__gt=NOW).count() == 1


def test_double_of_a_confirmed_signature_is_told_that_it_signed():
    first = ConfirmedSignatureFactory(email=DOTTED, name="Ada Confirmed")
    SignatureFactory(petition=first.petition, email=PLAIN, name="Ada Pending")
    add()

    sign(first.petition, NOW + timedelta(minutes=1), email=DOTTED, name="Ada Again")

    assert sorted(row.name for row in Signature.objects.all()) == ["Ada Confirmed", "Ada Pending"]


def test_own_signatures_are_found_while_keys_are_those_of_the_past():
    add()
    old = ConfirmedSignatureFactory(email=DOTTED, email_key=mailbox_keys(PLAIN, {})[0])
    remove()
    new = ConfirmedSignatureFactory(email=DOTTED)

    assert {row.pk for row in own_signatures(signature=new)} == {old.pk, new.pk}


def test_reindex_that_was_killed_is_begun_anew(monkeypatch):
    monkeypatch.setattr(reindexing, "BATCH", 2)
    ConfirmedSignatureFactory.create_batch(5, petition=PetitionFactory(), email=DOTTED, email_key=None)
    for number, row in enumerate(Signature.objects.all()):
        row.email = f"a.da{number}@{DOMAIN}"
        row.email_key = mailbox_keys(row.email, {})[0]
        row.save()
    add()
    whole, calls = reindexing._reindex, iter(range(100))

    def killed(*args):
        if next(calls) == 1:
            raise KeyboardInterrupt
        return whole(*args)

    with monkeypatch.context() as patched:
        patched.setattr(reindexing, "_reindex", killed)
        with pytest.raises(KeyboardInterrupt):
            reindex_mailboxes()

    assert reindex_mailboxes() == 3
    assert all(is_current(row) for row in Signature.objects.all())
    assert not PastSpelling.objects.exists()


def test_reindex_row_that_cannot_be_read_stops_nobody(caplog):
    broken = ConfirmedSignatureFactory(email=f"b.ob@{DOMAIN}")
    row = ConfirmedSignatureFactory(email=DOTTED)
    with connection.cursor() as cursor:
        key = Signature._meta.pk.get_db_prep_value(broken.pk, connection)
        cursor.execute("UPDATE petitions_signature SET email = name WHERE id = %s", [key])
    add()

    reindex_mailboxes()

    row.refresh_from_db()
    assert is_current(row)
    assert str(broken.pk) in caplog.text


def test_reindex_leaves_no_trace_of_the_erased():
    gone = ConfirmedSignatureFactory(email=None, name=None, email_key=None, domain_key=None)
    add()

    assert reindex_mailboxes() == 0

    assert Signature.objects.get(pk=gone.pk).email_key is None


# --- What a change leaves behind ------------------------------------------------------
def past():
    rows = PastSpelling.objects.order_by("pk")
    return [(row.domain, row.same_as, row.ignores_dots, row.tag) for row in rows]


def test_rule_change_notes_how_its_domain_was_spelled_before():
    add()
    change()
    remove()

    assert past() == [
        (DOMAIN, DOMAIN, False, ""),
        (DOMAIN, DOMAIN, True, ""),
        (DOMAIN, DOMAIN, False, "+"),
    ]


@pytest.mark.parametrize(
    "act", [remove, lambda: save_mailbox_rule(domain=DOMAIN, note="There is nothing to leave out.")]
)
def test_rule_change_without_effect_leaves_nothing(act):
    act()

    assert past() == []


def test_rules_of_the_reference_data_are_noted_once(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(f"rules:\n  - domain: {DOMAIN}\n    ignores_dots: true\n    note: They say so.\n")

    assert [load_mailbox_rules(path) for _ in range(2)] == [1, 0]

    assert past() == [(DOMAIN, DOMAIN, False, "")]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: there is no race")
@pytest.mark.django_db(transaction=True)
def test_rule_change_waits_for_those_who_store_by_the_rule_before():
    is_held, is_changed = Event(), Event()
    waited = []

    def store():
        with transaction.atomic():
            held_rules()
            is_held.set()
            waited.append(not is_changed.wait(0.5))

    def change_meanwhile():
        is_held.wait(10)
        add()
        is_changed.set()

    in_threads([store, change_meanwhile])

    assert waited == [True]
    assert DOMAIN in mailbox_rules()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: there is no race")
@pytest.mark.django_db(transaction=True)
def test_rules_coming_and_going_while_people_sign_let_nobody_in_twice():
    petition = PetitionFactory()

    def sign_often():
        for turn in range(12):
            sign(petition, NOW + timedelta(hours=turn), email=DOTTED)
            confirm_all()

    def change_often():
        for act in (add, change, make_alias, remove, add, remove) * 2:
            act()
            reindex_mailboxes()

    in_threads([sign_often, sign_often, change_often])

    assert Signature.objects.count() == 1
