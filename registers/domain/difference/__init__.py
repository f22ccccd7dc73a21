"""What differs between two Contents, or two editions of them: the only place that compares."""

from __future__ import annotations

from registers.domain.difference import actions, sections
from registers.domain.difference.change import (
    ABSENT,
    CLOSED,
    FELL,
    GREW,
    GROUPS,
    NEW,
    ROSE,
    SAME,
    SHRANK,
    UNKNOWN,
    Change,
    Ending,
    Step,
)
from registers.domain.difference.comparison import Comparison, compare, corrections, of_texts

__all__ = [
    "ABSENT",
    "CLOSED",
    "FELL",
    "GREW",
    "GROUPS",
    "NEW",
    "ROSE",
    "SAME",
    "SHRANK",
    "UNKNOWN",
    "Change",
    "Comparison",
    "Ending",
    "Step",
    "actions",
    "compare",
    "corrections",
    "of_texts",
    "sections",
]
