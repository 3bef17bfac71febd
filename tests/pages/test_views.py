from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from campaign.campaigns.models import Campaign
from campaign.consultations.models import Filing
from campaign.mailing.models import MailState, OutgoingMail
from campaign.organizations.models import Organization
from campaign.petitions.models import Petition
from campaign.petitions.queries import signature_total
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory, TeamMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEMO_PASSWORD = "a demo password"
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)


@pytest.mark.usefixtures("demo")
@pytest.mark.sqlite
def test_demo_goes_the_whole_way():
    petition, filing = Petition.objects.get(), Filing.objects.get()

    assert signature_total(petition=petition) == 64
    assert Organization.objects.filter(is_invented=True, proven_at__isnull=False).count() == 5
    assert len(filing.record.data["endorsements"]) == 5
    assert filing.record.data["signatures"]["total"] == 64
    assert filing.is_practice
    assert filing.frozen_text.data["annex"]["title"]
    assert not OutgoingMail.objects.filter(state=MailState.WAITING).exists()


@pytest.mark.usefixtures("demo")
def test_demo_short_answers_fit_the_portals_box_and_each_has_an_ask_and_a_source():
    data = Filing.objects.get().frozen_text.data

    assert 2_000 < len(data["box_text"]) <= 4_000
    for question in data["sections"][0]["questions"]:
        assert "We ask" in question["short_answer"]
        assert "**We ask" in question["answer"]
        assert "](https://" in question["answer"]


@pytest.mark.usefixtures("demo")
def test_demo_twice_is_once():
    call_command("load_demo", verbosity=0)

    assert Campaign.objects.count() == 1


def test_demo_without_a_password_is_refused():
    with pytest.raises(CommandError, match="embedded run only"):
        call_command("load_demo")


@pytest.mark.usefixtures("demo")
def test_home_and_campaign_lead_to_everything(client):
    home = client.get(reverse("home")).content.decode()
    campaign = client.get(reverse("campaign_detail", args=["return-the-models"])).content.decode()

    petition = Petition.objects.get()
    for page, instrument in ((home, "model-return-act"), (campaign, "eu-model-return-regulation")):
        assert reverse("petition_detail", args=[petition.slug]) in page
        assert reverse("filing_detail", args=[Filing.objects.get().pk]) in page
        assert reverse("instrument", args=[instrument]) in page


def test_home_without_any_content_works(client):
    assert client.get(reverse("home")).status_code == 200


def test_draft_campaign_is_404_for_strangers_and_shown_to_its_team(client):
    member = TeamMemberFactory(campaign=CampaignFactory(state="draft"))
    address = reverse("campaign_detail", args=[member.campaign.slug])

    assert client.get(address).status_code == 404
    client.force_login(member.user)
    assert client.get(address).status_code == 200


def test_desk_needs_sign_in_and_works_empty(client):
    assert reverse("account_login") in client.get(reverse("desk")).url

    client.force_login(UserFactory())

    assert client.get(reverse("desk")).status_code == 200


def test_mail_page_exists_in_the_embedded_run_alone(client, settings, tmp_path):
    assert client.get(reverse("mail_page")).status_code == 404

    settings.MAIL_PAGE, settings.EMAIL_FILE_PATH = True, tmp_path
    Path(tmp_path, "1.eml").write_text("To: a@example.org\nSubject: Hi\n\nSee <b> https://example.org/x now")

    page = client.get(reverse("mail_page")).content.decode()
    assert '<a href="https://example.org/x">https://example.org/x</a>' in page
    assert "&lt;b&gt;" in page
