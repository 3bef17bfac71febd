"""Adaptations and drafts on the pages open to everyone, and what drafters find there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from campaign.campaigns.models import TeamRole
from campaign.regulations.services import publish_edition, start_edition, start_instrument
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory
from tests.factories.regulations import MOMENT, ProvisionFactory, published_edition
from tests.regulations.drafts import NEXT, adaptation, member, publish, published_adaptation
from tests.regulations.test_surroundings import facts

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LATER = MOMENT + timedelta(days=1)


def at(name, edition, *args):
    return reverse(name, args=[edition.template.slug, *args])


def own_instrument(campaign):
    """A published instrument that a campaign wrote from an empty page."""
    draft = start_instrument(
        campaign=campaign, facts=facts(title="Our own act", kind="act"), person=UserFactory(), at=MOMENT
    )
    ProvisionFactory(edition=draft)
    return publish_edition(edition=draft, at=MOMENT)


# --- the library ----------------------------------------------------------------------
def test_library_parts_models_from_what_campaigns_drafted(client):
    adapted = published_adaptation()
    own = own_instrument(CampaignFactory())

    context = client.get(reverse("instruments")).context

    assert [(row.slug, row.adaptation_total) for row in context["templates"]] == [("small-act", 1)]
    assert context["by_campaigns"] == [own.template, adapted.template]


def test_library_shows_nothing_of_drafts_or_of_campaigns_that_are_not_public(client):
    adaptation()
    own_instrument(CampaignFactory(state="draft"))

    page = client.get(reverse("instruments")).content.decode()

    assert "Small act there" not in page
    assert "Our own act" not in page


def test_adaptations_of_campaigns_that_are_not_public_are_listed_nowhere(client):
    edition = published_adaptation(campaign=CampaignFactory(state="draft"))

    pages = [client.get(reverse("instruments")), client.get(at("instrument", edition.model_edition))]

    assert not any("Small act there" in page.content.decode() for page in pages)


@pytest.mark.parametrize("item_count", [1, 3])
def test_library_takes_a_constant_number_of_queries_with_adaptations(
    client, item_count, django_assert_num_queries
):
    model = published_edition()
    for index in range(item_count):
        published_adaptation(model=model, slug_title=f"There {index}")
        own_instrument(CampaignFactory())

    with django_assert_num_queries(4):
        client.get(reverse("instruments"))


# --- an edition -----------------------------------------------------------------------
def test_model_lists_its_adaptations_and_offers_to_adapt(client):
    edition = published_adaptation()

    page = client.get(at("instrument", edition.model_edition)).content.decode()

    assert f'href="{at("instrument", edition)}"' in page
    assert f'href="{at("edition_adapt", edition.model_edition, "1.0")}"' in page


def test_adaptation_names_its_model_and_jurisdiction(client):
    edition = published_adaptation()

    page = client.get(at("instrument", edition)).content.decode()

    assert f'href="{at("edition", edition.model_edition, "1.0")}"' in page
    assert "European Union" in page
    assert "The model has moved on" not in page
    assert "Adapt to a jurisdiction" not in page


def test_everybody_learns_that_the_model_moved_on(client):
    edition = published_adaptation()
    publish(NEXT, at=LATER)

    page = client.get(at("instrument", edition)).content.decode()

    assert "The model has moved on to edition 1.1 since." in page
    assert "Begin the next edition" not in page


def test_drafters_are_told_and_begin_the_next_edition_there(client):
    edition = published_adaptation()
    publish(NEXT, at=LATER)
    client.force_login(member(edition.template.campaign))

    page = client.get(at("instrument", edition)).content.decode()
    answer = client.post(at("draft_begin", edition))

    assert "The model has moved on." in page
    assert f'action="{at("draft_begin", edition)}"' in page
    assert client.get(answer.url).context["model_change_total"] == 5


def test_drafters_with_a_draft_open_go_to_what_the_model_changed(client):
    edition = published_adaptation()
    publish(NEXT, at=LATER)
    start_edition(template=edition.template, person=UserFactory(), at=LATER)
    client.force_login(member(edition.template.campaign))

    page = client.get(at("instrument", edition)).content.decode()

    assert f'href="{at("draft_model", edition)}"' in page
    assert "Go on with the draft of edition 1.1" in page


@pytest.mark.parametrize(("role", "is_offered"), [(TeamRole.EDITOR, True), (TeamRole.VIEWER, False)])
def test_only_who_may_draft_is_offered_the_next_edition(client, role, is_offered):
    edition = published_adaptation()
    client.force_login(member(edition.template.campaign, role))

    page = client.get(at("instrument", edition)).content.decode()

    assert ("Begin the next edition" in page) is is_offered


# --- campaign and desk ----------------------------------------------------------------
def test_campaign_page_shows_drafts_to_its_team_alone(client):
    draft = adaptation()
    address = reverse("campaign_detail", args=[draft.template.campaign.slug])

    open_page = client.get(address).content.decode()
    client.force_login(member(draft.template.campaign))
    team_page = client.get(address).content.decode()

    assert "Small act there" not in open_page
    assert f'href="{at("draft", draft)}"' in team_page
    assert f'href="{reverse("instrument_new", args=[draft.template.campaign.slug])}"' in team_page


def test_campaign_page_shows_its_published_instruments(client):
    edition = published_adaptation()

    page = client.get(reverse("campaign_detail", args=[edition.template.campaign.slug])).content.decode()

    assert f'href="{at("instrument", edition)}"' in page


def test_desk_lists_drafts_of_those_who_draft(client):
    draft = adaptation()
    client.force_login(member(draft.template.campaign))
    of_drafter = client.get(reverse("desk")).content.decode()
    client.force_login(UserFactory())

    assert f'href="{at("draft", draft)}"' in of_drafter
    assert at("draft", draft) not in client.get(reverse("desk")).content.decode()


def test_desk_offers_no_draft_that_its_reader_may_not_open(client):
    draft = adaptation()
    client.force_login(member(draft.template.campaign, TeamRole.VIEWER))

    assert at("draft", draft) not in client.get(reverse("desk")).content.decode()


def test_campaign_page_links_no_draft_that_its_reader_may_not_open(client):
    draft = adaptation()
    client.force_login(member(draft.template.campaign, TeamRole.VIEWER))

    page = client.get(reverse("campaign_detail", args=[draft.template.campaign.slug])).content.decode()

    assert at("draft", draft) not in page
