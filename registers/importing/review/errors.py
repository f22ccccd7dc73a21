"""Refusals. Each message is a sentence that a person can act on."""

from __future__ import annotations


class ImportRefused(Exception):
    """Something that can't be done with an import. `str()` is fit to be shown."""


class SaidMeanwhile(ImportRefused):
    """Somebody else has said something of the same import since the person saw it."""
