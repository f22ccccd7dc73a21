"""What the query string of a heat map asks to see, besides the filter."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import QueryDict

from registers.domain import grid
from registers.domain.grid import RESIDUAL
from registers.models import Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """What the query string asks to see, besides the filter. What it can't mean is the default."""

    kind: str
    view: str
    to_residual: bool
    ghosts: bool
    paper: bool = False

    @classmethod
    def of(cls, query: QueryDict, views: Collection[str]) -> Asked:
        """`views` are those that the register has."""
        kind, view = query.get("kind"), query.get("view")
        return cls(
            kind if kind in Kind.values else Kind.RISK,
            view if view in views else grid.SCORE,
            query.get("to") == RESIDUAL,
            query.get("ghosts") == "1",
            query.get("paper") == "1",
        )
