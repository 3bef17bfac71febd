from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from campaign.petitions.models import PetitionState
from campaign.petitions.services import (
    CampaignIsDraft,
    ClosingDateIsPast,
    PetitionCannotMove,
    close_due_petitions,
    close_petition,
    publish_petition,
)
from campaign.petitions.services.petition import end_of_day
from tests.factories.petitions import DraftPetitionFactory, PetitionFactory

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
