"""A plan → the database, in one transaction: either all of it is there afterwards, or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from registers.cycle import publish, rows
from registers.domain.passages import PLAIN, Point, write
from registers.domain.quarters import Quarter
from registers.importing.action_keys import carried_keys
from registers.importing.plan import CannotApply, Plan, PlannedEntry
from registers.importing.reading import EntryAsRead, PartAsRead
from registers.models import (
    Action,
    Edition,
    Entry,
    Lineage,
    Owner,
    OwnerAlias,
    Progress,
    Publication,
    Register,
    Snapshot,
    State,
    Strand,
    Type,
    User,
)

IMPORTED = "Imported from a document"
ACCEPTED = "Accepted with the import"

_MEANWHILE = "The register was changed while the file was being read. Import it again."


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import left behind. `publication` is None unless it was published just now."""

    edition: Edition
    created: int
    publication: Publication | None = None


def apply_plan(
    plan: Plan,
    register: Register,
    *,
    by: User | None,
    now: datetime | None = None,
    and_publish: bool = False,
) -> Applied:
    """Create what the plan says, as an edition in review; publish it if asked to.

    An import may be incomplete where an owner's submission may not: its entries are submitted as
    they were printed, and publishing accepts them. Raises CannotApply, with everything as it was,
    and whatever `cycle.publish` refuses with.
    """
    if plan.refusal:
        raise CannotApply(plan.refusal)
    try:
        with transaction.atomic():
            return _Application(plan, register, by, now or timezone.now()).carry_out(and_publish)
    except IntegrityError as error:
        raise CannotApply(_MEANWHILE) from error


class _Application:
    """One plan being carried out inside one transaction."""

    def __init__(self, plan: Plan, register: Register, by: User | None, now: datetime) -> None:
        self.plan, self.by, self.now = plan, by, now
        self.register = Register.objects.select_for_update().get(pk=register.pk)

    def carry_out(self, and_publish: bool) -> Applied:
        edition = Edition.objects.filter(register=self.register, quarter=self.plan.quarter).first()
        if (edition.state if edition else None) != self.plan.edition_state:
            raise CannotApply(_MEANWHILE)
        if edition is None:
            edition = self._new_edition()
        self._create(edition, Progress.ACCEPTED if and_publish else Progress.SUBMITTED)
        publication = None
        if and_publish and not edition.is_published:
            self._accept(edition)
            publication = publish(edition, by=self.by, now=self.now)
            edition.refresh_from_db()
        return Applied(edition, len(self.plan.to_create), publication)

    def _new_edition(self) -> Edition:
        """In review, so that it stands beside the open quarter while a council loads its past."""
        edition = Edition(
            register=self.register,
            quarter=self.plan.quarter,
            state=State.IN_REVIEW,
            opened_at=self.now,
            medium_from=self.register.medium_from,
            high_from=self.register.high_from,
            very_high_from=self.register.very_high_from,
            appetite=self.register.appetite,
            changed_by=self.by,
        )
        edition._change_reason = IMPORTED
        edition.save()
        return edition

    def _create(self, edition: Edition, progress: Progress) -> None:
        planned = self.plan.to_create
        if not planned:
            return
        types = dict(Type.objects.values_list("name", "id"))
        owners = self._owners(planned)
        self._refuse_ended(edition, planned)
        entry_ids = self._entries(planned)
        place = {p.entry.reference: i for i, p in enumerate(self.plan.entries, start=1)}
        snapshots = [
            _snapshot(
                p.entry,
                edition,
                entry_id,
                owners.get(p.entry.owner.name or ""),
                place[p.entry.reference],
                progress,
                self.now,
            )
            for p, entry_id in zip(planned, entry_ids, strict=True)
        ]
        self._save(snapshots, {i: _ids(p.entry.types, types) for i, p in enumerate(planned)})
        strands: list[Strand] = []
        strand_types: dict[int, list[int]] = {}
        strand_of: dict[tuple[int, int], Strand] = {}
        for snapshot, p in zip(snapshots, planned, strict=True):
            for strand in p.entry.strands:
                row = Strand(
                    snapshot=snapshot,
                    number=strand.number,
                    title=strand.title,
                    direction=strand.part.direction,
                    **_texts(strand.part),
                )
                strand_types[len(strands)] = _ids(strand.part.types, types)
                strands.append(row)
                strand_of[snapshot.pk, strand.number] = row
        self._save(strands, strand_types)
        self._save(list(self._actions(snapshots, planned, strand_of)))

    def _refuse_ended(self, edition: Edition, planned: Sequence[PlannedEntry]) -> None:
        """What this very edition states to have ended is not in it."""
        ended = set(
            Lineage.objects.ending().filter(edition=edition).values_list("entry_id", flat=True)
        )
        listed = ", ".join(p.entry.reference for p in planned if p.entry_id in ended)
        if listed:
            raise CannotApply(
                f"{edition} states that these have ended, and the file has them: {listed}. Undo "
                "the ending on the page of the quarter, or take them out of the file."
            )

    def _save(self, new: Sequence[object], types: dict[int, list[int]] | None = None) -> None:
        rows.create(new, by=self.by, reason=IMPORTED, types=types or {})

    def _owners(self, planned: Iterable[PlannedEntry]) -> dict[str, int]:
        """The ids of all owners named, the new ones made, with the printed form as an alias."""
        readings = {p.entry.owner.name: p.entry.owner for p in planned if p.entry.owner.name}
        known = dict(Owner.objects.values_list("name", "id"))
        new = [
            Owner(name=name, is_body=reading.is_body)
            for name, reading in readings.items()
            if name not in known
        ]
        self._save(new)
        known.update({owner.name: owner.pk for owner in new})
        aliases = [
            OwnerAlias(owner=owner, text=readings[owner.name].text)
            for owner in new
            if readings[owner.name].text != owner.name
        ]
        OwnerAlias.objects.bulk_create(aliases)
        return known

    def _entries(self, planned: Sequence[PlannedEntry]) -> list[int]:
        """The entry of each row: the one it was matched with, or a new one."""
        new = {
            p.entry.reference: Entry(register=self.register, kind=p.entry.kind)
            for p in planned
            if p.entry_id is None
        }
        self._save(list(new.values()))
        return [new[p.entry.reference].pk if p.entry_id is None else p.entry_id for p in planned]

    def _actions(
        self,
        snapshots: Sequence[Snapshot],
        planned: Sequence[PlannedEntry],
        strand_of: dict[tuple[int, int], Strand],
    ) -> Iterator[Action]:
        """Every action, with the key that the same action has in the nearest editions."""
        known = _known_actions([p.entry_id for p in planned if p.entry_id], self.plan.quarter)
        for snapshot, p in zip(snapshots, planned, strict=True):
            printed = list(_printed_actions(p.entry))
            keys = carried_keys(
                [point.text for _, point in printed], known.get(snapshot.entry_id, [])
            )
            for order, ((number, point), key) in enumerate(zip(printed, keys, strict=True), 1):
                yield Action(
                    snapshot=snapshot,
                    strand=strand_of.get((snapshot.pk, number)) if number else None,
                    key=key,
                    order=order,
                    text=point.text,
                    level=point.level,
                    plain=point.plain,
                    status="",  # a printed register does not say
                )

    def _accept(self, edition: Edition) -> None:
        """What an earlier import submitted. What somebody is still at work on stays unaccepted."""
        waiting = list(Snapshot.objects.in_edition(edition).filter(progress=Progress.SUBMITTED))
        for snapshot in waiting:
            snapshot.progress = Progress.ACCEPTED
        rows.update(waiting, ["progress"], by=self.by, reason=ACCEPTED)


def _snapshot(
    entry: EntryAsRead,
    edition: Edition,
    entry_id: int,
    owner_id: int | None,
    order: int,
    progress: Progress,
    now: datetime,
) -> Snapshot:
    score, residual = entry.score, entry.residual
    return Snapshot(
        edition=edition,
        entry_id=entry_id,
        reference=entry.reference,
        order=order,
        title=entry.title,
        description=write(entry.description),
        score=score.score,
        impact=score.position.impact if score.position else None,
        likelihood=score.position.likelihood if score.position else None,
        residual_score=residual.score,
        residual_impact=residual.position.impact if residual.position else None,
        residual_likelihood=residual.position.likelihood if residual.position else None,
        owner_id=owner_id,
        owner_text=entry.owner.text,
        direction=entry.whole.direction,
        progress=progress,
        submitted_at=now,
        printed=dict(entry.printed.cells),
        **_texts(entry.whole),
    )


def _texts(part: PartAsRead) -> dict[str, str]:
    return {
        "consequences": write(part.consequences),
        "controls": write(part.controls),
        "commentary": write(part.commentary, unmarked=PLAIN),
    }


def _printed_actions(entry: EntryAsRead) -> Iterator[tuple[int | None, Point]]:
    """(number of the strand or None, the point) in printed order."""
    for point in entry.whole.actions:
        yield None, point
    for strand in entry.strands:
        for point in strand.part.actions:
            yield strand.number, point


def _ids(names: Iterable[str], types: dict[str, int]) -> list[int]:
    return [types[name] for name in names]


def _known_actions(
    entry_ids: Sequence[int], quarter: Quarter
) -> dict[int, list[list[tuple[str, UUID]]]]:
    """By entry: the actions of its nearest edition before a quarter, then of the nearest after."""
    nearest: dict[tuple[int, bool], tuple[int, int]] = {}
    placed = Snapshot.objects.filter(entry_id__in=entry_ids).exclude(edition__quarter=quarter)
    for entry_id, when, snapshot_id in placed.values_list("entry_id", "edition__quarter", "id"):
        side, away = (entry_id, when > quarter), abs(quarter.distance(when))
        if side not in nearest or away < nearest[side][0]:
            nearest[side] = (away, snapshot_id)
    actions: dict[int, list[tuple[str, UUID]]] = defaultdict(list)
    wanted = [snapshot_id for _, snapshot_id in nearest.values()]
    for snapshot_id, text, key in Action.objects.filter(snapshot_id__in=wanted).values_list(
        "snapshot_id", "text", "key"
    ):
        actions[snapshot_id].append((text, key))
    known: dict[int, list[list[tuple[str, UUID]]]] = defaultdict(list)
    for (entry_id, _), (_, snapshot_id) in sorted(nearest.items()):
        known[entry_id].append(actions[snapshot_id])
    return known
