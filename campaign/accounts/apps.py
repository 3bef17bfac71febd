from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "campaign.accounts"
    label = "accounts"
