"""What a person has of their own: how they sign in, and where they are signed in."""

from django.urls import path
from django.views.generic import RedirectView

from registers.pages.accounts import sign_on, tokens, views

urlpatterns = [
    path("", views.account, name="account"),
    # Where the login library would list what stands on the account page.
    path("2fa/", RedirectView.as_view(pattern_name="account"), name="account-factors"),
    path("2fa/webauthn/", RedirectView.as_view(pattern_name="account"), name="account-passkeys"),
    path(
        "3rdparty/", RedirectView.as_view(pattern_name="account"), name="socialaccount_connections"
    ),
    path("connect/", sign_on.connect, name="account-connect"),
    path("oidc/<slug:provider_id>/login/", sign_on.start, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", sign_on.back, name="openid_connect_callback"),
    path("sessions/", RedirectView.as_view(pattern_name="account"), name="account-sessions"),
    path("sessions/end/", views.end_sessions, name="account-end-sessions"),
    path("tokens/make/", tokens.make, name="account-make-token"),
    path("tokens/end/", tokens.end, name="account-end-token"),
]
