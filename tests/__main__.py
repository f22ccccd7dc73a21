"""The tests in two runs at the same time: `python -m tests`, or `make test` and `make quick`.

    python -m tests            every test, on SQLite and on PostgreSQL
    python -m tests quick      no Chromium, no other programs, no long walks; SQLite, in halves

What the database can't change runs on one of them: on SQLite what needs none and what happens in
Chromium, on PostgreSQL what goes through a great many pages or files (tests/support/kinds.py).

What is given is passed on to pytest. The first run is shown as it goes, the second when it is
over; both always run to their end, so that one failure does not hide another. The exit code is 0 if
every test passed. What they cover is measured by itself (`make coverage`): it costs a third of the
time.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

import pytest

Runs = dict[str, list[str]]

WHOLE: Runs = {
    "on SQLite": ["--db=sqlite", "-m", "not walks"],
    "on PostgreSQL": ["--db=postgres", "-m", "not pure and (not browser or both)"],
}
QUICKLY = ["--db=sqlite", "-m", "not browser and not processes and not walks"]
QUICK: Runs = {
    "in the first half": [*QUICKLY, "--share=1/2"],
    "in the second half": [*QUICKLY, "--share=2/2"],
}
SLOWEST = "--durations=10"


def start(options: list[str], output: int | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", SLOWEST, *options],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
    )


def exit_codes(runs: Runs) -> dict[str, int]:
    """Run both to their end, and show what each said."""
    shown, kept = runs
    with tempfile.TemporaryFile() as log:
        processes = {kept: start(runs[kept], log.fileno()), shown: start(runs[shown])}
        try:
            codes = {name: process.wait() for name, process in processes.items()}
        except KeyboardInterrupt:
            # Ctrl+C has reached them too; they put away what they made.
            for process in processes.values():
                process.wait()
            raise
        log.seek(0)
        sys.stdout.flush()
        sys.stdout.buffer.write(log.read())
        sys.stdout.flush()
    return codes


def failures(codes: dict[str, int]) -> list[str]:
    """Where a test failed. A run that was left without a test did not, unless neither had one."""
    nothing = pytest.ExitCode.NO_TESTS_COLLECTED
    if all(code == nothing for code in codes.values()):
        return list(codes)
    return [name for name, code in codes.items() if code not in (0, nothing)]


def main(arguments: list[str]) -> int:
    quick = arguments[:1] == ["quick"]
    runs, more = (QUICK, arguments[1:]) if quick else (WHOLE, arguments)
    try:
        failed = failures(exit_codes({name: [*options, *more] for name, options in runs.items()}))
    except KeyboardInterrupt:
        return 130
    print(f"Tests failed {' and '.join(failed)}." if failed else "Every test passed.")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
