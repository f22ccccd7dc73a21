"""What the manager settles: registers with their bands, types, owners."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef

from registers.admin.base import KeptAdmin, RowsInline
from registers.admin.base_forms import KeptForm
from registers.admin.nobody import warn_of_nobody
from registers.admin.site import site
from registers.admin.snapshot_form import OwnerField
from registers.models import Owner, OwnerAlias, Register, Tenure, Type, TypeAlias, TypeAppetite


class Settings(KeptAdmin):
    group = "Settings"


class TypeAppetiteInline(RowsInline):
    model = TypeAppetite
    adds = "appetite"
    fields = ("type", "appetite")


@admin.register(Register, site=site)
class RegisterAdmin(Settings):
    name, one = "Registers", "a register"
    about = "Names, reference prefixes, bands and appetite of each register."
    list_display = ("name", "parent", "risk_prefix", "opportunity_prefix", "appetite")
    list_select_related = ("parent",)
    inlines = (TypeAppetiteInline,)
    fieldsets = (
        ("The register", {"fields": ("name", "slug", "parent", "committee")}),
        ("Printed numbers", {"fields": (("risk_prefix", "opportunity_prefix"),)}),
        (
            "Bands and appetite",
            {
                "fields": (
                    "appetite",
                    ("medium_from", "high_from", "very_high_from"),
                    "uses_inherent_score",
                ),
                "description": (
                    "They hold for editions that are opened from now on. What is published keeps "
                    "those that were in force."
                ),
            },
        ),
    )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "slug":
            field.help_text = "The name in addresses: small letters, digits and hyphens."
        return field


class TypeAliasInline(RowsInline):
    model = TypeAlias
    adds = "alias"
    fields = ("text",)


@admin.register(Type, site=site)
class TypeAdmin(Settings):
    name, one = "Types", "a type"
    about = "The controlled list of types, with the other ways in which they have been printed."
    list_display = ("name", "also", "valid_from", "valid_to")
    search_fields = ("name", "aliases__text")
    fields = ("name", ("valid_from", "valid_to"))
    inlines = (TypeAliasInline,)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("aliases")

    @admin.display(description="Also printed as")
    def also(self, obj: Type) -> str:
        return "; ".join(alias.text for alias in obj.aliases.all())


class OwnerForm(KeptForm):
    successor = OwnerField(required=False, help_text="The post that took over when this one went.")

    class Meta:
        model = Owner
        fields = ("name", "is_body", "successor")


class OwnerAliasInline(RowsInline):
    model = OwnerAlias
    adds = "alias"
    fields = ("text",)


class TenureInline(RowsInline):
    """People come and go with dates, and stay on record: a tenure is ended, not deleted."""

    model = Tenure
    adds = "person"
    fields = ("user", "is_delegate", "starts", "ends")

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Owner, site=site)
class OwnerAdmin(Settings):
    group = "People"
    name, one = "Owners", "an owner"
    about = "Posts and bodies that answer for entries; who holds them and who deputises."
    form = OwnerForm
    list_display = ("name", "held_by", "entries", "successor")
    list_select_related = ("successor",)
    ordering = ("name",)
    search_fields = ("name", "aliases__text", "tenures__user__last_name", "tenures__user__email")
    fields = ("name", "is_body", "successor")
    inlines = (TenureInline, OwnerAliasInline)

    def get_queryset(self, request):
        rows = (
            super()
            .get_queryset(request)
            .annotate(entry_count=Count("snapshots__entry", distinct=True))
        )
        nobody = Owner.objects.held_by_nobody().filter(pk=OuterRef("pk"))
        return rows.annotate(has_nobody=Exists(nobody)).prefetch_related("tenures__user")

    def save_related(self, request, form, formsets, change):
        """A post that has just lost its last holder is named at once."""
        super().save_related(request, form, formsets, change)
        warn_of_nobody(self, request, Owner.objects.filter(pk=form.instance.pk))

    @admin.display(description="Held by")
    def held_by(self, obj: Owner) -> str:
        if obj.has_nobody:
            return "Nobody holds this post"
        return ", ".join(
            f"{tenure.user}{' (delegate)' if tenure.is_delegate else ''}"
            for tenure in obj.tenures.all()
            if tenure.ends is None
        )

    @admin.display(description="Entries ever", ordering="entry_count")
    def entries(self, obj: Owner) -> int:
        return obj.entry_count
