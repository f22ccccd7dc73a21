"""The Chromium that the tests drive: the one on this machine.

python -m tests.support.chromium     says where it is; installs it where that is allowed
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "The tests need Chromium, and there is none on this machine. Install it "
    "(Debian: apt-get install chromium; Fedora: dnf install chromium; macOS: brew install --cask "
    "chromium), or name one: CHROMIUM=/path/to/chromium make test"
)


def find() -> str | None:
    """The path of a Chromium or Chrome, or None. CHROMIUM in the environment comes first."""
    names = (os.environ.get("CHROMIUM"), *NAMES)
    return next((path for name in names if name and (path := shutil.which(name))), None)


def find_or_install() -> str | None:
    """As `find`, but installs the distribution's package where this process may do that."""
    path = find()
    if path is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        apt = ["apt-get", "-qq", "-y"]
        subprocess.run([*apt, "update"], env=quiet, stdin=subprocess.DEVNULL, check=False)
        subprocess.run(
            [*apt, "install", "--no-install-recommends", "chromium"],
            env=quiet,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        path = find()
    return path


if __name__ == "__main__":
    found = find_or_install()
    print(f"Chromium: {found}" if found else MISSING)
    sys.exit(found is None)
