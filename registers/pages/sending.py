"""A form is sent once, however often its button is pressed.

Every page with a form gives it a token. The second press of a button, 150 milliseconds after the
first, gets the first one's answer again; what the first did is not done twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.messages import get_messages
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from registers.models import Sending, Snapshot

TOKEN = "sending"  # noqa: S105 - the name of a field
# What differs between two presses without the content being another.
_NOT_CONTENT = ("csrfmiddlewaretoken", TOKEN)


class SendOnce:
    """The last before the view: nothing that a form does is outside its one transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        token = _token(request.POST.get(TOKEN, ""))
        if token is None:
            return None
        digest = _digest(request)

        def once() -> HttpResponse:
            with transaction.atomic():
                return _once(request, token, digest, lambda: view(request, *args, **kwargs))

        try:
            return once()
        except _SentMeanwhile:
            get_messages(request)._queued_messages.clear()
            return once()


class _SentMeanwhile(Exception):
    """The first press was answered while the second one was at work, which is undone."""


def _once(
    request: HttpRequest, token: str, digest: str, do: Callable[[], HttpResponse]
) -> HttpResponse:
    before = _sent(request, token)
    if before and before.answers(digest, timezone.now()):
        return _again(request, before)
    request.sent_before = before
    response = do()
    if response.status_code == 302:
        _keep(request, token, digest, response["Location"], before)
    elif before is None and _sent(request, token):
        raise _SentMeanwhile
    return response


def _sent(request: HttpRequest, token: str) -> Sending | None:
    return Sending.objects.select_for_update().filter(person=request.user, token=token).first()


def _keep(
    request: HttpRequest, token: str, digest: str, location: str, before: Sending | None
) -> None:
    sending = before or Sending(person=request.user, token=token)
    sending.digest, sending.location, sending.told = digest, location, _told(request)
    sending.snapshot, sending.version = getattr(request, "left_behind", (None, None))
    sending.at = timezone.now()
    try:
        sending.save(force_insert=before is None)
    except IntegrityError as error:
        raise _SentMeanwhile from error


def has_transaction(request: HttpRequest) -> bool:
    """Whether a form is being sent once: then what a view does is in a transaction already."""
    return hasattr(request, "sent_before")


def leaves(request: HttpRequest, snapshot: Snapshot) -> None:
    """Called by a view that has changed an entry: its answer is true as long as that stands."""
    request.left_behind = (snapshot.pk, snapshot.version)


def was_sent_before(request: HttpRequest, form: BaseForm) -> bool:
    """Refuses a form that adds something and has added it already; the text stays in it."""
    if sentence := second_adding(request):
        form.add_error(None, sentence)
    return bool(sentence)


def second_adding(request: HttpRequest) -> str:
    """What to say to who sends a form once more that has added something; empty if it has not."""
    before = getattr(request, "sent_before", None)
    if before is None:
        return ""
    return (
        f"This form was sent already, and answered: “{before.said}” Nothing has been added "
        "again. If you want another one, send it once more."
    )


def _token(text: str) -> str | None:
    try:
        return UUID(text).hex
    except ValueError:
        return None


def _digest(request: HttpRequest) -> str:
    sent = [pair for pair in sorted(request.POST.lists()) if pair[0] not in _NOT_CONTENT]
    return hashlib.sha256(repr([request.path, sent]).encode()).hexdigest()


def _told(request: HttpRequest) -> list[list[Any]]:
    told = get_messages(request)._queued_messages
    return [[message.level, str(message.message)] for message in told]


def _again(request: HttpRequest, sending: Sending) -> HttpResponse:
    storage = get_messages(request)
    # The browser may have kept what the first answer told it.
    waiting = {str(message) for message in storage}
    storage.used = False
    for level, text in sending.told:
        if text not in waiting:
            storage.add(level, text)
    return HttpResponseRedirect(sending.location)
