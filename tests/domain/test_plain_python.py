"""The subject is plain Python: it loads where there is no Django."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LOAD_WITHOUT_DJANGO = """
import importlib, pkgutil, sys
for name in ("django", "django_tables2", "django_filters", "simple_history", "allauth"):
    sys.modules[name] = None
import registers.domain
rooms = pkgutil.walk_packages(registers.domain.__path__, "registers.domain.")
names = [found.name for found in rooms]
for name in names:
    importlib.import_module(name)
print(*names)
"""


def test_every_room_of_the_subject_loads_with_django_blocked():
    here = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", LOAD_WITHOUT_DJANGO], cwd=here, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    loaded = done.stdout.split()
    assert {"registers.domain.scale", "registers.domain.drawing.arrows"} <= set(loaded)
