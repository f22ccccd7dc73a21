"""The entries of an edition, with their actions and strands: where owners and managers write."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from registers import cycle, history
from registers.admin.base import Choose, KeptAdmin
from registers.admin.site import site
from registers.admin.snapshot_form import NewSnapshotForm, SnapshotForm
from registers.admin.snapshot_quarter import SnapshotQuarter
from registers.admin.snapshot_reading import (
    AFTER_ROWS,
    DIRECTION,
    OVERRULE,
    SCORES,
    SnapshotReading,
)
from registers.admin.snapshot_rows import ActionInline, StrandInline
from registers.models import Kind, Progress, Register, Snapshot, State


class StateFilter(Choose):
    title, parameter_name = "edition", "state"

    def lookups(self, request, model_admin):
        return [("drafts", "Open or in review"), (State.PUBLISHED, "Published")]

    def queryset(self, request, queryset):
        if self.value() == "drafts":
            return queryset.exclude(edition__state=State.PUBLISHED)
        return queryset.filter(edition__state=self.value()) if self.value() else queryset


class RegisterFilter(Choose):
    title, parameter_name = "register", "register"

    def lookups(self, request, model_admin):
        """Those that the person meets an entry of: no other is named."""
        met = model_admin.get_queryset(request).order_by().values("edition__register")
        return list(Register.objects.filter(pk__in=met).values_list("slug", "name"))

    def queryset(self, request, queryset):
        return queryset.filter(edition__register__slug=self.value()) if self.value() else queryset


class KindFilter(Choose):
    title, parameter_name = "kind", "kind"

    def lookups(self, request, model_admin):
        return Kind.choices

    def queryset(self, request, queryset):
        return queryset.filter(entry__kind=self.value()) if self.value() else queryset


class ProgressFilter(Choose):
    title, parameter_name = "progress", "progress"

    def lookups(self, request, model_admin):
        return Progress.choices

    def queryset(self, request, queryset):
        return queryset.filter(progress=self.value()) if self.value() else queryset


@admin.register(Snapshot, site=site)
class SnapshotAdmin(SnapshotReading, SnapshotQuarter, KeptAdmin):
    name, one = "Entries by edition", "an entry"
    about = "What each edition says of each risk and opportunity. Published editions are read only."
    settles = False
    form = SnapshotForm
    inlines = (ActionInline, StrandInline)
    change_form_template = "admin/snapshot_form.html"
    list_display = (
        "numbered",
        "titled",
        "quarter",
        "owner",
        "scored",
        "progress",
        "changed_at",
    )
    list_display_links = ("numbered", "titled")
    list_filter = (StateFilter, RegisterFilter, KindFilter, ProgressFilter)
    list_select_related = ("edition__register", "entry", "owner")
    search_fields = ("reference", "title", "description", "consequences", "controls")
    search_help_text = "Reference, title or words of the text"
    ordering = ("-edition__quarter", "edition__register", "order", "id")

    # Who may what -----------------------------------------------------------------------------

    def has_view_permission(self, request, obj=None):
        anywhere = self.access(request).anywhere
        return anywhere.updates or anywhere.audits

    def has_add_permission(self, request):
        return self.access(request).anywhere.manages

    def has_change_permission(self, request, obj=None):
        access = self.access(request)
        if obj is None:
            return access.anywhere.updates or access.anywhere.manages
        return access.may_change(obj)

    def may_read_trail(self, request, row):
        return self.access(request).may_audit(row)

    def get_queryset(self, request):
        """An owner meets own entries only; the reading pages show the rest as published."""
        access = self.access(request)
        rows = super().get_queryset(request).visible_to(request.user)
        if drafts := access.where("reads_all_drafts", "edition__register"):
            rows = rows.filter(drafts | Q(owner__in=access.posts))
        return rows.select_related("edition__register", "entry", "owner", "changed_by")

    def get_object(self, request, object_id, from_field=None):
        """Read once a request: the admin asks for it again after it has been met."""
        found = getattr(request, "snapshot_in_hand", None)
        if found is None:
            found = super().get_object(request, object_id, from_field)
            if found is not None:
                prefetch_related_objects([found], "strands")
            request.snapshot_in_hand = found
        return found

    def add_links(self, request):
        if not self.has_add_permission(request):
            return []
        url = reverse("admin:registers_snapshot_add")
        return [(f"Add {words}", f"{url}?kind={kind}") for kind, words in _KINDS]

    # The form ---------------------------------------------------------------------------------

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = NewSnapshotForm
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.managed = self.access(request).where("manages")
        else:
            form.manages = self.access(request).may_manage(obj.edition)
        return form

    def get_inlines(self, request, obj):
        if obj is None:
            return ()
        keeps_parts = self.access(request).may_manage(obj.edition) or obj.strands.all()
        return self.inlines if keeps_parts else (ActionInline,)

    def get_inline_instances(self, request, obj=None):
        inlines = super().get_inline_instances(request, obj)
        for inline in inlines:
            if isinstance(inline, ActionInline):
                inline.verbose_name_plural = obj.entry.words.actions
        return inlines

    def get_fieldsets(self, request, obj=None):
        """What changes most comes first; read as it was printed where it can't be changed."""
        if obj is None:
            fields = ["edition", "kind", "reference", "title", "owner"]
            return [(None, {"fields": fields})]
        manages = self.access(request).may_manage(obj.edition)
        if not self.has_change_permission(request, obj):
            return self.fieldsets_to_read(obj)
        scores: list[Any] = [("current", "residual"), "residual_by"]
        if obj.edition.register.uses_inherent_score:
            scores.append("inherent")
        panels: list[tuple[str, list[Any], str]] = [
            ("Scores", scores, SCORES),
            ("Direction of travel", ["direction", "commentary"], DIRECTION),
            ("Why it is right all the same", ["override_reason"], OVERRULE),
            ("What the entry says", ["consequences", "controls"], AFTER_ROWS),
            ("The entry", ["title", "description", "types"], AFTER_ROWS),
        ]
        if manages:
            assigned = [("reference", "order"), "owner", "owner_text"]
            panels.append(("Number and owner", assigned, AFTER_ROWS))
        sets = [(name, {"fields": fields, "classes": [css]}) for name, fields, css in panels]
        sets[0][1]["description"] = self._about_scores(obj)
        return sets

    def _about_scores(self, obj: Snapshot) -> str:
        told = "Choose one square on each grid. A square marked with a quarter is where it stood."
        if obj.entry.kind == Kind.RISK:
            told += f" The heavy line is the council’s appetite, {obj.appetite}."
        return told

    def heading(self, request, row):
        if self.has_change_permission(request, row):
            return f"Update {row.reference} for {row.edition}"
        return f"{row.reference} in {row.edition}"

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is None:
            kind = context["adminform"].form["kind"].value()
            context["title"] = f"Add {dict(_KINDS).get(kind, 'an entry')}"
        else:
            context["may_read_trail"] = self.may_read_trail(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Saving -----------------------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        """Adds an entry; one that is there is saved with its rows, by `save_related`."""
        if not change:
            with self.refusing():
                self._add(request, obj, form.cleaned_data)

    def save_related(self, request, form, formsets, change):
        if not change:
            return
        try:
            self._save(request, form, formsets)
        except cycle.ChangedMeanwhile:
            # Told on the form, with what both have written.
            raise
        except cycle.CycleError as error:
            raise PermissionDenied(str(error)) from error

    def construct_change_message(self, request, form, formsets, add=False):
        """An entry has a history of its own."""
        return []

    def _save(self, request: HttpRequest, form: Any, formsets: list[Any]) -> None:
        """What was written, by one verb; number and place by theirs."""
        obj, rows = form.instance, {rows.prefix: rows.drafted() for rows in formsets}
        draft = cycle.Draft(form.drafted(), **rows)
        seen = getattr(request, "seen_version", None)
        saved = cycle.save_draft(obj, draft, by=request.user, version=seen)
        obj.__dict__.update(saved.__dict__)
        if "reference" in form.changed_data:
            obj.reference = form.cleaned_data["reference"]
            cycle.renumber(obj.edition, {obj.pk: obj.reference}, by=request.user)
        if "order" in form.changed_data:
            obj.order = form.cleaned_data["order"]
            cycle.reorder(obj.edition, {obj.pk: obj.order}, by=request.user)

    def _add(self, request: HttpRequest, obj: Snapshot, said: dict[str, Any]) -> None:
        added = cycle.add_entry(
            obj.edition,
            by=request.user,
            kind=said["kind"] or Kind.RISK,
            title=obj.title,
            reference=obj.reference,
            owner=obj.owner,
        )
        obj.__dict__.update(added.__dict__)

    def response_add(self, request, obj, post_url_continue=None) -> HttpResponse:
        """On to the full form."""
        self.message_user(request, f"{obj.reference} has been added. Now say the rest.")
        return redirect("admin:registers_snapshot_change", obj.pk)

    def trail_of(self, row):
        return history.of_snapshot(row)


_KINDS = ((Kind.RISK.value, "a risk"), (Kind.OPPORTUNITY.value, "an opportunity"))
