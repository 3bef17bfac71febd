from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ACTS = {
    "regulations.instrument_begun": _("began the instrument “%(title)s”"),
    "regulations.edition_adapted": _("began the adaptation “%(title)s” for %(jurisdiction)s"),
    "regulations.edition_begun": _("began edition %(label)s of “%(title)s”"),
    "regulations.edition_published": _("published edition %(label)s of “%(title)s”"),
    "regulations.draft_discarded": _("discarded the draft of edition %(label)s of “%(title)s”"),
    "regulations.adoption_recorded": _("recorded that %(body)s took over provisions of “%(title)s”"),
    "regulations.adoption_changed": _(
        "changed what is recorded of %(body)s taking over provisions of “%(title)s”"
    ),
    "regulations.adoption_checked": _(
        "checked what is recorded of %(body)s taking over provisions of “%(title)s”"
    ),
    "regulations.adoption_removed": _("removed the record that %(body)s took over provisions of “%(title)s”"),
}


class RegulationsConfig(AppConfig):
    name = "campaign.regulations"
    label = "regulations"

    def ready(self) -> None:
        from campaign.activity.acts import register_acts
        from campaign.campaigns.publishing import when_published
        from campaign.documents.builders import register_builder  # models are loaded only now
        from campaign.documents.text_kinds import register_text_kind
        from campaign.regulations.documents import (
            build_comparison_document,
            build_edition_document,
            draw_comparison,
        )
        from campaign.regulations.rendering import draw_edition, edition_passages
        from campaign.regulations.rules import can_read_comparison
        from campaign.regulations.services.publishing import list_editions

        register_acts(ACTS)
        when_published(list_editions)
        register_builder("regulations.edition", build_edition_document)
        register_builder("regulations.comparison", build_comparison_document)
        register_text_kind(
            "regulations.edition",
            label=_("Edition of an instrument"),
            draw=draw_edition,
            passages=edition_passages,
        )
        register_text_kind(
            "regulations.comparison",
            label=_("Comparison of legal texts"),
            draw=draw_comparison,
            is_reader=can_read_comparison,
        )
