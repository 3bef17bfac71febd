import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.core.mail import get_connection
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from campaign.mailing.kinds import Letter, _kinds, register_mail_kind
from campaign.mailing.models import MailState, OutgoingMail, Priority
from campaign.mailing.services import (
    claim_batch,
    mail_row,
    prune_settled,
    pump_mail,
    queue_letter,
    queue_mail,
    queue_mails,
    release_claimed,
    send_batch,
)
from campaign.mailing.services.sending import MAX_RELEASES
from tests.factories.mailing import OutgoingMailFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def kind():
    """A kind that says nothing any more, removed after the test."""
    register_mail_kind("tests.silent", lambda mail: None)
    yield "tests.silent"
    del _kinds["tests.silent"]


class RefusingBackend(EmailBackend):
    """A mail server that answers with `code` for every recipient."""

    code = 550

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (self.code, b"no")})


class BusyBackend(RefusingBackend):
    code = 451


class PickyBackend(EmailBackend):
    """A mail library that cannot make a header of one address."""

    def send_messages(self, messages):
        if messages[0].to == ["bad@example.org"]:
            raise ValueError("bad@example.org")
        return super().send_messages(messages)


class DeadBackend(EmailBackend):
    def open(self):
        raise ConnectionRefusedError


def use(settings, backend):
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"


def test_pump_sends_and_blanks_recipient_and_payload():
    now = timezone.now()
    queue_letter(to="ada@example.org", subject="Your code", text="It is 123.", locale="en", at=now)

    assert pump_mail(at=now) == 1

    row = OutgoingMail.objects.get()
    assert (row.state, row.recipient, row.payload) == (MailState.SENT, None, None)
    assert row.sent_at is not None
    assert [(each.to, each.subject, each.body) for each in outbox.outbox] == [
        (["ada@example.org"], "Your code", "It is 123.")
    ]


def test_pump_twice_sends_once():
    OutgoingMailFactory()

    pump_mail(at=timezone.now())
    pump_mail(at=timezone.now())

    assert len(outbox.outbox) == 1


def test_pump_sends_first_what_somebody_waits_for():
    now = timezone.now()
    queue_mail(kind="mailing.letter", to="bulk@example.org", locale="en", at=now, priority=Priority.BULK,
               payload={"subject": "News", "text": "x"})  # fmt: skip
    queue_letter(to="waiting@example.org", subject="Code", text="x", locale="en", at=now)

    pump_mail(at=now)

    assert [each.to for each in outbox.outbox] == [["waiting@example.org"], ["bulk@example.org"]]


def test_pump_leaves_what_is_not_due():
    OutgoingMailFactory(not_before=timezone.now() + timedelta(minutes=1))

    assert pump_mail(at=timezone.now()) == 0


def test_pump_nothing_to_say_drops_the_mail(kind):
    OutgoingMailFactory(kind=kind)

    pump_mail(at=timezone.now())

    row = OutgoingMail.objects.get()
    assert (row.state, row.recipient) == (MailState.DROPPED, None)
    assert outbox.outbox == []


def test_pump_letter_that_cannot_be_worded_fails_alone():
    OutgoingMailFactory(kind="tests.unknown")
    OutgoingMailFactory()

    assert pump_mail(at=timezone.now()) == 1

    failed = OutgoingMail.objects.get(state=MailState.FAILED)
    assert failed.reason == "not worded: KeyError"
    assert failed.recipient is not None


def test_pump_refused_recipient_fails_with_the_servers_code(settings):
    use(settings, RefusingBackend)
    OutgoingMailFactory()

    pump_mail(at=timezone.now())

    row = OutgoingMail.objects.get()
    assert (row.state, row.reason, row.recipient) == (MailState.FAILED, "recipient refused (550)", None)


def test_pump_refused_for_now_waits_a_minute_and_keeps_the_letter(settings):
    use(settings, BusyBackend)
    now = timezone.now()
    mail = OutgoingMailFactory(not_before=now)

    pump_mail(at=now)

    row = OutgoingMail.objects.get()
    assert (row.state, row.reason) == (MailState.WAITING, "refused for now (451)")
    assert row.recipient == mail.recipient
    assert row.not_before > now


def test_pump_server_unreachable_waits_at_most_a_quarter_of_an_hour(settings):
    use(settings, DeadBackend)
    mail = OutgoingMailFactory(attempts=9)

    assert pump_mail(at=timezone.now()) == 0

    row = OutgoingMail.objects.get()
    assert (row.state, row.recipient) == (MailState.WAITING, mail.recipient)
    assert row.not_before <= timezone.now() + timedelta(minutes=15)


def test_pump_gives_up_after_five_days_and_keeps_the_letter(settings):
    use(settings, DeadBackend)
    mail = OutgoingMailFactory()
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(days=6))

    pump_mail(at=timezone.now())

    row = OutgoingMail.objects.get()
    assert (row.state, row.reason) == (MailState.FAILED, "gave up: ConnectionRefusedError")
    assert row.recipient == mail.recipient


def test_pump_address_no_server_would_take_fails_alone(settings):
    use(settings, PickyBackend)
    OutgoingMailFactory(recipient="bad@example.org")
    OutgoingMailFactory(recipient="good@example.org")

    assert pump_mail(at=timezone.now()) == 1

    failed = OutgoingMail.objects.get(state=MailState.FAILED)
    assert failed.reason.startswith("not sendable")
    assert failed.recipient is None
    assert [each.to for each in outbox.outbox] == [["good@example.org"]]


def test_release_ends_a_mail_that_kills_its_process():
    now = timezone.now()
    OutgoingMailFactory(not_before=now - timedelta(hours=1), releases=MAX_RELEASES - 1)
    claim_batch(at=now - timedelta(minutes=5), size=10)

    release_claimed(at=now)

    assert OutgoingMail.objects.get().state == MailState.FAILED


def test_release_after_a_long_outage_gives_back_what_was_never_begun():
    now = timezone.now()
    OutgoingMailFactory(not_before=now - timedelta(hours=1), attempts=50)
    claim_batch(at=now - timedelta(minutes=5), size=10)

    release_claimed(at=now)

    row = OutgoingMail.objects.get()
    assert (row.state, row.releases) == (MailState.WAITING, 1)


def test_prune_deletes_what_was_settled_long_ago_and_keeps_what_waits():
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=91)):
        for state in (MailState.SENT, MailState.FAILED, MailState.WAITING):
            OutgoingMailFactory(state=state)
    OutgoingMailFactory(state=MailState.SENT)

    assert prune_settled(at=now) == 2

    assert sorted(OutgoingMail.objects.values_list("state", flat=True)) == [MailState.SENT, MailState.WAITING]


def test_release_leaves_what_was_being_handed_over_uncertain_and_unsent():
    now = timezone.now()
    OutgoingMailFactory(state=MailState.HANDING_OVER, claimed_at=now - timedelta(minutes=3))

    assert release_claimed(at=now) == 1

    row = OutgoingMail.objects.get()
    assert (row.state, row.recipient, row.payload) == (MailState.UNCERTAIN, None, None)
    assert pump_mail(at=now) == 0


def test_pump_loads_once_what_a_batch_needs():
    loads = []

    def load(mails):
        loads.append(len(mails))
        return {mail.pk: "loaded" for mail in mails}

    def compose(mail, loaded):
        return Letter(subject=loaded[mail.pk], text="text")

    register_mail_kind("tests.batch", compose, load=load)
    OutgoingMailFactory.create_batch(3, kind="tests.batch")
    OutgoingMailFactory()

    assert pump_mail(at=timezone.now()) == 4

    del _kinds["tests.batch"]
    assert loads == [3]
    assert sorted(each.subject for each in outbox.outbox) == ["A subject", "loaded", "loaded", "loaded"]


@pytest.mark.parametrize("mail_count", [1, 15])
def test_send_takes_one_statement_for_each_letter(mail_count, django_assert_num_queries):
    OutgoingMailFactory.create_batch(mail_count)
    mails = claim_batch(at=timezone.now(), size=50)

    with django_assert_num_queries(mail_count + 1):
        send_batch(mails=mails, connection=get_connection())


def test_queue_mails_stores_all_in_one_statement(django_assert_num_queries):
    now = timezone.now()
    rows = [mail_row(kind="tests", to=f"p{n}@example.org", locale="en", at=now) for n in range(3)]

    with django_assert_num_queries(1):
        assert queue_mails(rows) == 3

    assert sorted(row.recipient for row in OutgoingMail.objects.all()) == [
        f"p{n}@example.org" for n in range(3)
    ]


def test_release_gives_back_what_a_dead_process_had_claimed():
    now = timezone.now()
    OutgoingMailFactory(not_before=now - timedelta(hours=1))
    claim_batch(at=now - timedelta(minutes=5), size=10)

    assert release_claimed(at=now) == 1

    assert pump_mail(at=now) == 1


def test_release_leaves_a_fresh_claim():
    now = timezone.now()
    OutgoingMailFactory()
    claim_batch(at=now, size=10)

    assert release_claimed(at=now) == 0


def test_send_batch_released_meanwhile_is_not_sent_twice():
    now = timezone.now()
    OutgoingMailFactory(not_before=now - timedelta(hours=1))
    slow = claim_batch(at=now - timedelta(minutes=5), size=10)
    release_claimed(at=now)
    pump_mail(at=now)

    assert send_batch(mails=slow, connection=get_connection()) == 0

    assert len(outbox.outbox) == 1


def test_message_id_stays_the_same_for_the_same_mail():
    mail = OutgoingMailFactory()

    pump_mail(at=timezone.now())

    assert outbox.outbox[0].extra_headers["Message-ID"].startswith(f"<{mail.pk}@")


def test_register_kind_twice_is_refused(kind):
    with pytest.raises(ValueError, match="registered twice"):
        register_mail_kind(kind, lambda mail: None)
