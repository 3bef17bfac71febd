from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegulationsConfig(AppConfig):
    name = "campaign.regulations"
    label = "regulations"

    def ready(self) -> None:
        from campaign.documents.builders import (
            register_builder,
            register_text_kind,
        )  # models must be loaded first
        from campaign.regulations.documents import build_edition_document

        register_builder("regulations.edition", build_edition_document)
        register_text_kind("regulations.edition", _("Edition of an instrument"))
