"""What every model's admin has in common: permissions, stamps, the trail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter

from django.contrib import admin
from django.contrib.admin.utils import lookup_spawns_duplicates, unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms.models import _get_foreign_key
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from registers import history
from registers.access import Access, Rights
from registers.admin.base_forms import NATIVE_FIELDS, KeptForm, KeptRows
from registers.cycle import CycleError
from registers.models import Register
from registers.models.fields import Stamped
from registers.models.searching import having
from registers.pages.accounts.login import release_held_text


def stamp(row: models.Model, request: HttpRequest) -> None:
    """Who changed it. Its history names the same person."""
    if isinstance(row, Stamped):
        row.changed_by = request.user


class NativeFields:
    """The browser's own date, number and choice fields; no pop-ups beside them."""

    formfield_overrides = NATIVE_FIELDS

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class KeptAdmin(NativeFields, admin.ModelAdmin):
    """Read by those who audit, kept by the risk manager, never deleted: unless a subclass differs.

    `of_register` is the way to the register that a row belongs to, and says whose it is. What has
    none is shared by all registers: every auditor reads it, and who manages them all keeps it.
    `group`, `name` and `about` place it on the index; `one` is a row in the words of the button
    that adds one. `settles` says that published pages may show what it keeps, so that none that
    was rendered before a change is shown again.
    """

    group = "The register"
    name = one = about = ""
    of_register = ""
    settles = True
    form = KeptForm
    actions = None
    list_per_page = 50
    show_full_result_count = False
    empty_value_display = "–"
    view_on_site = False
    save_on_top = False

    # Who may what -----------------------------------------------------------------------------

    def access(self, request: HttpRequest) -> Access:
        return request.user.access

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return self._rights(request, obj).audits

    def has_add_permission(self, request):
        access = self.access(request)
        return access.anywhere.manages if self.of_register else access.everywhere.manages

    def has_change_permission(self, request, obj=None):
        if not self.of_register:
            return self.access(request).everywhere.manages
        return self._rights(request, obj).manages

    def _rights(self, request: HttpRequest, row: models.Model | None) -> Rights:
        """Where the row belongs; without one, or of what is shared, on any register."""
        access = self.access(request)
        if row is None or not self.of_register:
            return access.anywhere
        return access.at(attrgetter(self.of_register.replace("__", "."))(row))

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if not self.of_register:
            return rows
        return rows.filter(self.access(request).where("audits", self.of_register))

    def has_delete_permission(self, request, obj=None):
        return False

    def may_read_trail(self, request: HttpRequest, row: models.Model) -> bool:
        return self._rights(request, row).audits

    def add_links(self, request: HttpRequest) -> list[tuple[str, str]]:
        """(words, address) of the ways to add a row; none for those who may not."""
        if not self.has_add_permission(request):
            return []
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        return [(f"Add {self.one}", url)]

    # 'No such' and 'not yours' are the same page ---------------------------------------------

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def get_search_results(self, request, queryset, search_term):
        """As the pages search: every word somewhere in the row, however it was typed."""
        columns = self.get_search_fields(request)
        if not columns:
            return queryset, False
        for word in search_term.split():
            queryset = queryset.filter(having(word, *columns))
        return queryset, any(lookup_spawns_duplicates(self.opts, one) for one in columns)

    def changelist_view(self, request, extra_context=None):
        self._must_read(request)
        context = {"add_links": self.add_links(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        self._must_read(request)
        if object_id is None and not self.has_add_permission(request):
            raise Http404
        if request.method == "POST" and object_id is not None:
            self._must_be_there(request, object_id)
        self._give_back(request)
        context = {"kept_as": self.name, **(extra_context or {})}
        if object_id is None:
            context["title"] = f"Add {self.one}"
        return super().changeform_view(request, object_id, form_url, context)

    def _give_back(self, request: HttpRequest) -> None:
        """What was sent when the session had ended: as if it were sent now, but for the saving."""
        if request.method == "GET" and (held := release_held_text(request)):
            # There are no files to read it anew for.
            request.FILES  # noqa: B018 - read once, or reading it would forget what POST is set to
            request.method, request.POST = "POST", held
            request.held = True

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.held = getattr(request, "held", False)
        if form.held and not issubclass(form, KeptForm):
            raise TypeError(f"{form} could not refuse what was sent without a session.")
        return form

    def heading(self, request: HttpRequest, row: models.Model) -> str:
        """What stands above the form of a row."""
        return str(row)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change:
            context |= {"title": self.heading(request, obj), "subtitle": None}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def delete_view(self, request, object_id, extra_context=None):
        """Nothing that is kept is deleted by hand."""
        raise Http404

    def _must_be_there(self, request: HttpRequest, object_id: str) -> None:
        """Django would ask first whether any row may be changed, and tell that there is one."""
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404

    def _must_read(self, request: HttpRequest) -> None:
        if not self.has_view_or_change_permission(request):
            raise Http404

    # Saving -----------------------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        if change and not form.has_changed():
            return
        stamp(obj, request)
        super().save_model(request, obj, form, change)
        self.settle()

    def save_formset(self, request, form, formset, change):
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            stamp(row, request)
            row.delete()
        for row in rows:
            stamp(row, request)
            row.save()
        formset.save_m2m()
        if rows or formset.deleted_objects:
            self.settle()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """What a verb refuses that no form has asked before."""
        try:
            yield
        except CycleError as error:
            raise PermissionDenied(str(error)) from error

    def settle(self) -> None:
        if self.settles:
            Register.objects.bump()

    def log_addition(self, request, obj, message):
        """Only what has no history of its own is written to the admin's log."""
        return None if hasattr(obj, "history") else super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        return None if hasattr(obj, "history") else super().log_change(request, obj, message)

    def response_change(self, request, obj):
        """A button that adds a row works without script too: it saves and comes back with one."""
        rows = request.POST.get("_addrow")
        if rows:
            return HttpResponse(status=302, headers={"Location": f"?add={rows}#{rows}-group"})
        return super().response_change(request, obj)

    # The trail --------------------------------------------------------------------------------

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, object_id)
        if row is None or not self.may_read_trail(request, row):
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {row}",
            "object": row,
            "opts": self.opts,
            "kept_as": self.name,
            "events": self.trail_of(row),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    def trail_of(self, row: models.Model) -> list[history.Event]:
        return history.of_row(row)


class KeptInline(NativeFields):
    """Rows below another: what may be done with them is what may be done with that one.

    `adds` names the kind of row in the words of the button that adds one.
    """

    form = KeptForm
    formset = KeptRows
    extra = 0
    adds = ""

    def _parent(self):
        return self.admin_site.get_model_admin(self.parent_model)

    def has_view_permission(self, request, obj=None):
        return self._parent().has_view_permission(request, obj)

    def has_add_permission(self, request, obj=None):
        return self._parent().has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._parent().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._parent().has_change_permission(request, obj)

    def get_extra(self, request, obj=None, **kwargs):
        below = _get_foreign_key(self.parent_model, self.model).remote_field.get_accessor_name()
        return self.extra + (1 if request.GET.get("add") == below else 0)


class RowsInline(KeptInline, admin.TabularInline):
    """Short rows as a table."""


class PartsInline(KeptInline, admin.StackedInline):
    """Rows with long texts, one below the other."""


class Choose(admin.SimpleListFilter):
    """A filter as a plain choice in the form above the list."""

    template = "admin/filter.html"

    def choices(self, changelist):
        yield {"value": "", "selected": self.value() is None, "display": "All"}
        for value, words in self.lookup_choices:
            yield {"value": value, "selected": self.value() == str(value), "display": words}
