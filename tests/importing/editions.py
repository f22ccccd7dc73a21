"""Where the real editions and the casebook lie: folders beside the repository, not part of it."""

from __future__ import annotations

from pathlib import Path

EDITIONS = Path(__file__).parents[3] / "shared" / "editions"
CASES = EDITIONS.parent / "cases"
