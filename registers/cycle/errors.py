"""Refusals. Each message is a sentence that a person can act on."""

from __future__ import annotations


class CycleError(Exception):
    """Something the rules of the quarter do not allow. `str()` is fit to be shown."""


class NotAllowed(CycleError):
    """The person's roles and posts do not allow it."""


class EditionExists(CycleError):
    pass


class EditionIsOpen(CycleError):
    pass


class EditionUnfinished(CycleError):
    """The edition that ought to be rolled forward is still in review, or is being corrected."""


class EditionNotOpen(CycleError):
    pass


class EditionAlreadyPublished(CycleError):
    pass


class EditionNotPublished(CycleError):
    pass


class NotAllAccepted(CycleError):
    """`snapshots` are the ones that stand in the way."""

    def __init__(self, snapshots):
        self.snapshots = list(snapshots)
        listed = ", ".join(snapshot.reference for snapshot in self.snapshots[:12])
        more = len(self.snapshots) - 12
        if more > 0:
            listed += f" and {more} more"
        super().__init__(f"Not yet accepted: {listed}. Accept them before publishing.")


class NothingToPublish(CycleError):
    pass


class NotReady(CycleError):
    """A submission with something missing. `problems` is a list of before_submitting.Problem."""

    def __init__(self, problems):
        self.problems = list(problems)
        super().__init__(" ".join(problem.sentence for problem in self.problems))


class DraftRefused(NotReady):
    """A draft of which something can't be kept as it is. `problems` is as NotReady's."""


class NeedsReason(CycleError):
    """A submission that looks contradictory. `warnings` may be overruled with a reason."""

    def __init__(self, warnings):
        self.warnings = list(warnings)
        super().__init__(
            " ".join(warning.sentence for warning in self.warnings)
            + " Correct it, or say why it is right."
        )


class ReasonMissing(CycleError):
    pass


class WrongState(CycleError):
    pass


class DatesRefused(CycleError):
    """`objections` is a list of domain.days.Objection: what is wrong with which date."""

    def __init__(self, objections):
        self.objections = list(objections)
        super().__init__(" ".join(objection.sentence for objection in self.objections))


class NobodyToChase(CycleError):
    pass


class ReferenceTaken(CycleError):
    pass


class ReferenceUnusable(CycleError):
    """Empty, or too long to be printed."""


class TitleMissing(CycleError):
    pass


class EntryAlreadyEnded(CycleError):
    pass


class EntryGone(CycleError):
    """The entry has left the edition: it was closed, merged or succeeded while `by` worked."""


class ChangedMeanwhile(CycleError):
    """The same snapshot was saved since the person saw it.

    `snapshot` is how it now stands; `changes` is a list of meanwhile.Change: who changed which
    field and when.
    """

    def __init__(self, snapshot, changes, *, by):
        self.snapshot = snapshot
        self.changes = list(changes)
        if snapshot.changed_by_id == by.pk:
            who = "You saved this entry in another window"
        else:
            who = f"{snapshot.changed_by or 'Somebody'} saved this entry"
        super().__init__(
            f"{who} while you were working on it. "
            "Nothing of yours is lost: both versions are below."
        )
