"""Puts the demonstration register into the database, quarter by quarter, as it would have grown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from registers import cycle
from registers.cycle import rows
from registers.demo import people
from registers.demo.content import ActionText, Content, EditionPlan, Ending, Score, Statement
from registers.models import (
    Action,
    Direction,
    Edition,
    Entry,
    Lineage,
    Owner,
    Progress,
    Register,
    Snapshot,
    Strand,
    Type,
    User,
)

Pairs = list[tuple[Statement, Snapshot]]
# By the id of their snapshot and their number in it.
Strands = dict[tuple[int, int], Strand]

MANAGER = "manager"
UPDATED, ACCEPTED = "Updated", "Accepted"

_SNAPSHOT_COLUMNS = [
    "title",
    "description",
    "consequences",
    "controls",
    "impact",
    "likelihood",
    "score",
    "residual_impact",
    "residual_likelihood",
    "residual_score",
    "residual_by",
    "owner",
    "direction",
    "commentary",
    "override_reason",
    "progress",
    "submitted_at",
    "version",
]
_STRAND_COLUMNS = ["title", "lead", "consequences", "controls", "direction", "commentary"]
_ACTION_COLUMNS = [
    "strand",
    "order",
    "text",
    "lead",
    "due",
    "status",
    "completed_on",
    "reason",
    "target_impact",
    "target_likelihood",
]


@transaction.atomic
def load(content: Content) -> Register:
    """Create the register with its people and all its editions; all or nothing.

    The published editions carry the dates of their time; the last one is left open, with entries
    in every state.
    """
    users = people.create_users(content)
    book = content.register
    register = Register.objects.create(
        name=book["name"],
        slug=book["slug"],
        risk_prefix=book["risk_prefix"],
        opportunity_prefix=book["opportunity_prefix"],
        appetite=book["appetite"],
        committee=book["committee"],
        changed_by=users[MANAGER],
    )
    loader = _Loader(
        content=content,
        register=register,
        manager=users[MANAGER],
        types=people.create_types(content),
        owners=people.create_owners(content, users),
    )
    for plan in content.editions:
        loader.turn(plan)
    return register


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@dataclass(slots=True)
class _Loader:
    content: Content
    register: Register
    manager: User
    types: Mapping[str, Type]
    owners: Mapping[str, Owner]
    entries: dict[str, Entry] = field(default_factory=dict)

    def turn(self, plan: EditionPlan) -> None:
        """One quarter: opened, its entries settled and filled in, and published if it was."""
        edition = cycle.open_edition(
            self.register,
            plan.quarter,
            by=self.manager,
            now=at(plan.opened, 9),
            deadline=at(plan.deadline, 17),
            committee_on=plan.committee,
        )
        self._settle(edition, plan)
        snapshots = self._snapshots(edition)
        if plan.published is None:
            self._fill_in_open(plan, snapshots)
            return
        self._fill_in(plan, snapshots)
        accepted = list(snapshots.values())
        for snapshot in accepted:
            snapshot.progress = Progress.ACCEPTED
        rows.update(
            accepted,
            ["progress"],
            by=self.manager,
            reason=ACCEPTED,
            now=at(plan.deadline + timedelta(days=4), 14),
        )
        edition.prepared_on = plan.prepared
        rows.dated(edition, at(plan.published, 9, 45)).save()
        cycle.publish(edition, by=self.manager, now=at(plan.published, 10))

    # Which entries stand in the edition, and under which number -----------------------------------

    def _settle(self, edition: Edition, plan: EditionPlan) -> None:
        now = at(plan.opened, 9, 30)
        standing = self._snapshots(edition)
        for name in plan.numbers.values():
            if name not in standing and plan.quarter in self.content.entries[name].statements:
                standing[name] = self._begin(edition, name, standing, now=now)
        for ending in self.content.lineage:
            if ending.quarter == plan.quarter and ending.kind in Lineage.ENDING:
                self._end(standing.pop(ending.entry), ending, standing, now=now)
        printed = [(number, name) for number, name in plan.numbers.items() if name in standing]
        numbers = {standing[name].pk: number for number, name in printed}
        places = {standing[name].pk: place for place, (_, name) in enumerate(printed, start=1)}
        cycle.renumber(edition, numbers, by=self.manager, now=now)
        cycle.reorder(edition, self._risks_first(places, numbers), by=self.manager, now=now)

    def _risks_first(self, places: Mapping[int, int], numbers: Mapping[int, str]) -> dict[int, int]:
        prefix = self.register.risk_prefix
        order = sorted(
            places, key=lambda pk: (not numbers[pk].startswith(prefix), int(numbers[pk][2:]))
        )
        return {pk: place for place, pk in enumerate(order, start=1)}

    def _begin(
        self, edition: Edition, name: str, standing: Mapping[str, Snapshot], *, now: datetime
    ) -> Snapshot:
        entry = self.content.entries[name]
        first = entry.statements[edition.quarter]
        origin = next(
            (row for row in self.content.lineage if row.entry == name and row.kind == "split_from"),
            None,
        )
        if origin:
            snapshot = cycle.split_entry(
                standing[origin.other],
                by=self.manager,
                title=first.title,
                reason=origin.reason,
                owner=self.owners[first.owner],
                now=now,
            )
        else:
            snapshot = cycle.add_entry(
                edition,
                by=self.manager,
                kind=entry.kind,
                title=first.title,
                owner=self.owners[first.owner],
                exempt_reason=entry.exempt_reason,
                now=now,
            )
        self.entries[name] = snapshot.entry
        return snapshot

    def _end(
        self, snapshot: Snapshot, ending: Ending, standing: Mapping[str, Snapshot], *, now: datetime
    ) -> None:
        stated = {"by": self.manager, "reason": ending.reason, "now": now}
        if ending.kind == Lineage.Statement.MERGED:
            cycle.merge_entry(snapshot, into=standing[ending.other], **stated)
        elif ending.kind == Lineage.Statement.SUCCEEDED:
            cycle.succeed_entry(snapshot, successor=standing[ending.other], **stated)
        else:
            cycle.close_entry(snapshot, **stated)

    def _snapshots(self, edition: Edition) -> dict[str, Snapshot]:
        """The edition's snapshots by the name of their entry, with their content."""
        names = {entry.pk: name for name, entry in self.entries.items()}
        found = Snapshot.objects.in_edition(edition).with_content().as_printed()
        return {names[snapshot.entry_id]: snapshot for snapshot in found}

    # What the edition says ----------------------------------------------------------------------

    def _fill_in(self, plan: EditionPlan, snapshots: Mapping[str, Snapshot]) -> None:
        """Write a quarter's text, each post's entries by the person who held it at the time."""
        pairs = [
            (self.content.entries[name].statements[plan.quarter], snapshot)
            for name, snapshot in snapshots.items()
        ]
        pairs.sort(key=lambda pair: pair[0].owner)
        for place, (owner, group) in enumerate(groupby(pairs, key=lambda pair: pair[0].owner)):
            day = plan.deadline - timedelta(days=place % 9)
            holder = people.holder_on(self.owners[owner], day) or self.manager
            self._write(list(group), by=holder, now=at(day, 9 + place % 7, 7 * place % 60))

    def _fill_in_open(self, plan: EditionPlan, snapshots: Mapping[str, Snapshot]) -> None:
        """The quarter under way: what has been typed is written, then goes as far as it went."""
        for place, (name, snapshot) in enumerate(snapshots.items()):
            statement = self.content.entries[name].statements[plan.quarter]
            if statement.state == "to update":
                continue
            holder = people.holder_on(self.owners[statement.owner], plan.opened)
            by = holder if holder and holder.access.owns(snapshot) else self.manager
            now = at(plan.opened + timedelta(days=2 + place % 9), 9 + place % 7, 11 * place % 60)
            self._write([(statement, snapshot)], by=by, now=now)
            self._move_on(statement, snapshot, by=by, now=now + timedelta(minutes=20))

    def _move_on(
        self, statement: Statement, snapshot: Snapshot, *, by: User, now: datetime
    ) -> None:
        if statement.state == "draft":
            return
        cycle.submit(snapshot, by=by, override=statement.override, now=now)
        later = now + timedelta(days=1)
        if statement.state == "sent back":
            cycle.send_back(snapshot, by=self.manager, comment=statement.comment, now=later)
        elif statement.state == "accepted":
            cycle.accept(snapshot, by=self.manager, now=later)

    def _write(self, pairs: Pairs, *, by: User, now: datetime) -> None:
        """Bring snapshots, their strands and their actions to what the statements say."""
        trail: dict[str, Any] = {"by": by, "reason": UPDATED, "now": now}
        for statement, snapshot in pairs:
            self._set_snapshot(statement, snapshot, now=now)
            snapshot.changed_by = by
            self._set_types(snapshot, statement.types)
        rows.update([snapshot for _, snapshot in pairs], _SNAPSHOT_COLUMNS, **trail)
        strands = self._write_strands(pairs, trail)
        self._write_actions(pairs, strands, trail)

    def _set_snapshot(self, statement: Statement, snapshot: Snapshot, *, now: datetime) -> None:
        snapshot.title = statement.title
        snapshot.description = statement.description
        snapshot.consequences, snapshot.controls = statement.consequences, statement.controls
        _set_score(snapshot, "", statement.score)
        if statement.residual:
            _set_score(snapshot, "residual_", statement.residual)
        snapshot.residual_by = statement.by
        snapshot.owner = self.owners[statement.owner]
        snapshot.direction = Direction(statement.direction)
        snapshot.commentary = statement.commentary
        snapshot.version += 1
        if snapshot.edition.deadline and statement.state == "accepted":
            snapshot.override_reason = statement.override
        snapshot.progress = Progress.DRAFT
        snapshot.submitted_at = now

    def _set_types(self, row: Snapshot | Strand, names: Iterable[str]) -> None:
        wanted = [self.types[name] for name in names]
        if set(row.types.all()) != set(wanted):
            row.types.set(wanted)

    def _write_strands(self, pairs: Pairs, trail: dict[str, Any]) -> Strands:
        changed, new, types_of_new = [], [], {}
        for statement, snapshot in pairs:
            standing = {strand.number: strand for strand in snapshot.strands.all()}
            for said in statement.strands:
                strand = standing.get(said.number) or Strand(snapshot=snapshot, number=said.number)
                for column in _STRAND_COLUMNS:
                    setattr(strand, column, getattr(said, column))
                if strand.pk:
                    strand.changed_by = trail["by"]
                    self._set_types(strand, said.types)
                    changed.append(strand)
                else:
                    types_of_new[len(new)] = [self.types[name].pk for name in said.types]
                    new.append(strand)
        rows.update(changed, _STRAND_COLUMNS, **trail)
        rows.create(new, types=types_of_new, **trail)
        return {(strand.snapshot_id, strand.number): strand for strand in changed + new}

    def _write_actions(self, pairs: Pairs, strands: Strands, trail: dict[str, Any]) -> None:
        changed, new = [], []
        for statement, snapshot in pairs:
            standing = {action.key: action for action in snapshot.actions.all()}
            for order, said in enumerate(statement.actions, start=1):
                action = standing.get(said.key) or Action(snapshot=snapshot, key=said.key)
                before = [getattr(action, column) for column in _ACTION_COLUMNS]
                _set_action(action, said, order, strands.get((snapshot.pk, said.strand)))
                if not action.pk:
                    new.append(action)
                elif before != [getattr(action, column) for column in _ACTION_COLUMNS]:
                    changed.append(action)
        rows.update(changed, _ACTION_COLUMNS, **trail)
        rows.create(new, **trail)


def _set_score(snapshot: Snapshot, prefix: str, score: Score) -> None:
    position = score.position
    setattr(snapshot, f"{prefix}impact", position.impact if position else None)
    setattr(snapshot, f"{prefix}likelihood", position.likelihood if position else None)
    setattr(snapshot, f"{prefix}score", score.number)


def _set_action(action: Action, said: ActionText, order: int, strand: Strand | None) -> None:
    action.order = order
    action.strand = strand
    action.text, action.lead, action.due = said.text, said.lead, said.due
    action.status = Action.Status(said.status.replace(" ", "_"))
    action.completed_on = said.completed
    action.reason = said.reason
    action.target_impact = said.target.impact if said.target else None
    action.target_likelihood = said.target.likelihood if said.target else None
