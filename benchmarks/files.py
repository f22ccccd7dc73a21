"""python -m benchmarks.files FOLDER: hostile files at every reader, and how long whole ones take.

    python -m benchmarks.files FOLDER --count 2000 --seed 1 --kind pdf
    python -m benchmarks.files FOLDER --times

Real files from the folders are damaged: bytes, parts of an archive, words in their text. Each is
read and planned in a process of its own. None may end otherwise than with a register or with
UnreadableFile, take longer than 10 s, or more than 500 MB. There is no database: a reader that
asked for one would crash, so none can change a row.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from textwrap import fill

from django.conf import settings
from lxml import etree

MOST_SECONDS, MOST_MEGABYTES = 10, 500
KINDS = {
    "docx": (".docx",),
    "xlsx": (".xlsx",),
    "pdf": (".pdf",),
    "csv": (".csv", ".tsv"),
    "paste": (".html", ".htm", ".csv", ".tsv"),
}
READ, REFUSED, CRASHED, HUNG, HEAVY = "read", "refused", "crashed", "hung", "too heavy"
NASTY = (
    "‮CR1‬", "\u200b", "￾", "&#0;", "=cmd|' /C calc'!A0", "Ω" * 5000, "25" * 400, "\t\t\n",
    "]]>", "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]>", "&a;", "1e309", "-16", "\x0b\x1b[31m",
    "CR1" * 300, "()" * 2000, "(((((((" * 200, "Ⅷ", "१६", "🟥",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=2_000, help="of each kind")
    parser.add_argument("--first", type=int, default=0, help="of those, the number to begin with")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--times", action="store_true", help="whole registers of 20 and 500 rows")
    options = parser.parse_args()
    settings.configure()
    # Loaded once: each child has it by its birth.
    import_module("registers.importing.readers.files")
    import_module("registers.importing.report")
    if options.times:
        times()
        return
    worst = 0
    for kind in options.kind or KINDS:
        numbers = range(options.first, options.first + options.count)
        outcomes, longest, most = fuzz(kind, options.folders, numbers, options.seed)
        worst += sum(outcomes[bad] for bad in (CRASHED, HUNG, HEAVY))
        print(f"{kind}: {dict(outcomes)}, at most {longest:.1f} s and {most} MB", flush=True)
    sys.exit(bool(worst))


def fuzz(
    kind: str, folders: list[Path], numbers: Iterable[int], seed: int
) -> tuple[Counter[str], float, int]:
    """Outcomes of damaged files of a kind, the most seconds of the processor that one took, and the
    most megabytes; each bad one is told as it comes.
    """
    files = [
        path
        for folder in folders
        for path in sorted(folder.iterdir())
        if path.suffix in KINDS[kind] and path.stat().st_size < 3_000_000
    ]
    outcomes: Counter[str] = Counter()
    longest, most = 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            chance = random.Random(f"{seed}:{kind}:{number}")
            source = chance.choice(files)
            path = Path(folder, f"case{_ending(chance, source)}")
            path.write_bytes(damaged(source.read_bytes(), chance))
            outcome, seconds, megabytes, told = in_a_child(path, kind)
            outcomes[outcome] += 1
            longest, most = max(longest, seconds), max(most, megabytes)
            if outcome not in (READ, REFUSED):
                line = f"{kind} {seed}:{number} {source.name}: {outcome}"
                print(f"{line}, {seconds:.1f} s, {megabytes} MB {told}", flush=True)
    return outcomes, longest, most


def _ending(chance: random.Random, source: Path) -> str:
    """Most keep their own; some carry the wrong one."""
    others = [ending for endings in KINDS.values() for ending in endings]
    return chance.choice(others) if chance.random() < 0.05 else source.suffix


# Damage -------------------------------------------------------------------------------------------


def damaged(content: bytes, chance: random.Random) -> bytes:
    if zipfile.is_zipfile(io.BytesIO(content)) and chance.random() < 0.8:
        return _of_an_archive(content, chance)
    how = _words if chance.random() < 0.4 and not content.startswith(b"PK") else _bytes
    return how(content, chance)


def _of_an_archive(content: bytes, chance: random.Random) -> bytes:
    """One or a few parts are damaged, most so that they are still XML; or one is missing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        names = before.namelist()
        main = [name for name in names if name.endswith(("document.xml", "sheet1.xml"))]
        chosen = {chance.choice(names), *(main if chance.random() < 0.8 else ())}
        missing = chance.choice(names) if chance.random() < 0.05 else ""
        for name in names:
            if name != missing:
                part = before.read(name)
                after.writestr(name, _part(part, chance) if name in chosen else part)
    return out.getvalue()


def _part(part: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.15:
        return chance.choice((_bytes, _words, _elements))(part, chance)
    try:
        root = etree.fromstring(part)
    except etree.XMLSyntaxError:
        return _bytes(part, chance)
    for _ in range(chance.randint(1, 8)):
        _one_element(root, chance)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _one_element(root: etree._Element, chance: random.Random) -> None:
    """An element goes, stands twice, stands elsewhere, or says something else."""
    every = [one for one in root.iter() if isinstance(one.tag, str)]
    one, other = chance.choice(every), chance.choice(every)
    what = chance.random()
    if what < 0.4:
        one.text = "".join(sign for sign in chance.choice(NASTY) if sign.isprintable())
    elif what < 0.55 and one.attrib:
        one.set(chance.choice(list(one.attrib)), chance.choice(("", "-1", "99999999", "x", "0")))
    elif what < 0.7 and one.getparent() is not None:
        one.getparent().remove(one)
    elif what < 0.85 and one.getparent() is not None:
        one.addnext(deepcopy(one))
    elif one.getparent() is not None and one not in other.iterancestors() and one is not other:
        other.append(one)


def _bytes(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.randint(1, 20)):
        place = chance.randrange(max(len(data), 1))
        what = chance.random()
        if what < 0.6 and data:
            data[place] = chance.randrange(256)
        elif what < 0.8:
            data[place:place] = chance.randbytes(chance.randint(1, 40))
        else:
            del data[place : place + chance.randint(1, 200)]
    return bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.1 else data)


def _words(content: bytes, chance: random.Random) -> bytes:
    """Words in the place of others, between marks."""
    pieces = content.split(b">") if b">" in content[:200] else content.split(b",")
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(pieces))
        nasty = chance.choice(NASTY).encode("utf-8", "surrogatepass")
        head, mark, tail = pieces[place].partition(b"<")
        pieces[place] = (nasty if chance.random() < 0.7 else head + nasty) + mark + tail
    return (b">" if b">" in content[:200] else b",").join(pieces)


def _elements(content: bytes, chance: random.Random) -> bytes:
    """A stretch between two marks is repeated, taken away or put elsewhere."""
    pieces = content.split(b"<")
    one, other = sorted(chance.randrange(len(pieces)) for _ in range(2))
    stretch = pieces[one:other][:400]
    what = chance.random()
    if what < 0.3:
        pieces[one:one] = stretch * chance.choice((1, 3, 60))
    elif what < 0.7:
        del pieces[one : one + len(stretch)]
    else:
        place = chance.randrange(len(pieces))
        pieces[place:place] = stretch
    return b"<".join(pieces)


# Reading ------------------------------------------------------------------------------------------


def in_a_child(path: Path, kind: str) -> tuple[str, float, int, str]:
    """The outcome of reading a file, the seconds of the processor and the megabytes that it took,
    those of the program that takes a PDF apart among them, and what a crash said.
    """
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        os.write(writes, _outcome(path, kind).encode()[:2000])
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        told = pipe.read().decode(errors="replace")
    _, status, usage = os.wait4(child, 0)
    seconds, megabytes = usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024
    outcome, _, rest = told.partition("|")
    if os.WIFSIGNALED(status):
        outcome = HUNG if os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGPROF) else CRASHED
    if outcome in (READ, REFUSED) and seconds > MOST_SECONDS:
        outcome = HUNG
    if outcome in (READ, REFUSED) and megabytes > MOST_MEGABYTES:
        outcome = HEAVY
    return outcome or CRASHED, seconds, megabytes, rest


def _outcome(path: Path, kind: str) -> str:
    # Of its own time: another program may have the machine for a while.
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    signal.alarm(30 * MOST_SECONDS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from registers.importing.printed import UnreadableFile

    try:
        plan_of(path, kind)
    except UnreadableFile:
        return f"{REFUSED}|"
    except BaseException as error:  # noqa: BLE001 - a crash of any kind is what is looked for
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
        return f"{CRASHED}|{type(error).__name__}: {str(error)[:200]} at {where}"
    return f"{READ}|"


def plan_of(path: Path, kind: str) -> object:
    """Read a file and plan its import into an empty register."""
    from registers.domain.quarters import Quarter
    from registers.importing.as_read import Vocabulary
    from registers.importing.known import KnownRegister
    from registers.importing.plan import make_plan
    from registers.importing.printed import Instructions
    from registers.importing.readers.files import read_paste, read_register
    from registers.importing.report import as_json

    told = Instructions(Quarter(2024, 1))
    if kind == "paste":
        printed = read_paste(path.read_bytes().decode(errors="replace"), told)
    else:
        printed = read_register(path, told)
    known = KnownRegister("x", "X", Vocabulary(), (), None, None, None, frozenset())
    return as_json(make_plan(printed, known, Quarter(2024, 1), None, told))


# Times --------------------------------------------------------------------------------------------


def times() -> None:
    """Seconds to read and plan whole registers of 20 and of 500 rows, the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        for ending, write in WRITERS.items():
            for rows in (20, 500):
                path = Path(folder, f"register{ending}")
                write(path, list(_rows(rows)))
                plan_of(path, ending[1:])
                best = min(_seconds(path, ending[1:]) for _ in range(3))
                print(f"{ending[1:]}: {rows} rows in {best:.2f} s")


def _seconds(path: Path, kind: str) -> float:
    started = time.perf_counter()
    plan_of(path, kind)
    return time.perf_counter() - started


HEADINGS = ("Ref", "Risk description", "Consequences", "Current controls", "Risk score", "Actions",
            "Residual score", "Risk owner", "Direction of travel")  # fmt: skip


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    yield HEADINGS
    chance = random.Random(1)
    words = "roads schools savings carers bridges data floods staff homes waste trees buses".split()
    for number in range(1, count + 1):
        text = [" ".join(chance.choices(words, k=12)).capitalize() for _ in range(4)]
        post = f"Head of {chance.choice(words)}"
        yield (f"CR{number}", *text[:3], "16", text[3], "9", post, "Level")


def _csv(path: Path, rows: list[tuple[str, ...]]) -> None:
    path.write_text("\n".join(",".join(row) for row in rows))


def _xlsx(path: Path, rows: list[tuple[str, ...]]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def _docx(path: Path, rows: list[tuple[str, ...]]) -> None:
    from docx import Document

    document = Document()
    table = document.add_table(rows=len(rows), cols=len(HEADINGS))
    for line, row in zip(table._tbl.tr_lst, rows, strict=True):
        for cell, text in zip(line.tc_lst, row, strict=True):
            cell.p_lst[0].add_r().text = text
    document.save(path)


def _html(path: Path, rows: list[tuple[str, ...]]) -> None:
    """What a browser gives of a copied table."""
    lines = ("".join(f"<td>{text}</td>" for text in row) for row in rows)
    path.write_text(f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>")


# How many rows a page holds, and the widths of its columns in points.
PER_PAGE, WIDTHS = 7, (40, 130, 130, 130, 40, 130, 40, 90, 50)


def _pdf(path: Path, rows: list[tuple[str, ...]]) -> None:
    """Ruled, with the headings on each page."""
    from tests.importing.pdfs import Pdf

    pdf, heading = Pdf(), rows[0]
    for start in range(1, len(rows), PER_PAGE):
        if start > 1:
            pdf.page()
        page = [heading, *rows[start : start + PER_PAGE]]
        folded = [
            [fill(text, int(wide / 4.6)) for text, wide in zip(row, WIDTHS, strict=True)]
            for row in page
        ]
        pdf.table(20, 20, WIDTHS, folded)
    pdf.save(path)


WRITERS: dict[str, Callable[[Path, list[tuple[str, ...]]], None]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".docx": _docx,
    ".paste": _html,
    ".pdf": _pdf,
}

if __name__ == "__main__":
    main()
