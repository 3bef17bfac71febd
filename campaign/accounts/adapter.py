"""How allauth works here: its letters become mail rows, its secrets are encrypted, its doors are as narrow as ours."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import filter_users_by_email, user_pk_to_url_str
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaign.accounts.browsers import browser_in_words
from campaign.accounts.models import User
from campaign.accounts.second_step import is_last_needed_step
from campaign.core.crypto import open_text, seal_text
from campaign.core.sealed import SealedJson
from campaign.mailing.services import queue_letter

# Where the secrets of authenticator apps and the seeds of recovery codes stand. The library does not say whose secret it
# hands over, so the place is the column, not the row.
SEALED_SECRETS = SealedJson(
    model="mfa.Authenticator",
    field="data",
    names=("secret", "seed", "migrated_codes"),
    place="mfa_authenticator:data",
)


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render the letter now, in the language of the request, and queue it in the request's transaction."""
        site = {"name": settings.SITE_NAME, "domain": settings.SITE_URL}
        if "user_agent" in context:
            context = {**context, "browser": browser_in_words(context["user_agent"])}
        message = self.render_mail(template_prefix, email, {"email": email, **context, "current_site": site})
        queue_letter(
            to=email,
            subject=message.subject,
            text=message.body,
            locale=get_language() or "en",
            at=timezone.now(),
        )


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "This site asks you for a second step, and this is the only one you have. Set up another one first, then remove this."
        ),
        "cannot_generate_recovery_codes": _(
            "Recovery codes stand in for a second step. Set up a passkey or an authenticator app first."
        ),
        "incorrect_code": _(
            "This code does not fit. Codes of the app change every 30 seconds and work once: take the one it shows now."
        ),
        "unverified_email": _(
            "One of your mail addresses is not confirmed. Confirm or remove it, then set up the second step."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal_text(text, place=SEALED_SECRETS.place)

    def decrypt(self, encrypted_text: str) -> str:
        return open_text(encrypted_text, place=SEALED_SECRETS.place)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_last_needed_step(authenticator)

    def generate_authenticator_name(self, user: User, kind: Authenticator.Type) -> str:
        """A passkey is named after the device it is made on, until somebody names it better."""
        return browser_in_words(context.request.META.get("HTTP_USER_AGENT", ""))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the site's own address, under whichever name a request reached it."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.SITE_NAME}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {
            "id": user_pk_to_url_str(user).encode(),
            "display_name": user.display_name,
            "name": user.email,
        }


class OpenIDAdapter(DefaultSocialAccountAdapter):
    """Sign-in through the one OpenID Connect issuer of the settings.

    The issuer may say who somebody is, but not take over an account that is here already: whoever has one signs in to it
    first and connects the two there.
    """

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": _("Set a password first, so that your account still opens without this connection."),
    }

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Issuers stand in the settings alone: a row in the database would be a door nobody sees."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Raises ImmediateHttpResponse, a page that says what to do, unless an account may come of this sign-in."""
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        address = next((each.email for each in sociallogin.email_addresses if each.verified), None)
        reason = "unverified" if address is None else "taken" if filter_users_by_email(address) else None
        if reason:
            page = {"reason": reason, "provider": sociallogin.provider}
            raise ImmediateHttpResponse(render(request, "socialaccount/refused.html", page, status=403))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = sociallogin.user
        user.email = data.get("email") or ""
        user.name = str(data.get("name") or "")[:150]
        return user

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("security")
