from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "campaign.consultations"
    label = "consultations"

    def ready(self) -> None:
        from campaign.consultations.documents import build_filing  # models are loaded only now
        from campaign.documents.builders import register_builder

        register_builder("consultations.filing", build_filing)
