"""Users and their roles. A password is chosen by the person it is for, from a link by e-mail."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from registers import access, cycle
from registers.admin.base import Choose, KeptAdmin
from registers.admin.base_forms import KeptForm
from registers.admin.nobody import warn_of_nobody
from registers.admin.site import site
from registers.admin.snapshot_form import OwnerField
from registers.history import Event, FieldChange, RowChange
from registers.models import Owner, Tenure, User
from registers.pages.accounts import tokens
from registers.pages.accounts.factors import has_factor

LONGEST_POST = Owner._meta.get_field("name").max_length

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


class PostField(OwnerField):
    """A post by its name; a name that no post has is given as a new one, not kept yet."""

    def to_python(self, value: Any) -> Owner | None:
        try:
            return super().to_python(value)
        except ValidationError:
            name = " ".join(value.split())
            if len(name) > LONGEST_POST or self.find(self.queryset.all(), name).exists():
                raise
            return Owner(name=name)


class UserForm(KeptForm):
    groups = RolesField(
        Group.objects.filter(name__in=access.ROLES),
        label="Roles",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    post = PostField(
        required=False,
        help_text="The post or body whose entries the person updates, from today on.",
    )
    new_post = forms.BooleanField(label="It is a new post: add it", required=False)
    delegate = forms.BooleanField(label="As a delegate, who does not hold the post", required=False)
    send_link = forms.BooleanField(
        label="Send an e-mail with a link to choose a password", required=False
    )

    forget_factor = forms.BooleanField(
        label="Take the second factor away, since telephone and recovery codes are lost",
        required=False,
    )
    end_tokens = forms.BooleanField(
        label="End the tokens by which reporting tools read in this person’s place", required=False
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
            if access.MANAGER not in self.roles_in(said):
                self.add_error("groups", "You can’t take the role of risk manager from yourself.")
        if post := said.get("post"):
            self._ask_about(post, said)
        return said

    def _ask_about(self, post: Owner, said: dict[str, Any]) -> None:
        if post.pk is None and not said.get("new_post"):
            told = f"No post or body is called “{post}”. Choose another, or tick that it is new."
            self.add_error("post", told)
        on_one = self.instance.pk and self.instance.register_roles.filter(role=access.OWNER)
        if "groups" in said and access.OWNER not in self.roles_in(said) and not on_one:
            told = f"Who has a post updates its entries: tick {access.OWNER} too."
            self.add_error("groups", told)

    def roles_in(self, said: dict[str, Any]) -> set[str]:
        return {group.name for group in said.get("groups", ())}


class RoleFilter(Choose):
    title, parameter_name = "role", "role"

    def lookups(self, request, model_admin):
        return [(role, role) for role in access.ROLES]

    def queryset(self, request, queryset):
        value = self.value()
        given = Q(groups__name=value) | Q(register_roles__role=value)
        return queryset.filter(given).distinct() if value else queryset


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
            if obj and has_factor(obj):
                door.append("forget_factor")
            if obj and obj.feed_tokens.exists():
                door.append("end_tokens")
        post = ["posts_held"] if obj else []
        if self.has_change_permission(request, obj):
            post += ["post", "new_post", "delegate"]
        return [
            ("The person", {"fields": [tuple(person), "email", "username"]}),
            ("Roles on every register", {"fields": ["groups"]}),
            *([("Roles on one register, and those below it", {"fields": ["held"]})] if obj else []),
            ("Post", {"fields": post}),
            ("Signing in", {"fields": door}),
        ]

    def get_readonly_fields(self, request, obj=None):
        return ["posts_held", "held"] if obj else []

    @admin.display(description="Roles")
    def held(self, obj: User) -> str:
        """Given and taken on the page of each register, by whoever manages it."""
        held = obj.register_roles.select_related("register")
        page = "admin:registers_register_change"
        listed = [(reverse(page, args=[one.register_id]), one) for one in held]
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>', listed) or "None"

    @admin.display(description="Holds now")
    def posts_held(self, obj: User) -> str:
        held = obj.tenures.current().select_related("owner")
        listed = [
            (reverse("admin:registers_owner_change", args=[one.owner_id]), one.owner, _as(one))
            for one in held
        ]
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>{}', listed) or "No post"

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.person = request.user
        return form

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups", "register_roles__register")

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        # An address that is no longer theirs opens nothing any more.
        EmailAddress.objects.filter(user=obj).exclude(email__iexact=obj.email).delete()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self._give_post(request, form)
        # Also where the account is closed or the role taken away.
        lasting = Q(ends=None) | Q(ends__gte=timezone.localdate())
        in_post = form.instance.tenures.filter(lasting).values("owner")
        warn_of_nobody(self, request, Owner.objects.filter(pk__in=in_post))
        if form.cleaned_data.get("send_link") and form.instance.is_active:
            self._send_link(request, form.instance)
        if form.cleaned_data.get("forget_factor"):
            self._forget_factor(request, form.instance)
        # Closed for good: opened again, the account begins without them.
        if form.cleaned_data.get("end_tokens") or not form.instance.is_active:
            tokens.end_all(form.instance, by=request.user)

    def _forget_factor(self, request, person: User) -> None:
        Authenticator.objects.filter(user=person).delete()
        self.message_user(request, f"{person} signs in without a second factor now.")

    def _give_post(self, request, form: UserForm) -> None:
        """In one go with the account; who updates entries and has no post is named at once."""
        person, post = form.instance, form.cleaned_data.get("post")
        if post:
            delegate = form.cleaned_data["delegate"]
            with self.refusing():
                cycle.give_post(person, post, by=request.user, delegate=delegate)
        elif access.OWNER in form.roles_in(form.cleaned_data) and not person.tenures.exists():
            told = f"{person} updates entries, and has no post yet: name it here, under Post."
            self.message_user(request, told, messages.WARNING)

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
        everywhere = sorted(group.name for group in obj.groups.all())
        return "; ".join([*everywhere, *map(str, obj.register_roles.all())])

    @admin.display(description="Account", ordering="is_active")
    def open(self, obj: User) -> str:
        return "Open" if obj.is_active else "Closed"


def _as(tenure: Tenure) -> str:
    return ", as a delegate" if tenure.is_delegate else ""


def told(entry: LogEntry) -> tuple[FieldChange, ...]:
    """What the admin's log says of a save: which fields, not from what to what."""
    return (FieldChange("What", "", entry.get_change_message()),)
