"""What a flag is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flag:
    """`code` names the question, for filters and counts; the heavier `weight` is shown first."""

    code: str
    title: str
    sentence: str
    weight: int
