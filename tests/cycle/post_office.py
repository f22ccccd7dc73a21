"""A real SMTP listener on this machine, that keeps what it is given, refuses, or keeps waiting."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event

from aiosmtpd.controller import Controller


class PostOffice:
    """What arrived is in `mails`, in order.

    `refused` holds addresses that are refused. With `holds` it keeps the first mail, and only
    answers when `go_on` is set; `holding` says that it has come. With `waits_for` it answers no
    mail before so many connections have brought one.
    """

    def __init__(
        self, *, refused: tuple[str, ...] = (), holds: bool = False, waits_for: int = 1
    ) -> None:
        self.refused, self.holds, self.waits_for = set(refused), holds, waits_for
        self.refuses_all = False
        self.mails: list[EmailMessage] = []
        self.holding, self.go_on = Event(), Event()
        self.peers: set[object] = set()
        self.all_there: asyncio.Event | None = None

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if self.refuses_all or address in self.refused:
            return "550 No such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.holds:
            self.holds = False
            self.holding.set()
            await asyncio.to_thread(self.go_on.wait, 30)
        self.all_there = self.all_there or asyncio.Event()
        self.peers.add(session.peer)
        if len(self.peers) >= self.waits_for:
            self.all_there.set()
        await asyncio.wait_for(self.all_there.wait(), 30)
        return "250 OK"

    def to(self, person) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == person.email]

    @property
    def recipients(self) -> list[str]:
        return sorted(mail["To"] for mail in self.mails)


@contextmanager
def listening(office: PostOffice) -> Iterator[int]:
    """The port it listens on."""
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        office.go_on.set()
        controller.stop()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def use_smtp(settings, port: int) -> None:
    """Let this process send its mail there, until the test is over."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
