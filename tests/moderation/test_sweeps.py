from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from campaign.guard.models import PastSpelling
from campaign.mailing.models import OutgoingMail
from campaign.moderation.models import Act, ModerationAct, Sweep, SweepKind, SweepState
from campaign.moderation.queries import Criteria, name_matcher
from campaign.moderation.services import (
    CannotUndo,
    NothingToLookFor,
    ask_undo,
    cancel_sweep,
    run_sweeps,
    sweeps,
)
from campaign.petitions.keys import domain_keys, network_keys
from campaign.petitions.models import Signature, SignatureState
from campaign.petitions.queries import signature_total
from campaign.petitions.services import number_waiting_signatures
from tests.factories.moderation import asked, run_all, staff
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def signed(petition, email, **fields):
    """A confirmed signature with the keys that the intake gives it."""
    keys = {"domain_key": domain_keys(email)[0]}
    if network := fields.get("network"):
        keys["network_key"] = network_keys(network)[0]
    return ConfirmedSignatureFactory(petition=petition, email=email, **keys, **fields)


def states(petition):
    return dict(Signature.objects.filter(petition=petition).values_list("email_key", "state"))


def test_invalidate_by_domain_takes_them_out_of_the_count():
    petition, now = PetitionFactory(), timezone.now()
    bad = [signed(petition, f"{n}@robots.example") for n in range(3)]
    signed(petition, "ada@people.example")
    number_waiting_signatures(at=now)

    sweep = asked(petition, domain="robots.example")
    run_all()
    number_waiting_signatures(at=now)

    sweep.refresh_from_db()
    assert (sweep.state, sweep.expected, sweep.changed) == (SweepState.DONE, 3, 3)
    assert {Signature.objects.get(pk=row.pk).state for row in bad} == {SignatureState.INVALIDATED}
    assert signature_total(petition=petition) == 1


def test_undo_brings_each_back_as_it_was():
    petition, now = PetitionFactory(), timezone.now()
    confirmed = signed(petition, "a@robots.example")
    pending = SignatureFactory(petition=petition, email="b@robots.example", domain_key=confirmed.domain_key)
    number_waiting_signatures(at=now)
    sweep = asked(petition, domain="robots.example")
    run_all()
    sweep.refresh_from_db()

    ask_undo(sweep=sweep, reason="a mistake", by=staff(), at=now)
    run_all()
    number_waiting_signatures(at=now)

    assert Signature.objects.get(pk=confirmed.pk).state == SignatureState.CONFIRMED
    assert Signature.objects.get(pk=pending.pk).state == SignatureState.PENDING
    assert signature_total(petition=petition) == 1


def test_undo_twice_is_refused():
    petition, now = PetitionFactory(), timezone.now()
    signed(petition, "a@robots.example")
    sweep = asked(petition, domain="robots.example")
    run_all()
    ask_undo(sweep=sweep, reason="a mistake", by=staff(), at=now)

    with pytest.raises(CannotUndo):
        ask_undo(sweep=sweep, reason="a mistake", by=staff(), at=now)


def test_undo_of_a_pass_that_still_waits_is_refused():
    sweep = asked(PetitionFactory(), domain="robots.example")

    with pytest.raises(CannotUndo):
        ask_undo(sweep=sweep, reason="a mistake", by=staff(), at=timezone.now())


@pytest.mark.parametrize(
    ("criteria", "hit"),
    [
        ({"domain": "Robots.example"}, {"a@robots.example", "b@robots.example"}),
        ({"network": "203.0.113.0/24"}, {"b@robots.example", "c@people.example"}),
        ({"address": "A@robots.example"}, {"a@robots.example"}),
        ({"name": "mickey*"}, {"c@people.example"}),
        ({"name": "MOUSE"}, {"c@people.example"}),
        ({"name": "Ada ?igner"}, {"a@robots.example", "b@robots.example"}),
        ({"domain": "robots.example", "network": "203.0.113.0/24"}, {"b@robots.example"}),
    ],
)
def test_invalidate_hits_exactly_what_is_asked(criteria, hit):
    petition = PetitionFactory()
    signed(petition, "a@robots.example")
    signed(petition, "b@robots.example", network="203.0.113.0/24")
    signed(petition, "c@people.example", network="203.0.113.0/24", name="Mickey Mouse")

    asked(petition, **criteria)
    run_all()

    gone = Signature.objects.filter(state=SignatureState.INVALIDATED)
    assert {row.email for row in gone} == hit


def test_address_is_found_by_the_spelling_of_a_rule_that_has_changed():
    petition = PetitionFactory()
    signed(petition, "robot@mailbox.example")  # stored while dots did not count there
    PastSpelling.objects.create(
        domain="mailbox.example", same_as="mailbox.example", ignores_dots=True, tag=""
    )

    asked(petition, address="ro.bot@mailbox.example")
    run_all()

    assert Signature.objects.get().state == SignatureState.INVALIDATED


def test_invalidate_leaves_other_petitions_alone():
    mine, other = PetitionFactory(), PetitionFactory()
    for petition in (mine, other):
        signed(petition, "a@robots.example")

    asked(mine, domain="robots.example")
    run_all()

    assert Signature.objects.get(petition=other).state == SignatureState.CONFIRMED


def test_scan_shows_what_fits_and_changes_nothing():
    petition = PetitionFactory()
    mouse = signed(petition, "c@people.example", name="Mickey Mouse")
    signed(petition, "a@people.example")

    scan = asked(petition, SweepKind.SCAN, name="mouse")
    run_all()

    scan.refresh_from_db()
    assert (scan.seen, scan.matched, scan.changed, scan.matches) == (2, 1, 0, [str(mouse.pk)])
    assert not Signature.objects.filter(state=SignatureState.INVALIDATED).exists()


def test_release_frees_the_quarantined_and_queues_their_mails():
    petition, now = PetitionFactory(), timezone.now()
    long_ago = now - timedelta(days=20)
    held = SignatureFactory(
        petition=petition, signed_at=long_ago, quarantined_at=long_ago, quarantine_cause="network"
    )

    asked(petition, SweepKind.RELEASE, only="quarantined")
    run_all()

    held.refresh_from_db()
    assert (held.quarantined_at, held.quarantine_cause) == (None, "")
    assert held.signed_at >= now
    assert OutgoingMail.objects.get().about_id == held.pk


def test_asking_for_everything_is_refused():
    with pytest.raises(NothingToLookFor):
        asked(PetitionFactory(), only="pending")


def test_cancel_stops_after_the_batch_in_hand(monkeypatch):
    petition = PetitionFactory()
    for number in range(5):
        signed(petition, f"{number}@robots.example")
    sweep = asked(petition, domain="robots.example")
    monkeypatch.setattr(sweeps, "BATCH", 2)
    step = sweeps._step

    def step_then_cancel(sweep_id, *, at):
        state = step(sweep_id, at=at)
        cancel_sweep(sweep=sweep, at=at)
        return state

    monkeypatch.setattr(sweeps, "_step", step_then_cancel)
    run_all()

    assert Signature.objects.filter(state=SignatureState.INVALIDATED).count() == 2


def test_canceled_part_can_be_undone():
    petition, now = PetitionFactory(), timezone.now()
    signed(petition, "a@robots.example")
    sweep = asked(petition, domain="robots.example")
    run_all()
    Sweep.objects.filter(pk=sweep.pk).update(state=SweepState.CANCELED)

    ask_undo(sweep=sweep, reason="", by=staff(), at=now)
    run_all()

    assert Signature.objects.get().state == SignatureState.CONFIRMED


def test_run_out_of_time_goes_on_where_it_was(monkeypatch):
    petition = PetitionFactory()
    for number in range(5):
        signed(petition, f"{number}@robots.example")
    sweep = asked(petition, domain="robots.example")
    monkeypatch.setattr(sweeps, "BATCH", 2)

    runs = 0
    while Sweep.objects.get(pk=sweep.pk).state != SweepState.DONE:
        run_sweeps(at=timezone.now(), clock=timezone.now, seconds=1e-6)
        runs += 1

    sweep.refresh_from_db()
    assert (sweep.seen, sweep.changed) == (5, 5)
    assert runs > 1


def test_pass_of_a_dead_worker_is_taken_over():
    petition, now = PetitionFactory(), timezone.now()
    signed(petition, "a@robots.example")
    sweep = asked(petition, domain="robots.example")
    Sweep.objects.filter(pk=sweep.pk).update(state=SweepState.RUNNING, claimed_at=now - timedelta(minutes=3))

    assert run_all() == 1

    assert Signature.objects.get().state == SignatureState.INVALIDATED


def test_trouble_that_passes_does_not_end_a_pass(monkeypatch):
    petition = PetitionFactory()
    signed(petition, "a@robots.example")
    sweep = asked(petition, domain="robots.example")

    def deadlock(*args, **kwargs):
        raise OperationalError("deadlock detected")

    monkeypatch.setattr(sweeps, "_look_at", deadlock)
    run_all()
    monkeypatch.undo()
    run_sweeps(at=timezone.now(), clock=lambda: timezone.now() + timedelta(seconds=1))

    sweep.refresh_from_db()
    assert (sweep.state, sweep.changed) == (SweepState.DONE, 1)


def test_fault_of_ours_ends_its_pass_and_no_other(monkeypatch):
    petition = PetitionFactory()
    signed(petition, "a@robots.example")
    broken, other = asked(petition, domain="robots.example"), asked(petition, domain="robots.example")
    look = sweeps._look_at

    def look_unless_broken(sweep, *args):
        if sweep.pk == broken.pk:
            raise ValueError("a fault")
        look(sweep, *args)

    monkeypatch.setattr(sweeps, "_look_at", look_unless_broken)
    run_all()

    states = [Sweep.objects.get(pk=row.pk).state for row in (broken, other)]
    assert states == [SweepState.FAILED, SweepState.DONE]


def test_row_that_does_not_open_is_passed_over(settings):
    petition = PetitionFactory()
    signed(petition, "a@people.example", name="Mickey Mouse")
    settings.DATA_KEYS = {"new": bytes(32)}
    signed(petition, "b@people.example", name="Mickey Mouse")
    scan = asked(petition, SweepKind.SCAN, name="mickey*")

    run_all()

    scan.refresh_from_db()
    assert (scan.state, scan.seen, scan.matched) == (SweepState.DONE, 2, 1)


def test_each_pass_is_on_record():
    petition, moderator = PetitionFactory(), staff()

    sweep = asked(petition, domain="robots.example", by=moderator)

    act = ModerationAct.objects.get()
    assert (act.act, act.actor, act.petition, act.sweep) == (Act.INVALIDATE, moderator, petition, sweep)


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
@pytest.mark.django_db(transaction=True)
def test_two_workers_and_the_sequencer_at_once_keep_the_count_right():
    petition, now = PetitionFactory(), timezone.now()
    for number in range(30):
        signed(petition, f"{number}@{'robots' if number % 2 else 'people'}.example")
    number_waiting_signatures(at=now)
    asked(petition, domain="robots.example")

    in_threads([run_all, run_all, lambda: number_waiting_signatures(at=now)])
    number_waiting_signatures(at=now)

    assert signature_total(petition=petition) == 15


@given(st.text(max_size=12), st.text(max_size=12))
@example("0", "\u2047")  # folds to two question marks
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_name_without_wildcards_fits_wherever_it_stands(before, name):
    if not set("*?") & set(name):
        assert name_matcher(name)(f"{before}{name}") or not name


def test_criteria_survive_storage():
    criteria = Criteria(domain="a.example", since=timezone.now(), name="*mouse*")

    assert Criteria.from_json(criteria.to_json()) == criteria
