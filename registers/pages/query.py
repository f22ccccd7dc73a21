"""The query string of a page, which is its filter: every view is a link."""

from __future__ import annotations

from django.http import QueryDict

# What a committee asks together: which risks stand above appetite, since when, and what is late.
ABOVE_APPETITE = {
    "kind": "risk",
    "appetite": "above",
    "columns": "owner,score,residual,above_since,at_score,late",
    "sort": "-above_since",
}


def with_query(query: QueryDict, **changes: object) -> str:
    """The query string with some parameters set, or taken out where None: '?kind=risk&band=4'.

    Blank parameters are left out, so that a link stays short. Empty if nothing is left.
    """
    changed = query.copy()
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    for name in [name for name, value in changed.items() if not value]:
        del changed[name]
    return f"?{changed.urlencode()}" if changed else ""
