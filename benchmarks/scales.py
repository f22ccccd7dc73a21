"""Registers of a known size, written straight into the tables: built once, then kept.

The content is made up, but shaped like a real register's: four to six points a passage, three
actions, scores that move now and then, renumberings, some scores without a position.
"""

from __future__ import annotations

import random
import sys
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from registers import access
from registers.domain import canonical, scale
from registers.domain.quarters import Quarter
from registers.models import (
    Action,
    Edition,
    Entry,
    Owner,
    Publication,
    Register,
    Snapshot,
    Type,
    User,
)

LAST = Quarter(2026, 2)
PASSWORD = "benchmark-only-password"
WORDS = (
    "budget service contract staff review plan savings demand board programme county delivery "
    "pressure inspection capacity grant market school highway bridge care flood cyber data "
    "supplier reserve workforce district partner housing transport waste digital audit"
).split()


@dataclass(frozen=True, slots=True)
class Scale:
    name: str
    entries: int
    quarters: int

    @property
    def slug(self) -> str:
        return f"{self.name}-{self.entries}x{self.quarters}"


COUNCIL_YOUNG = Scale("council", 20, 4)
COUNCIL = Scale("council", 20, 40)
REFERENCE = Scale("reference", 2_000, 40)


def sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words)).capitalize() + "."


def passage(dice: random.Random) -> str:
    return "\n".join(sentence(dice, dice.randint(8, 22)) for _ in range(dice.randint(4, 6)))


def build(size: Scale) -> Register:
    """The register of this size, made if it is not there yet."""
    existing = Register.objects.filter(slug=size.slug).first()
    if existing:
        return existing
    started = time.perf_counter()
    print(f"building {size.slug} …", file=sys.stderr)
    with transaction.atomic():
        register = _build(size)
    print(f"  {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return register


def _build(size: Scale) -> Register:
    dice = random.Random(size.slug)
    register = Register.objects.create(name=size.slug, slug=size.slug)
    owners = [
        Owner.objects.get_or_create(name=f"Director of {word.capitalize()}")[0]
        for word in WORDS[: max(6, min(len(WORDS), size.entries // 10))]
    ]
    types = list(Type.objects.all())
    risks = size.entries * 4 // 5
    entries = Entry.objects.bulk_create(
        [
            Entry(
                register=register,
                kind=scale.RISK if place < risks else scale.OPPORTUNITY,
                exempt=place % 40 == 7,
                exempt_reason="Paragraph 3" if place % 40 == 7 else "",
            )
            for place in range(size.entries)
        ],
        batch_size=1_000,
    )
    now = timezone.now()
    facts = []
    for place, entry in enumerate(entries):
        number = place + 1 if place < risks else place - risks + 1
        facts.append(
            {
                "entry": entry,
                "reference": f"{register.prefix(entry.kind)}{number}",
                "order": place,
                "title": sentence(dice, 7).rstrip("."),
                "consequences": passage(dice),
                "controls": passage(dice),
                "owner": dice.choice(owners),
                "impact": dice.randint(1, 5),
                "likelihood": dice.randint(1, 5),
                "residual_impact": dice.randint(1, 5),
                "residual_likelihood": dice.randint(1, 4),
                "types": dice.sample(types, dice.randint(1, 2)),
                "actions": [(uuid.uuid4(), sentence(dice, 14)) for _ in range(3)],
            }
        )
    previous = ""
    for sequence in range(1, size.quarters + 1):
        quarter = LAST - (size.quarters - sequence)
        edition = Edition.objects.create(
            register=register, quarter=quarter, published_at=now, prepared_on=now.date()
        )
        snapshots = []
        for fact in facts:
            if dice.random() < 0.15:
                fact["likelihood"] = min(5, max(1, fact["likelihood"] + dice.choice((-1, 1))))
            if dice.random() < 0.2:
                fact["controls"] += "\n" + sentence(dice, 10)
                fact["controls"] = "\n".join(fact["controls"].splitlines()[-6:])
            snapshots.append(_snapshot(edition, fact, placed=dice.random() > 0.05))
        Snapshot.objects.bulk_create(snapshots, batch_size=1_000)
        Snapshot.types.through.objects.bulk_create(
            [
                Snapshot.types.through(snapshot=snapshot, type=type_)
                for snapshot, fact in zip(snapshots, facts, strict=True)
                for type_ in fact["types"]
            ],
            batch_size=2_000,
        )
        Action.objects.bulk_create(
            [
                Action(
                    snapshot=snapshot,
                    key=key,
                    text=text,
                    order=order,
                    due=now.date() + timedelta(days=90 * order),
                    status=Action.Status.IN_PROGRESS,
                )
                for snapshot, fact in zip(snapshots, facts, strict=True)
                for order, (key, text) in enumerate(fact["actions"])
            ],
            batch_size=2_000,
        )
        text = canonical.dumped({"benchmark": quarter.slug, "previous": previous})
        Publication.objects.create(
            register=register,
            edition=edition,
            sequence=sequence,
            document=text,
            digest=canonical.digest(text),
            previous_digest=previous,
        )
        previous = canonical.digest(text)
        edition.state = "published"
        edition.save()
    return register


def _snapshot(edition: Edition, fact: dict, *, placed: bool) -> Snapshot:
    score = fact["impact"] * fact["likelihood"]
    return Snapshot(
        edition=edition,
        entry=fact["entry"],
        reference=fact["reference"],
        order=fact["order"],
        title=fact["title"],
        consequences=fact["consequences"],
        controls=fact["controls"],
        commentary="As last quarter; the programme remains on course.",
        impact=fact["impact"] if placed else None,
        likelihood=fact["likelihood"] if placed else None,
        score=score,
        residual_impact=fact["residual_impact"],
        residual_likelihood=fact["residual_likelihood"],
        residual_score=fact["residual_impact"] * fact["residual_likelihood"],
        owner=fact["owner"],
        owner_text=fact["owner"].name,
        direction="level",
        progress="accepted",
    )


def reader() -> User:
    """A committee member, the reader whom the pages are for."""
    user = User.objects.filter(username="reader").first()
    if user is None:
        user = User.objects.create_user("reader", "reader@benchmark.example", PASSWORD)
        user.groups.add(Group.objects.get(name=access.COMMITTEE))
    return user
