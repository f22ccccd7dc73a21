"""What the manager settles: registers with their bands, types, owners."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef

from registers.admin.base import KeptAdmin, RowsInline
from registers.admin.base_forms import KeptForm
from registers.admin.nobody import warn_of_nobody
from registers.admin.site import site
from registers.admin.snapshot_form import OwnerField
from registers.models import (
    Owner,
    OwnerAlias,
    Register,
    RegisterRole,
    Tenure,
    Type,
    TypeAlias,
    TypeAppetite,
    User,
)


class Settings(KeptAdmin):
    group = "Settings"


class RegisterForm(KeptForm):
    class Meta:
        model = Register
        exclude = ()
        labels = {"parent": "Stands below"}
        help_texts = {
            "slug": "The name in addresses: small letters, digits and hyphens.",
            "parent": "Who has a role on the register above has it on this one too.",
        }

    # Set by the admin: those that the person may put it below; whether it may stand at the top.
    parents = Register.objects.none()
    may_be_at_the_top = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if parent := self.fields.get("parent"):
            parent.queryset = self.parents
            parent.required = not self.may_be_at_the_top
            parent.label_from_instance = indented


def indented(register: Register) -> str:
    return "\u2003" * register.depth + register.name


class RoleForm(KeptForm):
    class Meta:
        model = RegisterRole
        fields = ("user", "role")


class RoleInline(RowsInline):
    """Who may do what here and below. A role on every register is given on the person's page."""

    model = RegisterRole
    verbose_name_plural = "Roles on this register"
    form = RoleForm
    adds = "role"
    fields = ("user", "role")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class TypeAppetiteInline(RowsInline):
    model = TypeAppetite
    adds = "appetite"
    fields = ("type", "appetite")


@admin.register(Register, site=site)
class RegisterAdmin(Settings):
    name, one = "Registers", "a register"
    about = "Names, numbers, bands and appetite of each register, and who may do what in it."
    of_register = "pk"
    form = RegisterForm
    list_display = ("indented", "parent", "risk_prefix", "opportunity_prefix", "appetite")
    list_display_links = ("indented",)
    list_select_related = ("parent",)
    ordering = ("place",)
    inlines = (RoleInline, TypeAppetiteInline)
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

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        managed = Register.objects.managed_by(request.user)
        form.may_be_at_the_top = self.access(request).everywhere.manages
        form.parents = managed.exclude(place__startswith=obj.place) if obj else managed
        return form

    def get_readonly_fields(self, request, obj=None):
        """Only who manages what it stands below takes it away from there."""
        if obj is None or self.access(request).everywhere.manages:
            return ()
        above = obj.parent_id and self.access(request).at(obj.parent_id).manages
        return () if above else ("parent",)

    def get_changeform_initial_data(self, request):
        return {
            **Register.objects.free_prefixes(),
            **super().get_changeform_initial_data(request),
        }

    @admin.display(description="Name", ordering="place")
    def indented(self, obj: Register) -> str:
        return indented(obj)


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

    def has_add_permission(self, request):
        return self.access(request).anywhere.manages

    def has_change_permission(self, request, obj=None):
        """A post that answers for entries of several registers is for who manages them all."""
        if obj is None or self.access(request).everywhere.manages:
            return self.access(request).anywhere.manages
        return Owner.objects.kept_by(request.user).filter(pk=obj.pk).exists()

    def get_queryset(self, request):
        seen = self.access(request).where("audits", "snapshots__edition__register")
        counted = Count("snapshots__entry", filter=seen, distinct=True)
        rows = super().get_queryset(request).annotate(entry_count=counted)
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
