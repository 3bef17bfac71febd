"""What is done to instruments stands in a log: that of the campaign, or of the instrument itself in the library."""

import pytest
from django.urls import reverse

from campaign.activity.queries import log_entries
from campaign.regulations.services import discard_draft, publish_draft, start_edition
from tests.factories.accounts import UserFactory
from tests.factories.regulations import MOMENT, published_edition
from tests.regulations.drafts import member, published_adaptation

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def staff():
    return UserFactory(is_staff=True)


def work_on(template, person):
    """A draft is begun and discarded; another is begun and published."""
    discard_draft(
        edition=start_edition(template=template, person=person, at=MOMENT), person=person, at=MOMENT
    )
    draft = start_edition(template=template, person=person, at=MOMENT)
    publish_draft(edition=draft, label="1.1", title="T", change_note="", person=person, at=MOMENT)


def acts(subject_id):
    return sorted(log_entries(subject_id=subject_id).values_list("act", flat=True))


WORK = [
    "regulations.draft_discarded",
    "regulations.edition_begun",
    "regulations.edition_begun",
    "regulations.edition_published",
]


def test_work_on_an_instrument_of_the_library_stands_in_its_own_log(client, staff):
    template = published_edition().template
    work_on(template, staff)
    client.force_login(staff)

    page = client.get(reverse("instrument_log", args=[template.slug])).content.decode()

    assert acts(template.pk) == WORK
    assert "published edition 1.1 of “Small act”" in page


def test_work_on_an_instrument_of_a_campaign_stands_in_its_log():
    template = published_adaptation().template
    work_on(template, UserFactory())

    assert [act for act in acts(template.campaign_id) if act in WORK] == WORK
    assert acts(template.pk) == []


def test_the_log_of_a_library_instrument_is_for_the_sites_staff(client, staff):
    address = reverse("instrument_log", args=[published_edition().template.slug])
    anonymous = client.get(address).status_code
    client.force_login(UserFactory())
    stranger = client.get(address).status_code
    client.force_login(staff)

    assert (anonymous, stranger, client.get(address).status_code) == (302, 404, 200)
    assert client.post(address).status_code == 405


def test_the_log_of_a_teams_instrument_is_that_of_its_campaign(client):
    template = published_adaptation().template
    client.force_login(member(template.campaign))

    answer = client.get(reverse("instrument_log", args=[template.slug]))

    assert (answer.status_code, answer.url) == (302, reverse("campaign_log", args=[template.campaign.slug]))
