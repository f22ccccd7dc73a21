"""Who changed what, from what to what, when and why: of a row, a snapshot, a register.

The only place that tells it: an owner's page, the admin's and the audit trail read the same.
"""

from registers.history.asked import KINDS, NOBODY, Asked
from registers.history.lines import Event, FieldChange, RowChange
from registers.history.of_register import PAGE, Page, Place, everything, page
from registers.history.of_rows import of_row, of_snapshot

__all__ = [
    "KINDS",
    "NOBODY",
    "PAGE",
    "Asked",
    "Event",
    "FieldChange",
    "Page",
    "Place",
    "RowChange",
    "everything",
    "of_row",
    "of_snapshot",
    "page",
]
