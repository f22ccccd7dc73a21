"""Puts the demonstration register into the database, quarter by quarter, as it would have grown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from registers import cycle
from registers.cycle.loading import Said
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


@dataclass(frozen=True, slots=True)
class _Written:
    """What a quarter says of an entry, and who wrote it when."""

    statement: Statement
    snapshot: Snapshot
    by: User
    at: datetime


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
        written = list(self._written(edition, plan))
        document = [
            Said(one.snapshot.entry, self._draft(one), by=one.by, at=one.at) for one in written
        ]
        told = {"by": self.manager, "reason": UPDATED, "now": at(plan.opened, 9, 30)}
        cycle.load_edition(self.register, plan.quarter, document, **told)
        for one in written:
            self._answer(one, now=at(plan.opened, 9, 45))
        if plan.published is None:
            for one in written:
                self._move_on(one)
            return
        accepted = at(plan.deadline + timedelta(days=4), 14)
        cycle.accept_loaded(edition, by=self.manager, reason=ACCEPTED, now=accepted)
        dated = {"prepared_on": plan.prepared, "now": at(plan.published, 9, 45)}
        cycle.date_document(edition, by=self.manager, **dated)
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

    def _written(self, edition: Edition, plan: EditionPlan) -> Iterator[_Written]:
        """A quarter's text, each post's entries by the person who held it at the time.

        Of the quarter under way, what has been typed.
        """
        posts = sorted(self.owners)
        for place, (name, snapshot) in enumerate(self._snapshots(edition).items()):
            statement = self.content.entries[name].statements[plan.quarter]
            if plan.published:
                post = posts.index(statement.owner)
                day = plan.deadline - timedelta(days=post % 9)
                by = self._holder(statement.owner, day) or self.manager
                yield _Written(statement, snapshot, by, at(day, 9 + post % 7, 7 * post % 60))
            elif statement.state != "to update":
                day = plan.opened + timedelta(days=2 + place % 9)
                holder = self._holder(statement.owner, plan.opened)
                by = holder if holder and holder.access.owns(snapshot) else self.manager
                yield _Written(statement, snapshot, by, at(day, 9 + place % 7, 11 * place % 60))

    def _answer(self, one: _Written, *, now: datetime) -> None:
        for code, reason, until in one.statement.answers:
            said = {"reason": reason, "until": until}
            cycle.answer_flag(one.snapshot, code, **said, by=self.manager, now=now)

    def _move_on(self, one: _Written) -> None:
        """In the quarter under way an entry goes as far as it went."""
        statement, sent = one.statement, one.at + timedelta(minutes=20)
        if statement.state == "draft":
            return
        cycle.submit(one.snapshot, by=one.by, override=statement.override, now=sent)
        later = {"by": self.manager, "now": sent + timedelta(days=1)}
        if statement.state == "sent back":
            cycle.send_back(one.snapshot, comment=statement.comment, tell=False, **later)
        elif statement.state == "accepted":
            cycle.accept(one.snapshot, **later)

    def _draft(self, one: _Written) -> cycle.Draft:
        statement = one.statement
        # In the quarter under way an entry is submitted by its verb, with the reason it needs.
        published = statement.quarter in self.published
        return cycle.Draft(
            {
                "title": statement.title,
                "description": statement.description,
                "types": self._types(statement.types),
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
                "submitted_at": one.at if published else None,
            },
            {said.number: self._strand_values(said) for said in statement.strands},
            {
                said.key: _action_values(said, order)
                for order, said in enumerate(statement.actions, start=1)
            },
        )

    def _strand_values(self, said: StrandText) -> dict[str, Any]:
        return {
            "number": said.number,
            "title": said.title,
            "lead": said.lead,
            "types": self._types(said.types),
            "consequences": said.consequences,
            "controls": said.controls,
            "direction": Direction(said.direction),
            "commentary": said.commentary,
        }

    def _types(self, names: Iterable[str]) -> list[Type]:
        return [self.types[name] for name in names]

    def _holder(self, post: str, day: date) -> User | None:
        """Who held a post on a day, whether or not they are still with the council."""
        for tenure in self.tenures[post]:
            if tenure.starts <= day and (tenure.ends is None or day <= tenure.ends):
                return tenure.user
        return None


def _score_values(prefix: str, score: Score) -> dict[str, int | None]:
    position = score.position
    return {
        f"{prefix}impact": position.impact if position else None,
        f"{prefix}likelihood": position.likelihood if position else None,
        f"{prefix}score": score.number,
    }


def _action_values(said: ActionText, order: int) -> dict[str, Any]:
    return {
        "strand": said.strand,
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
