"""The job that reads a file and makes the plan of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from registers.domain.quarters import Quarter
from registers.importing.documents import Document
from registers.importing.plan import CannotApply, Plan, make_plan
from registers.importing.printed import AnotherScale, EditionAsPrinted, UnreadableFile
from registers.importing.quarters_named import every_named_in
from registers.importing.readers.files import PASTED, open_document, with_a_register
from registers.importing.readers.text import read_text
from registers.importing.reading import read_edition
from registers.importing.register_state import known_register
from registers.importing.report import as_json
from registers.importing.review.said import decisions_of, remembered_of, told_of
from registers.jobs import JobFailed, Work
from registers.models import Import

STEPS = 3


def read(work: Work) -> dict[str, Any]:
    """Read the file of an import; keep the plan, if nothing else was said meanwhile."""
    import_ = Import.objects.select_related("register", "file").get(pk=work.asked["import"])
    plan = planned(import_, work)
    values = {"plan": None, "plan_version": None}
    if plan is not None:
        values = {"plan": as_plain(plan), "plan_version": import_.version, "quarter": plan.quarter}
    with work.mine():
        Import.objects.open().filter(pk=import_.pk, version=import_.version).update(**values)
    return {} if plan else {"needs": "quarter"}


def planned(import_: Import, work: Work) -> Plan | None:
    """The plan of an import as it is now said to be; None where nobody names its quarter.

    Raises JobFailed with a sentence.
    """
    try:
        return _planned(import_, work)
    except AnotherScale as error:
        raise JobFailed(str(error), needs="levels") from error
    except (UnreadableFile, CannotApply) as error:
        raise JobFailed(str(error)) from error


def _planned(import_: Import, work: Work) -> Plan | None:
    work.tell(0, STEPS, f"Opening {import_.file.name}.")
    document = document_of(import_)
    quarter = import_.quarter or quarter_named(document, import_.file.name)
    rows = sum(len(table.rows) for table in document.tables)
    work.tell(1, STEPS, f"Reading {rows} rows.")
    remembered = remembered_of(import_.register)
    told = told_of(import_.said, quarter, remembered, ())
    printed = with_a_register(document, import_.file.name, told)
    if quarter is None:
        return None  # it is a register, so it is worth asking whose quarter it is
    work.tell(2, STEPS, f"Comparing {len(printed.entries)} entries with the register.")
    known = known_register(import_.register, quarter)
    there = _references(printed, import_, known)
    told = told_of(import_.said, quarter, remembered, there)
    return make_plan(printed, known, quarter, decisions_of(import_.said, there), told)


def _references(printed: EditionAsPrinted, import_: Import, known: Any) -> set[str]:
    """The references that the file has; looked for only where something was said of entries."""
    if not (import_.said.get("rows") or import_.said.get("matches")):
        return set()
    told = told_of(import_.said, None, {}, ())
    return {entry.reference for entry in read_edition(printed, known.vocabulary, told).entries}


def document_of(import_: Import) -> Document:
    """The tables of the file. Raises UnreadableFile."""
    content = bytes(import_.file.content)
    if import_.is_paste:
        return read_text(content.decode(), PASTED)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(import_.file.name).name or "file")
        path.write_bytes(content)
        return open_document(path)


def quarter_named(document: Document, name: str) -> Quarter | None:
    """The quarter that a document calls itself: its title, the lines above its tables, its name."""
    return next(_quarters(document, name), None)


def _quarters(document: Document, name: str) -> Iterator[Quarter]:
    above = (line for table in document.tables[:1] for line in (*table.above, table.name))
    for line in (document.title, *document.mentions, *above, name.replace("_", " ")):
        for named in every_named_in(line):
            if named.is_quarter and named.year is not None:
                yield Quarter(named.year, named.number)


def as_plain(plan: Plan) -> dict[str, Any]:
    """The plan as it is kept: without what differs each time it is made."""
    return {name: value for name, value in as_json(plan).items() if name != "timings"}
