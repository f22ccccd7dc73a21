"""Every test on SQLite and on PostgreSQL, at the same time: `python -m tests`, or `make test`.

What is given is passed on to pytest. SQLite's run is shown as it goes, PostgreSQL's when it is
over; both always run to their end, so that one failure does not hide another. Then the coverage,
measured on SQLite alone: measuring costs a third of the time, and the code is the same. The exit
code is 0 if every test passed on both.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

SHOWN, KEPT = DATABASES = ("sqlite", "postgres")


def run(database: str, arguments: list[str], output: int | None = None) -> subprocess.Popen[bytes]:
    measured = ["--cov", "--cov-report="] if database == SHOWN else []
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", f"--db={database}", *measured, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
    )


def coverage(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "coverage", *arguments], check=False)


def main(arguments: list[str]) -> int:
    coverage("erase")
    with tempfile.TemporaryFile() as log:
        runs = {KEPT: run(KEPT, arguments, log.fileno()), SHOWN: run(SHOWN, arguments)}
        try:
            failed = [database for database in DATABASES if runs[database].wait()]
        except KeyboardInterrupt:
            # Ctrl+C has reached them too; they put away what they made.
            for process in runs.values():
                process.wait()
            return 130
        log.seek(0)
        sys.stdout.flush()
        sys.stdout.buffer.write(log.read())
        sys.stdout.flush()
    coverage("report")
    print(f"Tests failed on {' and '.join(failed)}." if failed else "Every test passed on both.")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
