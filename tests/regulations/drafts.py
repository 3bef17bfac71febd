"""A draft that a team works on, its people, and what every page of it has to refuse."""

from campaign.campaigns.models import TeamRole
from campaign.core.yamlfile import parse_yaml
from campaign.regulations.services import InstrumentFacts, adapt_edition, import_template, publish_edition
from campaign.regulations.tree import walk
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import CampaignFactory, JurisdictionFactory, TeamMemberFactory
from tests.factories.regulations import FILE, MOMENT, published_edition

# What the model's next edition says: a paragraph changed, a point gone, a new article with a new value, a point added.
NEXT = (
    FILE.replace('label: "1.0"', 'label: "1.1"\n  base: "1.0"')
    .replace("shall be returned within", "shall be returned in full within")
    .replace(
        "          - key: duty-limits-b\n            kind: point\n            text: to a second thing.\n",
        "          - key: duty-limits-c\n            kind: point\n            text: to a third thing.\n",
    )
    .replace(
        "hooks:",
        "  - name: fine\n    label: Fine\n    type: percentage\n    default: 3 %\n    source: A source.\nhooks:",
    )
    + "  - key: penalty\n    kind: article\n    heading: Penalty\n    text: A fine of [[fine]] is due.\n"
)


def publish(source, at=MOMENT):
    """Publish the next edition of a model from a template file."""
    return import_template(node=parse_yaml(source.encode(), file="small.yaml"), at=at).edition


def adaptation(*, campaign=None, person=None, slug_title="Small act there", model=None):
    """The draft of an adaptation of the small act."""
    facts = InstrumentFacts(
        title=slug_title, tradition="eu-regulation", locale="en", summary="S.", disclaimer="D."
    )
    return adapt_edition(
        edition=model or published_edition(),
        campaign=campaign or CampaignFactory(),
        jurisdiction=JurisdictionFactory(),
        facts=facts,
        person=person or UserFactory(),
        at=MOMENT,
    )


def published_adaptation(**more):
    """An adaptation whose edition 1.0 is published; it has no draft."""
    return publish_edition(edition=adaptation(**more), at=MOMENT)


def member(campaign, role=TeamRole.EDITOR):
    """Somebody of the campaign's team."""
    return TeamMemberFactory(campaign=campaign, role=role).user


def assert_guarded(client, draft, address, *, method="get", data=None):
    """A page of drafters: sign-in is asked for, strangers find nothing, too low a role is refused."""
    act = getattr(client, method)
    client.logout()
    asked = act(address, data or {})
    client.force_login(UserFactory())
    unknown = act(address, data or {})
    client.force_login(member(draft.template.campaign, TeamRole.TRANSLATOR))
    refused = act(address, data or {})

    assert asked.status_code == 302
    assert asked.url.startswith("/accounts/login/")
    assert (unknown.status_code, refused.status_code) == (404, 403)


def words(edition):
    """What each provision says, by key."""
    return dict(edition.provisions.values_list("key", "body"))


def outline(units):
    """Keys with their depth, in reading order."""
    return [(unit.key, len(above)) for unit, above in walk(units)]
