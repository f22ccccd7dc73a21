"""A whole pack of our own → its register alone: Appendix A, and none of the report's tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from registers.domain.pack_headings import AFTER_REGISTER, REGISTER
from registers.importing.documents import Document, Table


def register_of(document: Document) -> Document:
    """The tables of Appendix A, if a document has a heading of that name; else all it has."""
    tables = list(_of_appendix(document))
    if not tables:
        return document
    numbered = (replace(table, number=number) for number, table in zip(count(1), tables))
    return replace(document, tables=tuple(numbered))


def _of_appendix(document: Document) -> Iterator[Table]:
    inside = False
    for table in document.tables:
        above = table.above
        if REGISTER in above:
            inside = True
            above = above[above.index(REGISTER) + 1 :]
        elif inside and any(line in AFTER_REGISTER for line in above):
            return
        if inside:
            yield replace(table, above=above)
