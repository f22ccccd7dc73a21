"""The parts of a pack in their order, and what stands at the head and foot of each page."""

from __future__ import annotations

from collections.abc import Iterator

from registers.domain import pack_headings
from registers.domain.english import written
from registers.domain.kinds import WORDS
from registers.exporting.pack import actions, maps, register, report, scores
from registers.exporting.pack.blocks import A4, Block, Heading, Pack, Paragraph
from registers.exporting.pack.facts import ALL, EXEMPT, Told
from registers.exporting.pack.schedule import not_for_publication

DRAFT = "DRAFT"


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
    yield from report.blocks(told)
    yield from maps.blocks(told)
    yield from scores.blocks(told)
    yield from _appendix(told)


def _appendix(told: Told) -> Iterator[Block]:
    yield Heading(pack_headings.REGISTER, 1, new_page=True)
    yield from _register(told)
    yield from actions.appendix(told)
    yield Heading(pack_headings.KEY, new_page=True)
    yield from maps.key(told)


def _register(told: Told, level: int = 2) -> Iterator[Block]:
    for kind in WORDS:
        entries = told.of_kind(kind)
        if not entries:
            continue
        plural = WORDS[kind].plural.capitalize()
        yield Heading(plural, level)
        yield register.table(kind, entries, f"{plural} of {told.quarter}, in ten columns")
    if not told.entries:
        yield Paragraph("There is nothing to print.")
