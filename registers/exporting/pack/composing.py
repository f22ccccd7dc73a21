"""What a pack says, in order: computed numbers as computed, a manager's paragraphs as written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from registers.domain import difference, movement, passages, scale
from registers.domain.content import COMMENTARY, Content
from registers.domain.difference import Change
from registers.domain.english import counted, listed, written
from registers.domain.flags import Flag
from registers.domain.headlines import shortened
from registers.domain.kinds import WORDS
from registers.domain.passages import Point
from registers.exporting.pack import maps, register
from registers.exporting.pack.blocks import (
    A4,
    Block,
    Cell,
    Column,
    Heading,
    Pack,
    Paragraph,
    Points,
    Table,
    cell,
)
from registers.exporting.pack.facts import ALL, EXEMPT, NOT_REACHED, STANDS_STILL, Past, Told
from registers.exporting.pack.schedule import not_for_publication

DRAFT = "DRAFT"
KINDS = (scale.RISK, scale.OPPORTUNITY)

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


def compose(told: Told, paper: str = A4, *, whole: bool = True) -> Pack:
    """A part of the pack, as blocks: the whole of it, or Appendix A alone, which can be read back
    by an import.
    """
    return Pack(
        title=f"{told.register}, {told.quarter}",
        council=told.council,
        under=tuple(_under(told)),
        mark=" · ".join(filter(None, [DRAFT * told.is_draft, _closed_to_the_public(told)])),
        foot=f"{told.register}, {told.quarter}, {_issue(told)}",
        blocks=tuple(_blocks(told) if whole else _register(told, 1)),
        paper=paper,
    )


def _under(told: Told) -> Iterator[str]:
    """The lines below the title: to whom, when, and which issue this is."""
    meets = f", {written(told.committee_on)}" if told.committee_on else ""
    if told.committee or meets:
        yield f"{told.committee or 'The committee'}{meets}"
    if told.is_draft:
        yield f"Draft as of {written(told.terms.as_at)}: not published, and may still change."
    else:
        on = f" on {written(told.published_on)}" if told.published_on else ""
        yield f"Published{on}, issue {told.issue}."
    if told.correction:
        yield f"Corrects issue {told.issue - 1}: {told.correction}"
    if told.part == EXEMPT:
        yield f"Part II. {not_for_publication(told.paragraphs)}"
    elif told.part == ALL and told.held_back:
        yield f"Parts I and II. {not_for_publication(told.paragraphs)}"


def _closed_to_the_public(told: Told) -> str:
    shut = told.part == EXEMPT or (told.part == ALL and told.held_back)
    return "NOT FOR PUBLICATION" if shut else ""


def _issue(told: Told) -> str:
    return "draft" if told.is_draft else f"issue {told.issue}"


def _blocks(told: Told) -> Iterator[Block]:
    yield from _report(told)
    yield from maps.blocks(told)
    yield from _scores(told)
    yield from _appendix(told)


# The covering report ------------------------------------------------------------------------------


def _report(told: Told) -> Iterator[Block]:
    yield Heading("Covering report", 1)
    for name, heading, _ in PARAGRAPHS[:3]:
        yield from _paragraph(heading, told.texts.get(name) or _DEFAULT.get(name, _nothing)(told))
    yield Heading("Position this quarter")
    yield Points(tuple(Point(line) for line in _position(told)))
    if told.part != EXEMPT and told.part != ALL and told.held_back:
        yield Paragraph(f"Part II of this pack is separate. {not_for_publication(told.paragraphs)}")
    yield from _changes(told)
    yield from _not_reached(told)
    yield from _late(told)
    yield from _still(told)
    yield from _closer_look(told)
    yield from _questions(told)
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
    risks, opportunities = (told.of_kind(kind) for kind in KINDS)
    if not told.entries:
        yield "The register has no entries in this part."
        return
    yield (
        f"{_entries(len(told.entries))}: {counted(len(risks), 'risk')} and "
        f"{len(opportunities)} {_kind(scale.OPPORTUNITY, len(opportunities))}."
    )
    if told.changes is not None:
        yield from _moved(told)
    yield from _above(told, risks)
    unplaced = [one for one in told.entries if one.score is not None and one.position is None]
    if unplaced:
        yield (
            f"{_entries(len(unplaced))} with a score and no square on the 5×5, because only the "
            f"score was recorded: {_named(unplaced)}."
        )
    unscored = [one for one in told.entries if one.score is None]
    if unscored:
        yield f"{_entries(len(unscored))} without a score: {_named(unscored)}."


def _moved(told: Told) -> Iterator[str]:
    """What became of the entries since the edition before, one sentence for each kind of change."""
    for group, one, several in _SAID_OF:
        changes = told.grouped(group)
        if changes:
            words = one if len(changes) == 1 else several
            yield f"{len(changes)} {words}: {_named([change.latest for change in changes])}."
    same = len(told.grouped(difference.SAME))
    if same:
        yield f"{_entries(same)} with the score of {told.since}."


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


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _kind(kind: str, count: int) -> str:
    return WORDS[kind].name if count == 1 else WORDS[kind].plural


MOST_NAMED = 30


def _named(entries: Sequence[Content]) -> str:
    """'CR1, CR4 and CO2'; of very many the first, and how many more."""
    names = [one.reference for one in entries[:MOST_NAMED]]
    if (more := len(entries) - MOST_NAMED) > 0:
        return f"{', '.join(names)} and {more} more"
    return listed(names)


# Its tables ---------------------------------------------------------------------------------------


def _changes(told: Told) -> Iterator[Block]:
    if told.since is None:
        yield Heading("Changes")
        yield Paragraph("There is no earlier edition to compare this one with.")
        return
    yield Heading(f"Changes since {told.since}")
    if not told.changed:
        yield Paragraph(f"No entry came, went, moved or took another number since {told.since}.")
        return
    columns = [
        Column("Ref", 0.6),
        Column(f"In {told.since}", 0.8),
        Column("Title", 2.6),
        Column("Score before", 0.75, True),
        Column("Score now", 0.75, True),
        Column("Residual", 1.35, True),
        Column("Direction stated", 0.9),
        Column("What changed, and the reason", 4.2),
    ]
    yield Table(
        f"Entries that came, went, moved or were renumbered since {told.since}",
        columns,
        [_change(change) for change in told.changed],
    )


def _change(change: Change) -> list[Cell]:
    before, after, latest = change.before, change.after, change.latest
    return [
        cell(after.reference if after else "–", strong=True),
        cell(before.reference if before else "–"),
        cell(latest.title),
        _score(before),
        _score(after),
        cell(_residual(after)) if after else cell("–"),
        cell((after.direction.capitalize() or "Not stated") if after else "–"),
        cell(" ".join(filter(None, [_became(change), _reason(change)]))),
    ]


def _score(one: Content | None) -> Cell:
    if one is None:
        return cell("–")
    if one.score is None:
        return cell("None")
    return cell(one.score, one.bands.code(one.score, one.kind), strong=True)


def _residual(one: Content) -> str:
    if one.residual_score is None:
        return "None"
    by = f"\nby {written(one.residual_by)}" if one.residual_by else ""
    return f"{one.residual_score}{by}"


_BECAME = {
    difference.ROSE: "Rose.",
    difference.FELL: "Fell.",
    difference.GREW: "Grew.",
    difference.SHRANK: "Shrank.",
    difference.NEW: "New.",
    difference.ABSENT: "Absent, and nobody says why.",
    difference.UNKNOWN: "Score not known in one of the two.",
}


def _became(change: Change) -> str:
    if change.group == difference.CLOSED and change.ending:
        return f"{change.ending.words}."
    said = [_BECAME.get(change.group, "")]
    if change.movement.kind == movement.LEVEL and change.moved_square:
        said.append("Another square of the same score.")
    if change.renumbered:
        said.append("Renumbered.")
    return " ".join(filter(None, said))


def _reason(change: Change) -> str:
    """The reason that was given for an ending; else the first point of the owner's commentary."""
    if change.after is None:
        return shortened(change.ending.reason) if change.ending else ""
    points = passages.parse(change.after.texts.get(COMMENTARY, ""), passages.PLAIN)
    return shortened(points[0].text) if points else ""


def _not_reached(told: Told) -> Iterator[Block]:
    yield from _flagged(
        "Residual scores promised and not reached",
        "Residual scores whose day has gone by, or that were promised for long",
        [(one, one.flagged(NOT_REACHED)) for one in told.in_order],
        "No residual score is past its day, or has been promised for long.",
    )


def _still(told: Told) -> Iterator[Block]:
    yield from _flagged(
        "What stands still",
        "Scores above appetite, and texts, that read as they did editions ago",
        [(one, one.flagged(STANDS_STILL)) for one in told.in_order],
        "No score above appetite, no control and no action has stood unchanged for long.",
    )


def _closer_look(told: Told) -> Iterator[Block]:
    yield Heading("Suggested for a closer look")
    if not told.closer_look:
        yield Paragraph("Nothing in the record singles out an entry.")
        return
    yield _reasons(
        "Entries that lead in something, with each reason",
        [(told.pasts[dive.content.entry], dive.reasons) for dive in told.closer_look],
    )


def _flagged(
    heading: str, summary: str, found: Iterable[tuple[Past, Sequence[Flag]]], none: str
) -> Iterator[Block]:
    yield Heading(heading)
    named = [
        (one, [f"{flag.title}. {flag.sentence}" for flag in flags]) for one, flags in found if flags
    ]
    yield _reasons(summary, named) if named else Paragraph(none)


def _reasons(summary: str, found: Iterable[tuple[Past, Iterable[str]]]) -> Table:
    """Entries with their scores, and what the record says of each."""
    columns = [
        Column("Ref", 0.6),
        Column("Title", 3),
        Column("Score", 0.7, True),
        Column("Residual", 1.55, True),
        Column("What the record shows", 6),
    ]
    return Table(
        summary,
        columns,
        [
            [
                cell(one.latest.reference, strong=True),
                cell(one.latest.title),
                _score(one.latest),
                cell(_residual(one.latest)),
                Cell(tuple(Point(reason) for reason in reasons)),
            ]
            for one, reasons in found
        ],
    )


def _late(told: Told) -> Iterator[Block]:
    yield Heading("Actions overdue, or put off this quarter")
    late = [(one, line) for one in told.in_order for line in one.late]
    if not late:
        yield Paragraph("No action is overdue, and none was put off this quarter.")
        return
    columns = [
        Column("Ref", 0.6),
        Column("Action", 5),
        Column("Lead", 2),
        Column("Due", 1.2),
        Column("What the record shows", 2.6),
    ]
    yield Table(
        "Actions that are overdue or were put off, with who leads them and when they are due",
        columns,
        [
            [
                cell(one.latest.reference, strong=True),
                cell(line.action.text),
                cell(line.action.lead or "Not named"),
                cell(line.due),
                cell("\n".join((line.word, *line.notes))),
            ]
            for one, line in late
        ],
    )


def _questions(told: Told) -> Iterator[Block]:
    if not told.questions:
        return
    yield Heading("Questions that are still open")
    columns = [Column("Ref", 0.6), Column("Question", 6), Column("Asked on", 1.2)]
    yield Table(
        "Members' questions without an answer",
        columns,
        [
            [cell(one.reference, strong=True), cell(one.text), cell(written(one.asked_on))]
            for one in told.questions
        ],
    )


# The scores side by side, and the register --------------------------------------------------------


def _scores(told: Told) -> Iterator[Block]:
    if not told.entries:
        return
    first, last = told.quarters[0], told.quarters[-1]
    yield Heading("Scores side by side", 1, new_page=True)
    yield Paragraph(
        f"The score of each entry in the editions from {first} to {last}, as it was published. A "
        "dash: the entry was not in that edition, or had no score."
    )
    columns = [
        Column("Ref", 0.6),
        Column("Title", 3.4),
        *(Column(quarter.label, 0.8, True) for quarter in told.quarters),
        Column("Residual", 0.8, True),
    ]
    yield Table("Scores of each entry, edition by edition", columns, [*_score_rows(told)])


def _score_rows(told: Told) -> Iterator[list[Cell]]:
    for one in told.in_order:
        latest = one.latest
        yield [
            cell(latest.reference, strong=True),
            cell(latest.title),
            *(_banded(latest, one.scores.get(quarter)) for quarter in told.quarters),
            _banded(latest, latest.residual_score),
        ]


def _banded(one: Content, score: int | None) -> Cell:
    return cell("–") if score is None else cell(score, one.bands.code(score, one.kind))


def _appendix(told: Told) -> Iterator[Block]:
    yield Heading("Appendix A: the register", 1, new_page=True)
    yield from _register(told)
    yield from _actions(told)
    yield Heading("Key to scores", new_page=True)
    yield from maps.key(told)


def _register(told: Told, level: int = 2) -> Iterator[Block]:
    for kind in KINDS:
        entries = told.of_kind(kind)
        if not entries:
            continue
        plural = WORDS[kind].plural.capitalize()
        yield Heading(plural, level)
        yield register.table(kind, entries, f"{plural} of {told.quarter}, in ten columns")
    if not told.entries:
        yield Paragraph("There is nothing to print.")


def _actions(told: Told) -> Iterator[Block]:
    """Who leads each action and when it is due, where that is recorded."""
    lines = [(one, line) for one in told.in_order for line in one.lines]
    known = [(one, line) for one, line in lines if _is_recorded(line)]
    if not known:
        return
    yield Heading("Appendix B: the actions", 1, new_page=True)
    columns = [
        Column("Ref", 0.6),
        Column("Action", 5),
        Column("Lead", 2),
        Column("Due", 1.2),
        Column("Status", 2.6),
    ]
    yield Table(
        "Every action with its lead, its due date and its status",
        columns,
        [
            [
                cell(one.latest.reference, strong=True),
                cell(line.action.text),
                cell(line.action.lead),
                cell(line.due),
                cell("\n".join((line.word, *line.notes))),
            ]
            for one, line in known
        ],
    )


def _is_recorded(line) -> bool:
    return bool(line.action.lead or line.action.due or line.action.status)
