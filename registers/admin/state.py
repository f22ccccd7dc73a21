"""How the system is doing, in words, for the risk manager: what /metrics tells a monitor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format

from registers.domain import english
from registers.models import Upkeep
from registers.models.edition import State as EditionState
from registers.pages.operations.probes import problem
from registers.pages.operations.state import State, database, state_of, version
from registers.pages.release import RELEASE

# It runs every hour; twice that is one run that was missed.
REMINDERS_EVERY = timedelta(hours=2)
# A worker looks every second.
SOON = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Line:
    """What is told of one part; `wrong` is what to do about it, where something is."""

    what: str
    said: str
    wrong: str = ""


def page(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    if not request.user.access.everywhere.manages:
        raise Http404
    lines = list(told(state_of()))
    context |= {
        "title": "State of the system",
        "lines": lines,
        "wrong": [line.wrong for line in lines if line.wrong],
    }
    return TemplateResponse(request, "admin/state.html", context)


def told(state: State) -> Iterator[Line]:
    yield Line("Version", f"Five by Five {version()}, build {RELEASE}.")
    behind = problem()
    yield Line("Database", f"{database()}{', up to date' if not behind else ''}.", behind)
    yield _mail(state)
    yield _reminders(state)
    yield _jobs(state)
    yield _backup(state)
    counted = ", ".join(
        f"{count} {EditionState(name).label.lower()}" for name, count in state.editions.items()
    )
    yield Line("Editions", f"{counted}.")


def _mail(state: State) -> Line:
    mail, wrong = state.mail, ""
    if not mail.waiting:
        return Line("Mail", f"None is waiting. It goes out {_by_whom()}.")
    said = f"{english.counted(mail.waiting, 'e-mail')} waiting, the oldest since {at(mail.oldest)}."
    if mail.failed:
        wrong = (
            f"{english.counted(mail.failed, 'e-mail')} could not be sent so far. Each run of "
            "reminders tries again; the log says what the mail server answered."
        )
    return Line("Mail", said, wrong)


def _by_whom() -> str:
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return f"by {settings.EMAIL_HOST}, port {settings.EMAIL_PORT}"
    return "to no mail server: EMAIL_URL names none"


def _reminders(state: State) -> Line:
    run = state.runs.get(Upkeep.Task.REMIND)
    if run is None:
        return Line(
            "Reminders",
            "They have never run.",
            "Reminders have never run: let manage.py remind run every hour.",
        )
    late = state.now - run.last_at > REMINDERS_EVERY
    wrong = f"Reminders have not run since {at(run.last_at)}; they should every hour."
    return Line("Reminders", f"Last run {at(run.last_at)}. {run.said}", wrong if late else "")


def _jobs(state: State) -> Line:
    jobs = state.jobs
    failed = f"{jobs.failed} failed in the last month"
    said = f"{jobs.waiting} waiting, {state.running} under way, {failed}."
    late = jobs.age(state.now) > SOON
    wrong = f"A job has been waiting since {at(jobs.oldest)}: is manage.py work running?"
    return Line("Jobs", said, wrong if late else "")


def _backup(state: State) -> Line:
    run = state.runs.get(Upkeep.Task.BACKUP)
    if run is None:
        return Line("Backup", "None was made by manage.py backup; of others nothing is known here.")
    return Line("Backup", f"Last made {at(run.last_at)}. {run.said}")


def at(moment: datetime | None) -> str:
    """A moment as a person reads it, in the time of the council."""
    return date_format(timezone.localtime(moment), "j F Y, H:i") if moment else ""
