"""How far a quarter has come: an entry's standing, an owner's entries, the stages, the checks.

Everything here is computed from snapshots and an edition that are already loaded; nothing is
stored and nothing is asked of the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from registers.models import Edition, Progress, Snapshot, State


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one entry stands in its quarter, as it is shown: a word, an icon and a colour."""

    code: str
    label: str
    icon: str
    css: str


ACCEPTED = Standing("accepted", "Accepted", "done", "st-done")
SUBMITTED = Standing("submitted", "Submitted", "submitted", "st-in")
SENT_BACK = Standing("sent_back", "Sent back", "slipped", "st-back")
DRAFT = Standing("draft", "Draft", "under-way", "st-draft")
TO_UPDATE = Standing("to_update", "Not started", "not-started", "st-none")

# In the order of the manager's page: nearest to done first.
STANDINGS = (ACCEPTED, SUBMITTED, SENT_BACK, DRAFT, TO_UPDATE)
IN = (ACCEPTED, SUBMITTED)

_OF_PROGRESS = {
    Progress.ACCEPTED: ACCEPTED,
    Progress.SUBMITTED: SUBMITTED,
    Progress.DRAFT: DRAFT,
    Progress.TO_UPDATE: TO_UPDATE,
}


def of(snapshot: Snapshot) -> Standing:
    """A draft that was sent back and not yet answered is 'sent back'."""
    if snapshot.progress == Progress.DRAFT and snapshot.sent_back_because:
        return SENT_BACK
    return _OF_PROGRESS[Progress(snapshot.progress)]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of some snapshots stand where."""

    counts: dict[str, int]

    @classmethod
    def of(cls, snapshots: Iterable[Snapshot]) -> Tally:
        found = Counter(of(snapshot).code for snapshot in snapshots)
        return cls({standing.code: found[standing.code] for standing in STANDINGS})

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def sent_in(self) -> int:
        return sum(self.counts[standing.code] for standing in IN)

    @property
    def to_send(self) -> int:
        return self.total - self.sent_in

    def __iter__(self) -> Iterator[tuple[Standing, int]]:
        return ((standing, self.counts[standing.code]) for standing in STANDINGS)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a quarter. `state` is 'done', 'now' or 'ahead'."""

    name: str
    note: str
    state: str


def stages(edition: Edition, now: datetime | None = None) -> list[Stage]:
    """Opened, collecting, in review, published, committee: with what is known of their dates."""
    now = now or timezone.now()
    reached = {State.OPEN: 1, State.IN_REVIEW: 2, State.PUBLISHED: 4}[State(edition.state)]
    if edition.is_published and edition.committee_on and edition.committee_on < now.date():
        reached = 5
    names = [
        ("Opened", _day(edition.opened_at)),
        ("Owners update", _until(edition.deadline, now)),
        ("In review", "The manager moderates"),
        ("Published", _day(edition.published_at) if edition.is_published else "Not yet"),
        ("Committee", _day(edition.committee_on) or "No date yet"),
    ]
    return [
        Stage(name, note, "done" if place < reached else "now" if place == reached else "ahead")
        for place, (name, note) in enumerate(names)
    ]


def _day(moment) -> str:
    return date_format(_local(moment), "j F Y") if moment else ""


def _until(deadline: datetime | None, now: datetime) -> str:
    if deadline is None:
        return "No deadline yet"
    return f"to {date_format(_local(deadline), 'l j F, H:i')}, {time_left(deadline, now)}"


def _local(moment):
    return timezone.localtime(moment) if isinstance(moment, datetime) else moment


def time_left(deadline: datetime, now: datetime | None = None) -> str:
    """'9 days left', 'today', '3 days late': in whole calendar days, as people count."""
    now = now or timezone.now()
    days = (timezone.localtime(deadline).date() - timezone.localtime(now).date()).days
    if days > 1:
        return f"{days} days left"
    if days == 1:
        return "tomorrow"
    if days == 0:
        return "today" if now <= deadline else "earlier today"
    return "1 day late" if days == -1 else f"{-days} days late"


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one owner, for the manager's page. `owner_id` is None for no post."""

    owner_id: int | None
    name: str
    snapshots: tuple[Snapshot, ...]

    @property
    def tally(self) -> Tally:
        return Tally.of(self.snapshots)

    @property
    def rows(self) -> list[tuple[Snapshot, Standing]]:
        return [(snapshot, of(snapshot)) for snapshot in self.snapshots]


def by_owner(snapshots: Sequence[Snapshot]) -> list[Group]:
    """Entries under the post that owns them, posts by name, entries without one last."""
    groups: dict[tuple[bool, str, int | None], list[Snapshot]] = {}
    for snapshot in snapshots:
        post = snapshot.owner
        key = (post is None, post.name if post else "No post named", post.pk if post else None)
        groups.setdefault(key, []).append(snapshot)
    return [
        Group(owner_id, name, tuple(groups[absent, name, owner_id]))
        for absent, name, owner_id in sorted(groups, key=lambda key: key[:2])
    ]


STOPS, WARNS, PASSES = "stop", "warn", "ok"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list before publishing. Only `stop` stands in the way."""

    level: str
    sentence: str
    advice: str = ""
    snapshots: tuple[Snapshot, ...] = ()

    @property
    def icon(self) -> str:
        return {STOPS: "stop", WARNS: "warning", PASSES: "ok"}[self.level]


def checks(snapshots: Sequence[Snapshot]) -> list[Check]:
    """What stands in the way of publishing, what is worth a look, and what is in order."""
    lines = [
        _check(
            [snapshot for snapshot in snapshots if of(snapshot) not in IN],
            STOPS,
            "not in",
            "Chase them, or submit on the owner's behalf.",
            "Every entry is in",
        ),
        _check(
            [snapshot for snapshot in snapshots if of(snapshot) is SUBMITTED],
            STOPS,
            "waiting for you",
            "Accept or send back each one.",
            "Every entry that is in has been accepted",
        ),
        _check(
            [snapshot for snapshot in snapshots if snapshot.impact is None],
            WARNS,
            "without a place on the grid",
            "Ask for impact and likelihood. You can publish without.",
            "Every entry has a place on the grid",
        ),
        _check(
            [snapshot for snapshot in snapshots if snapshot.owner_id is None],
            WARNS,
            "without a post that owns it",
            "Name one, so that somebody is asked next quarter.",
            "Every entry has an owner",
        ),
    ]
    if not snapshots:
        lines.insert(0, Check(STOPS, "There are no entries", "Add the first one."))
    return sorted(lines, key=lambda line: (STOPS, WARNS, PASSES).index(line.level))


def _check(found: list[Snapshot], level: str, problem: str, advice: str, in_order: str) -> Check:
    if not found:
        return Check(PASSES, in_order)
    number = "1 entry is" if len(found) == 1 else f"{len(found)} entries are"
    return Check(level, f"{number} {problem}", advice, tuple(found))
