"""allauth's pages for second steps, with our addresses and a passkey that is always asked to be one."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import flows
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from campaign.accounts.forms import RemovePasskeyForm


@method_decorator(never_cache, name="dispatch")  # it shows the app's secret
class ActivateApp(ActivateTOTPView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page: dict[str, Any] = super().get_context_data(**kwargs)
        secret = page["form"].secret
        page["secret_groups"] = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return page


class DeactivateApp(DeactivateTOTPView):
    success_url = reverse_lazy("security")


@method_decorator(never_cache, name="dispatch")
class ViewCodes(ViewRecoveryCodesView):
    pass


class GenerateCodes(GenerateRecoveryCodesView):
    pass


class AddPasskey(AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A device that can keep the key itself is asked to: it then signs in without address and password."""
        page: dict[str, Any] = super().get_context_data(**kwargs)
        page["form"] = kwargs.get("form", page["form"])  # the library's would forget what was typed
        public = dict(page["js_data"]["creation_options"]["publicKey"])
        chosen = {
            **dict(public.get("authenticatorSelection") or {}),
            "residentKey": "preferred",
            "requireResidentKey": False,
        }
        page["js_data"] = {"publicKey": {**public, "authenticatorSelection": chosen}}
        return page


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class RemovePasskey(RemoveWebAuthnView):
    """The library removes a passkey without asking whether it may."""

    form_class = RemovePasskeyForm
    success_url = reverse_lazy("security")

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        # Bound from the start, so that the refusal is read before the button is pressed.
        return {**kwargs, "authenticator": self.object, "data": kwargs.get("data", {})}


class ConfirmByPasskey(ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        """Stay here and say so; the library goes to the page for signing in."""
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page: dict[str, Any] = super().get_context_data(**kwargs)
        return {**page, **kwargs}


@method_decorator(never_cache, name="dispatch")
class SignInByPasskey(LoginWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        """As the library does it, and then to the page somebody wanted; it leads everybody to the same one."""
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        answer: HttpResponse = flows.perform_passwordless_login(self.request, passkey, login)
        return answer


class EditPasskey(EditWebAuthnView):
    success_url = reverse_lazy("security")
