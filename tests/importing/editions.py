"""Where the five real editions lie: a folder beside the repository, not part of it."""

from __future__ import annotations

from pathlib import Path

EDITIONS = Path(__file__).parents[3] / "shared" / "editions"
