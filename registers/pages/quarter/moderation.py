"""What a submission changes, for whoever has to accept it: everything since the edition before.

The comparisons are those of the reading pages; here they stand beside each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import OuterRef, Q, Subquery

from registers.cycle import before_submitting
from registers.domain import content, difference
from registers.domain.content import Content
from registers.domain.difference import actions, sections
from registers.domain.flags import Flag, flags_of
from registers.domain.movement import Movement
from registers.domain.passages import Passage
from registers.domain.path import Path
from registers.models import Progress, Snapshot
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
    def before(self) -> Content | None:
        return self.path.before

    @property
    def moved(self) -> Movement:
        return self.path.movement

    @cached_property
    def steps(self) -> list[difference.Step]:
        """What became of the levels, the residual score, its date and the stated direction."""
        if self.before is None:
            return []
        return difference.Change(self.before, self.path.latest).steps()

    @cached_property
    def reworded(self) -> list[sections.Section]:
        """The sections that read otherwise than before, each word by word."""
        if self.before is None:
            return []
        now, named = self.path.latest, sections.labels(self.snapshot.words)
        changed = sections.changed(self.before, now, named)
        return [section for section in changed if section.name in WORD_BY_WORD]

    @cached_property
    def actions(self) -> list[actions.Change]:
        """Which actions were added, reworded, put off, done, dropped; or are missing."""
        before = self.before.actions if self.before else ()
        return actions.changes(before, self.path.latest.actions)

    @cached_property
    def flags(self) -> list[Flag]:
        return flags_of(self.path, self.snapshot.edition.register.flag_limits)

    @cached_property
    def overruled(self) -> list[before_submitting.Problem]:
        """The warnings that the owner overruled with a reason."""
        if not self.snapshot.override_reason:
            return []
        return before_submitting.warnings(self.path.latest, self.before)

    @property
    def commentary(self) -> Passage:
        """All that the owner says of its direction, its parts included."""
        return self.path.latest.passage(content.COMMENTARY)

    @property
    def is_the_same(self) -> bool:
        """Whether nothing but the commentary differs from the edition before."""
        return self.before is not None and not (self.steps or self.reworded or self.actions)


def place_of(snapshot: Snapshot) -> str:
    return f"waits-{snapshot.pk}"


def next_place(waiting: Sequence[Snapshot], decided: Sequence[Snapshot]) -> str:
    """Where to read on after some were decided: the one below them, else the one above."""
    gone = {snapshot.pk for snapshot in decided}
    last = max((place for place, one in enumerate(waiting) if one.pk in gone), default=-1)
    below = [one for one in waiting[last + 1 :] if one.pk not in gone]
    above = [one for one in waiting[: last + 1] if one.pk not in gone]
    return place_of((below or above[::-1])[0]) if below or above else "moderate"


def place_after(snapshot: Snapshot) -> str:
    """Where to read on: `snapshot` waits no more, and stands among those that do."""
    waits = Q(progress=Progress.SUBMITTED) | Q(pk=snapshot.pk)
    around = Snapshot.objects.in_edition(snapshot.edition).filter(waits).as_printed()
    return next_place(list(around), [snapshot])
