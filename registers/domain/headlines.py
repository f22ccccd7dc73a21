"""What changed since the edition before, in a few lines: the panel beside the heat map.

Made from a `comparison`; each group shows its first few entries, with the reason its owner gave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from registers.domain import difference, movement, passages
from registers.domain.difference import Change, Comparison

RENUMBERED = "renumbered"
FEW = 5
LONGEST_NOTE = 170

# Name, heading for one, heading for several, mark, colour.
_GROUPS = (
    (difference.ROSE, "Risk that rose", "Risks that rose", "up", "dir-worse"),
    (
        difference.SHRANK,
        "Opportunity that shrank",
        "Opportunities that shrank",
        "down",
        "dir-worse",
    ),
    (difference.FELL, "Risk that fell", "Risks that fell", "down", "dir-better"),
    (difference.GREW, "Opportunity that grew", "Opportunities that grew", "up", "dir-better"),
    (difference.NEW, "New", "New", "new", "dir-new"),
    (difference.CLOSED, "Closed", "Closed", "closed", ""),
    (
        difference.ABSENT,
        "Absent without a stated closure",
        "Absent without a stated closure",
        "warning",
        "",
    ),
    (RENUMBERED, "Renumbered", "Renumbered", "renumbered", ""),
)

_SAYS = {"up": "Up", "level": "Level", "down": "Down"}


@dataclass(frozen=True, slots=True)
class Headline:
    """One entry that changed. Scores are of before and after; either may be missing."""

    reference: str
    title: str
    kind: str
    href: str
    before: int | None
    after: int | None
    was: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that changed in the same way; the first few of `count`."""

    name: str
    heading: str
    icon: str
    css: str
    count: int
    headlines: tuple[Headline, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.headlines)


@dataclass(frozen=True, slots=True)
class Figure:
    """A count; `group` is the one that makes it up, or empty where several do."""

    label: str
    count: int
    group: str


@dataclass(frozen=True, slots=True)
class Headlines:
    """The groups that have anything in them, and the figures above them."""

    groups: tuple[Group, ...]
    figures: tuple[Figure, ...]


def headlines(
    compared: Comparison,
    *,
    link: Callable[[Change], str],
    commentaries: Callable[[Iterable[int]], dict[int, str]],
) -> Headlines:
    """`commentaries` is asked once, for the entries shown, and gives their written text by id."""
    members: dict[str, Sequence[Change]] = {
        **compared.groups,
        RENUMBERED: [change for change in compared.changes if change.renumbered],
    }
    shown = {name: members[name][:FEW] for name, *_ in _GROUPS}
    texts = commentaries(
        {
            change.entry
            for name, changes in shown.items()
            for change in changes
            if change.after is not None and name != RENUMBERED
        }
    )
    groups = tuple(
        Group(
            name,
            one if len(members[name]) == 1 else several,
            icon,
            css,
            len(members[name]),
            tuple(_headline(name, change, link(change), texts) for change in shown[name]),
        )
        for name, one, several, icon, css in _GROUPS
        if members[name]
    )
    return Headlines(groups, tuple(_figures(compared.counts)))


def _figures(counts: dict[str, int]) -> Iterator[Figure]:
    """What got worse and what got better apart; of opportunities only where one moved."""
    for one, several, names in (
        ("risk rose: worse", "risks rose: worse", (difference.ROSE,)),
        ("risk fell: better", "risks fell: better", (difference.FELL,)),
        ("opportunity grew: better", "opportunities grew: better", (difference.GREW,)),
        ("opportunity shrank: worse", "opportunities shrank: worse", (difference.SHRANK,)),
        ("new entry", "new entries", (difference.NEW,)),
        ("closed or absent", "closed or absent", (difference.CLOSED, difference.ABSENT)),
    ):
        count = sum(counts[name] for name in names)
        if not count and names[0] in (difference.GREW, difference.SHRANK):
            continue
        filled = [name for name in names if counts[name]]
        group = filled[0] if len(filled) == 1 else ""
        yield Figure(one if count == 1 else several, count, group)


def _headline(group: str, change: Change, href: str, texts: dict[int, str]) -> Headline:
    row = change.latest
    was = change.before.reference if group == RENUMBERED and change.before else ""
    if group == RENUMBERED:
        note = ""
    elif change.after is None:
        ending = change.ending
        note = shortened(f"{ending.words}. {ending.reason}".strip()) if ending else ""
    else:
        note = " ".join(filter(None, [first_point(texts.get(row.entry, "")), _said(change)]))
    return Headline(
        row.reference,
        row.title,
        row.kind,
        href,
        change.before.score if change.before else None,
        change.after.score if change.after else None,
        was,
        note,
    )


def first_point(commentary: str) -> str:
    """The first point of a commentary, cut at a word where it is long."""
    points = passages.parse(commentary, passages.PLAIN)
    return shortened(points[0].text) if points else ""


def _said(change: Change) -> str:
    """The owner's statement, where the scores say something else. A fact, not a judgement."""
    said = change.latest.direction
    moved = change.movement.kind
    if said in _SAYS and moved in (movement.UP, movement.DOWN) and said != moved:
        return f"The owner reports “{_SAYS[said]}”."
    return ""


def shortened(text: str, longest: int = LONGEST_NOTE) -> str:
    """The text, or as many whole words of it as fit and an ellipsis."""
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"
