"""Who does which kind of job. Doers are named by their path, and loaded when there is work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string


class JobFailed(Exception):
    """A job can't be done. The message says why and what to do, for whoever asked.

    `outcome` is kept with it, for a page that helps with what is missing.
    """

    def __init__(self, message: str, **outcome: Any) -> None:
        super().__init__(message)
        self.outcome = outcome


_doers: dict[str, str] = {}


def register(kind: str, doer: str) -> None:
    """`doer` is the dotted path of a function that is given a Work, and may return an outcome."""
    _doers[kind] = doer


def check(kind: str) -> None:
    if kind not in _doers:
        raise LookupError(f"Nobody does jobs of the kind “{kind}”.")


def doer_of(kind: str) -> Callable[[Any], dict[str, Any] | None]:
    check(kind)
    return import_string(_doers[kind])
