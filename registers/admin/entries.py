"""Entries over their whole life, and what became of them."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from registers import cycle
from registers.admin.base import KeptAdmin
from registers.admin.base_forms import KeptForm
from registers.admin.entry_names import name_of, named
from registers.admin.site import site
from registers.admin.snapshots import KindFilter as SnapshotKindFilter
from registers.models import Entry, Lineage
from registers.reading.references import natural_key


class KindFilter(SnapshotKindFilter):
    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Entry, site=site)
class EntryAdmin(KeptAdmin):
    name, one = "Entries", "an entry"
    of_register = "register_id"
    about = "Each risk and opportunity over its whole life; which of them are exempt."
    list_display = ("named", "register", "kind", "exemption")
    list_filter = (KindFilter,)
    list_select_related = ("register",)
    search_fields = ("latest_reference", "latest_title", "exempt_reason")
    search_help_text = "Latest reference or title"
    ordering = ("register", "-kind", natural_key("latest_reference"), "id")

    def has_add_permission(self, request):
        """An entry begins in an edition."""
        return False

    def get_queryset(self, request):
        return named(super().get_queryset(request))

    def get_fieldsets(self, request, obj=None):
        return [
            ("The entry", {"fields": ["register", "kind", "editions"]}),
            ("Exempt from publication", {"fields": ["exempt", "exempt_reason"]}),
        ]

    def get_readonly_fields(self, request, obj=None):
        return ["register", "kind", "editions"]

    def heading(self, request, row):
        return name_of(row)

    @admin.display(description="Entry", ordering=natural_key("latest_reference"))
    def named(self, obj: Entry) -> str:
        return name_of(obj)

    @admin.display(description="Exempt", ordering="exempt")
    def exemption(self, obj: Entry) -> str:
        return obj.exempt_reason if obj.exempt else ""

    @admin.display(description="Stands in")
    def editions(self, obj: Entry) -> str:
        rows = obj.snapshots.select_related("edition").order_by("-edition__quarter")
        return format_html(
            "<ul>{}</ul>",
            format_html_join(
                "",
                '<li><a href="{}">{}: {}</a></li>',
                (
                    (reverse("admin:registers_snapshot_change", args=[row.pk]), row.edition, row)
                    for row in rows
                ),
            ),
        )


class LineageForm(KeptForm):
    class Meta:
        model = Lineage
        fields = ("reason",)
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"reason": "The committee reads it."}


@admin.register(Lineage, site=site)
class LineageAdmin(KeptAdmin):
    name, one = "What became of entries", "a statement"
    of_register = "edition__register_id"
    settles = False
    about = (
        "Closed, merged, split, succeeded. An entry is ended, split or brought back on the page of "
        "its quarter, so that what is stated and what the edition holds never differ."
    )
    form = LineageForm
    fields = ("said_of", "kind", "said_with", "edition", "reason")
    readonly_fields = ("said_of", "kind", "said_with", "edition")
    list_display = ("said_of", "kind", "said_with", "edition", "reason")
    list_select_related = ("edition",)
    search_fields = ("reason", "entry__snapshots__title", "entry__snapshots__reference")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("entry", "other", "edition__register")
        return rows.with_names()

    def has_add_permission(self, request):
        """A statement is made by the verb that also changes the edition."""
        return False

    def has_change_permission(self, request, obj=None):
        """What a published edition states is read only: it is corrected by a reissue."""
        published = obj is not None and obj.edition.is_published
        return not published and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        if form.has_changed():
            with self.refusing():
                cycle.restate(obj, by=request.user, reason=obj.reason)

    def heading(self, request, row):
        return f"{row.named} {row.in_words()}"

    @admin.display(description="Entry")
    def said_of(self, obj: Lineage) -> str:
        return f"{obj.named} {obj.titled}"

    @admin.display(description="Other entry")
    def said_with(self, obj: Lineage) -> str:
        return obj.other_named or obj.called
