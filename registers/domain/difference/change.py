"""One entry in two editions: what became of it.

That it was renumbered, reworded or passed to another owner is said besides, whatever its group.
The comparison is of the scores, not of what the owners say they did (`Content.direction`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from registers.domain import movement, scale
from registers.domain.content import Content
from registers.domain.difference import actions, sections
from registers.domain.english import written

ROSE, SHRANK, NEW, ABSENT, UNKNOWN = "rose", "shrank", "new", "absent", "unknown"
FELL, GREW, CLOSED, SAME = "fell", "grew", "closed", "same"

# In order of concern: what a committee would ask about first stands first.
GROUPS = (ROSE, SHRANK, NEW, ABSENT, UNKNOWN, FELL, GREW, CLOSED, SAME)

_MOVED = {
    (movement.UP, scale.RISK): ROSE,
    (movement.DOWN, scale.RISK): FELL,
    (movement.UP, scale.OPPORTUNITY): GREW,
    (movement.DOWN, scale.OPPORTUNITY): SHRANK,
}


@dataclass(frozen=True, slots=True)
class Ending:
    """A person's statement that an entry is no longer live.

    `words` is 'Closed', 'Merged into CR4' or the like. `reason` is empty where the reader may not
    see the other entry that it speaks of.
    """

    words: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that changed, in words: what, from, to. Either side may be unknown."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of either edition; at least one of the two rows is there.

    `ending` is what was stated of an entry that is gone. `reworded` says that its texts, strands
    or types differ, `actions_changed` that its actions do: where the texts were read, `of_texts`
    finds out; where they were not, the database has compared them.
    """

    before: Content | None
    after: Content | None
    ending: Ending | None = None
    reworded: bool = False
    actions_changed: bool = False

    @classmethod
    def of_texts(cls, before: Content | None, after: Content | None) -> Change:
        """Of two Contents with all their texts."""
        if before is None or after is None:
            return cls(before, after)
        return cls(
            before,
            after,
            reworded=sections.texts(before) != sections.texts(after),
            actions_changed=bool(actions.changes(before.actions, after.actions)),
        )

    @property
    def latest(self) -> Content:
        """The later row that there is."""
        row = self.after if self.after is not None else self.before
        assert row is not None  # noqa: S101 - a comparison makes no change of nothing
        return row

    @property
    def entry(self) -> int:
        return self.latest.entry

    @property
    def kind(self) -> str:
        return self.latest.kind

    @property
    def movement(self) -> movement.Movement:
        return movement.between(self.before, self.after, self.kind)

    @property
    def group(self) -> str:
        if self.before is None:
            return NEW
        if self.after is None:
            return ABSENT if self.ending is None else CLOSED
        moved = self.movement
        if moved.kind == movement.UNKNOWN:
            return UNKNOWN
        return _MOVED.get((moved.kind, self.kind), SAME)

    @property
    def renumbered(self) -> bool:
        return self._differs("reference")

    @property
    def retitled(self) -> bool:
        return self._differs("title")

    @property
    def owner_changed(self) -> bool:
        """Another post; or, where no post is named, another name as printed."""
        if self.before is None or self.after is None:
            return False
        if self.before.post is None and self.after.post is None:
            return self._differs("owner_text")
        return self._differs("post")

    @property
    def moved_square(self) -> bool:
        """Another cell of the 5×5, both of them known. The score may be the same: 4×5 and 5×4."""
        return (
            self.before is not None
            and self.after is not None
            and self.before.position is not None
            and self.after.position is not None
            and self.before.position != self.after.position
        )

    @property
    def outlined(self) -> bool:
        """Whether it is marked on the small grids: it moved, opened or closed."""
        return self.before is None or self.after is None or self.moved_square

    @property
    def unchanged(self) -> bool:
        """In both editions, and nothing else of it differs either."""
        return (
            self.group in (SAME, UNKNOWN)
            and not self.steps()
            and not (self.renumbered or self.retitled or self.owner_changed)
            and not (self.reworded or self.actions_changed)
        )

    @property
    def words(self) -> sections.Words:
        """The words gained and lost; the actions, told one by one, and the title apart."""
        before, after = self._pair()
        return sections.words_between(before, after)

    @property
    def actions(self) -> list[actions.Change]:
        """What became of each action, where the texts were read."""
        if self.before is None or self.after is None:
            return []
        return actions.changes(self.before.actions, self.after.actions)

    def notes(self, when: str) -> Iterator[str]:
        """All that changed but the texts, in sentences. `when` names the earlier edition."""
        if self.before is None or self.after is None:
            return
        for step in self.steps():
            yield f"{step.what} {step.before} → {step.after}"
        if self.renumbered:
            yield f"Was {self.before.reference} in {when}"
        if self.retitled:
            yield f"Was called “{self.before.title}”"
        if self.owner_changed:
            yield f"Owner was {self.before.owner or 'not named'}"
        for change in self.actions:
            yield f"Action {change}"

    def steps(self) -> list[Step]:
        """What the levels, the residual score and the owner's statement did, in words."""
        if self.before is None or self.after is None:
            return []
        return [
            *self._levels(),
            *self._residual(),
            *self._inherent(),
            *self._typed(),
            *self._said(),
        ]

    def _levels(self) -> Iterator[Step]:
        before, after = self._pair()
        was, now = before.position, after.position
        if was and now:
            if was.impact != now.impact:
                yield Step(
                    "Impact",
                    scale.impact_word(was.impact, self.kind),
                    scale.impact_word(now.impact, self.kind),
                )
            if was.likelihood != now.likelihood:
                yield Step(
                    "Likelihood",
                    scale.likelihood_word(was.likelihood),
                    scale.likelihood_word(now.likelihood),
                )
        elif now or was:
            yield Step("Position", _words(was, self.kind), _words(now, self.kind))
        if before.score != after.score and None in (before.score, after.score):
            yield Step("Score", _number(before.score), _number(after.score))

    def _residual(self) -> Iterator[Step]:
        before, after = self._pair()
        if before.residual_score != after.residual_score:
            yield Step("Residual", _number(before.residual_score), _number(after.residual_score))
        elif before.residual_position != after.residual_position:
            yield Step(
                "Residual position",
                _words(before.residual_position, self.kind),
                _words(after.residual_position, self.kind),
            )
        if before.residual_by != after.residual_by:
            yield Step("Residual by", _day(before.residual_by), _day(after.residual_by))

    def _inherent(self) -> Iterator[Step]:
        before, after = self._pair()
        if before.inherent_score != after.inherent_score:
            yield Step("Inherent", _number(before.inherent_score), _number(after.inherent_score))
        elif before.inherent_position != after.inherent_position:
            yield Step(
                "Inherent position",
                _words(before.inherent_position, self.kind),
                _words(after.inherent_position, self.kind),
            )

    def _typed(self) -> Iterator[Step]:
        """Another type; that of a strand is told with its text."""
        before, after = self._pair()
        if before.types != after.types:
            yield Step("Type", "; ".join(before.types) or "none", "; ".join(after.types) or "none")

    def _said(self) -> Iterator[Step]:
        """Another direction than last time; that a new entry is no longer new says nothing."""
        before, after = self._pair()
        if before.direction != after.direction and before.direction not in ("", "new"):
            yield Step("Owner says", before.direction, after.direction or "nothing yet")

    def _pair(self) -> tuple[Content, Content]:
        assert self.before is not None and self.after is not None  # noqa: S101 - see steps()
        return self.before, self.after

    def _differs(self, column: str) -> bool:
        if self.before is None or self.after is None:
            return False
        return bool(getattr(self.before, column) != getattr(self.after, column))


def _words(position: scale.Position | None, kind: str) -> str:
    return position.words(kind) if position else "not recorded"


def _number(score: int | None) -> str:
    return "none" if score is None else str(score)


def _day(day: date | None) -> str:
    return written(day) if day else "no date"
