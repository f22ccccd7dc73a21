"""Users and their roles. A password is chosen by the person it is for, from a link by e-mail."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from registers import access
from registers.admin.base import Choose, KeptAdmin
from registers.admin.base_forms import KeptForm
from registers.admin.nobody import warn_of_nobody
from registers.admin.site import site
from registers.history import Event, FieldChange, RowChange
from registers.models import Owner, User

ABOUT_ROLES = {
    access.COMMITTEE: "reads what is published",
    access.OWNER: "updates the entries of the posts held",
    access.MANAGER: "keeps everything, publishes, and gives out roles",
    access.AUDITOR: "reads everything, drafts and changes included; changes nothing",
    access.CLEARED: "sees exempt entries besides; not a role on its own",
}


class RolesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, group: Group) -> str:
        return f"{group.name}: {ABOUT_ROLES[group.name]}"


class UserForm(KeptForm):
    groups = RolesField(
        Group.objects.filter(name__in=access.ROLES),
        label="Roles",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    send_link = forms.BooleanField(
        label="Send an e-mail with a link to choose a password", required=False
    )

    # Set by the admin: who has the form open.
    person: User | None = None

    class Meta:
        model = User
        labels = {"username": "User name"}
        fields = ("first_name", "last_name", "email", "username", "is_active", "groups")
        help_texts = {
            "username": "For signing in, besides the e-mail address.",
            "is_active": "Take this away instead of deleting: the history refers to the person.",
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "send_link" in self.fields:
            self.fields["send_link"].initial = True

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another user has this address.")
        return email

    def clean(self) -> dict[str, Any]:
        """Nobody locks the door from outside."""
        said = super().clean()
        if self.instance.pk and self.instance == self.person and not self.person.is_superuser:
            if not said.get("is_active"):
                self.add_error("is_active", "You can’t close your own account.")
            if access.MANAGER not in {group.name for group in said.get("groups", ())}:
                self.add_error("groups", "You can’t take the role of risk manager from yourself.")
        return said


class RoleFilter(Choose):
    title, parameter_name = "role", "role"

    def lookups(self, request, model_admin):
        return [(role, role) for role in access.ROLES]

    def queryset(self, request, queryset):
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(User, site=site)
class UserAdmin(KeptAdmin):
    group = "People"
    name, one = "Users", "a user"
    about = "Who may sign in, and in which roles."
    form = UserForm
    list_display = ("named", "email", "roles", "open", "last_login")
    list_filter = (RoleFilter,)
    search_fields = ("first_name", "last_name", "username", "email")
    ordering = ("last_name", "first_name", "username")

    def get_fieldsets(self, request, obj=None):
        person = ["first_name", "last_name"]
        door = ["is_active"] if obj else []
        if self.has_change_permission(request, obj):
            door.append("send_link")
        return [
            ("The person", {"fields": [tuple(person), "email", "username"]}),
            ("Roles", {"fields": ["groups"]}),
            ("Signing in", {"fields": door}),
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.person = request.user
        return form

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        # An address that is no longer theirs opens nothing any more.
        EmailAddress.objects.filter(user=obj).exclude(email__iexact=obj.email).delete()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # Also where the account is closed or the role taken away.
        lasting = Q(ends=None) | Q(ends__gte=timezone.localdate())
        in_post = form.instance.tenures.filter(lasting).values("owner")
        warn_of_nobody(self, request, Owner.objects.filter(pk__in=in_post))
        if form.cleaned_data.get("send_link") and form.instance.is_active:
            self._send_link(request, form.instance)

    def _send_link(self, request, person: User) -> None:
        form = ResetPasswordForm({"email": person.email})
        if form.is_valid():
            form.save(request)
            sent = (
                "A link to choose a password" if person.has_usable_password() else "An invitation"
            )
            self.message_user(request, f"{sent} is on its way to {person}.")

    def trail_of(self, row):
        """Users have no history of their own; the admin's log tells who saved what."""
        entries = LogEntry.objects.filter(
            content_type__app_label="registers", content_type__model="user", object_id=str(row.pk)
        ).select_related("user")
        return [
            Event(
                entry.action_time,
                str(entry.user),
                "",
                (RowChange("Account", "added" if entry.is_addition() else "changed", told(entry)),),
            )
            for entry in entries[:200]
        ]

    @admin.display(description="Name", ordering="last_name")
    def named(self, obj: User) -> str:
        return str(obj)

    @admin.display(description="Roles")
    def roles(self, obj: User) -> str:
        return ", ".join(sorted(group.name for group in obj.groups.all()))

    @admin.display(description="Account", ordering="is_active")
    def open(self, obj: User) -> str:
        return "Open" if obj.is_active else "Closed"


def told(entry: LogEntry) -> tuple[FieldChange, ...]:
    """What the admin's log says of a save: which fields, not from what to what."""
    return (FieldChange("What", "", entry.get_change_message()),)
