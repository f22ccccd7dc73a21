"""A plan → the database, in one transaction: either all of it is there afterwards, or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from registers import cycle
from registers.cycle import rows
from registers.cycle.errors import EntryAlreadyEnded
from registers.cycle.loading import Said
from registers.cycle.locks import lock_register
from registers.domain.passages import PLAIN, write
from registers.domain.quarters import Quarter
from registers.importing import doubts
from registers.importing.action_keys import carried_keys
from registers.importing.as_read import ActionAsRead, EntryAsRead, PartAsRead, StrandAsRead
from registers.importing.doubts import IMPORTED
from registers.importing.owners import without_brackets
from registers.importing.plan import CannotApply, Plan, PlannedEntry
from registers.models import (
    Action,
    Edition,
    Entry,
    Owner,
    OwnerAlias,
    Progress,
    Publication,
    Register,
    Snapshot,
    Type,
    User,
)

ACCEPTED = "Accepted with the import"

_MEANWHILE = "The register was changed while the file was being read. Import it again."


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import left behind. `publication` is None unless it was published just now; `began`
    says that the quarter had no edition before."""

    edition: Edition
    created: int
    publication: Publication | None = None
    began: bool = False


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
    except EntryAlreadyEnded as error:
        raise CannotApply(str(error)) from error


class _Application:
    """One plan being carried out inside one transaction."""

    def __init__(self, plan: Plan, register: Register, by: User | None, now: datetime) -> None:
        self.plan, self.by, self.now = plan, by, now
        self.register = lock_register(register.pk)

    def carry_out(self, and_publish: bool) -> Applied:
        edition = Edition.objects.filter(register=self.register, quarter=self.plan.quarter).first()
        if (edition.state if edition else None) != self.plan.edition_state:
            raise CannotApply(_MEANWHILE)
        began = edition is None
        if edition is None or self.plan.to_create:
            edition = self._load(Progress.ACCEPTED if and_publish else Progress.SUBMITTED)
            doubts.keep(self.plan, edition, by=self.by)
        publication = None
        if and_publish and not edition.is_published:
            cycle.accept_loaded(edition, by=self.by, reason=ACCEPTED)
            publication = cycle.publish(edition, by=self.by, now=self.now)
            edition.refresh_from_db()
        return Applied(edition, len(self.plan.to_create), publication, began)

    def _load(self, progress: Progress) -> Edition:
        return cycle.load_edition(
            self.register,
            self.plan.quarter,
            self._document(progress),
            by=self.by,
            reason=IMPORTED,
            now=self.now,
        )

    def _document(self, progress: Progress) -> Iterator[Said]:
        """What the file says of each entry that is to be created, in the words of our columns."""
        planned = self.plan.to_create
        types = {type_.name: type_ for type_ in Type.objects.all()}
        owners = self._owners(planned)
        entries = Entry.objects.in_bulk([p.entry_id for p in planned if p.entry_id])
        known = _known_actions(list(entries), self.plan.quarter)
        place = {p.entry.reference: i for i, p in enumerate(self.plan.entries, start=1)}
        for p in planned:
            entry = Entry(register=self.register, kind=p.entry.kind)
            fields = {
                **_fields(p.entry, types),
                "owner_id": owners.get(p.entry.owner.name or ""),
                "order": place[p.entry.reference],
                "progress": progress,
                "submitted_at": self.now,
            }
            strands = {strand.number: _strand(strand, types) for strand in p.entry.strands}
            actions = _actions(p.entry, known.get(p.entry_id or 0, []))
            yield Said(entries.get(p.entry_id, entry), cycle.Draft(fields, strands, actions))

    def _owners(self, planned: Iterable[PlannedEntry]) -> dict[str, int]:
        """The ids of all owners named, the new ones made, with the printed form as an alias."""
        readings = {p.entry.owner.name: p.entry.owner for p in planned if p.entry.owner.name}
        known = dict(Owner.objects.values_list("name", "id"))
        new = [
            Owner(name=name, is_body=reading.is_body)
            for name, reading in readings.items()
            if name not in known
        ]
        rows.create(new, by=self.by, reason=IMPORTED, now=self.now)
        known.update({owner.name: owner.pk for owner in new})
        aliases = [
            OwnerAlias(owner=owner, text=without_brackets(readings[owner.name].text))
            for owner in new
            if without_brackets(readings[owner.name].text) != owner.name
        ]
        OwnerAlias.objects.bulk_create(aliases)
        return known


def _fields(entry: EntryAsRead, types: Mapping[str, Type]) -> dict[str, Any]:
    score, residual, inherent = entry.score, entry.residual, entry.inherent
    return {
        "reference": entry.reference,
        "title": entry.title,
        "description": write(entry.description),
        "types": [types[name] for name in entry.types],
        "score": score.score,
        "impact": score.position.impact if score.position else None,
        "likelihood": score.position.likelihood if score.position else None,
        "inherent_score": inherent.score,
        "inherent_impact": inherent.position.impact if inherent.position else None,
        "inherent_likelihood": inherent.position.likelihood if inherent.position else None,
        "residual_score": residual.score,
        "residual_impact": residual.position.impact if residual.position else None,
        "residual_likelihood": residual.position.likelihood if residual.position else None,
        "owner_text": entry.owner.text,
        "direction": entry.whole.direction,
        "printed": dict(entry.printed.cells),
        **_texts(entry.whole),
    }


def _strand(strand: StrandAsRead, types: Mapping[str, Type]) -> dict[str, Any]:
    return {
        "number": strand.number,
        "title": strand.title,
        "types": [types[name] for name in strand.part.types],
        "direction": strand.part.direction,
        **_texts(strand.part),
    }


def _actions(
    entry: EntryAsRead, known: Sequence[list[tuple[str, UUID]]]
) -> dict[UUID, dict[str, Any]]:
    """Every action, with the key that the same action has in the nearest editions."""
    printed = list(_printed_actions(entry))
    keys = carried_keys([point.text for _, point in printed], known)
    return {
        key: {
            "strand": number,
            "order": order,
            "text": point.text,
            "level": point.level,
            "plain": point.plain,
            "lead": point.lead,
            "due": point.due,
            "status": point.status,
        }
        for order, ((number, point), key) in enumerate(zip(printed, keys, strict=True), 1)
    }


def _texts(part: PartAsRead) -> dict[str, str]:
    return {
        "consequences": write(part.consequences),
        "controls": write(part.controls),
        "commentary": write(part.commentary, unmarked=PLAIN),
    }


def _printed_actions(entry: EntryAsRead) -> Iterator[tuple[int | None, ActionAsRead]]:
    """(number of the strand or None, the point) in printed order."""
    for point in entry.whole.actions:
        yield None, point
    for strand in entry.strands:
        for point in strand.part.actions:
            yield strand.number, point


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
