"""Sending what is queued: nothing lost, and nothing twice but for one case.

A notice is taken in a transaction of its own (two processes never take the same one), sent with no
transaction open (a slow mail server holds up nobody's work), then marked as sent. A process that
dies between the last two leaves it taken; after a while another takes it over and that one mail
goes out again, with the same Message-ID. Better told twice than not at all.
"""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from time import monotonic

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from registers.cycle.notices.composing import compose
from registers.models import Notice
from registers.models.notice import NoticeQuerySet

log = logging.getLogger(__name__)

# After a verb somebody waits for their page: what takes longer is left to `manage.py remind`.
SECONDS_AFTER_COMMIT = 5

# The server said no to this one mail or hung up on it, or the address is none at all.
_OF_THIS_MAIL = (
    smtplib.SMTPResponseException,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPNotSupportedError,
    ValueError,
)


@dataclass(slots=True)
class Delivery:
    """What became of the notices. `problems` has a sentence for each that failed.

    `unreadable` counts those of which no mail could be written, whatever the mail server says.
    """

    sent: int = 0
    withdrawn: int = 0
    unreadable: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def nothing_went_out(self) -> bool:
        return bool(self.problems) and not self.sent


def deliver_after_commit(notices: NoticeQuerySet) -> None:
    """Try to send these as soon as the transaction they were queued in has committed.

    A failure is logged and never reaches the page: what was done is done, and the mail is kept.
    """
    transaction.on_commit(partial(_try, notices), robust=True)


def _try(notices: NoticeQuerySet) -> None:
    delivery = deliver(notices, seconds=SECONDS_AFTER_COMMIT)
    for problem in delivery.problems:
        log.warning("%s It is kept for the next run of remind.", problem)


def deliver(
    notices: NoticeQuerySet | None = None,
    *,
    now: datetime | None = None,
    seconds: float | None = None,
) -> Delivery:
    """Send these notices, or all that are queued, each tried once; within so many seconds.

    Stops at the first sign that the mail server is not there at all.
    """
    return _Run(notices if notices is not None else Notice.objects.all(), now, seconds).carry_out()


class _Run:
    def __init__(
        self, notices: NoticeQuerySet, now: datetime | None, seconds: float | None
    ) -> None:
        self.notices, self.now, self.seconds = notices, now, seconds
        self.done = Delivery()
        self.connection: BaseEmailBackend | None = None

    def carry_out(self) -> Delivery:
        until = None if self.seconds is None else monotonic() + self.seconds
        last = 0
        try:
            while until is None or monotonic() < until:
                pk = _take(self.notices, after=last)
                if pk is None:
                    break
                last = pk
                if not self._send(pk):
                    break
        finally:
            self._hang_up()
        return self.done

    def _send(self, pk: int) -> bool:
        """Whether it makes sense to go on with the next one."""
        try:
            mail = _written(pk, self.now)
        except (OperationalError, InterfaceError):
            raise  # the database is away: it is so for every mail
        except Exception as error:
            # What stands in one row keeps nobody else's mail back.
            log.exception("Notice %s could not be written.", pk)
            self._keep(pk, f"The mail of notice {pk} could not be written", error)
            self.done.unreadable += 1
            return True
        if mail is None:
            _mark(pk, withdrawn_at=timezone.now())
            self.done.withdrawn += 1
            return True
        return self._hand_over(pk, mail)

    def _hand_over(self, pk: int, mail: EmailMessage) -> bool:
        what = f"The mail to {', '.join(mail.to)} was not sent"
        try:
            connection = self._connected()
        except OSError as error:
            self._keep(pk, what, error)
            return False
        try:
            connection.send_messages([mail])
        except _OF_THIS_MAIL as error:
            self._keep(pk, what, error)
            self._hang_up()
            return True
        except OSError as error:
            self._keep(pk, what, error)
            return False
        _mark(pk, sent_at=timezone.now(), last_error="")
        self.done.sent += 1
        return True

    def _connected(self) -> BaseEmailBackend:
        if self.connection is None:
            options = {} if self.seconds is None else {"timeout": self.seconds}
            connection = get_connection(**options)
            connection.open()
            self.connection = connection
        return self.connection

    def _hang_up(self) -> None:
        if self.connection is not None:
            connection, self.connection = self.connection, None
            try:
                connection.close()
            except OSError:
                log.debug("The mail server had hung up already.", exc_info=True)

    def _keep(self, pk: int, what: str, error: Exception) -> None:
        problem = f"{type(error).__name__}: {error}"
        _mark(pk, last_error=problem)
        self.done.problems.append(f"{what} ({problem}).")


def _written(pk: int, now: datetime | None) -> EmailMessage | None:
    rows = Notice.objects.select_related(
        "recipient", "edition__register", "snapshot__entry", "snapshot__owner", "question"
    )
    return compose(rows.get(pk=pk), now=now)


def _take(notices: NoticeQuerySet, *, after: int) -> int | None:
    """The next one to send, which is then nobody else's."""
    clock = timezone.now()
    with transaction.atomic():
        pk = (
            notices.queued()
            .free(clock)
            .filter(pk__gt=after)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("pk")
            .values_list("pk", flat=True)
            .first()
        )
        if pk is not None:
            Notice.objects.filter(pk=pk).update(taken_at=clock, attempts=F("attempts") + 1)
    return pk


def _mark(pk: int, **outcome: object) -> None:
    Notice.objects.filter(pk=pk).update(taken_at=None, **outcome)
