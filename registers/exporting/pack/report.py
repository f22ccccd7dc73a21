"""The covering report: the manager's paragraphs, the position in sentences, and its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registers.domain import difference, passages
from registers.domain.content import Content
from registers.domain.english import counted, listed
from registers.domain.kinds import WORDS
from registers.domain.passages import Point
from registers.exporting.pack import actions, tables
from registers.exporting.pack.blocks import Block, Heading, Paragraph, Points
from registers.exporting.pack.facts import ALL, EXEMPT, Told
from registers.exporting.pack.schedule import not_for_publication

PURPOSE, RECOMMENDATION, BACKGROUND = "purpose", "recommendation", "background"
CONSULTATION, IMPLICATIONS = "consultation", "implications"
# Name, heading, and what it is for: the paragraphs that a manager may write.
PARAGRAPHS = (
    (PURPOSE, "Purpose of this report", "One sentence. Left empty, the pack writes its own."),
    (RECOMMENDATION, "Recommendation", "What the committee is asked to do."),
    (BACKGROUND, "Background", "What a member should know who reads this for the first time."),
    (CONSULTATION, "Consultations", "Who was consulted. Left empty, the heading is left out."),
    (IMPLICATIONS, "Implications", "Financial, legal, equality, risk management."),
)

MOST_NAMED = 30


def blocks(told: Told) -> Iterator[Block]:
    yield Heading("Covering report", 1)
    for name, heading, _ in PARAGRAPHS[:3]:
        yield from _paragraph(heading, told.texts.get(name) or _DEFAULT.get(name, _nothing)(told))
    yield Heading("Position this quarter")
    yield Points(tuple(Point(line) for line in _position(told)))
    if told.part != EXEMPT and told.part != ALL and told.held_back:
        yield Paragraph(f"Part II of this pack is separate. {not_for_publication(told.paragraphs)}")
    yield from tables.changes(told)
    yield from tables.not_reached(told)
    yield from actions.late(told)
    yield from tables.still(told)
    yield from tables.closer_look(told)
    yield from tables.questions(told)
    for name, heading, _ in PARAGRAPHS[3:]:
        yield from _paragraph(heading, told.texts.get(name, ""))


def _paragraph(heading: str, text: str) -> Iterator[Block]:
    if not text.strip():
        return
    yield Heading(heading)
    points = passages.parse(text, passages.PLAIN)
    for point in points:
        yield Paragraph(point.text) if point.plain else Points((point,))


def _nothing(told: Told) -> str:
    return ""


def _purpose(told: Told) -> str:
    return f"To present the {told.register} for {told.quarter} to members."


def _recommendation(told: Told) -> str:
    look = " and to consider the entries suggested for a closer look" if told.closer_look else ""
    return f"Members are asked to note the position in {told.quarter}{look}."


_DEFAULT = {PURPOSE: _purpose, RECOMMENDATION: _recommendation}


def _position(told: Told) -> Iterator[str]:
    risks, opportunities = (told.of_kind(kind) for kind in WORDS)
    if not told.entries:
        yield "The register has no entries in this part."
        return
    yield (
        f"{counted(len(told.entries), 'entry', 'entries')}: {counted(len(risks), 'risk')} and "
        f"{counted(len(opportunities), 'opportunity', 'opportunities')}."
    )
    if told.changes is not None:
        yield from _moved(told)
    yield from _above(told, risks)
    unplaced = [one for one in told.entries if one.score is not None and one.position is None]
    if unplaced:
        yield (
            f"{counted(len(unplaced), 'entry', 'entries')} with a score and no square on the 5×5, "
            f"because only the score was recorded: {_named(unplaced)}."
        )
    unscored = [one for one in told.entries if one.score is None]
    if unscored:
        yield f"{counted(len(unscored), 'entry', 'entries')} without a score: {_named(unscored)}."


def _moved(told: Told) -> Iterator[str]:
    """What became of the entries since the edition before, one sentence for each kind of change."""
    for group, one, several in _SAID_OF:
        changes = told.grouped(group)
        if changes:
            named = _named([change.latest for change in changes])
            yield f"{counted(len(changes), one, several)}: {named}."
    same = len(told.grouped(difference.SAME))
    if same:
        yield f"{counted(same, 'entry', 'entries')} with the score of {told.since}."


_SAID_OF = (
    (difference.ROSE, "risk rose", "risks rose"),
    (difference.FELL, "risk fell", "risks fell"),
    (difference.GREW, "opportunity grew", "opportunities grew"),
    (difference.SHRANK, "opportunity shrank", "opportunities shrank"),
    (difference.NEW, "new entry", "new entries"),
    (difference.CLOSED, "entry closed", "entries closed"),
    (difference.ABSENT, "entry absent, and nobody says why", "entries absent, and nobody says why"),
    (difference.UNKNOWN, "entry without a score to compare", "entries without a score to compare"),
)


def _above(told: Told, risks: Sequence[Content]) -> Iterator[str]:
    scored = [one for one in risks if one.score is not None]
    if not scored:
        return
    above = [one for one in scored if one.above_appetite]
    own = any(one.own_appetite is not None for one in scored)
    appetite = f"the appetite of {told.terms.appetite}"
    if own:
        appetite += ", or of the lower or higher one that some types have"
    named = f", {_named(above)}" if above else ""
    yield f"Above {appetite}: {counted(len(above), 'risk')}{named}."


def _named(entries: Sequence[Content]) -> str:
    """'CR1, CR4 and CO2'; of very many the first, and how many more."""
    return listed([one.reference for one in entries], most=MOST_NAMED)
