from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from campaign.core.links import link_token
from campaign.mailing.models import MailState, OutgoingMail, Priority
from campaign.mailing.services import payload_of, pump_mail
from campaign.petitions.letters.handover import HandoverTold, handed_over_letter
from campaign.petitions.models import Handover, PetitionState, Signature, SignatureState
from campaign.petitions.services import (
    NothingToTell,
    PetitionIsNotPublic,
    SignersAreTold,
    ask_to_tell,
    hide_petition,
    number_waiting_signatures,
    set_consent,
    tell_signers,
    telling,
    unhide_petition,
    withdraw_signature,
)
from campaign.petitions.services.leaving import blank_fields
from campaign.petitions.tasks import tell_signers as tell_signers_task
from tests.factories.accounts import UserFactory
from tests.factories.petitions import (
    ConfirmedSignatureFactory,
    DemandFactory,
    DoneHandoverFactory,
    HandoverFactory,
    PublishedResponseFactory,
    ResponseFactory,
    SignatureFactory,
)
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


def read_by(people, petition=None, **fields):
    """A petition with so many signers who want mail about it."""
    petition = petition or DemandFactory()
    ConfirmedSignatureFactory.create_batch(people, petition=petition, wants_updates=True, **fields)
    number_waiting_signatures(at=NOW)
    return petition


def asked(petition, factory=DoneHandoverFactory):
    record = factory(petition=petition)
    ask_to_tell(record=record, by=UserFactory(), at=NOW)
    return record


@pytest.mark.parametrize(
    ("factory", "kind"),
    [(DoneHandoverFactory, "petitions.handed_over"), (PublishedResponseFactory, "petitions.responded")],
)
def test_tell_queues_one_mail_for_each_who_wants_it_and_none_twice(factory, kind):
    petition = read_by(3, locale="de")
    ConfirmedSignatureFactory(petition=petition)
    SignatureFactory(petition=petition, wants_updates=True)
    number_waiting_signatures(at=NOW)
    record = asked(petition, factory)

    assert tell_signers(at=NOW) == 3
    assert tell_signers(at=NOW) == 0
    tell_signers_task()
    tell_signers_task()

    mails = OutgoingMail.objects.all()
    readers = Signature.objects.filter(wants_updates=True, state=SignatureState.CONFIRMED)
    assert {mail.about_id for mail in mails} == {row.pk for row in readers}
    assert {(mail.kind, mail.locale, mail.priority) for mail in mails} == {(kind, "de", Priority.BULK)}
    assert {payload_of(mail)["record"] for mail in mails} == {str(record.pk)}
    record.refresh_from_db()
    assert (record.told_total, record.told_at, record.told_number) == (3, NOW, 4)


def test_tell_says_nothing_until_it_is_asked_for():
    DoneHandoverFactory(petition=read_by(2))

    assert tell_signers(at=NOW) == 0


def test_tell_in_steps_reaches_everybody_in_every_petition(monkeypatch):
    monkeypatch.setattr(telling, "NUMBERS", 2)
    for _petition in range(2):
        asked(read_by(5))

    assert tell_signers(at=NOW) == 10

    about = OutgoingMail.objects.values_list("about_id", flat=True)
    assert sorted(about) == sorted(Signature.objects.values_list("pk", flat=True))


def test_tell_stops_after_its_share_and_goes_on_the_next_time(monkeypatch):
    monkeypatch.setattr(telling, "NUMBERS", 2)
    asked(read_by(5))

    assert [tell_signers(at=NOW, most=3) for _turn in range(3)] == [4, 1, 0]


def test_crash_while_queueing_leaves_nothing_half(monkeypatch):
    monkeypatch.setattr(telling, "NUMBERS", 2)
    record = asked(read_by(5))
    queue, calls = telling.queue_mails, []

    def crash_at_the_second(rows):
        mails = queue(rows)
        calls.append(mails)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return mails

    monkeypatch.setattr(telling, "queue_mails", crash_at_the_second)
    with pytest.raises(RuntimeError):
        tell_signers(at=NOW)
    monkeypatch.setattr(telling, "queue_mails", queue)

    assert OutgoingMail.objects.count() == 2
    assert tell_signers(at=NOW) == 3
    record.refresh_from_db()
    assert (record.told_total, OutgoingMail.objects.values("about_id").distinct().count()) == (5, 5)


def test_who_signed_after_it_was_asked_for_is_not_told():
    petition = read_by(2)
    asked(petition)
    read_by(1, petition)

    assert tell_signers(at=NOW) == 2


@pytest.mark.parametrize("act", ["withdraw", "erase", "invalidate", "take_back"])
def test_who_left_or_took_it_back_gets_none(act):
    petition = read_by(2)
    asked(petition)
    leave(petition.signatures.order_by("number").first(), act)

    assert tell_signers(at=NOW) == 1


def leave(signature, act):
    if act == "withdraw":
        withdraw_signature(signature=signature, at=NOW)
    elif act == "erase":
        Signature.objects.filter(pk=signature.pk).update(**blank_fields())
    elif act == "invalidate":
        Signature.objects.filter(pk=signature.pk).update(state=SignatureState.INVALIDATED)
    else:
        set_consent(signature=signature, purpose="updates", given=False, locale="en", at=NOW)


@pytest.mark.parametrize("act", ["erase", "take_back"])
def test_who_left_before_the_pump_came_gets_none(act):
    petition = read_by(1)
    asked(petition)
    tell_signers(at=NOW)
    leave(petition.signatures.get(), act)

    pump_mail(at=timezone.now())

    assert outbox.outbox == []
    assert OutgoingMail.objects.get().state == MailState.DROPPED


def test_tell_waits_while_the_petition_is_hidden():
    petition = read_by(2)
    asked(petition)
    hide_petition(petition=petition, note="x")
    while_hidden = tell_signers(at=NOW)

    unhide_petition(petition=petition, at=NOW)

    assert (while_hidden, tell_signers(at=NOW)) == (0, 2)


def test_ask_twice_is_refused():
    record = asked(read_by(1))

    with pytest.raises(SignersAreTold):
        ask_to_tell(record=record, by=UserFactory(), at=NOW)


@pytest.mark.parametrize("factory", [HandoverFactory, ResponseFactory])
def test_ask_before_it_is_public_is_refused(factory):
    with pytest.raises(NothingToTell):
        asked(read_by(1), factory)


def test_ask_under_a_hidden_petition_is_refused():
    record = DoneHandoverFactory(petition=read_by(1))
    record.petition.state = PetitionState.HIDDEN
    record.petition.save()

    with pytest.raises(PetitionIsNotPublic):
        ask_to_tell(record=record, by=UserFactory(), at=NOW)


def test_response_to_a_petition_that_nobody_signed_tells_nobody():
    record = asked(DemandFactory(), PublishedResponseFactory)

    assert tell_signers(at=NOW) == 0

    record.refresh_from_db()
    assert record.told_at == NOW


def test_letter_of_a_hand_over_says_where_it_went_and_how_many_signed():
    petition = read_by(1, email="ada@example.org")
    record = asked(petition)
    tell_signers(at=NOW)

    pump_mail(at=timezone.now())

    (letter,) = outbox.outbox
    signature = petition.signatures.get()
    token = link_token(purpose="signature-manage", row_id=signature.pk)
    assert (letter.to, letter.subject) == (["ada@example.org"], f"Handed over: {petition.title}")
    for expected in (
        f"handed over on {record.done_at.astimezone(ZoneInfo(record.time_zone)).day} ",
        record.addressee.name,
        "names 1 signature, and nobody by name",
        f"/petitions/{petition.slug}/#handover-{record.pk}",
        reverse("signature_manage", args=[token]),
    ):
        assert expected in letter.body
    assert "the-link-of-this-letter" not in letter.body + letter.alternatives[0][0]


def test_letter_of_a_response_gives_its_title_and_each_reader_their_own_link():
    petition = read_by(2)
    record = asked(petition, PublishedResponseFactory)
    tell_signers(at=NOW)

    pump_mail(at=timezone.now())

    links = {
        reverse("signature_manage", args=[link_token(purpose="signature-manage", row_id=row.pk)])
        for row in petition.signatures.all()
    }
    bodies = [letter.body for letter in outbox.outbox]
    assert all(record.title in body for body in bodies)
    assert sorted(link for link in links for body in bodies if link in body) == sorted(links)


def test_letter_shows_hostile_markup_as_text():
    petition = read_by(1)
    asked(petition, lambda petition: PublishedResponseFactory(petition=petition, title="<script>x</script>"))
    tell_signers(at=NOW)

    pump_mail(at=timezone.now())

    assert "<script>" not in outbox.outbox[0].alternatives[0][0]


@pytest.mark.parametrize("readers", [1, 3])
def test_letters_of_a_batch_take_a_fixed_number_of_queries(readers, django_assert_num_queries):
    asked(read_by(readers))
    tell_signers(at=NOW)
    mails = list(OutgoingMail.objects.all())

    with django_assert_num_queries(2):  # who still wants it, and what it is about
        loaded = HandoverTold(mails)
        letters = [handed_over_letter(mail, loaded) for mail in mails]

    assert len(letters) == readers


postgresql_only = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_tell_each_once(monkeypatch):
    monkeypatch.setattr(telling, "NUMBERS", 3)
    asked(read_by(30))

    in_threads([lambda: tell_signers(at=NOW)] * 4)
    tell_signers(at=NOW)

    about = list(OutgoingMail.objects.values_list("about_id", flat=True))
    assert len(about) == len(set(about)) == 30
    assert Handover.objects.get().told_total == 30
