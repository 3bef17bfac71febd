from typing import Any

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "campaign.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.usersessions.models import UserSession  # models are loaded only now
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import pre_save

        from campaign.accounts.adapter import SEALED_SECRETS
        from campaign.core.sealed import register_sealed

        register_sealed(SEALED_SECRETS)
        # The library writes these rows too, with the whole address: nothing of it may reach the table.
        pre_save.connect(cut_address, sender=UserSession, dispatch_uid="accounts.cut_address")
        # However somebody signs in, the session is listed from its first moment.
        user_logged_in.connect(note_sign_in, dispatch_uid="accounts.note_sign_in")


def cut_address(instance: Any, **kwargs: Any) -> None:
    """Keep the network of a session's address, as for signers; nothing of a private one, which says no more than "a proxy"."""
    from campaign.accounts.queries import UNKNOWN_ADDRESS
    from campaign.guard.addresses import cut_network, parse_address
    from campaign.guard.network import OWN_NETWORKS

    address = parse_address(str(instance.ip))
    is_known = address is not None and not any(
        address in network for network in OWN_NETWORKS if network.version == address.version
    )
    instance.ip = cut_network(str(address)).partition("/")[0] if is_known else UNKNOWN_ADDRESS


def note_sign_in(request: Any, user: Any, **kwargs: Any) -> None:
    from campaign.accounts.middleware import note_seen

    note_seen(request, user)
