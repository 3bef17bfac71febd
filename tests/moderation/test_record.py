import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.moderation.models import Act
from campaign.moderation.services import record_act
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.moderation import staff
from tests.factories.petitions import PetitionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def did(act, actor, petition=None, **fields):
    return record_act(act=act, actor=actor, at=timezone.now(), petition=petition, **fields)


def lines(page):
    return [(line.act.act, line.who, line.role) for line in page.context["lines"]]


def test_site_record_names_everybody_and_everything(client):
    petition, moderator = PetitionFactory(), staff(name="Mo Derator")
    did(Act.LISTS, moderator, note="block")
    did(Act.INVALIDATE, moderator, petition, note="robots", count=1234)
    did(Act.PUBLISH, None, petition)
    client.force_login(staff())

    page = client.get(reverse("moderation_record"))

    assert lines(page) == [
        (Act.PUBLISH, "", "Somebody whose account is gone"),
        (Act.INVALIDATE, "Mo Derator", "moderator"),
        (Act.LISTS, "Mo Derator", "moderator"),
    ]
    assert "1,234" in page.content.decode()


def test_petition_record_is_of_that_petition_and_names_no_moderator(client):
    petition = PetitionFactory()
    lead = TeamMemberFactory(campaign=petition.campaign, role="owner", user__name="Lea Lead").user
    did(Act.EXPORT, lead, petition, note="updates: invitation", count=3)
    did(Act.TAKE_DOWN, staff(name="Mo Derator"), petition)
    did(Act.TAKE_DOWN, staff(), PetitionFactory())
    did(Act.LISTS, staff())
    client.force_login(lead)

    page = client.get(reverse("petition_record", args=[petition.slug]))

    assert lines(page) == [(Act.TAKE_DOWN, "", "A moderator"), (Act.EXPORT, "Lea Lead", "team")]
    assert "Mo Derator" not in page.content.decode()


def test_staff_who_leads_a_campaign_exports_under_their_name(client):
    petition = PetitionFactory()
    did(Act.EXPORT, staff(name="Stan Staff"), petition)
    client.force_login(TeamMemberFactory(campaign=petition.campaign, role="editor").user)

    page = client.get(reverse("petition_record", args=[petition.slug]))

    assert lines(page) == [(Act.EXPORT, "Stan Staff", "team")]


def test_translator_may_not_read_the_record(client):
    petition = PetitionFactory()
    client.force_login(TeamMemberFactory(campaign=petition.campaign, role="translator").user)

    assert client.get(reverse("petition_record", args=[petition.slug])).status_code == 403


@pytest.mark.parametrize("item_count", [1, 3])
def test_records_take_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    petition = PetitionFactory()
    for _ in range(item_count):
        did(Act.SCAN, UserFactory(), petition)
    client.force_login(staff())

    with django_assert_num_queries(4):  # session, user, how many, these
        client.get(reverse("moderation_record"))
    with django_assert_num_queries(5):  # and the petition
        client.get(reverse("petition_record", args=[petition.slug]))


def test_record_has_50_on_a_page(client):
    moderator = staff()
    for _ in range(51):
        did(Act.LISTS, moderator)
    client.force_login(moderator)

    sizes = [len(client.get(reverse("moderation_record"), {"page": n}).context["lines"]) for n in (1, 2)]

    assert sizes == [50, 1]
