from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.mailing.kinds import Letters
from campaign.mailing.models import OutgoingMail
from campaign.moderation.models import Act, ModerationAct
from campaign.moderation.services import take_down
from campaign.petitions.models import PetitionState
from tests.factories.campaigns import CampaignFactory, TeamMemberFactory
from tests.factories.moderation import staff
from tests.factories.petitions import DraftPetitionFactory, PetitionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def submitted(**fields):
    return DraftPetitionFactory(state=PetitionState.IN_MODERATION, **fields)


def review(client, petition, act, note=""):
    client.force_login(staff())
    return client.post(reverse("moderation_review", args=[petition.slug]), {"act": act, "note": note})


def standing(petition):
    petition.refresh_from_db()
    return petition.state, petition.hidden_note


@pytest.mark.parametrize("item_count", [1, 3])
def test_queue_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    for _ in range(item_count):
        submitted()
        PetitionFactory(state=PetitionState.HIDDEN)
    client.force_login(staff())

    with django_assert_num_queries(4):  # session, user, what waits, what is taken down
        page = client.get(reverse("moderation_publishing"))

    assert (len(page.context["waiting"]), len(page.context["taken_down"])) == (item_count, item_count)


def test_publish_opens_the_petition_and_tells_its_leads(client):
    petition = submitted()
    lead = TeamMemberFactory(campaign=petition.campaign, role="owner").user
    TeamMemberFactory(campaign=petition.campaign, role="editor")

    response = review(client, petition, "publish")

    assert response.url == reverse("moderation_publishing")
    assert standing(petition) == (PetitionState.OPEN, "")
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == [lead.email]
    assert ModerationAct.objects.get().act == Act.PUBLISH


def test_reject_sends_it_back_with_the_reason(client):
    petition = submitted()

    review(client, petition, "reject", "Say who should act.")

    assert standing(petition) == (PetitionState.REJECTED, "Say who should act.")


@pytest.mark.parametrize("act", ["reject", "take_down"])
def test_decision_that_needs_a_reason_is_refused_without(client, act):
    petition = submitted() if act == "reject" else PetitionFactory()
    before = petition.state

    response = review(client, petition, act, " ")

    assert response.status_code == 422
    assert standing(petition) == (before, "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"closing_date": timezone.now().date() - timedelta(days=3)}, "last day to sign has passed"),
        ({"campaign__state": "draft"}, "campaign is still a draft"),
    ],
)
def test_publish_that_cannot_be_says_why(client, fields, words):
    petition = submitted(**fields)

    response = review(client, petition, "publish")

    assert response.status_code == 422
    assert words in response.content.decode()
    assert standing(petition)[0] == PetitionState.IN_MODERATION


@pytest.mark.parametrize("act", ["publish", "restore", "nonsense"])
def test_act_that_does_not_fit_the_state_is_refused(client, act):
    petition = PetitionFactory()

    response = review(client, petition, act, "a note")

    assert response.status_code == 422
    assert standing(petition)[0] == PetitionState.OPEN


def test_preview_shows_hostile_text_as_text(client):
    petition = submitted(text="<img src=x onerror=alert(1)> **asks**", campaign=CampaignFactory())
    client.force_login(staff())

    page = client.get(reverse("moderation_review", args=[petition.slug])).content.decode()

    assert "<img src=x" not in page
    assert "<strong>asks</strong>" in page


def test_taken_down_petition_answers_410_with_the_note_alone(client):
    petition = PetitionFactory(title="Against somebody", text="Bad words.")

    review(client, petition, "take_down", "It shows <b>an address</b>.")
    client.logout()
    page = client.get(reverse("petition_detail", args=[petition.slug]))

    assert page.status_code == 410
    assert "It shows &lt;b&gt;an address&lt;/b&gt;." in page.content.decode()
    assert "Against somebody" not in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"


def test_taken_down_petition_is_still_shown_to_its_team(client):
    petition = PetitionFactory()
    take_down(petition=petition, note="For now.", by=staff(), at=timezone.now())
    client.force_login(TeamMemberFactory(campaign=petition.campaign, role="editor").user)

    assert client.get(reverse("petition_detail", args=[petition.slug])).status_code == 200


def test_put_back_petition_stands_where_it_stood(client):
    petition = PetitionFactory(state=PetitionState.CLOSED)
    take_down(petition=petition, note="For now.", by=staff(), at=timezone.now())

    review(client, petition, "restore")

    assert standing(petition) == (PetitionState.CLOSED, "")
    assert client.get(reverse("petition_detail", args=[petition.slug])).status_code == 200


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Act.PUBLISH, "published it"),
        (Act.REJECT, "sent it back"),
        (Act.TAKE_DOWN, "taken it down"),
        (Act.RESTORE, "put it back"),
    ],
)
def test_letter_to_the_leads_says_what_was_decided(act, words):
    row = ModerationAct.objects.create(
        act=act, petition=PetitionFactory(title="A & B"), at=timezone.now(), note="Because."
    )
    mail = OutgoingMail(kind="moderation.decision", about_id=row.pk, locale="en", recipient="l@example.org")

    letter = Letters([mail]).compose(mail)

    assert words in letter.text
    assert words in letter.html
    assert "A & B" in letter.subject
    assert "Their reason: Because." in letter.text
