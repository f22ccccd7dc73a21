"""What a person says of an import; it is read anew with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from registers.domain.quarters import Quarter
from registers.importing.levels import read_levels
from registers.importing.review.beginning import have_it_read
from registers.importing.review.errors import ImportRefused
from registers.importing.review.locks import lock_open
from registers.importing.review.said import merged
from registers.models import Import, User


@transaction.atomic
def say(
    import_: Import,
    changes: Mapping[str, Any],
    *,
    by: User,
    version: int,
    quarter: Quarter | None = None,
) -> Import:
    """Add to what was said (see `said`), and have the file read with it.

    `version` is what the person saw. Raises ImportRefused, or SaidMeanwhile.
    """
    standing = lock_open(import_.pk, by=by, version=version)
    try:
        read_levels(changes.get("levels") or "")
    except ValueError as error:
        raise ImportRefused(str(error)) from error
    said = merged(standing.said, changes)
    asked = quarter or standing.quarter
    if (said, asked, bool(quarter)) == (standing.said, standing.quarter, standing.quarter_is_said):
        return standing if standing.current_plan else have_it_read(standing, by=by)
    standing.said, standing.quarter = said, asked
    standing.quarter_is_said = standing.quarter_is_said or quarter is not None
    standing.version += 1
    standing.changed_by = by
    standing.save()
    return have_it_read(standing, by=by)
