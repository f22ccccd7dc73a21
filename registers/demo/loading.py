"""Puts the demonstration register into the database, quarter by quarter, as it would have grown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from registers import cycle
from registers.cycle import rows
from registers.demo import people
from registers.demo.content import (
    ActionText,
    Content,
    EditionPlan,
    Ending,
    Score,
    Statement,
    StrandText,
)
from registers.domain.quarters import Quarter
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
    Tenure,
    Type,
    User,
)

MANAGER = "manager"
UPDATED, ACCEPTED = "Updated", "Accepted"


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
    owners = people.create_owners(content, users)
    loader = _Loader(
        content=content,
        register=register,
        manager=users[MANAGER],
        types=people.create_types(content),
        owners=owners,
        tenures=people.holders(owners),
        published=frozenset(plan.quarter for plan in content.editions if plan.published),
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
    tenures: Mapping[str, list[Tenure]]
    published: frozenset[Quarter]
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
            tell=False,
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
        posts = sorted(self.owners)
        for name, snapshot in snapshots.items():
            statement = self.content.entries[name].statements[plan.quarter]
            place = posts.index(statement.owner)
            day = plan.deadline - timedelta(days=place % 9)
            by = self._holder(statement.owner, day) or self.manager
            self._write(statement, snapshot, by=by, now=at(day, 9 + place % 7, 7 * place % 60))

    def _fill_in_open(self, plan: EditionPlan, snapshots: Mapping[str, Snapshot]) -> None:
        """The quarter under way: what has been typed is written, then goes as far as it went."""
        for place, (name, snapshot) in enumerate(snapshots.items()):
            statement = self.content.entries[name].statements[plan.quarter]
            if statement.state == "to update":
                continue
            holder = self._holder(statement.owner, plan.opened)
            by = holder if holder and holder.access.owns(snapshot) else self.manager
            now = at(plan.opened + timedelta(days=2 + place % 9), 9 + place % 7, 11 * place % 60)
            self._write(statement, snapshot, by=by, now=now)
            self._move_on(statement, snapshot, by=by, now=now + timedelta(minutes=20))

    def _move_on(
        self, statement: Statement, snapshot: Snapshot, *, by: User, now: datetime
    ) -> None:
        if statement.state == "draft":
            return
        cycle.submit(snapshot, by=by, override=statement.override, now=now)
        later = now + timedelta(days=1)
        if statement.state == "sent back":
            cycle.send_back(
                snapshot, by=self.manager, comment=statement.comment, now=later, tell=False
            )
        elif statement.state == "accepted":
            cycle.accept(snapshot, by=self.manager, now=later)

    def _write(self, statement: Statement, snapshot: Snapshot, *, by: User, now: datetime) -> None:
        """Bring a snapshot, its strands and its actions to what the statement says."""
        _set(snapshot, self._snapshot_values(statement, snapshot, now=now))
        # The types come first, without a line of their own in the trail: the save's has them.
        snapshot.skip_history_when_saving = True
        self._set_types(snapshot, statement.types)
        del snapshot.skip_history_when_saving
        _save(snapshot, by=by, now=now)
        strands = {strand.number: strand for strand in snapshot.strands.all()}
        for said in statement.strands:
            strand = strands.setdefault(said.number, Strand(snapshot=snapshot, number=said.number))
            if _set(strand, _strand_values(said)):
                _save(strand, by=by, now=now)
            self._set_types(strand, said.types)
        actions = {action.key: action for action in snapshot.actions.all()}
        for order, text in enumerate(statement.actions, start=1):
            action = actions.get(text.key) or Action(snapshot=snapshot, key=text.key)
            if _set(action, _action_values(text, order, strands.get(text.strand))):
                _save(action, by=by, now=now)

    def _snapshot_values(
        self, statement: Statement, snapshot: Snapshot, *, now: datetime
    ) -> dict[str, Any]:
        # In the quarter under way an entry is submitted by its verb, with the reason it needs.
        published = statement.quarter in self.published
        return {
            "title": statement.title,
            "description": statement.description,
            "consequences": statement.consequences,
            "controls": statement.controls,
            **_score_values("", statement.score),
            **(_score_values("residual_", statement.residual) if statement.residual else {}),
            "residual_by": statement.by,
            "owner": self.owners[statement.owner],
            "direction": Direction(statement.direction),
            "commentary": statement.commentary,
            "override_reason": statement.override if published else "",
            "progress": Progress.SUBMITTED if published else Progress.DRAFT,
            "submitted_at": now if published else None,
            "version": snapshot.version + 1,
        }

    def _set_types(self, row: Snapshot | Strand, names: Iterable[str]) -> None:
        wanted = [self.types[name] for name in names]
        if set(row.types.all()) != set(wanted):
            row.types.set(wanted)

    def _holder(self, post: str, day: date) -> User | None:
        """Who held a post on a day, whether or not they are still with the council."""
        for tenure in self.tenures[post]:
            if tenure.starts <= day and (tenure.ends is None or day <= tenure.ends):
                return tenure.user
        return None


def _save(row: Snapshot | Strand | Action, *, by: User, now: datetime) -> None:
    row.changed_by = by
    row._change_reason = UPDATED
    rows.dated(row, now).save()
    # Both would speak for the row's next line in the trail too.
    del row._change_reason, row._history_date


def _set(row: Snapshot | Strand | Action, values: Mapping[str, Any]) -> set[str]:
    """Give a row its values; the columns in which it was different."""
    changed = {column for column, value in values.items() if getattr(row, column) != value}
    for column in changed:
        setattr(row, column, values[column])
    return changed


def _score_values(prefix: str, score: Score) -> dict[str, int | None]:
    position = score.position
    return {
        f"{prefix}impact": position.impact if position else None,
        f"{prefix}likelihood": position.likelihood if position else None,
        f"{prefix}score": score.number,
    }


def _strand_values(said: StrandText) -> dict[str, Any]:
    return {
        "title": said.title,
        "lead": said.lead,
        "consequences": said.consequences,
        "controls": said.controls,
        "direction": Direction(said.direction),
        "commentary": said.commentary,
    }


def _action_values(said: ActionText, order: int, strand: Strand | None) -> dict[str, Any]:
    return {
        "strand": strand,
        "order": order,
        "text": said.text,
        "lead": said.lead,
        "due": said.due,
        "status": Action.Status(said.status.replace(" ", "_")),
        "completed_on": said.completed,
        "reason": said.reason,
        "target_impact": said.target.impact if said.target else None,
        "target_likelihood": said.target.likelihood if said.target else None,
    }
