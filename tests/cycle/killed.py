"""Runs a verb in a process that can be killed in the middle of it.

    python -m tests.cycle.killed VERB ID USERNAME

For every line on its standard input, a number N, it starts a child: a process with a connection of
its own that carries out the verb on a row and stops dead after the Nth statement that writes
something, the transaction still open. It says "stopped PID" when the child waits to be killed, or
"done PID" when the verb came to its end before; and "gone PID" once the child is no more. The verbs
know nothing of this: the counting is done by a wrapper round Django's database connection.
"""

from __future__ import annotations

import os
import signal
import sys

import django

WRITES = ("INSERT", "UPDATE", "DELETE")


def main() -> None:
    verb, pk, username = sys.argv[1:]
    django.setup()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            carry_out(verb, int(pk), username, stop_after=int(line))
            say("done")
            os._exit(0)
        os.waitpid(child, 0)
        say("gone", child)


def say(word: str, pid: int | None = None) -> None:
    print(word, pid or os.getpid(), flush=True)


def carry_out(verb: str, pk: int, username: str, *, stop_after: int) -> None:
    from django.db import connection

    from registers import cycle
    from registers.domain.quarters import Quarter
    from registers.models import Edition, Register, Snapshot, User

    by = User.objects.get(username=username)
    verbs = {
        "open": lambda: cycle.open_edition(
            Register.objects.get(pk=pk), Quarter(2026, 2), by=by, tell=True
        ),
        "submit": lambda: cycle.submit(Snapshot.objects.get(pk=pk), by=by),
        "publish": lambda: cycle.publish(Edition.objects.get(pk=pk), by=by),
    }
    written = 0

    def counting(execute, sql, params, many, context):
        nonlocal written
        result = execute(sql, params, many, context)
        if sql.lstrip().upper().startswith(WRITES):
            written += 1
            if written == stop_after:
                say("stopped")
                signal.pause()
        return result

    with connection.execute_wrapper(counting):
        verbs[verb]()


if __name__ == "__main__":
    main()
