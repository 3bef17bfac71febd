"""The verbs of campaigns: begin and publish one, take partners and people in, call for endorsements."""

from campaign.campaigns.services.calls import (
    UnderEmbargo,
    move_campaign_call,
    require_no_embargo,
)
from campaign.campaigns.services.campaign import (
    OwnerIsNotProven,
    create_campaign,
    edit_campaign,
    publish_campaign,
)
from campaign.campaigns.services.partners import (
    accept_partnership,
    end_partnership,
    invite_partner,
)
from campaign.campaigns.services.team import (
    LastTeamOwner,
    NotInTheCoalition,
    remove_from_team,
    set_team_role,
)

__all__ = [
    "LastTeamOwner",
    "NotInTheCoalition",
    "OwnerIsNotProven",
    "UnderEmbargo",
    "accept_partnership",
    "create_campaign",
    "edit_campaign",
    "end_partnership",
    "invite_partner",
    "move_campaign_call",
    "publish_campaign",
    "remove_from_team",
    "require_no_embargo",
    "set_team_role",
]
