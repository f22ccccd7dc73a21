#!/bin/sh
# Can a new machine install what is locked? In an empty environment, by the oldest pip we support,
# without installing: an older pip asks for hashes that a newer one does without.
set -eu
cd "$(dirname "$0")"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"${PYTHON:-python3}" -m venv "$place"
look() { "$place/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes "$@"; }
look -r oldest-pip.txt
for each in base.txt dev.txt; do look --dry-run -r "$each"; done
