"""What several tests of accounts do: sign in, confirm, compute codes as an app on a phone does."""

import hashlib
import json
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from tests.factories.accounts import UserFactory

PASSWORD = "a long enough pass phrase"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def person(**fields):
    user = UserFactory(**fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def confirm(client):
    """Answer the question for the password that stands before every change."""
    return client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def code_at(secret, *, periods=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def with_app(user, secret=SECRET):
    """An authenticator app, and the recovery codes that come with it."""
    app = TOTP.activate(user, secret).instance
    RecoveryCodes.activate(user)
    return app


class SoftKey:
    """An authenticator in memory: answers as a browser would, with a real key pair and real signatures (ES256)."""

    def __init__(self, *, origin="https://campaign.example.org", rp="campaign.example.org", name=b"key-1"):
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.origin, self.rp, self.id, self.user = origin, rp, name, b""

    def _client_data(self, kind, challenge):
        return json.dumps(
            {"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin}
        ).encode()

    def _authenticator_data(self, flags, credential=b""):
        return AuthenticatorData.create(hashlib.sha256(self.rp.encode()).digest(), flags, 1, credential)

    def _answer(self, response):
        name = websafe_encode(self.id)
        extensions = {"credProps": {"rk": True}}
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "clientExtensionResults": extensions,
                "response": response,
            }
        )

    def create(self, options):
        """Answer to the page that adds a passkey."""
        self.user = options["user"]["id"]
        public = ES256.from_cryptography_key(self.secret.public_key())
        credential = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
        attested = AttestationObject.create("none", self._authenticator_data(flags, credential), {})
        client_data = self._client_data("create", options["challenge"])
        return self._answer(
            {"clientDataJSON": websafe_encode(client_data), "attestationObject": websafe_encode(attested)}
        )

    def get(self, options, *, verified=True):
        """Answer to a page that asks for a passkey."""
        flags = AuthenticatorData.FLAG.UP | (AuthenticatorData.FLAG.UV if verified else 0)
        data, client_data = self._authenticator_data(flags), self._client_data("get", options["challenge"])
        signed = bytes(data) + hashlib.sha256(client_data).digest()
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client_data),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(self.secret.sign(signed, ec.ECDSA(hashes.SHA256()))),
                "userHandle": self.user,
            }
        )


def with_passkey(user, name="Ada’s phone"):
    """A passkey as it stands in the table, whose device is not at hand."""
    options = {"user": {"id": websafe_encode(b"user")}, "challenge": websafe_encode(b"challenge")}
    credential = json.loads(SoftKey(name=name.encode()).create(options))
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": credential}
    )


def forget_used_codes():
    cache.clear()
