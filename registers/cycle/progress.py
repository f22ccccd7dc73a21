"""How far a quarter has come: an entry's standing, an owner's entries, the stages, the checks.

Everything here is computed from snapshots and an edition that are already loaded; nothing is
stored and nothing is asked of the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.humanize.templatetags.humanize import apnumber
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
TO_UPDATE = Standing("to_update", "To update", "not-started", "st-none")

# In the order of the manager's page: nearest to done first.
STANDINGS = (ACCEPTED, SUBMITTED, SENT_BACK, DRAFT, TO_UPDATE)
IN = (ACCEPTED, SUBMITTED)

_OF_PROGRESS = {
    Progress.ACCEPTED: ACCEPTED,
    Progress.SUBMITTED: SUBMITTED,
    Progress.DRAFT: DRAFT,
    Progress.TO_UPDATE: TO_UPDATE,
}


def named(code: str) -> Standing | None:
    """The standing with this code, as an address names it."""
    return next((standing for standing in STANDINGS if standing.code == code), None)


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
        ("Owners update", _until(edition, now)),
        ("In review", "The risk manager moderates"),
        ("Published", _published(edition)),
        ("Committee", _day(edition.committee_on) or "No date yet"),
    ]
    return [
        Stage(name, note, "done" if place < reached else "now" if place == reached else "ahead")
        for place, (name, note) in enumerate(names)
    ]


def _published(edition: Edition) -> str:
    if edition.is_published:
        issue = f"Issue {edition.issue}, " if edition.issue > 1 else ""
        return f"{issue}{_day(edition.published_at)}"
    if edition.is_being_corrected:
        return f"Issue {edition.issue - 1}, {_day(edition.published_at)}"
    return "Not yet"


def _day(moment) -> str:
    return date_format(_local(moment), "j F Y") if moment else ""


def _until(edition: Edition, now: datetime) -> str:
    if edition.deadline is None:
        return "No deadline"
    day = date_format(_local(edition.deadline), "l j F, H:i")
    return f"to {day}, {time_left(edition.deadline, now)}" if edition.is_open else f"to {day}"


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


def is_late(edition: Edition, now: datetime | None = None) -> bool:
    """Whether owners who are not in are late."""
    now = now or timezone.now()
    return edition.is_open and edition.deadline is not None and edition.deadline < now


def _number(number: int) -> str:
    """As it is written in a sentence: 'three', '12'."""
    return str(apnumber(number))


def owed(tally: Tally, edition: Edition, now: datetime | None = None) -> str:
    """What an owner still owes of an edition, in a line: 'Three of five still to send by …'."""
    if not edition.is_open:
        return f"{edition} is in review by the risk manager"
    if not tally.to_send:
        return (
            "Your one entry is sent. Thank you."
            if tally.total == 1
            else (f"All {_number(tally.total)} are sent. Thank you.")
        )
    number = _number(tally.to_send).capitalize()
    if tally.total == 1:
        number = "Your one entry"
    elif tally.to_send < tally.total:
        number = f"{number} of {_number(tally.total)}"
    else:
        number = f"All {_number(tally.total)}"
    if edition.deadline is None:
        return f"{number} still to send"
    day = date_format(_local(edition.deadline), "l j F")
    if is_late(edition, now):
        be = "is" if tally.to_send == 1 else "are"
        return f"{number} {be} late: due on {day}"
    return f"{number} still to send by {day}"


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
    def nobody_holds_it(self) -> bool:
        """Whether there is a post, and nobody who could update its entries."""
        return self.owner_id is not None and any(
            getattr(snapshot, "in_nobodys_hands", False) for snapshot in self.snapshots
        )

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
