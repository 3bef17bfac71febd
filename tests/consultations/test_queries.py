"""Reads of consultations."""

import pytest

from campaign.campaigns.models import Campaign
from campaign.consultations.forms.submissions import AttachmentsForm
from campaign.consultations.queries import published_editions
from campaign.consultations.services import attachments_digest
from tests.factories.campaigns import CampaignFactory
from tests.factories.consultations import SubmissionFactory
from tests.factories.regulations import FILE
from tests.regulations.drafts import publish, published_adaptation

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_published_editions_are_those_the_team_may_read():
    library = publish(FILE)
    public, own, foreign = (
        published_adaptation(model=library, slug_title=title) for title in ("Public", "Own", "Foreign")
    )
    hidden = [own.template.campaign_id, foreign.template.campaign_id]
    Campaign.objects.filter(pk__in=hidden).update(state="draft")

    found = published_editions(campaign_id=own.template.campaign_id)

    assert set(found) == {library, public, own}


def test_an_annex_of_another_team_is_refused():
    foreign = published_adaptation()
    Campaign.objects.filter(pk=foreign.template.campaign_id).update(state="draft")
    submission = SubmissionFactory(campaign=CampaignFactory())

    form = AttachmentsForm(
        {"annex": str(foreign.pk), "cover_design": "plain", "seen": attachments_digest(submission)},
        submission=submission,
    )

    assert list(form.errors) == ["annex"]
