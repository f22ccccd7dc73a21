"""The one AdminSite: a plain user who owns an entry uses it, and nobody needs to be staff."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator

from registers.admin import state

# The order in which the index lists what there is to keep.
GROUPS = ("The register", "Settings", "People", "Records")


class Site(AdminSite):
    site_title = site_header = "Five by Five"
    index_title = "Data and settings"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Those who have something to keep or to audit; a committee member has not."""
        access = getattr(request.user, "access", None)
        return access is not None and (access.anywhere.updates or access.anywhere.audits)

    def admin_view(self, view, cacheable=False):
        """As Django's, but whoever is logged in and has no business here is told of no such page.

        Somebody who is not logged in has been sent to the login page before they come here.
        """
        inner = super().admin_view(view, cacheable)

        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return answer

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """There is one login page, and it knows the way back."""
        asked_for = request.GET.urlencode()
        return redirect(f"{reverse('account_login')}{'?' if asked_for else ''}{asked_for}")

    def logout(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_change_password")

    def app_index(self, request: HttpRequest, app_label: str, extra_context=None) -> HttpResponse:
        return redirect(reverse("admin:index"))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {"section": "admin"}

    def get_urls(self):
        """The page of the system before Django's own, of which the last answers to any address."""
        return [path("state/", self.admin_view(self.state), name="state"), *super().get_urls()]

    def state(self, request: HttpRequest) -> HttpResponse:
        return state.page(request, self.each_context(request))

    def index(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        groups: dict[str, list[dict[str, Any]]] = {name: [] for name in GROUPS}
        for model, model_admin in self._registry.items():
            if not model_admin.has_view_or_change_permission(request):
                continue
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            groups[model_admin.group].append(
                {
                    "name": model_admin.name,
                    "about": model_admin.about,
                    "url": reverse(f"{name}_changelist"),
                    "adds": model_admin.add_links(request),
                }
            )
        context = {
            **self.each_context(request),
            "title": self.index_title,
            "groups": [(name, models) for name, models in groups.items() if models],
            "state": reverse("admin:state") if request.user.access.everywhere.manages else "",
            "trail": reverse("audit-home") if request.user.access.anywhere.audits else "",
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/index.html", context)


site = Site(name="admin")
