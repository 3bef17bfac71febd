"""A team's calls for endorsements."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.activity.models import LogEntry
from campaign.campaigns.services import UnderEmbargo
from campaign.mailing.models import OutgoingMail
from campaign.organizations.models import Call, CallInvitation, Endorsement
from campaign.organizations.services import NoSuchMoment, closing_moment
from campaign.petitions.services import edit_petition, freeze_draft, publish_petition
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.documents import FrozenTextFactory
from tests.factories.organizations import AcceptedEndorsementFactory, call_for
from tests.factories.petitions import DraftPetitionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SETTINGS = {
    "is_open": "invited",
    "note": "Please.",
    "closes": "2027-01-10T18:00",
    "embargo": "",
    "time_zone": "Asia/Seoul",
}


@pytest.fixture
def call():
    """The call of a petition that is still a draft."""
    petition = DraftPetitionFactory()
    freeze_draft(petition=petition, at=timezone.now())
    return Call.objects.get()


def as_team(client, call, role="owner"):
    member = TeamMemberFactory(campaign=call.campaign_call.campaign, role=role)
    client.force_login(member.user)
    return member.user


def fields_of(petition, **changes):
    names = ("title", "text", "addressee", "goal", "closing_date", "time_zone")
    return {**{name: getattr(petition, name) for name in names}, **changes}


def test_draft_is_endorsed_before_it_is_published_and_asks_again_when_it_changes():
    petition = DraftPetitionFactory()
    first = freeze_draft(petition=petition, at=timezone.now())
    AcceptedEndorsementFactory(frozen_text=first)

    edit_petition(petition=petition, **fields_of(petition, text="Something else."))
    published = publish_petition(petition=petition, at=timezone.now())

    call = Call.objects.get()
    states = dict(Endorsement.objects.values_list("frozen_text", "state"))
    assert call.frozen_text == published.frozen_text
    assert call.address == reverse("petition_detail", args=[petition.slug])
    assert states == {first.pk: "lapsed", published.frozen_text_id: "to_renew"}


def test_publishing_what_was_endorsed_asks_nobody():
    petition = DraftPetitionFactory()
    first = freeze_draft(petition=petition, at=timezone.now())
    row = AcceptedEndorsementFactory(frozen_text=first)

    published = publish_petition(petition=petition, at=timezone.now())

    row.refresh_from_db()
    assert (published.frozen_text, row.state) == (first, "accepted")
    assert not OutgoingMail.objects.filter(kind="organizations.renewal").exists()


def test_petition_under_embargo_is_not_published(call):
    Call.objects.update(embargo_until=timezone.now() + timedelta(hours=1))
    petition = call.campaign_call.campaign.petitions.get()

    with pytest.raises(UnderEmbargo):
        publish_petition(petition=petition, at=timezone.now())

    publish_petition(petition=petition, at=timezone.now() + timedelta(hours=2))


@pytest.mark.parametrize("name", ["call_detail", "call_settings", "call_invite", "call_file"])
@pytest.mark.parametrize("person", ["anonymous", "stranger", "viewer", "editor"])
def test_call_pages_by_role(client, call, name, person):
    if person == "stranger":
        client.force_login(UserFactory())
    elif person != "anonymous":
        as_team(client, call, person)
    looks = name in {"call_detail", "call_file"}
    expected = {"anonymous": 302, "stranger": 404, "viewer": 200 if looks else 403, "editor": 200}

    assert client.get(reverse(name, args=[call.pk])).status_code == expected[person]


def test_call_of_the_library_is_for_staff(client):
    row = call_for(FrozenTextFactory())
    client.force_login(UserFactory())
    assert client.get(reverse("call_detail", args=[row.pk])).status_code == 404

    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse("call_detail", args=[row.pk])).status_code == 200


def test_settings_keep_the_moment_on_its_clock(client, call):
    user = as_team(client, call, "editor")

    client.post(reverse("call_settings", args=[call.pk]), SETTINGS)

    call.refresh_from_db()
    assert (call.is_open, call.closes_wall_time, call.time_zone) == (False, "2027-01-10T18:00", "Asia/Seoul")
    assert call.closes_at == datetime(2027, 1, 10, 9, tzinfo=UTC)
    entry = LogEntry.objects.get(act="campaigns.call_changed")
    assert entry.actor == user


def test_hour_that_the_clocks_leave_out_is_refused(client, call):
    as_team(client, call)

    response = client.post(
        reverse("call_settings", args=[call.pk]),
        {**SETTINGS, "closes": "2027-03-28T02:30", "time_zone": "Europe/Brussels"},
    )

    call.refresh_from_db()
    assert response.status_code == 422
    assert "closes" in response.context["form"].errors
    assert call.closes_at is None


def test_hour_that_comes_twice_means_the_later_one():
    moment = closing_moment(wall_time="2027-10-31T02:30", time_zone="Europe/Brussels")

    assert moment == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    with pytest.raises(NoSuchMoment):
        closing_moment(wall_time="2027-03-28T02:30", time_zone="Europe/Brussels")


def test_later_deadline_takes_in_who_was_late(client, call):
    row = AcceptedEndorsementFactory(frozen_text=call.frozen_text, is_late=True)
    as_team(client, call)

    client.post(reverse("call_settings", args=[call.pk]), SETTINGS)

    row.refresh_from_db()
    assert not row.is_late


def test_invitations_are_mailed_once_for_an_address(client, call):
    as_team(client, call, "editor")
    lines = "Open Shelf, a@openshelf.example\nOpen Shelf again; A@openshelf.example\nNight Readers\tb@night.example"

    for _ in range(2):
        client.post(reverse("call_invite", args=[call.pk]), {"organizations": lines, "locale": "en"})

    assert sorted(CallInvitation.objects.values_list("name", flat=True)) == ["Night Readers", "Open Shelf"]
    assert OutgoingMail.objects.filter(kind="organizations.call").count() == 2


def test_faulty_lines_are_named_and_nobody_is_invited(client, call):
    as_team(client, call)

    response = client.post(
        reverse("call_invite", args=[call.pk]),
        {"organizations": "Fine, a@fine.example\nno address\n, nameless@x.example", "locale": "en"},
    )

    assert response.status_code == 422
    assert response.context["form"].errors["organizations"] == [
        "These lines have no name and mail address parted by a comma: 2, 3"
    ]
    assert not CallInvitation.objects.exists()


def test_reminders_wait_two_days(client, call):
    as_team(client, call)
    client.post(reverse("call_invite", args=[call.pk]), {"organizations": "A, a@a.example", "locale": "en"})
    OutgoingMail.objects.all().delete()
    remind = {"mail": "remind_invited"}

    client.post(reverse("call_mail", args=[call.pk]), remind)
    assert not OutgoingMail.objects.exists()
    CallInvitation.objects.update(invited_at=timezone.now() - timedelta(days=3))
    client.post(reverse("call_mail", args=[call.pk]), remind)
    client.post(reverse("call_mail", args=[call.pk]), remind)

    assert OutgoingMail.objects.count() == 1


def test_list_is_shown_to_those_on_it_once_in_half_a_day(client, call):
    as_team(client, call, "editor")
    row = AcceptedEndorsementFactory(frozen_text=call.frozen_text)

    for _ in range(2):
        client.post(reverse("call_mail", args=[call.pk]), {"mail": "send_proof"})

    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.about_id) == ("organizations.list_proof", row.pk)


def test_empty_list_is_shown_to_nobody_and_can_be_tried_again(client, call):
    as_team(client, call)

    client.post(reverse("call_mail", args=[call.pk]), {"mail": "send_proof"})

    call.refresh_from_db()
    assert call.proof_sent_at is None


def test_unknown_mailing_is_refused(client, call):
    as_team(client, call)

    assert client.post(reverse("call_mail", args=[call.pk]), {"mail": "all"}).status_code == 400
    assert client.get(reverse("call_mail", args=[call.pk])).status_code == 405


def test_file_of_endorsers_holds_public_facts_and_no_formula(client, call):
    as_team(client, call, "viewer")
    row = AcceptedEndorsementFactory(
        frozen_text=call.frozen_text, organization__display_name="=cmd()", signatory_name="Sam Secret"
    )

    text = client.get(reverse("call_file", args=[call.pk])).content.decode()

    assert "'=cmd()" in text
    assert "Sam Secret" not in text
    assert row.signatory_email not in text


@pytest.mark.parametrize("item_count", [1, 3])
def test_call_page_takes_the_same_queries(client, call, item_count, django_assert_num_queries):
    as_team(client, call)
    for number in range(item_count):
        AcceptedEndorsementFactory(frozen_text=call.frozen_text)
        client.post(
            reverse("call_invite", args=[call.pk]),
            {"organizations": f"A, a{number}@a.example", "locale": "en"},
        )

    with django_assert_num_queries(12):
        client.get(reverse("call_detail", args=[call.pk]))
