"""The rules of the quarter, as verbs. Each takes `by=`, is one transaction, and refuses in words.

Admin, views and commands only call these and report what they say.
"""

from registers.cycle.errors import CycleError
from registers.cycle.opening import open_edition, reopen, start_review
from registers.cycle.publishing import publish, reissue, verify
from registers.cycle.reviewing import (
    add_entry,
    close_entry,
    merge_entry,
    next_reference,
    renumber,
    reorder,
    split_entry,
    succeed_entry,
)
from registers.cycle.updating import (
    accept,
    accept_all,
    claim,
    previous,
    save_draft,
    send_back,
    state_no_change,
    submit,
)

__all__ = [
    "CycleError",
    "accept",
    "accept_all",
    "add_entry",
    "claim",
    "close_entry",
    "merge_entry",
    "next_reference",
    "open_edition",
    "previous",
    "publish",
    "reissue",
    "renumber",
    "reopen",
    "reorder",
    "save_draft",
    "send_back",
    "split_entry",
    "start_review",
    "state_no_change",
    "submit",
    "succeed_entry",
    "verify",
]
