from django.urls import include, path, re_path

from registers.admin import site
from registers.pages.help import views as pages

urlpatterns = [
    # Nobody makes an account or changes its address but the risk manager.
    path("accounts/signup/", pages.accounts_are_kept_for_you),
    path("accounts/email/", pages.accounts_are_kept_for_you),
    re_path("^accounts/confirm-email/", pages.accounts_are_kept_for_you),
    path("accounts/3rdparty/signup/", pages.accounts_are_kept_for_you, name="socialaccount_signup"),
    path("accounts/", include("registers.pages.accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", site.urls),
    path("", include("registers.pages.urls")),
    path("", include("registers.admin.offline.urls")),
]

# What Django asks wherever a request fails.
handler500 = "registers.pages.doors.broken"
