"""An instrument with two editions, its campaign's team, and a draft."""

from datetime import timedelta

from campaign.regulations.models import Provision
from campaign.regulations.services import publish_edition, start_edition
from tests.factories import regulations as make
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory, TeamMemberFactory

LATER = make.MOMENT + timedelta(days=400)
SECRET = "Every model shall be handed over in secret within"


def team_instrument():
    """An instrument of a campaign, published as 1.0."""
    edition = make.published_edition()
    edition.template.campaign = CampaignFactory()
    edition.template.save()
    return edition.template


def member(template, role="editor"):
    return TeamMemberFactory(campaign=template.campaign, role=role).user


def begun(template, *, words=f"{SECRET} [[period]]."):
    """The next edition as a draft, with other words in one provision."""
    draft = start_edition(template=template, person=UserFactory(), at=LATER)
    Provision.objects.filter(edition=draft, key="duty-return").update(body=words)
    return draft


def broken(draft):
    """A draft that cannot be printed: a reference leads nowhere."""
    Provision.objects.filter(edition=draft, key="duty-return").update(body="As [[ref:none]] says.")


def second(template):
    """Edition 1.1, published with other words."""
    return publish_edition(
        edition=begun(template, words="Every model shall be returned at once, within [[period]]."), at=LATER
    )
