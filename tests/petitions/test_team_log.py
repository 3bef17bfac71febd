"""What a team does stands in its log; two people with one draft open do not undo each other."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.activity.models import EditLock, LogEntry
from campaign.petitions.models import Petition
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.petitions import DraftPetitionFactory, PetitionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def as_team(client, petition, role="owner"):
    user = TeamMemberFactory(campaign=petition.campaign, role=role).user
    client.force_login(user)
    return user


def opened(client, petition):
    """What the edit page's form holds, ready to be sent back."""
    page = client.get(reverse("petition_edit", args=[petition.slug]))
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    values |= {"addressee": petition.addressee_id, "closing_date": petition.closing_date.isoformat()}
    data = {name: value for name, value in values.items() if value not in (None, False)}
    return {**data, "version": page.context["version"]}


def acts():
    return sorted(LogEntry.objects.values_list("act", flat=True))


def test_acts_of_the_team_stand_in_its_log(client):
    petition = DraftPetitionFactory()
    user = as_team(client, petition)

    client.post(reverse("petition_freeze", args=[petition.slug]))
    client.post(reverse("petition_publish", args=[petition.slug]))
    client.post(reverse("petition_pause", args=[petition.slug]), {"note": "One moment."})

    assert acts() == [
        "campaigns.text_frozen",
        "petitions.frozen",
        "petitions.paused",
        "petitions.published",
    ]
    assert set(LogEntry.objects.exclude(actor=None).values_list("actor", "subject_id")) == {
        (user.pk, petition.campaign_id)
    }


def test_what_was_refused_is_not_in_the_log(client):
    petition = PetitionFactory()
    as_team(client, petition)

    client.post(reverse("petition_publish", args=[petition.slug]))

    assert acts() == []


@pytest.mark.parametrize(("role", "status"), [(None, 404), ("viewer", 200)])
def test_log_is_for_the_team(client, role, status):
    petition = DraftPetitionFactory()
    client.force_login(UserFactory())
    if role:
        as_team(client, petition, role)

    assert client.get(reverse("campaign_log", args=[petition.campaign.slug])).status_code == status


def test_log_page_names_people_and_acts(client):
    petition = DraftPetitionFactory()
    user = as_team(client, petition)
    client.post(reverse("petition_freeze", args=[petition.slug]))

    page = client.get(reverse("campaign_log", args=[petition.campaign.slug])).content.decode()

    assert user.display_name in page
    assert f"fixed the text of “{petition.title}” for endorsements" in page


def test_save_over_a_newer_one_is_refused_and_keeps_both_texts(client):
    petition = DraftPetitionFactory()
    as_team(client, petition)
    mine = {**opened(client, petition), "text": "My words."}
    Petition.objects.filter(pk=petition.pk).update(text="Their words.")

    response = client.post(reverse("petition_edit", args=[petition.slug]), mine)

    page = response.content.decode()
    petition.refresh_from_db()
    assert response.status_code == 422
    assert petition.text == "Their words."
    assert "My words." in page
    assert "Their words." in page
    client.post(
        reverse("petition_edit", args=[petition.slug]), {**mine, "version": response.context["version"]}
    )
    petition.refresh_from_db()
    assert petition.text == "My words."


def test_draft_that_somebody_else_has_open_is_not_saved_until_taken_over(client):
    petition = DraftPetitionFactory()
    address = reverse("petition_edit", args=[petition.slug])
    as_team(client, petition, "editor")
    client.post(address, {"lock": "renew"})
    user = as_team(client, petition, "owner")
    mine = {**opened(client, petition), "text": "My words."}

    refused = client.post(address, mine)
    taken = client.post(address, {"lock": "take"})
    saved = client.post(address, mine)

    assert (refused.status_code, taken.status_code, saved.status_code) == (422, 200, 302)
    petition.refresh_from_db()
    assert petition.text == "My words."
    assert not EditLock.objects.filter(holder=user).exists()


def test_page_that_is_gone_holds_nobody_up(client):
    petition = DraftPetitionFactory()
    other = UserFactory()
    EditLock.objects.create(
        key=f"petitions.petition:{petition.pk}",
        holder=other,
        since=timezone.now() - timedelta(hours=1),
        renewed_at=timezone.now() - timedelta(minutes=6),
    )
    as_team(client, petition)

    response = client.post(
        reverse("petition_edit", args=[petition.slug]), {**opened(client, petition), "text": "My words."}
    )

    assert response.status_code == 302


def test_reading_the_form_takes_no_lock(client):
    petition = DraftPetitionFactory()
    as_team(client, petition)

    opened(client, petition)

    assert not EditLock.objects.exists()
