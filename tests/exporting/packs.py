"""A pack to set, made of plain values: no database is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from registers.domain import difference
from registers.domain.content import IN_PROGRESS, Action, Content, Strand, Terms
from registers.domain.flags import flags_of
from registers.domain.flags.standing import deep_dives, standing
from registers.domain.path import Path
from registers.domain.quarters import Quarter
from registers.domain.scale import OPPORTUNITY, RISK, Position
from registers.exporting.pack.facts import PUBLIC, Past, Told

BEFORE = Terms(Quarter(2026, 1), day=date(2026, 6, 30))
NOW = Terms(Quarter(2026, 2), day=date(2026, 9, 30))
MADE_AT = datetime(2026, 10, 1, 9, 30, 15, 123, UTC)


def content(
    entry: int, reference: str, at: tuple[int, int] | None, terms: Terms = NOW, **values: object
) -> Content:
    """One entry, complete enough for every part of a pack."""
    position = Position(*at) if at else None
    texts = {
        "description": "What the title leaves unsaid",
        "consequences": "Services stop\n  - in winter first\nCosts rise",
        "controls": "A monthly review",
        "commentary": "The works began in August.",
    }
    said = {
        "kind": RISK,
        "reference": reference,
        "title": f"Title of {reference}",
        "score": position.score if position else 20,
        "position": position,
        "residual_score": 6,
        "residual_position": Position(3, 2),
        "residual_by": date(2026, 3, 31),
        "direction": "level",
        "owner_text": "Director of Place",
        "types": ("People",),
        "texts": texts,
        "actions": (
            Action("a", "Repair the wall", "Head of Roads", date(2026, 8, 31), IN_PROGRESS),
        ),
    }
    return Content(terms, entry=entry, **{**said, **values})


def entries() -> tuple[Content, ...]:
    """A risk that rose, one in strands, one without a square, and an opportunity."""
    strands = (
        Strand(1, "The first part", types=("Legal",), consequences="A fine", commentary="Slow"),
        Strand(2, "The second part", controls="A plan", direction="up"),
    )
    return (
        content(1, "CR1", (4, 5)),
        content(2, "CR2", (3, 3), strands=strands),
        content(3, "CR3", None, residual_score=None, residual_position=None),
        content(4, "CO1", (4, 3), kind=OPPORTUNITY, actions=()),
    )


def told(*shown: Content, terms: Terms = NOW, **values: object) -> Told:
    """What a pack is made of; the first entry stood lower in the edition before."""
    shown = tuple(one._replace(terms=terms) for one in shown or entries())
    earlier = [
        one._replace(terms=BEFORE, reference=f"{one.reference}0", score=12, position=Position(4, 3))
        for one in shown[:1]
    ]
    known = {one.entry: one for one in earlier}
    paths = {
        one.entry: Path(one.kind, tuple(filter(None, [known.get(one.entry), one]))) for one in shown
    }
    stand = {entry: standing(path, flags_of(path)) for entry, path in paths.items()}
    made = Told(
        council="Ashmoor County Council",
        register="Corporate register",
        committee="Audit Committee",
        terms=terms,
        part=PUBLIC,
        issue=1,
        correction="",
        committee_on=date(2026, 10, 20),
        published_on=date(2026, 10, 5),
        digest="0" * 64,
        entries=shown,
        pasts={entry: Past.of(path, stand[entry]) for entry, path in paths.items()},
        closer_look=tuple(deep_dives(shown, stand)),
        quarters=(BEFORE.quarter, terms.quarter),
        since=BEFORE.quarter,
        changes=difference.of_texts(earlier, shown, {}),
    )
    return replace(made, **values)
