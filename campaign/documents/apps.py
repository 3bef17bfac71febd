from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "campaign.documents"
    label = "documents"

    def ready(self) -> None:
        from campaign.documents import checks  # noqa: F401  registers what `manage.py check --deploy` looks at
