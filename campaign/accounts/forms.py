"""allauth's forms in our words, without its gaps: a code that works twice, a last passkey that goes, an answer that crashes."""

from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from campaign.core.forms import LineField

NAME_LENGTH = 60


def code_field(label: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "off"})
    return forms.CharField(label=label, max_length=32, widget=widget)


class CodeOnce:
    """Each code of the app works once.

    The library forgets a used code after one period, but takes codes of `TOTP_TOLERANCE` periods around the present one.
    """

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not use_code(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


def use_code(authenticator: Authenticator, code: str) -> bool:
    """False when this code was used while it was still good. Of two at once, one gets True."""
    seconds = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    digits = "".join(filter(str.isalnum, code))
    return bool(cache.add(f"accounts.code:{authenticator.pk}:{digits}", 1, timeout=seconds))


class SecondStepForm(CodeOnce, AuthenticateForm):
    code = code_field(_("Code from the app, or a recovery code"))


class ConfirmForm(CodeOnce, ReauthenticateForm):
    code = code_field(_("Code from the app, or a recovery code"))


class ActivateAppForm(ActivateTOTPForm):
    code = code_field(_("Code that the app shows now"))


class CredentialField(forms.JSONField):
    """What a browser answers for a passkey. The library expects its shape; here any other is refused in words."""

    widget = forms.HiddenInput

    def __init__(self, shape: type[AuthenticationResponse | RegistrationResponse], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shape = shape

    def to_python(self, value: Any) -> Any:
        credential = super().to_python(value)
        if credential in self.empty_values:
            return None
        try:
            self.shape.from_dict(credential)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise forms.ValidationError(
                _("The browser’s answer could not be read. Load the page again, then try once more.")
            ) from None
        return credential


class PasskeyStepForm(AuthenticateWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)


class PasskeySignInForm(LoginWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)


class PasskeyConfirmForm(ReauthenticateWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)


class AddPasskeyForm(AddWebAuthnForm):
    credential = CredentialField(RegistrationResponse)
    name = LineField(label=_("Name of the passkey"), max_length=NAME_LENGTH, required=False)
    passwordless = None


class EditPasskeyForm(EditWebAuthnForm):
    name = LineField(label=_("Name of the passkey"), max_length=NAME_LENGTH)


class RemovePasskeyForm(forms.Form):
    def __init__(self, *args: Any, authenticator: Authenticator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.authenticator = authenticator

    def clean(self) -> dict[str, Any] | None:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.authenticator):
            raise adapter.validation_error("cannot_delete_authenticator")
        return super().clean()
