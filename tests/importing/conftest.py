"""The real editions are not part of this repository; their test runs where they lie beside it."""

from __future__ import annotations

import warnings

from tests.importing.editions import EDITIONS

collect_ignore: list[str] = []

if not EDITIONS.is_dir():
    collect_ignore.append("test_real_editions.py")
    warnings.warn(
        f"{EDITIONS} is not here, so tests/importing/test_real_editions.py is left out",
        stacklevel=1,
    )
