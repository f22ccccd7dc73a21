"""The first day of a register: the book itself, who keeps it, and its first edition.

Each verb makes what is not there yet and says so, and leaves alone what is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from registers import access, cycle
from registers.domain.quarters import Quarter
from registers.models import Edition, Register, User

Row = TypeVar("Row")

REASON = "Set up"


@dataclass(frozen=True, slots=True)
class Made(Generic[Row]):
    """A row, and whether it was made just now."""

    row: Row
    new: bool


class CannotSetUp(Exception):
    """What was asked for stands against what is there. The message says what to do."""


def make_register(name: str, slug: str, *, by: User, **said: str) -> Made[Register]:
    """Raises CannotSetUp, in the words of the rule that is broken."""
    found = Register.objects.filter(slug=slug).first()
    if found:
        return Made(found, new=False)
    register = Register(name=name, slug=slug, changed_by=by, **said)
    register._change_reason = REASON
    _keep(register)
    return Made(register, new=True)


def make_manager(email: str, full_name: str) -> Made[User]:
    """An account with the role of risk manager and no password yet. Raises CannotSetUp."""
    found = User.objects.filter(email__iexact=email).first()
    if found:
        return Made(_who_manages(found), new=False)
    first, _, last = full_name.rpartition(" ")
    user = User(username=_free_name(email), email=email.lower(), first_name=first, last_name=last)
    user.set_unusable_password()
    _keep(user)
    user.groups.add(Group.objects.get(name=access.MANAGER))
    return Made(user, new=True)


def open_first(register: Register, quarter: Quarter | None, *, by: User) -> Made[Edition]:
    """The edition of a quarter, or of today's; none but the first. Raises CannotSetUp."""
    found = register.editions.newest_first().first()
    if found:
        return Made(found, new=False)
    quarter = quarter or Quarter.of(timezone.localdate())
    try:
        return Made(cycle.open_edition(register, quarter, by=by), new=True)
    except cycle.CycleError as refusal:
        raise CannotSetUp(str(refusal)) from refusal


def link_of(user: User) -> str:
    """Where a person chooses a password: once, and for as long as PASSWORD_RESET_TIMEOUT says."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.SITE_URL.rstrip("/") + reverse("account_reset_password_from_key", kwargs=key)


def invite(user: User, link: str) -> None:
    """Raises OSError where the mail server does not take it."""
    context = {"user": user, "link": link, "organisation": settings.ORGANISATION}
    message = render_to_string("registers/mail/first_day.txt", context)
    subject = "The risk and opportunity register is ready for you"
    EmailMessage(subject, message, to=[user.email]).send()


def _who_manages(user: User) -> User:
    if not user.is_active:
        raise CannotSetUp(f"The account of {user.email} is closed. Name somebody else.")
    if not user.access.everywhere.manages:
        raise CannotSetUp(
            f"{user.email} has an account already, and is not a risk manager. A risk manager gives "
            "out roles under Data, Users; or name somebody else here."
        )
    return user


def _free_name(email: str) -> str:
    """What they may sign in as: what stands before the @, unless somebody has it."""
    name = email.lower().partition("@")[0]
    return email.lower() if User.objects.filter(username__iexact=name).exists() else name


def _keep(row: Register | User) -> None:
    try:
        row.full_clean(exclude=["password"])
    except ValidationError as error:
        told = [
            f"{field}: {' '.join(sentences)}" for field, sentences in error.message_dict.items()
        ]
        raise CannotSetUp(" ".join(told)) from error
    row.save()
