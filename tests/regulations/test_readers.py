"""What the team of a campaign publishes before its campaign is public, it reads alone."""

import pytest
from django.urls import reverse

from campaign.campaigns.models import Campaign
from campaign.campaigns.services import publish_campaign
from campaign.documents.models import Publication
from campaign.regulations.queries import edition_text
from campaign.regulations.services import InstrumentFacts, publish_edition, start_instrument
from campaign.regulations.services.storing import store_text
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory
from tests.factories.regulations import MOMENT, AdoptionFactory, published_edition
from tests.regulations.drafts import member, published_adaptation

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PAGES = [
    ("instrument", []),
    ("edition", ["1.0"]),
    ("edition_download", ["1.0", "txt"]),
    ("comparison", []),
    ("instrument_adoptions", []),
]


@pytest.fixture
def edition():
    """An adaptation that a team has published; its campaign is not public."""
    edition = published_adaptation()
    Campaign.objects.filter(pk=edition.template.campaign_id).update(state="draft")
    return edition


def at(edition, name, args=()):
    return reverse(name, args=[edition.template.slug, *args])


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_pages_of_a_campaign_that_is_not_public_are_its_teams(client, edition, name, args):
    address = at(edition, name, args)
    anonymous = client.get(address).status_code
    client.force_login(UserFactory())
    stranger = client.get(address).status_code
    client.force_login(member(edition.template.campaign, "translator"))

    assert (anonymous, stranger, client.get(address).status_code) == (404, 404, 200)


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_pages_of_a_public_campaign_are_everybodys(client, edition, name, args):
    Campaign.objects.filter(pk=edition.template.campaign_id).update(state="published")

    assert client.get(at(edition, name, args)).status_code == 200


def test_a_record_of_an_adoption_is_the_teams_too(client, edition):
    address = at(edition, "adoption", [AdoptionFactory(edition=edition).pk])
    stranger = client.get(address).status_code
    client.force_login(member(edition.template.campaign))

    assert (stranger, client.get(address).status_code) == (404, 200)


def test_the_pdf_is_ordered_by_the_team_alone(client, edition):
    address = at(edition, "edition_pdf", ["1.0"])
    stranger = client.post(address).status_code
    client.force_login(member(edition.template.campaign))

    assert (stranger, client.post(address).status_code) == (404, 302)


@pytest.mark.parametrize(("state", "kept_by"), [("draft", "private"), ("published", "public")])
def test_a_file_that_only_the_team_may_have_is_kept_by_no_cache_between(client, edition, state, kept_by):
    Campaign.objects.filter(pk=edition.template.campaign_id).update(state=state)
    client.force_login(member(edition.template.campaign))

    response = client.get(at(edition, "edition_download", ["1.0", "txt"]))

    assert response.headers["Cache-Control"].startswith(f"{kept_by}, ")


def test_a_model_of_a_campaign_that_is_not_public_is_not_adapted_by_strangers(client, edition):
    type(edition.template).objects.filter(pk=edition.template_id).update(model=None, jurisdiction=None)
    address = at(edition, "edition_adapt", ["1.0"])
    client.force_login(UserFactory())
    stranger = client.get(address).status_code
    client.force_login(member(edition.template.campaign))

    assert (stranger, client.get(address).status_code) == (404, 200)


def test_edition_is_listed_in_public_when_its_campaign_becomes_public():
    model = published_edition()
    campaign = CampaignFactory(state="draft", owner__proven_at=MOMENT)
    draft = start_instrument(
        campaign=campaign,
        facts=InstrumentFacts("Ours", "eu-regulation", "en", "A summary.", "Not legal advice.", "act"),
        person=UserFactory(),
        at=MOMENT,
    )
    store_text(edition=draft, text=edition_text(edition=model))
    edition = publish_edition(edition=draft, at=MOMENT)
    before = Publication.objects.filter(frozen_text=edition.frozen_text_id).count()

    publish_campaign(campaign=campaign, at=MOMENT)
    publish_campaign(campaign=campaign, at=MOMENT)

    listed = Publication.objects.get(frozen_text=edition.frozen_text_id)
    assert before == 0
    assert listed.address == reverse("edition", args=[edition.template.slug, "1.0"])
