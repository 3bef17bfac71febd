from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "campaign.organizations"
    label = "organizations"

    def ready(self) -> None:
        from campaign.core.rotation import register_index  # models are loaded only now
        from campaign.mailing.kinds import register_mail_kind
        from campaign.organizations import indexes, letters

        for indexed in indexes.ALL:
            register_index(indexed)

        register_mail_kind("organizations.endorse", letters.endorse_letter)
        register_mail_kind("organizations.mandate", letters.mandate_letter)
        register_mail_kind("organizations.invitation", letters.invitation_letter)
