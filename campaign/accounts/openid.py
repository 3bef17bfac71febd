"""OpenID Connect, checked as the standard asks, also where the library trusts the connection.

Beyond the library: the issuer of the discovery document is the one of the settings, the ID token is signed by one of its
keys with a public-key algorithm, it answers this very sign-in (nonce), and nothing about a person is kept but who they are
to the issuer (sources: OpenID Connect Core 1.0, 3.1.3.7 and 5.3.2; Discovery 1.0, 4.3).
"""

import hmac
import secrets
from typing import Any

import jwt
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
LEEWAY_SECONDS = 60  # clocks differ
SUBJECT_LENGTH = 191  # of the library's column; the standard allows 255
DISCOVERED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
OF_THE_PERSON = ("email", "email_verified", "name")


class CheckedAdapter(OpenIDConnectOAuth2Adapter):
    """One sign-in on its way back. Every refusal is an OAuth2Error: the library answers with the page for failed sign-ins."""

    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        config = super().openid_config
        configured = self.get_provider().app.settings["server_url"]
        if not isinstance(config, dict) or not all(isinstance(config.get(name), str) for name in DISCOVERED):
            raise OAuth2Error("the discovery document is not complete")
        if config["issuer"].rstrip("/") != issuer_of(configured):
            raise OAuth2Error("the discovery document names another issuer")
        config.setdefault("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Under the site's own address, which the issuer was told, whichever way a request came."""
        return settings.SITE_URL + self.get_provider().get_callback_url()

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        claims = self.checked_claims(app, kwargs["response"].get("id_token"))
        if "email" not in claims and "userinfo_endpoint" in self.openid_config:
            told = self._fetch_user_info(token.token)
            if not isinstance(told, dict) or told.get("sub") != claims["sub"]:
                raise OAuth2Error("the userinfo is about somebody else")
            claims = {**claims, **{name: told[name] for name in OF_THE_PERSON if name in told}}
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def checked_claims(self, app: SocialApp, id_token: Any) -> dict[str, Any]:
        """What the issuer says and signed, for us and for this sign-in. Raises OAuth2Error."""
        if not isinstance(id_token, str):
            raise OAuth2Error("no ID token")
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._signing_key(id_token),
                algorithms=list(ALGORITHMS),
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("the ID token does not hold") from error
        if not self.nonce or not hmac.compare_digest(str(claims.get("nonce", "")), self.nonce):
            raise OAuth2Error("the ID token answers another sign-in")
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the ID token is meant for another site")
        if not 0 < len(claims["sub"]) <= SUBJECT_LENGTH:
            raise OAuth2Error("the subject is too long")
        return claims

    def _signing_key(self, id_token: str) -> jwt.PyJWK:
        """The issuer's key that the token names; the only one when it names none. It carries its own algorithm."""
        header = jwt.get_unverified_header(id_token)
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            found = answer.json()
        keys = jwt.PyJWKSet.from_dict(found).keys if isinstance(found, dict) else []
        usable = [
            key
            for key in keys
            if key.public_key_use in {None, "sig"} and header.get("kid") in {None, key.key_id}
        ]
        if len(usable) != 1:
            raise OAuth2Error("no key of the issuer fits the ID token")
        return usable[0]


class CheckedProvider(OpenIDConnectProvider):
    oauth2_adapter_class = CheckedAdapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Send somebody to the issuer. What to ask for is ours to say: parameters of the request add nothing to it."""
        nonce = secrets.token_urlsafe(24)
        kwargs.update(auth_params={"nonce": nonce}, scope=self.get_scope(), nonce=nonce)
        return super().redirect(request, process, next_url=next_url, data=data, **kwargs)

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing: what the issuer knows beside the address and the name is not for us to keep."""
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        address, is_verified = _address_in(data["id_token"])
        return {"email": address, "email_verified": is_verified, "name": data["id_token"].get("name")}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        address, is_verified = _address_in(data["id_token"])
        return [EmailAddress(email=address, verified=is_verified, primary=True)] if address else []


def _address_in(claims: dict[str, Any]) -> tuple[str, bool]:
    """The mail address in its one spelling, and whether the issuer confirmed it. Some write the word; no other word counts."""
    address = claims.get("email")
    if not isinstance(address, str):
        return "", False
    verified = claims.get("email_verified")
    return address.strip().lower(), verified is True or verified == "true"


class CallbackView(OAuth2CallbackView):
    """The library's, which also hands the nonce of the stored state to the adapter."""

    def _get_state(self, request: HttpRequest, provider: CheckedProvider) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state.get("nonce", "")
        return state, response


def issuer_of(server_url: str) -> str:
    """The issuer that an address in the settings means: it may be written with the path of the discovery document."""
    return server_url.partition("/.well-known/")[0].rstrip("/")
