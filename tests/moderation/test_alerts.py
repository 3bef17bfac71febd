from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.mailing.kinds import Letters
from campaign.mailing.models import OutgoingMail
from campaign.moderation.models import Act, Alert, AlertKind, ModerationAct, Sweep
from campaign.moderation.queries import Criteria
from campaign.moderation.services import (
    NothingToLookFor,
    dismiss_alert,
    look_at_alert,
    watch_petitions,
)
from campaign.moderation.tasks import forget, watch
from campaign.petitions.models import PetitionState
from tests.factories.guard import MailboxRuleFactory
from tests.factories.moderation import AlertFactory, staff
from tests.factories.petitions import PetitionFactory, SignatureFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def _small_numbers(settings):
    settings.ALERT_NETWORK = settings.ALERT_DOMAIN = settings.ALERT_QUARANTINED = 3
    settings.ALERT_DOMAIN_PERCENT = 30


def signatures(petition, count, *, domain=None, **fields):
    """From as many mail domains as there are signatures, or from one."""
    for number in range(count):
        SignatureFactory(
            petition=petition, email=f"a@{domain or f'd{number}.example'}", email_key=None, **fields
        )


def found():
    return {(row.kind, row.label or "", row.count) for row in Alert.objects.all()}


def test_many_from_one_network_are_told():
    signatures(PetitionFactory(), 3, network="203.0.113.0/24")

    assert watch_petitions(at=timezone.now()) == 1

    assert found() == {("network", "203.0.113.0/24", 3)}


def test_many_from_one_domain_are_told():
    signatures(PetitionFactory(), 3, domain="Robots.example")

    watch_petitions(at=timezone.now())

    assert found() == {("domain", "robots.example", 3)}


def test_many_set_aside_are_told():
    now = timezone.now()
    signatures(PetitionFactory(), 3, quarantined_at=now)

    watch_petitions(at=now)

    assert found() == {("quarantine", "", 3)}


@pytest.mark.parametrize("count", [6, 7])
def test_domain_is_told_only_above_its_part_of_all(count):
    """Three of ten are 30 in a hundred: not more than that."""
    petition = PetitionFactory()
    signatures(petition, 3, domain="robots.example")
    signatures(petition, count)

    watch_petitions(at=timezone.now())

    assert Alert.objects.count() == (1 if count == 6 else 0)


def test_provider_that_everybody_uses_is_not_told():
    MailboxRuleFactory(domain="post.example")
    signatures(PetitionFactory(), 3, domain="post.example")

    assert watch_petitions(at=timezone.now()) == 0


def test_fewer_are_not_told():
    signatures(PetitionFactory(), 2, domain="robots.example", network="203.0.113.0/24")

    assert watch_petitions(at=timezone.now()) == 0


def test_what_came_in_before_the_last_hour_is_not_told():
    signatures(PetitionFactory(), 3, network="203.0.113.0/24")

    assert watch_petitions(at=timezone.now() + timedelta(minutes=61)) == 0


def test_signatures_of_two_petitions_are_not_added_up():
    for _petition in range(2):
        signatures(PetitionFactory(), 2, network="203.0.113.0/24")

    assert watch_petitions(at=timezone.now()) == 0


def test_closed_petition_is_not_watched():
    signatures(PetitionFactory(state=PetitionState.CLOSED), 3, network="203.0.113.0/24")

    assert watch_petitions(at=timezone.now()) == 0


def test_watching_twice_tells_each_moderator_once():
    moderators = [staff(), staff()]
    staff(is_active=False)
    signatures(PetitionFactory(), 3, network="203.0.113.0/24")

    watch()
    watch()

    assert Alert.objects.count() == 1
    assert {mail.recipient for mail in OutgoingMail.objects.all()} == {user.email for user in moderators}
    assert OutgoingMail.objects.count() == 2


def test_alert_follows_the_number_while_it_lasts():
    petition, now = PetitionFactory(), timezone.now()
    signatures(petition, 3, network="203.0.113.0/24")
    watch_petitions(at=now)
    signatures(petition, 1, network="203.0.113.0/24")

    watch_petitions(at=now + timedelta(minutes=5))

    alert = Alert.objects.get()
    assert (alert.count, alert.first_seen_at, alert.last_seen_at) == (4, now, now + timedelta(minutes=5))


def test_dismissed_alert_stays_silent_while_it_lasts():
    now = timezone.now()
    signatures(PetitionFactory(), 3, network="203.0.113.0/24")
    watch_petitions(at=now)
    dismiss_alert(alert=Alert.objects.get(), at=now)

    assert watch_petitions(at=now + timedelta(minutes=5)) == 0

    assert Alert.objects.get().dismissed_at == now


@pytest.mark.parametrize("is_dismissed", [True, False])
def test_what_begins_again_later_is_told_again(is_dismissed):
    petition, now = PetitionFactory(), timezone.now()
    signatures(petition, 3, network="203.0.113.0/24")
    watch_petitions(at=now)
    Alert.objects.update(last_seen_at=now - timedelta(days=2), dismissed_at=now if is_dismissed else None)

    assert watch_petitions(at=now) == 1

    assert Alert.objects.filter(dismissed_at=None).count() == 1


def test_dismissing_twice_is_once():
    alert, now = AlertFactory(), timezone.now()

    dismiss_alert(alert=alert, at=now)
    dismiss_alert(alert=alert, at=now + timedelta(hours=1))

    alert.refresh_from_db()
    assert alert.dismissed_at == now


@pytest.mark.parametrize(
    ("kind", "label", "criteria"),
    [
        (AlertKind.DOMAIN, "robots.example", {"domain": "robots.example"}),
        (AlertKind.NETWORK, "203.0.113.0/24", {"network": "203.0.113.0/24"}),
        (AlertKind.QUARANTINE, "", {"only": "quarantined"}),
    ],
)
def test_looking_at_an_alert_searches_for_what_it_is_about(kind, label, criteria):
    alert, moderator = AlertFactory(kind=kind, label=label), staff()

    scan = look_at_alert(alert=alert, by=moderator, at=timezone.now())

    since = alert.first_seen_at - timedelta(hours=1)
    assert Criteria.from_json(scan.criteria) == Criteria(since=since, **criteria)
    assert ModerationAct.objects.filter(act=Act.SCAN, actor=moderator, sweep=scan).count() == 1


def test_looking_at_an_alert_without_its_domain_is_refused():
    """An erased domain must not turn the search into one for everybody."""
    with pytest.raises(NothingToLookFor):
        look_at_alert(alert=AlertFactory(label=None), by=staff(), at=timezone.now())

    assert not Sweep.objects.exists()


def letter_about(alert):
    mail = OutgoingMail(kind="moderation.alert", about_id=alert.pk, locale="en", recipient="m@example.org")
    return Letters([mail]).compose(mail)


@pytest.mark.parametrize("kind", AlertKind.values)
def test_letter_leads_to_the_desk_and_names_no_domain_or_network(kind):
    alert = AlertFactory(kind=kind, label="robots.example")

    letter = letter_about(alert)

    assert f"/moderation/petitions/{alert.petition.slug}/" in letter.text
    assert "60 signatures of the last hour" in letter.text
    assert "robots.example" not in letter.text + letter.html + letter.subject


def test_letter_about_a_dismissed_alert_is_not_sent():
    assert letter_about(AlertFactory(dismissed_at=timezone.now())) is None


def test_old_alerts_are_forgotten(settings):
    settings.NETWORK_DAYS = 30
    AlertFactory(last_seen_at=timezone.now() - timedelta(days=31))
    kept = AlertFactory(last_seen_at=timezone.now() - timedelta(days=29))

    forget()
    forget()

    assert list(Alert.objects.all()) == [kept]


@pytest.mark.parametrize("petition_count", [1, 3])
def test_watching_quiet_petitions_takes_a_fixed_number_of_queries(petition_count, django_assert_num_queries):
    for petition in PetitionFactory.create_batch(petition_count):
        signatures(petition, 2, network="203.0.113.0/24")

    with django_assert_num_queries(3):
        watch_petitions(at=timezone.now())


def test_log_names_neither_domain_nor_network(caplog):
    signatures(PetitionFactory(), 3, domain="robots.example", network="203.0.113.0/24")

    watch_petitions(at=timezone.now())

    assert len(caplog.records) == 2
    assert "robots" not in caplog.text
    assert "203.0.113" not in caplog.text
