"""Tables to read, from texts alone: no file and no database.

read(["Ref", "Risk", "Score", "Owner"], ["CR1", "A risk", "16", "Head of Audit"])
"""

from __future__ import annotations

from collections.abc import Sequence

from registers.domain.quarters import Quarter
from registers.importing.as_read import EditionAsRead, EntryAsRead, Vocabulary
from registers.importing.documents import Document, Table
from registers.importing.printed import EditionAsPrinted, Instructions
from registers.importing.readers.grids import rows_of
from registers.importing.reading import read_edition
from registers.importing.tables import read_tables

TITLE = "Corporate Risk Register"


def table(*rows: Sequence[str], number: int = 1, above: tuple[str, ...] = ()) -> Table:
    return Table(number, tuple(rows_of(rows)), above)


def printed(*rows: Sequence[str], quarter: str = "2023-24-q1", **told: object) -> EditionAsPrinted:
    return tables(table(*rows), quarter=quarter, **told)


def tables(*several: Table, quarter: str = "2023-24-q1", **told: object) -> EditionAsPrinted:
    instructions = Instructions(Quarter.parse(quarter), **told)
    return read_tables(Document(TITLE, several), instructions)


def read(*rows: Sequence[str], **told: object) -> EditionAsRead:
    said = {name: value for name, value in told.items() if name != "quarter"}
    return read_edition(printed(*rows, **told), Vocabulary(), Instructions(**said))


def scores(entry: EntryAsRead) -> dict[str, tuple[int, int, int] | int | None]:
    """Today's, the residual and the inherent score: (score, impact, likelihood) if placed."""
    return {
        name: (r.score, r.position.impact, r.position.likelihood) if r.position else r.score
        for name in ("score", "residual", "inherent")
        if (r := getattr(entry, name)).score is not None
    }


def messages(edition: EditionAsRead) -> str:
    return " ".join(str(one) for one in (*edition.problems, *edition.questions))
