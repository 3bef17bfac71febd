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
from campaign.campaigns.services.inviting import (
    InTheTeamAlready,
    TakenInFirst,
    accept_team_invitation,
    invite_to_team,
)
from campaign.campaigns.services.partners import (
    accept_partnership,
    ask_for_news,
    end_partnership,
    invite_partner,
)
from campaign.campaigns.services.team import (
    LastTeamOwner,
    NotInTheCoalition,
    WorksForAnother,
    remove_from_team,
    set_team_role,
)

__all__ = [
    "InTheTeamAlready",
    "LastTeamOwner",
    "NotInTheCoalition",
    "OwnerIsNotProven",
    "TakenInFirst",
    "UnderEmbargo",
    "WorksForAnother",
    "accept_partnership",
    "accept_team_invitation",
    "ask_for_news",
    "create_campaign",
    "edit_campaign",
    "end_partnership",
    "invite_partner",
    "invite_to_team",
    "move_campaign_call",
    "publish_campaign",
    "remove_from_team",
    "require_no_embargo",
    "set_team_role",
]
