"""Who is owed which notice. Each is queued once, however often and from wherever this is asked."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from registers import access
from registers.cycle.notices.delivering import deliver_after_commit
from registers.cycle.notices.schedule import reminder_day
from registers.models import Edition, Notice, Proposal, Question, Snapshot, Tenure, User
from registers.models.notice import NoticeQuerySet

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Queued:
    """How many reminders are new. `problems` has a sentence for each edition that failed."""

    reminders: int = 0
    problems: list[str] = field(default_factory=list)


def tell_opened(edition: Edition, *, now: datetime | None = None) -> None:
    """Everybody who has an entry to update in an edition that was opened."""
    day = timezone.localdate(now)
    people = _people_of(Snapshot.objects.in_edition(edition).outstanding(), day)
    _queue_each(Notice.Kind.OPENED, edition, people, day)
    deliver_after_commit(edition.notices.filter(kind=Notice.Kind.OPENED))


def tell_sent_back(snapshot: Snapshot, *, now: datetime | None = None) -> None:
    """Those who hold or deputise for the post whose entry was sent back."""
    day = timezone.localdate(now)
    people = _people_of(Snapshot.objects.filter(pk=snapshot.pk), day)
    Notice.objects.bulk_create(
        Notice(
            kind=Notice.Kind.SENT_BACK,
            recipient=person,
            edition=snapshot.edition,
            snapshot=snapshot,
            version=snapshot.version,
            day=day,
        )
        for person in people
    )
    deliver_after_commit(
        Notice.objects.filter(
            kind=Notice.Kind.SENT_BACK, snapshot=snapshot, version=snapshot.version
        )
    )


def tell_closed(edition: Edition, *, now: datetime | None = None) -> None:
    """Everybody who had begun an entry and not submitted it when the quarter was closed."""
    day = timezone.localdate(now)
    begun = Snapshot.objects.in_edition(edition).begun()
    _queue_each(Notice.Kind.CLOSED, edition, _people_of(begun, day), day)
    deliver_after_commit(edition.notices.filter(kind=Notice.Kind.CLOSED, day=day))


def tell_asked(question: Question, *, now: datetime | None = None) -> None:
    """Those who hold or deputise for the post that has to answer, and the risk managers."""
    day = timezone.localdate(now)
    said = Snapshot.objects.filter(entry=question.entry_id).order_by("-edition__quarter")
    latest = list(said.values_list("pk", flat=True)[:1])
    people = set(_people_of(Snapshot.objects.filter(pk__in=latest), day))
    managers = User.objects.who_manage(question.edition.register)
    people |= set(managers.exclude(email=""))
    _queue_question(Notice.Kind.ASKED, question, people - {question.asked_by}, day)


def tell_answered(question: Question, *, now: datetime | None = None) -> None:
    """The member who asked."""
    asked_by = question.asked_by
    people = {asked_by} if asked_by.email and asked_by != question.answered_by else set()
    _queue_question(Notice.Kind.ANSWERED, question, people, timezone.localdate(now))


def tell_proposed(proposal: Proposal, *, now: datetime | None = None) -> None:
    """Those who manage the register that the entry is proposed to."""
    managers = User.objects.who_manage(proposal.to).exclude(email="")
    _queue_proposal(Notice.Kind.PROPOSED, proposal, set(managers) - {proposal.proposed_by}, now)


def tell_decided(proposal: Proposal, *, now: datetime | None = None) -> None:
    """Who proposed it."""
    proposed_by = proposal.proposed_by
    people = {proposed_by} if proposed_by.email and proposed_by != proposal.decided_by else set()
    _queue_proposal(Notice.Kind.DECIDED, proposal, people, now)


def _queue_proposal(
    kind: str, proposal: Proposal, people: Iterable[User], now: datetime | None
) -> None:
    # It may be decided again, once a decision was undone.
    version, day = proposal.history.count(), timezone.localdate(now)
    Notice.objects.bulk_create(
        Notice(
            kind=kind,
            recipient=person,
            edition=proposal.edition,
            proposal=proposal,
            version=version,
            day=day,
        )
        for person in sorted(people, key=lambda person: person.pk)
    )
    deliver_after_commit(Notice.objects.filter(kind=kind, proposal=proposal, version=version))


def _queue_question(kind: str, question: Question, people: Iterable[User], day: date) -> None:
    Notice.objects.bulk_create(
        Notice(kind=kind, recipient=person, edition=question.edition, question=question, day=day)
        for person in sorted(people, key=lambda person: person.pk)
    )
    deliver_after_commit(Notice.objects.filter(kind=kind, question=question))


def people_to_chase(snapshots: Iterable[Snapshot], *, now: datetime | None = None) -> list[User]:
    """Who would be told if these entries' owners were chased: only of those still outstanding."""
    asked = Snapshot.objects.filter(pk__in=[snapshot.pk for snapshot in snapshots]).outstanding()
    return list(_people_of(asked, timezone.localdate(now)))


def tell_chased(edition: Edition, people: Iterable[User], *, now: datetime | None = None) -> int:
    """A reminder by the manager's hand; a person gets one a day. Says how many are told now."""
    day = timezone.localdate(now)
    queued = _queue_each(Notice.Kind.CHASED, edition, people, day)
    deliver_after_commit(edition.notices.filter(kind=Notice.Kind.CHASED, day=day))
    return queued


def queue_reminders(*, now: datetime | None = None) -> Queued:
    """Queue the reminders that are due for every open edition.

    Only people of posts that still have something outstanding are reminded. Each edition is read
    and queued by itself: one that can't be read keeps nobody else's reminders back.
    """
    today = timezone.localdate(now)
    done = Queued()
    asked = Edition.objects.open().filter(deadline__isnull=False)
    for pk, register in asked.order_by("pk").values_list("pk", "register__name"):
        try:
            done.reminders += _queue_reminders_of(pk, today)
        except (OperationalError, InterfaceError):
            raise  # the database is away: it is so for every edition
        except Exception as error:
            log.exception("The reminders of edition %s were not queued.", pk)
            done.problems.append(
                f"The reminders of {register} were not queued ({type(error).__name__}: {error}). "
                "Look at the dates of its open edition."
            )
    return done


@transaction.atomic
def _queue_reminders_of(pk: int, today: date) -> int:
    edition = Edition.objects.get(pk=pk)
    day = reminder_day(edition, today)
    if day is None:
        return 0
    people = _people_of(Snapshot.objects.in_edition(edition).outstanding(), today)
    return _queue_each(Notice.Kind.REMINDER, edition, people, day)


def _people_of(snapshots, day: date):
    """Those who hold or deputise for the posts of these snapshots on a day, and can log in."""
    in_post = Tenure.objects.current(day).filter(owner__in=snapshots.values("owner"))
    return (
        User.objects.with_role(access.OWNER)
        .filter(pk__in=in_post.values("user"))
        .exclude(email="")
        .order_by("pk")
    )


def _queue_each(kind: str, edition: Edition, people: Iterable[User], day: date) -> int:
    """A notice for each person who has none of that kind and day yet. Says how many are new."""
    told: NoticeQuerySet = Notice.objects.filter(kind=kind, edition=edition, day=day)
    already = set(told.values_list("recipient", flat=True))
    new = [
        Notice(kind=kind, recipient=person, edition=edition, day=day)
        for person in people
        if person.pk not in already
    ]
    # Another node may be queueing the same ones at this moment; the database keeps one of each.
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
