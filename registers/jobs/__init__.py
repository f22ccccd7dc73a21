"""Work that is done outside a request, by `manage.py work`: the database is the queue.

    ask(kind, asked, by=)      puts a job on the list
    register(kind, doer)       says who does a kind of job: the dotted path of a function
    run_next()                 takes the next job and does it

A doer is `def doer(work: Work) -> dict | None`. It runs outside a transaction, says how far it is
(`work.tell`) at least every two minutes, writes what it made in one transaction, `work.mine()`,
and raises JobFailed with a sentence for whoever asked. This room knows no doer.
"""

from registers.jobs.asking import ask
from registers.jobs.doers import JobFailed, register
from registers.jobs.running import TakenOver, Work, run_next

__all__ = ["JobFailed", "TakenOver", "Work", "ask", "register", "run_next"]
