"""A person's tokens for reporting tools: made, shown once, and ended on the page of the account."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from registers.exporting.feed import sources
from registers.models import FeedToken, User
from registers.models.feed_token import digest_of, new_token

MOST = 10
TOO_MANY = f"You have {MOST} tokens. End one that nothing uses any more, then make another."


def of(user: User) -> QuerySet[FeedToken]:
    """The tokens of a person that still open something."""
    return user.feed_tokens.standing(timezone.now())


class TokenForm(forms.ModelForm):
    class Meta:
        model = FeedToken
        fields = ("name",)
        labels = {"name": "What it is for"}
        help_texts = {"name": "The report or the tool, such as “Quarterly dashboard”."}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}

    def clean(self) -> dict[str, Any]:
        if of(self.instance.user).count() >= MOST:
            raise forms.ValidationError(TOO_MANY)
        return super().clean()

    def _get_validation_exclusions(self) -> set[str]:
        """The person is part of what makes a name a second one."""
        return super()._get_validation_exclusions() - {"user"}


@never_cache
@reauthentication_required
def make(request: HttpRequest) -> HttpResponse:
    """A new token, whose text stands in the answer and nowhere else."""
    if not request.user.access.anywhere.reads:
        raise Http404
    form = TokenForm(request.POST or None, instance=FeedToken(user=request.user))
    if request.method == "POST" and form.is_valid():
        return _made(request, form)
    status = 422 if form.is_bound else 200
    return render(request, "account/token_make.html", {"form": form}, status=status)


def _made(request: HttpRequest, form: TokenForm) -> HttpResponse:
    said = new_token()
    form.instance.digest = digest_of(said)
    # One that has run out gives its name back.
    gone = request.user.feed_tokens.exclude(pk__in=of(request.user))
    with transaction.atomic():
        gone.delete()
        token = form.save()
        note(request.user, f"Token for the feed made: {token}.", by=request.user)
    context = {"token": token, "said": said, "addresses": _addresses(request)}
    return render(request, "account/token_made.html", context)


def _addresses(request: HttpRequest) -> list[tuple[str, str]]:
    """What to paste into a tool: the entries of each register that the person may read."""
    return [
        (
            one.register.name,
            request.build_absolute_uri(reverse("feed-entries", args=[one.register.slug, "csv"])),
        )
        for one in sources.registers(request.user)
    ]


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    asked = request.POST.get("token", "")
    token = get_object_or_404(request.user.feed_tokens, pk=asked if asked.isdecimal() else 0)
    with transaction.atomic():
        token.delete()
        note(request.user, f"Token for the feed ended: {token}.", by=request.user)
    messages.success(request, f"“{token}” is ended: it opens nothing any more.")
    return redirect("account")


def end_all(person: User, *, by: User) -> int:
    """Those of a person whose account is closed, or who has lost one. How many there were."""
    names = ", ".join(person.feed_tokens.values_list("name", flat=True))
    count = person.feed_tokens.count()
    if count:
        person.feed_tokens.all().delete()
        note(person, f"Tokens for the feed ended: {names}.", by=by)
    return count


def note(person: User, said: str, *, by: User) -> None:
    """On the person's record, which the risk manager and the auditor read."""
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(person.pk),
        object_repr=str(person)[:200],
        action_flag=CHANGE,
        change_message=said,
    )
