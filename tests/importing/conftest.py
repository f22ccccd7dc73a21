"""The real editions and the casebook are not part of this repository; their tests run where they
lie beside it."""

from __future__ import annotations

import warnings

from tests.importing.editions import CASES, EDITIONS

collect_ignore: list[str] = []

for folder, file in ((EDITIONS, "test_real_editions.py"), (CASES, "test_casebook.py")):
    if not folder.is_dir():
        collect_ignore.append(file)
        warnings.warn(f"{folder} is not here, so tests/importing/{file} is left out", stacklevel=1)
