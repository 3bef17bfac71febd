from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from campaign.mailing.models import MailState, OutgoingMail
from campaign.mailing.services import pump_mail
from campaign.petitions.models import PetitionState, Signature
from campaign.petitions.services import (
    CampaignIsDraft,
    ClosingDateIsPast,
    PetitionCannotMove,
    close_due_petitions,
    close_petition,
    confirm_signature,
    hide_petition,
    publish_petition,
    unhide_petition,
)
from campaign.petitions.services.petition import end_of_day
from tests.factories.mailing import OutgoingMailFactory
from tests.factories.petitions import DraftPetitionFactory, PetitionFactory, SignatureFactory
from tests.petitions.signing import sign

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("Europe/Brussels", datetime(2026, 3, 29, 22, tzinfo=UTC)),  # the day clocks go forward
        ("Asia/Seoul", datetime(2026, 3, 29, 15, tzinfo=UTC)),
        ("UTC", datetime(2026, 3, 30, tzinfo=UTC)),
    ],
)
def test_end_of_day_is_the_next_midnight_there(zone, moment):
    assert end_of_day(day=date(2026, 3, 29), time_zone=zone) == moment


def test_publish_freezes_the_text_and_sets_the_end():
    draft = DraftPetitionFactory(closing_date=date(2030, 1, 31), time_zone="Asia/Seoul")

    petition = publish_petition(petition=draft, at=NOW)

    assert (petition.state, petition.opened_at) == (PetitionState.OPEN, NOW)
    assert petition.closes_at == datetime(2030, 1, 31, 15, tzinfo=UTC)
    assert petition.frozen_text.data["text"] == draft.text


def test_publish_twice_is_refused():
    draft = DraftPetitionFactory()
    publish_petition(petition=draft, at=NOW)

    with pytest.raises(PetitionCannotMove):
        publish_petition(petition=draft, at=NOW)


def test_publish_after_its_last_day_is_refused():
    draft = DraftPetitionFactory(closing_date=(NOW - timedelta(days=2)).date())

    with pytest.raises(ClosingDateIsPast):
        publish_petition(petition=draft, at=NOW)


def test_publish_in_a_draft_campaign_is_refused():
    with pytest.raises(CampaignIsDraft):
        publish_petition(petition=DraftPetitionFactory(campaign__state="draft"), at=NOW)


def test_close_draft_is_refused():
    with pytest.raises(PetitionCannotMove):
        close_petition(petition=DraftPetitionFactory(), at=NOW)


def test_close_due_closes_at_the_date_not_at_the_run():
    due = PetitionFactory(closes_at=NOW - timedelta(minutes=3))
    PetitionFactory(closes_at=NOW + timedelta(minutes=3))

    assert close_due_petitions(at=NOW) == 1
    assert close_due_petitions(at=NOW) == 0

    due.refresh_from_db()
    assert (due.state, due.closed_at) == (PetitionState.CLOSED, due.closes_at)


def test_close_after_its_date_keeps_the_date():
    petition = PetitionFactory(closes_at=NOW - timedelta(days=5))

    close_petition(petition=petition, at=NOW)

    petition.refresh_from_db()
    assert petition.closed_at == petition.closes_at


# --- Taken down and put back -----------------------------------------------------------
def letters():
    mails = OutgoingMail.objects.filter(kind="petitions.signed").order_by("pk")
    return [mail.state for mail in mails]


def test_unhide_mails_those_whose_letter_was_due_meanwhile():
    petition = PetitionFactory()
    sign(petition, NOW)
    hide_petition(petition=petition, note="x")
    pump_mail(at=NOW + timedelta(minutes=1))

    unhide_petition(petition=petition, at=NOW)
    queued = letters()
    pump_mail(at=NOW + timedelta(minutes=2))

    assert queued == [MailState.DROPPED, MailState.WAITING]
    assert letters() == [MailState.DROPPED, MailState.SENT]
    assert confirm_signature(signature=Signature.objects.get(), at=NOW)


@pytest.mark.parametrize("state", [state for state in MailState if state != MailState.DROPPED])
def test_unhide_mails_nobody_twice(state):
    petition = PetitionFactory()
    signature = SignatureFactory(petition=petition)
    for each in (MailState.DROPPED, state):
        OutgoingMailFactory(kind="petitions.signed", about_id=signature.pk, state=each)
    hide_petition(petition=petition, note="x")

    unhide_petition(petition=petition, at=NOW)

    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"quarantined_at": NOW},
        {"state": "confirmed", "confirmed_at": NOW},
        {"state": "invalidated"},
        {"petition__closes_at": NOW - timedelta(hours=25)},
    ],
)
def test_unhide_mails_nobody_who_need_not_or_cannot_confirm(changes):
    signature = SignatureFactory(**changes)
    OutgoingMailFactory(kind="petitions.signed", about_id=signature.pk, state=MailState.DROPPED)
    hide_petition(petition=signature.petition, note="x")

    unhide_petition(petition=signature.petition, at=NOW)

    assert letters() == [MailState.DROPPED]
