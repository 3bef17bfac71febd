from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "campaign.organizations"
    label = "organizations"

    def ready(self) -> None:
        from campaign.mailing.kinds import register_mail_kind  # models are loaded only now
        from campaign.organizations import letters

        register_mail_kind("organizations.endorse", letters.endorse_letter)
        register_mail_kind("organizations.mandate", letters.mandate_letter)
        register_mail_kind("organizations.invitation", letters.invitation_letter)
