"""Pages of a draft as a whole: begin, options, publish, discard."""

import pytest
from django.urls import reverse

from campaign.regulations.models import Edition, Template
from campaign.regulations.services import add_choice, publish_edition, start_edition
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory, JurisdictionFactory
from tests.factories.regulations import MOMENT, ProvisionFactory, published_edition
from tests.regulations.drafts import adaptation, assert_guarded, member, published_adaptation

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

FIELDS = {
    "title": "An act on returns",
    "kind": "act",
    "tradition": "us-bill",
    "locale": "en",
    "summary": "It returns.",
    "disclaimer": "No advice.",
}


@pytest.fixture
def draft():
    return adaptation()


@pytest.fixture
def drafter(client, draft):
    client.force_login(member(draft.template.campaign))
    return client


def at(name, draft, *args):
    return reverse(name, args=[draft.template.slug, *args])


# --- begin ----------------------------------------------------------------------------
def test_instrument_new_begins_a_draft_and_leads_to_it(client):
    campaign = CampaignFactory()
    client.force_login(member(campaign))

    answer = client.post(reverse("instrument_new", args=[campaign.slug]), FIELDS)

    template = Template.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("draft", args=[template.slug]))
    assert (template.title, template.campaign) == ("An act on returns", campaign)
    assert "Here the text of the law grows" in client.get(answer.url).content.decode()


def test_instrument_new_with_a_language_the_tradition_lacks_keeps_the_form(client):
    campaign = CampaignFactory()
    client.force_login(member(campaign))

    answer = client.post(reverse("instrument_new", args=[campaign.slug]), FIELDS | {"locale": "ko"})

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form["title"].value()) == (
        422,
        ["locale"],
        FIELDS["title"],
    )
    assert not Template.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("translator", 403), ("editor", 200)])
def test_instrument_new_is_for_who_drafts(client, role, status):
    campaign = CampaignFactory()
    address = reverse("instrument_new", args=[campaign.slug])

    anonymous = client.get(address)
    client.force_login(UserFactory())
    stranger = client.get(address)
    client.force_login(member(campaign, role))

    assert (anonymous.status_code, stranger.status_code, client.get(address).status_code) == (
        302,
        404,
        status,
    )
    assert client.put(address).status_code == (405)


def adapt_fields(campaign, place):
    return {name: FIELDS[name] for name in FIELDS if name != "kind"} | {
        "campaign": campaign.pk,
        "jurisdiction": place.pk,
    }


def test_edition_adapt_begins_an_adaptation(client):
    model, campaign, place = published_edition(), CampaignFactory(), JurisdictionFactory()
    client.force_login(member(campaign))

    answer = client.post(reverse("edition_adapt", args=["small-act", "1.0"]), adapt_fields(campaign, place))

    draft = Edition.objects.get(state="draft")
    assert answer.url == reverse("draft", args=[draft.template.slug])
    assert (draft.template.model, draft.template.jurisdiction) == (model.template, place)


def test_edition_adapt_for_a_campaign_of_others_is_refused(client):
    published_edition()
    own, other = CampaignFactory(), CampaignFactory()
    client.force_login(member(own))

    answer = client.post(
        reverse("edition_adapt", args=["small-act", "1.0"]), adapt_fields(other, JurisdictionFactory())
    )

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["campaign"])
    assert not Edition.objects.filter(state="draft").exists()


def test_edition_adapt_without_a_team_says_what_is_needed(client):
    published_edition()
    client.force_login(UserFactory())

    page = client.get(reverse("edition_adapt", args=["small-act", "1.0"]))

    assert reverse("campaign_create") in page.content.decode()


def test_an_adaptation_is_not_adapted_again(client):
    edition = published_adaptation()
    client.force_login(member(edition.template.campaign))

    assert client.get(at("edition_adapt", edition, "1.0")).status_code == 404


def test_draft_begin_begins_the_next_edition_once(client):
    edition = published_adaptation()
    client.force_login(member(edition.template.campaign))

    answers = [client.post(at("draft_begin", edition)) for _each in range(2)]

    assert [answer.url for answer in answers] == [at("draft", edition)] * 2
    assert list(edition.template.editions.order_by("label").values_list("label", flat=True)) == ["1.0", "1.1"]


def test_draft_begin_is_for_drafters_and_by_post(client):
    edition = published_adaptation()

    assert_guarded(client, edition, at("draft_begin", edition), method="post")
    client.force_login(member(edition.template.campaign))
    assert client.get(at("draft_begin", edition)).status_code == 405
    assert edition.template.editions.count() == 1


# --- options --------------------------------------------------------------------------
def test_draft_options_saves_what_was_changed(drafter, draft):
    answer = drafter.post(at("draft_options", draft), {"value:period": "12 months"})

    draft.refresh_from_db()
    assert (answer.status_code, draft.values) == (302, {"period": "12 months"})


def test_draft_options_with_a_value_out_of_bounds_keeps_the_form(drafter, draft):
    answer = drafter.post(at("draft_options", draft), {"value:period": "40 months"})

    form = answer.context["form"]
    assert answer.status_code == 422
    assert form.errors == {"value:period": ["“40 months” is more than the bound 36 months."]}
    assert form["value:period"].value() == "40 months"


def test_draft_options_of_alternatives(drafter, draft):
    group = add_choice(edition=draft, label="The way", required=True, help_text="").name
    for key, is_default in (("one", True), ("two", False)):
        ProvisionFactory(edition=draft, key=key, choice=group, is_default=is_default)

    drafter.post(at("draft_options", draft), {f"choice:{group}": "two", "value:period": ""})

    draft.refresh_from_db()
    assert draft.switches == {"one": False, "two": True}


# --- publish and discard --------------------------------------------------------------
def test_draft_publish_publishes_and_leads_to_the_edition(drafter, draft):
    fields = {"label": "1.0", "title": "A regulation", "change_note": ""}

    answer = drafter.post(at("draft_publish", draft), fields)

    draft.refresh_from_db()
    assert draft.is_published
    assert answer.url == at("edition", draft, "1.0")
    assert drafter.get(answer.url).status_code == 200
    assert drafter.get(at("draft", draft)).status_code == 404


def test_draft_publish_lists_what_to_mend_and_publishes_nothing(drafter, draft):
    draft.provisions.filter(key="duty-return").update(body="A model: see [[ref:nowhere]].")

    page = drafter.get(at("draft_publish", draft)).content.decode()
    answer = drafter.post(at("draft_publish", draft), {"label": "1.0", "title": "T"})

    draft.refresh_from_db()
    assert "[[ref:nowhere]] points to no provision." in page
    assert (answer.status_code, draft.is_published) == (422, False)
    assert "The text has to be mended first: see below." in answer.content.decode()


@pytest.mark.parametrize("label", ["1.0", "one"])
def test_draft_publish_with_a_bad_label_keeps_the_form(client, label):
    first = published_adaptation()
    start_edition(template=first.template, person=UserFactory(), at=MOMENT)
    client.force_login(member(first.template.campaign))

    answer = client.post(at("draft_publish", first), {"label": label, "title": "Kept", "change_note": "N"})

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form["title"].value()) == (422, ["label"], "Kept")


def test_draft_discard_asks_then_throws_away(drafter, draft):
    page = drafter.get(at("draft_discard", draft)).content.decode()
    is_there = Edition.objects.filter(pk=draft.pk).exists()

    answer = drafter.post(at("draft_discard", draft))

    assert is_there
    assert "The instrument goes, too: nothing of it was published." in page
    assert answer.url == reverse("campaign_detail", args=[draft.template.campaign.slug])
    assert not Template.objects.filter(slug=draft.template.slug).exists()


@pytest.mark.parametrize("name", ["draft_options", "draft_publish", "draft_discard"])
def test_pages_are_for_drafters(client, draft, name):
    assert_guarded(client, draft, at(name, draft))
    client.force_login(member(draft.template.campaign))
    assert client.get(at(name, draft)).status_code == 200
    assert client.put(at(name, draft)).status_code == 405


def test_library_drafts_are_for_the_sites_staff(client):
    edition = published_edition()
    start_edition(template=edition.template, person=UserFactory(), at=MOMENT)

    client.force_login(UserFactory())
    stranger = client.get(at("draft", edition)).status_code
    client.force_login(UserFactory(is_staff=True))

    assert (stranger, client.get(at("draft", edition)).status_code) == (404, 200)


def test_draft_publish_of_a_text_that_changed_meanwhile_is_refused(drafter, draft):
    seen = drafter.get(at("draft_publish", draft)).context["seen"]
    draft.provisions.filter(key="duty-return").update(body="Other words within [[period]].")

    page = drafter.post(
        at("draft_publish", draft), {"label": "1.0", "title": "A title", "change_note": "", "seen": seen}
    )

    draft.refresh_from_db()
    assert page.status_code == 422
    assert "Somebody has changed the text" in str(page.context["form"].errors)
    assert not draft.is_published


def test_draft_options_leave_alone_what_others_set_meanwhile(drafter, draft):
    form = drafter.get(at("draft_options", draft)).context["form"]
    opened = {f"initial-{name}": form[name].initial or "" for name in form.fields}
    unchanged = {name: form[name].initial or "" for name in form.fields if form[name].initial}
    draft.values = {"period": "12 months"}
    draft.save()

    answer = drafter.post(at("draft_options", draft), opened | unchanged)

    draft.refresh_from_db()
    assert answer.status_code == 302
    assert draft.values == {"period": "12 months"}


def test_words_sent_to_a_provision_that_is_gone_are_shown(drafter, draft):
    address = at("provision_edit", draft, "duty-return")
    draft.provisions.filter(key="duty-return").delete()

    page = drafter.post(address, {"version": "1", "heading": "", "body": "What I wrote."})
    autosaved = drafter.post(
        address, {"version": "1", "heading": "", "body": "What I wrote.", "autosave": "1"}
    )

    assert page.status_code == 409
    assert "What I wrote." in page.content.decode()
    assert autosaved.status_code == 409
    assert autosaved.json()["message"].startswith("Somebody has taken this provision out")


def test_words_sent_to_a_draft_that_was_published_are_shown(drafter, draft):
    publish_edition(edition=draft, at=MOMENT)
    address = at("provision_edit", draft, "duty-return")

    page = drafter.post(address, {"version": "1", "heading": "", "body": "What I wrote."})
    autosaved = drafter.post(
        address, {"version": "1", "heading": "", "body": "What I wrote.", "autosave": "1"}
    )

    assert (page.status_code, autosaved.status_code) == (409, 409)
    assert "What I wrote." in page.content.decode()


def test_move_without_a_place_moves_nothing(drafter, draft):
    before = list(draft.provisions.order_by("pk").values_list("key", "position", "parent"))

    drafter.post(at("provision_move", draft, "duty-return"), {})

    assert list(draft.provisions.order_by("pk").values_list("key", "position", "parent")) == before
