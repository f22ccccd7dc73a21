"""Editions by hand, and the records of what was published."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html

from registers import cycle
from registers.admin.base import Choose, KeptAdmin
from registers.admin.base_forms import KeptForm
from registers.admin.site import site
from registers.domain.quarters import Quarter
from registers.models import Edition, Publication, Register, Reissue, State
from registers.pages.day_fields import QuarterDates


class StateFilter(Choose):
    title, parameter_name = "state", "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value()) if self.value() else queryset


class EditionForm(QuarterDates, KeptForm):
    def clean_quarter(self) -> Quarter:
        try:
            return Quarter.parse(self.cleaned_data["quarter"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean(self):
        said = super().clean()
        if quarter := said.get("quarter") or self.instance.quarter:
            self.hold_to(quarter, said)
        return said


DATES, PREPARED = ("deadline", "committee_on"), ("prepared_on",)
BANDS = ("appetite", "medium_from", "high_from", "very_high_from")


@admin.register(Edition, site=site)
class EditionAdmin(KeptAdmin):
    name, one = "Editions", "an edition"
    about = "One register in one quarter: its dates, and its bands and appetite as in force."
    of_register = "register_id"
    settles = False
    form = EditionForm
    list_display = ("quarter", "register", "state", "issue", "deadline", "committee_on")
    list_filter = (StateFilter,)
    list_select_related = ("register",)
    ordering = ("register", "-quarter")

    def has_change_permission(self, request, obj=None):
        published = obj is not None and obj.is_published
        return not published and super().has_change_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        asked = ["sure"] if self.has_change_permission(request, obj) else []
        known = PREPARED if obj else ()
        dates = ("Dates", {"fields": [*known, *DATES, *asked]})
        if obj is None:
            told = (
                "Opening an edition copies every live entry of the published edition before it, "
                "ready to be updated."
            )
            opened = {"fields": ["register", "quarter"], "description": told}
            return [("The edition", opened), dates]
        return [
            ("The edition", {"fields": ["register", "quarter", "state", "issue", "entries"]}),
            dates,
            ("Bands and appetite", {"fields": [BANDS[0], BANDS[1:]]}),
        ]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """A quarter is opened in a register that the person manages."""
        kwargs["queryset"] = Register.objects.managed_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None else ["register", "quarter", "state", "issue", "entries"]

    def get_changeform_initial_data(self, request):
        """Most councils have one register, and open the quarter after the last."""
        registers = list(Register.objects.managed_by(request.user)[:2])
        if len(registers) != 1:
            return super().get_changeform_initial_data(request)
        last = registers[0].editions.newest_first().first()
        quarter = {"quarter": last.quarter.next.label} if last else {}
        return {"register": registers[0].pk, **quarter}

    def save_model(self, request, obj, form, change):
        with self.refusing():
            if change:
                self._change(request, obj, form)
            else:
                self._open(request, obj, form.cleaned_data)

    def _open(self, request, obj, said):
        dates = {name: said[name] for name in (*DATES, "sure")}
        opened = cycle.open_edition(obj.register, obj.quarter, by=request.user, **dates)
        obj.__dict__.update(opened.__dict__)

    def _change(self, request, obj, form):
        """Each thing by its verb."""
        for verb, names in (
            (cycle.set_dates, (*DATES, "sure")),
            (cycle.date_document, PREPARED),
            (cycle.set_bands, BANDS),
        ):
            if set(form.changed_data) & set(names) - {"sure"}:
                verb(obj, by=request.user, **{name: form.cleaned_data[name] for name in names})

    def heading(self, request, row):
        return f"{row.register}, {row}"

    @admin.display(description="Entries")
    def entries(self, obj: Edition) -> str:
        url = reverse("admin:registers_snapshot_changelist")
        return format_html(
            '<a href="{}?edition__id__exact={}">{} entries</a>', url, obj.pk, obj.snapshots.count()
        )


class Records(KeptAdmin):
    """Kept for good: nobody adds, changes or deletes one by hand."""

    group = "Records"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Publication, site=site)
class PublicationAdmin(Records):
    name, one = "Publications", "a publication"
    of_register = "register_id"
    about = "Every issue of every edition, with the digest that proves it untouched."
    list_display = ("edition", "register", "issue", "sequence", "published_at", "published_by")
    list_select_related = ("edition", "register", "published_by")
    ordering = ("register", "-sequence")
    fields = (
        "register",
        "edition",
        "issue",
        "sequence",
        "published_at",
        "published_by",
        "reason",
        "digest",
        "previous_digest",
    )

    def get_queryset(self, request):
        return super().get_queryset(request).defer("document")


@admin.register(Reissue, site=site)
class ReissueAdmin(Records):
    name, one = "Corrections", "a correction"
    of_register = "edition__register_id"
    about = "Decisions to correct a published edition, and why."
    list_display = ("edition", "issue", "reason", "decided_at", "decided_by")
    list_select_related = ("edition", "decided_by")
    fields = ("edition", "issue", "reason", "decided_at", "decided_by")
