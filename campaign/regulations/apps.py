from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegulationsConfig(AppConfig):
    name = "campaign.regulations"
    label = "regulations"

    def ready(self) -> None:
        from campaign.documents.builders import register_builder  # models are loaded only now
        from campaign.documents.text_kinds import register_text_kind
        from campaign.regulations.documents import build_edition_document
        from campaign.regulations.rendering import draw_edition, edition_passages

        register_builder("regulations.edition", build_edition_document)
        register_text_kind(
            "regulations.edition",
            label=_("Edition of an instrument"),
            draw=draw_edition,
            passages=edition_passages,
        )
