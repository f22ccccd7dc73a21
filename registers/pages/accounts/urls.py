"""What a person has of their own: how they sign in, and where they are signed in."""

from django.urls import path
from django.views.generic import RedirectView

from registers.pages.accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    # Where the login library would list what stands on the account page.
    path("2fa/", RedirectView.as_view(pattern_name="account"), name="account-factors"),
    path("2fa/webauthn/", RedirectView.as_view(pattern_name="account"), name="account-passkeys"),
    path("sessions/", RedirectView.as_view(pattern_name="account"), name="account-sessions"),
    path("sessions/end/", views.end_sessions, name="account-end-sessions"),
]
