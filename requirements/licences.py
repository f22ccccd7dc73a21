"""Under which licences what we ship stands, from the list that `make sbom` writes.

python requirements/licences.py sbom.json > docs/licences.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEAD = """# What is shipped, and under which licence

The packages of `requirements/base.txt`, as each declares itself. `make sbom` writes this, and the
same with versions and more in `sbom.json` (CycloneDX).

| Package | Licence |
|---|---|
"""
CLASSIFIER = "License :: OSI Approved :: "
# Whose data declare none that a program can read: as its own files say.
IN_ITS_FILES = {"pypdfium2": "BSD-3-Clause and Apache-2.0, and those of PDFium in it"}


def licences(component: dict[str, Any]) -> list[str]:
    """What a package declares, once each: an identifier, an expression or a name."""
    said = [
        one.get("expression") or one["license"].get("id") or one["license"]["name"]
        for one in component.get("licenses", ())
    ]
    short = [licence.removeprefix(CLASSIFIER).removeprefix("License :: ") for licence in said]
    known = IN_ITS_FILES.get(component["name"])
    return list(dict.fromkeys(short or ([known] if known else [])))


def lines(bom: dict[str, Any]) -> Iterator[str]:
    """A row for each package. Raises LookupError for one of which no licence is known."""
    for component in sorted(bom["components"], key=lambda each: each["name"].lower()):
        found = licences(component)
        if not found:
            raise LookupError(
                f"{component['name']} declares no licence. Look into its files, and say here in "
                "IN_ITS_FILES what they say; or ship something else."
            )
        yield f"| {component['name']} | {'; '.join(found)} |"


if __name__ == "__main__":
    bom = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(HEAD + "\n".join(lines(bom)) + "\n")
