"""The verbs of organizations: founding, proving a mandate, endorsing an exact text, calling for endorsements."""

from campaign.organizations.services.calls import (
    move_call,
)
from campaign.organizations.services.corrections import (
    include_endorsements,
    note_correction,
)
from campaign.organizations.services.endorsing import (
    EndorsementCannotMove,
    EndorsesAlready,
    OnlyByInvitation,
    SecondPersonNeeded,
    Support,
    TextMovedOn,
    accept,
    approve_endorsement,
    confirm_endorsement,
    endorse_as_member,
    reject_endorsements,
    request_endorsement,
    withdraw_endorsement,
)
from campaign.organizations.services.mails import (
    LinkExpired,
    TooManyMails,
)
from campaign.organizations.services.mandates import (
    MandateCannotMove,
    MandateNotInForce,
    NotItsOwnDomain,
    SignatoryData,
    confirm_mandate,
    mandate_of,
    mandate_statement,
    prove_mandate,
    request_mandate,
    require_free_domain,
    signatory_fields,
    state_mandate,
    withdraw_mandate,
)
from campaign.organizations.services.members import (
    AlreadyMember,
    LastOwner,
    OtherAddress,
    accept_invitation,
    invite_member,
    remove_member,
    set_member_role,
)
from campaign.organizations.services.organization import (
    DomainSpeaksForAnother,
    OrganizationData,
    found_organization,
    new_organization,
    note_duplicates,
    put_on_record,
)
from campaign.organizations.services.renewing import decline_renewal, renew_endorsement
from campaign.organizations.services.revoking import (
    reject_mandate,
)

__all__ = [
    "AlreadyMember",
    "DomainSpeaksForAnother",
    "EndorsementCannotMove",
    "EndorsesAlready",
    "LastOwner",
    "LinkExpired",
    "MandateCannotMove",
    "MandateNotInForce",
    "NotItsOwnDomain",
    "OnlyByInvitation",
    "OrganizationData",
    "OtherAddress",
    "SecondPersonNeeded",
    "SignatoryData",
    "Support",
    "TextMovedOn",
    "TooManyMails",
    "accept",
    "accept_invitation",
    "approve_endorsement",
    "confirm_endorsement",
    "confirm_mandate",
    "decline_renewal",
    "endorse_as_member",
    "found_organization",
    "include_endorsements",
    "invite_member",
    "mandate_of",
    "mandate_statement",
    "move_call",
    "new_organization",
    "note_correction",
    "note_duplicates",
    "prove_mandate",
    "put_on_record",
    "reject_endorsements",
    "reject_mandate",
    "remove_member",
    "renew_endorsement",
    "request_endorsement",
    "request_mandate",
    "require_free_domain",
    "set_member_role",
    "signatory_fields",
    "state_mandate",
    "withdraw_endorsement",
    "withdraw_mandate",
]
