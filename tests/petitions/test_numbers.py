from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaign.mailing.models import OutgoingMail
from campaign.mailing.services import pump_mail
from campaign.petitions.models import Dimension, ReportedKind, Tally
from campaign.petitions.queries import petition_counts, signature_total
from campaign.petitions.services import (
    ThresholdIsSet,
    remove_threshold,
    report_count,
    set_threshold,
    watch_thresholds,
    withdraw_count,
)
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.petitions import PetitionFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def petition_counting(number):
    petition = PetitionFactory()
    Tally.objects.update_or_create(
        petition=petition, dimension=Dimension.TOTAL, key="", defaults={"counted": number}
    )
    return petition


def count_is(petition, number):
    Tally.objects.filter(petition=petition).update(counted=number)


def test_threshold_is_reached_told_to_the_team_and_missed_again():
    petition, now = petition_counting(9), timezone.now()
    member = TeamMemberFactory(campaign=petition.campaign)
    set_threshold(petition=petition, count=10, consequence="a hearing")
    assert watch_thresholds(at=now) == 0

    count_is(petition, 10)
    assert watch_thresholds(at=now) == 1
    count_is(petition, 9)
    watch_thresholds(at=now)

    threshold = petition.thresholds.get()
    assert (threshold.is_reached, threshold.first_reached_at) == (False, now)
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == [member.user.email]


def test_threshold_reached_again_tells_nobody():
    petition, now = petition_counting(10), timezone.now()
    TeamMemberFactory(campaign=petition.campaign)
    set_threshold(petition=petition, count=10, consequence="a hearing")
    watch_thresholds(at=now)
    count_is(petition, 9)
    watch_thresholds(at=now)
    count_is(petition, 11)

    assert watch_thresholds(at=now + timedelta(days=1)) == 0

    threshold = petition.thresholds.get()
    assert (threshold.is_reached, threshold.first_reached_at) == (True, now)
    assert OutgoingMail.objects.count() == 1


def test_threshold_mail_says_number_and_consequence(mailoutbox):
    petition, now = petition_counting(1_000), timezone.now()
    TeamMemberFactory(campaign=petition.campaign)
    set_threshold(petition=petition, count=1_000, consequence="a hearing")
    watch_thresholds(at=now)

    pump_mail(at=now)

    assert mailoutbox[0].subject == f"1,000 signatures: {petition.title}"
    assert "a hearing" in mailoutbox[0].body


def test_threshold_is_compared_with_the_total_alone(django_assert_num_queries):
    petition, now = petition_counting(5), timezone.now()
    Tally.objects.create(petition=petition, dimension=Dimension.COUNTRY, key="FR", counted=1)
    set_threshold(petition=petition, count=4, consequence="a hearing")
    watch_thresholds(at=now)

    with django_assert_num_queries(2):  # nothing fell, nothing rose
        watch_thresholds(at=now)

    assert petition.thresholds.get().is_reached


def test_threshold_twice_at_one_number_is_refused():
    petition = PetitionFactory()
    set_threshold(petition=petition, count=10, consequence="a hearing")

    with pytest.raises(ThresholdIsSet):
        set_threshold(petition=petition, count=10, consequence="a debate")

    assert petition.thresholds.get().consequence == "a hearing"


def test_remove_threshold_of_another_petition_changes_nothing():
    mine, other = PetitionFactory(), PetitionFactory()
    set_threshold(petition=other, count=10, consequence="a hearing")

    remove_threshold(petition=mine, threshold_id=other.thresholds.get().pk)

    assert other.thresholds.count() == 1


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
@pytest.mark.django_db(transaction=True)
def test_watch_by_many_at_once_tells_once():
    petition, now = petition_counting(10), timezone.now()
    TeamMemberFactory(campaign=petition.campaign)
    set_threshold(petition=petition, count=10, consequence="a hearing")

    in_threads([lambda: watch_thresholds(at=now)] * 6)

    assert OutgoingMail.objects.count() == 1


def test_reported_counts_stand_apart_and_can_be_taken_back():
    petition, now = petition_counting(3), timezone.now()
    data = {"collected_by": "Club", "note": "Market, May", "by": UserFactory(), "at": now}
    report_count(petition=petition, kind=ReportedKind.PAPER, count=40, **data)
    report_count(petition=petition, kind=ReportedKind.PAPER, count=2, **data)
    assert petition_counts(petition=petition).paper == 42

    withdraw_count(petition=petition, count_id=petition.reported_counts.get(count=40).pk, at=now)

    assert petition_counts(petition=petition).paper == 2
    assert petition.reported_counts.count() == 2
    assert signature_total(petition=petition) == 3
