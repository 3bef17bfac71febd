"""Summary, annex, petition and cover: two people at once."""

import pytest
from django.urls import reverse

from campaign.consultations.models import Submission
from campaign.consultations.services import AttachmentsChanged, attachments_digest, edit_attachments
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import SubmissionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_a_stale_form_overwrites_nothing():
    submission = SubmissionFactory()
    opened_on = attachments_digest(submission)
    edit_attachments(submission=submission, summary="Theirs", annex=None, petition=None, seen=opened_on)

    with pytest.raises(AttachmentsChanged) as caught:
        edit_attachments(submission=submission, summary="", annex=None, petition=None, seen=opened_on)

    assert caught.value.current.summary == "Theirs"
    assert Submission.objects.get().summary == "Theirs"


def test_page_shows_both_and_saving_again_replaces(client):
    submission = SubmissionFactory()
    client.force_login(TeamMemberFactory(campaign=submission.campaign).user)
    address = reverse("submission_edit", args=[submission.pk])
    opened_on = client.get(address).context["form"]["seen"].value()
    Submission.objects.update(summary="Theirs")
    form = {"summary": "Mine", "cover_design": "plain", "seen": opened_on}

    refused = client.post(address, form)
    again = client.post(address, {**form, "seen": refused.context["form"]["seen"].value()})

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Theirs" in page
    assert "Mine" in page
    assert again.status_code == 302
    assert Submission.objects.get().summary == "Mine"
