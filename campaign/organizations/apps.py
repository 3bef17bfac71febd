from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Who did it stands before the sentence.
ACTS = {
    "organizations.founded": _("added the organization"),
    "organizations.renamed": _("renamed the organization from “%(was)s” to “%(now)s”"),
    "organizations.names_changed": _("changed its names in other languages: %(languages)s"),
    "organizations.profile_changed": _("changed the profile: %(fields)s"),
    "organizations.logo_set": _("changed the logo, or where it may be shown"),
    "organizations.logo_removed": _("removed the logo"),
    "organizations.affiliation_stated": _("%(member)s states that it is a member of %(network)s"),
    "organizations.affiliation_accepted": _("%(network)s agrees that %(member)s is a member"),
    "organizations.affiliation_ended": _("%(member)s is not a member of %(network)s any more"),
    "organizations.invited": _("invited a person as %(role)s"),
    "organizations.joined": _("joined as %(role)s"),
    "organizations.role_changed": _("made %(member)s %(role)s"),
    "organizations.member_removed": _("removed %(member)s"),
    "organizations.left": _("left"),
    "organizations.mandate_stated": _("A mandate was stated: %(function)s"),
    "organizations.mandate_proven": _("A mandate was proven: %(function)s"),
    "organizations.mandate_withdrawn": _("withdrew a mandate: %(function)s"),
    "organizations.mandate_rejected": _("A mandate was rejected: %(function)s"),
    "organizations.objected": _("reported that a mandate was never authorized: %(function)s"),
    "organizations.objection_dismissed": _("The site’s staff finds that a mandate stands: %(function)s"),
    "organizations.found_twice": _(
        "The site’s staff finds that this organization is here twice. It is shown nowhere under this name."
    ),
    "organizations.endorsed": _("The organization stands behind “%(text)s”"),
    "organizations.endorsement_waits": _("The endorsement of “%(text)s” waits for a second person"),
    "organizations.endorsement_withdrawn": _("The endorsement of “%(text)s” was withdrawn"),
    "organizations.renewal_declined": _("The changed text of “%(text)s” was not endorsed again"),
}


class OrganizationsConfig(AppConfig):
    name = "campaign.organizations"
    label = "organizations"

    def ready(self) -> None:
        from campaign.accounts.second_step import register_second_step_rule
        from campaign.activity.acts import register_acts
        from campaign.core.rotation import register_index  # models are loaded only now
        from campaign.mailing.kinds import register_mail_kind
        from campaign.organizations import indexes, rules
        from campaign.organizations.letters import endorsing, mandates, members

        register_acts(ACTS)
        for indexed in indexes.ALL:
            register_index(indexed)

        register_mail_kind("organizations.endorse", endorsing.endorse_letter)
        register_mail_kind("organizations.renewal", endorsing.renewal_letter)
        register_mail_kind("organizations.list_proof", endorsing.list_proof_letter)
        register_mail_kind("organizations.personal", endorsing.personal_letter)
        register_mail_kind("organizations.personal_renewal", endorsing.personal_renewal_letter)
        register_mail_kind("organizations.call", endorsing.call_letter)
        register_mail_kind("organizations.mandate", mandates.mandate_letter)
        register_mail_kind("organizations.mandate_named", mandates.named_letter)
        register_mail_kind("organizations.mandate_decided", mandates.decided_letter)
        register_mail_kind("organizations.mandate_ends", mandates.ends_letter)
        register_mail_kind("organizations.objection", mandates.objection_letter)
        register_mail_kind("organizations.duplicate", mandates.duplicate_letter)
        register_mail_kind("organizations.invitation", members.invitation_letter)
        register_second_step_rule("organizations", rules.owns_an_organization)
