"""Two editions of a register compared: what became of every entry between them.

Every entry of either edition is in exactly one group, so the counts add up to the whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from registers.domain.content import Content, Document
from registers.domain.difference.change import GROUPS, Change, Ending


@dataclass(frozen=True)
class Comparison:
    """Every change between two editions, by group, in the order of the printed table."""

    changes: tuple[Change, ...]
    groups: Mapping[str, tuple[Change, ...]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, list[Change]] = {group: [] for group in GROUPS}
        for change in self.changes:
            found[change.group].append(change)
        object.__setattr__(self, "groups", {name: tuple(rows) for name, rows in found.items()})

    @property
    def counts(self) -> dict[str, int]:
        """How many entries each group has; together they are all entries of either edition."""
        return {group: len(changes) for group, changes in self.groups.items()}

    @property
    def total(self) -> int:
        return len(self.changes)

    @property
    def renumbered(self) -> int:
        return sum(change.renumbered for change in self.changes)

    @property
    def reworded(self) -> int:
        """Those whose text changed, the title included."""
        return sum(change.reworded or change.retitled for change in self.changes)

    @property
    def actions_changed(self) -> int:
        return sum(change.actions_changed for change in self.changes)

    @property
    def owner_changed(self) -> int:
        return sum(change.owner_changed for change in self.changes)

    def listed(self) -> list[Change]:
        """All of them, group by group; those of which nothing changed come last."""
        in_order = [change for group in GROUPS for change in self.groups[group]]
        return sorted(in_order, key=lambda change: change.unchanged)


def of_texts(
    before: Iterable[Content], after: Iterable[Content], endings: Mapping[int, Ending]
) -> Comparison:
    """Compare two editions of which every text was read. `endings` are as in `compare`."""
    old = {one.entry: one for one in before}
    changes = [Change.of_texts(old.pop(one.entry, None), one) for one in after]
    changes += [Change(one, None, ending=endings.get(one.entry)) for one in old.values()]
    return Comparison(tuple(changes))


def corrections(before: Document, after: Document) -> list[Change]:
    """What the later of two issues says otherwise, as printed; what it left out comes last."""
    changes = of_texts(before.entries, after.entries, {}).changes
    return [change for change in changes if not change.unchanged or _differs(change)]


def _differs(change: Change) -> bool:
    """In anything that is published, though no sentence tells it: a day of completion, a target."""
    before, after = change.before, change.after
    return before is None or after is None or before._replace(terms=after.terms) != after


def compare(
    before: Iterable[Content],
    after: Iterable[Content],
    *,
    endings: Mapping[int, Ending] | None = None,
    reworded: Collection[int] = (),
    actions_changed: Collection[int] = (),
) -> Comparison:
    """Compare the rows of two editions of one register, each in the order of its printed table.

    `endings` holds what was stated of entries that are gone, `reworded` the ids of entries whose
    texts differ, `actions_changed` of those whose actions do; all by entry id.
    """
    endings = endings or {}
    old = {row.entry: row for row in before}
    new = {row.entry: row for row in after}
    changes = [
        Change(
            old.get(entry),
            row,
            reworded=entry in reworded and entry in old,
            actions_changed=entry in actions_changed and entry in old,
        )
        for entry, row in new.items()
    ]
    changes += [
        Change(row, None, ending=endings.get(entry))
        for entry, row in old.items()
        if entry not in new
    ]
    return Comparison(tuple(changes))
