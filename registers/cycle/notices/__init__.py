"""E-mail that the quarter owes its owners: who is told of what, when, and exactly how surely.

Verbs queue a notice in their own transaction (`tell_…`); it is composed and sent after the commit,
and whatever could not be sent then is sent by the next `manage.py remind`.
"""

from registers.cycle.notices.delivering import Delivery, deliver
from registers.cycle.notices.queueing import (
    people_to_chase,
    queue_reminders,
    tell_answered,
    tell_asked,
    tell_chased,
    tell_closed,
    tell_decided,
    tell_opened,
    tell_proposed,
    tell_sent_back,
)

__all__ = [
    "Delivery",
    "deliver",
    "people_to_chase",
    "queue_reminders",
    "tell_answered",
    "tell_asked",
    "tell_chased",
    "tell_closed",
    "tell_decided",
    "tell_opened",
    "tell_proposed",
    "tell_sent_back",
]
