import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.activity.acts import register_acts
from campaign.activity.models import LogEntry
from campaign.activity.queries import log_entries, log_line
from campaign.activity.services import log_act
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

INVITED = _("invited a person as %(role)s")
register_acts({"tests.invited": INVITED, "tests.closed": _("closed it")})


def logged(**fields):
    data = {"subject_id": uuid.uuid4(), "act": "tests.closed", "actor": None, "at": timezone.now()}
    log_act(**{**data, **fields})
    return LogEntry.objects.latest("created_at")


def test_line_tells_who_did_what():
    user = UserFactory(name="Ada Owner")

    line = log_line(logged(act="tests.invited", actor=user, role="Editor"))

    assert (line.actor, line.sentence) == (user, "invited a person as Editor")


def test_line_without_a_fact_it_names_is_still_read():
    entry = logged(act="tests.invited")

    assert log_line(entry).sentence == "invited a person as %(role)s"


def test_unknown_act_is_refused():
    with pytest.raises(ValueError, match=r"tests\.forgotten"):
        logged(act="tests.forgotten")

    assert not LogEntry.objects.exists()


def test_registering_other_words_for_an_act_is_refused():
    with pytest.raises(ValueError, match="registered twice"):
        register_acts({"tests.invited": _("invited somebody")})


@pytest.mark.parametrize("change", ["update", "delete"])
def test_database_refuses_to_change_the_log(change):
    entry = logged()
    rows = LogEntry.objects.filter(pk=entry.pk)

    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(act="other") if change == "update" else rows.delete()

    assert rows.get().act == "tests.closed"


def test_line_stays_when_its_account_goes():
    user = UserFactory()
    entry = logged(actor=user)

    user.delete()

    entry = log_entries(subject_id=entry.subject_id).get()
    assert entry.actor_id is not None
    assert log_line(entry).sentence == "closed it"


@pytest.mark.parametrize("item_count", [1, 3])
def test_log_is_read_newest_first_in_one_query(item_count, django_assert_num_queries):
    subject, now = uuid.uuid4(), timezone.now()
    for minutes in range(item_count):
        logged(subject_id=subject, actor=UserFactory(), at=now + timedelta(minutes=minutes))
    logged(actor=UserFactory())

    with django_assert_num_queries(1):
        lines = [log_line(entry) for entry in log_entries(subject_id=subject)]

    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    assert len(lines) == item_count
