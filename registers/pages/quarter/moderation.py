"""What a submission changes, for whoever has to accept it: everything since the edition before.

The comparisons are those of the reading pages; here they stand beside each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import OuterRef, Subquery

from registers.cycle import readiness
from registers.domain import content, difference, promised, rewording
from registers.domain.content import Promise, Stop
from registers.domain.flags import Flag, flags_of
from registers.domain.movement import Movement
from registers.domain.passages import Passage
from registers.domain.path import Path
from registers.domain.scale import Position
from registers.models import Snapshot
from registers.models.snapshot import SnapshotQuerySet

# The commentary is shown whole and the actions one by one; these are shown word by word.
WORD_BY_WORD = (
    content.TITLE,
    content.OWNER,
    content.TYPES,
    content.DESCRIPTION,
    content.CONSEQUENCES,
    content.CONTROLS,
)


def with_comments(snapshots: SnapshotQuerySet) -> SnapshotQuerySet:
    """Each with what it was sent back for last, also after it was submitted again."""
    sent_back = Snapshot.history.filter(id=OuterRef("pk"), history_change_reason="Sent back")
    latest = sent_back.order_by("-history_id").values("sent_back_because")
    return snapshots.annotate(last_comment=Subquery(latest[:1]))


@dataclass(frozen=True)
class Submission:
    """An entry that its owner has sent in, and its path up to this edition."""

    snapshot: Snapshot
    path: Path

    @property
    def place(self) -> str:
        """Its name on the page, so that one can come back to it."""
        return place_of(self.snapshot)

    @property
    def before(self) -> Stop | None:
        return self.path.before

    @property
    def moved(self) -> Movement:
        return self.path.movement

    @cached_property
    def steps(self) -> list[difference.Step]:
        """What became of the levels, the residual score, its date and the stated direction."""
        if self.before is None:
            return []
        return difference.Change(self._row(self.before), self._row(self.path.latest)).steps()

    @cached_property
    def reworded(self) -> list[rewording.Section]:
        """The sections that read otherwise than before, each word by word."""
        if self.before is None:
            return []
        now, named = self.path.latest, rewording.labels(self.snapshot.words)
        return [
            section
            for name in WORD_BY_WORD
            for section in rewording.reworded(self.path, self.before, now, named, name)
            if section.difference
        ]

    @cached_property
    def actions(self) -> list[promised.Change]:
        """Which actions were added, reworded, put off, done, dropped; or are missing."""
        before = self.before.actions if self.before else ()
        return promised.changes(before, self.path.latest.actions)

    @cached_property
    def flags(self) -> list[Flag]:
        return flags_of(self.path)

    @cached_property
    def overruled(self) -> list[readiness.Problem]:
        """The warnings that the owner overruled with a reason."""
        if not self.snapshot.override_reason:
            return []
        before = self._row(self.before) if self.before else None
        return readiness.warnings(self._row(self.path.latest), before)

    @property
    def commentary(self) -> Passage:
        """All that the owner says of its direction, its parts included."""
        return self.path.latest.passage(content.COMMENTARY)

    @property
    def is_the_same(self) -> bool:
        """Whether nothing but the commentary differs from the edition before."""
        return self.before is not None and not (self.steps or self.reworded or self.actions)

    def _row(self, stop: Stop) -> Row:
        return Row(stop, self.path.kind)


def place_of(snapshot: Snapshot) -> str:
    return f"waits-{snapshot.pk}"


def next_place(waiting: Sequence[Snapshot], decided: Sequence[Snapshot]) -> str:
    """Where to read on after some were decided: the one below them, else the one above."""
    gone = {snapshot.pk for snapshot in decided}
    last = max((place for place, one in enumerate(waiting) if one.pk in gone), default=-1)
    below = [one for one in waiting[last + 1 :] if one.pk not in gone]
    above = [one for one in waiting[: last + 1] if one.pk not in gone]
    return place_of((below or above[::-1])[0]) if below or above else "moderate"


@dataclass(frozen=True, slots=True)
class Row:
    """What an edition said of an entry, by the names that comparisons and rules read of a row."""

    stop: Stop
    kind: str

    @property
    def score(self) -> int | None:
        return self.stop.score

    @property
    def position(self) -> Position | None:
        return self.stop.position

    @property
    def residual_score(self) -> int | None:
        return self.stop.residual

    @property
    def residual_position(self) -> Position | None:
        return self.stop.residual_position

    @property
    def residual_by(self) -> date | None:
        return self.stop.residual_by

    @property
    def direction(self) -> str:
        return self.stop.direction

    @property
    def entry(self) -> Row:
        """An entry is asked for its kind."""
        return self

    @property
    def actions(self) -> Row:
        return self

    def all(self) -> tuple[Promise, ...]:
        return self.stop.actions
