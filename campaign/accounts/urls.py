from allauth.account import urls as allauth_urls
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from django.urls import path

from campaign.accounts.views import openid, second_steps, security

urlpatterns = [
    *allauth_urls.urlpatterns,
    path("security/", security.security, name="security"),
    path("security/", security.security, name="mfa_index"),  # the name that allauth goes back to
    path("security/second-step/", security.second_step, name="second_step"),
    path("security/sessions/<int:pk>/end/", security.end_session, name="session_end"),
    path("security/sessions/end/", security.end_other_sessions, name="sessions_end"),
    path("security/app/", second_steps.ActivateApp.as_view(), name="mfa_activate_totp"),
    path("security/app/remove/", second_steps.DeactivateApp.as_view(), name="mfa_deactivate_totp"),
    path("security/codes/", second_steps.ViewCodes.as_view(), name="mfa_view_recovery_codes"),
    path("security/codes/new/", second_steps.GenerateCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("security/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("security/passkeys/add/", second_steps.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/", second_steps.EditPasskey.as_view(), name="mfa_edit_webauthn"),
    path(
        "security/passkeys/<int:pk>/remove/", second_steps.RemovePasskey.as_view(), name="mfa_remove_webauthn"
    ),
    path("login/second-step/", base.authenticate, name="mfa_authenticate"),
    path("login/passkey/", second_steps.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("reauthenticate/code/", base.reauthenticate, name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/", second_steps.ConfirmByPasskey.as_view(), name="mfa_reauthenticate_webauthn"
    ),
    path("oidc/<slug:provider_id>/login/", openid.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", openid.callback, name="openid_connect_callback"),
    path("oidc/connections/", openid.connections, name="socialaccount_connections"),
    path("oidc/cancelled/", openid.login_cancelled, name="socialaccount_login_cancelled"),
]
