"""Which code and templates are running: part of every cache key and entity tag."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings


def _fingerprint() -> str:
    """Changes whenever a file that shapes a page changes, whatever the version says."""
    digest = hashlib.sha256()
    for folder in ("registers", "templates", "static", "config"):
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".js", ".svg"}:
                seen = path.stat()
                digest.update(f"{path}:{seen.st_size}:{seen.st_mtime_ns};".encode())
    return digest.hexdigest()[:16]


RELEASE = _fingerprint()
