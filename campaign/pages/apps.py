from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "campaign.pages"
    label = "pages"
