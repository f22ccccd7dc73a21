"""Every table that one register is made of, in the order in which rows can be put into a database.

What is derived (kept standings, kept files) or belongs to this machine (jobs, mail, imports under
way) is not part of a register.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from registers.models.register import Register

# Model → how its rows are found from the id of a register; None where every register shares them.
ROWS: dict[str, str | None] = {
    "user": None,
    "register": "pk",
    "type": None,
    "typealias": None,
    "typeappetite": "register",
    "owner": None,
    "owneralias": None,
    "tenure": None,
    "entry": "register",
    "edition": "register",
    "snapshot": "edition__register",
    "snapshot_types": "snapshot__edition__register",
    "strand": "snapshot__edition__register",
    "strand_types": "strand__snapshot__edition__register",
    "action": "snapshot__edition__register",
    "flaganswer": "snapshot__edition__register",
    "lineage": "edition__register",
    "packtext": "edition__register",
    "question": "edition__register",
    "publication": "register",
    "reissue": "edition__register",
}
# The trail of changes. A line of what is gone knows its edition by an id without a row.
HISTORY: dict[str, str | None] = {
    "historicalregister": "id",
    "historicaltype": None,
    "historicaltypeappetite": "register",
    "historicalowner": None,
    "historicaltenure": None,
    "historicalentry": "register",
    "historicaledition": "register",
    "historicalsnapshot": "edition",
    "historicalsnapshot_types": "history__edition",
    "historicalstrand": "snapshot",
    "historicalstrand_types": "history__snapshot",
    "historicalaction": "snapshot",
    "historicalflaganswer": "snapshot",
    "historicallineage": "edition",
    "historicalpacktext": "edition",
    "historicalquestion": "edition",
}
MODELS = {**ROWS, **HISTORY}
# Of a person: who it is, and nothing that lets anybody in.
PERSON = ("username", "first_name", "last_name", "email", "is_active", "date_joined")


def model(name: str) -> type[Model]:
    return apps.get_model("registers", name)


def columns(name: str) -> list[str]:
    """The fields of a table that are written down: no relation of several rows."""
    if name == "user":
        return list(PERSON)
    meta = model(name)._meta
    return [field.name for field in meta.concrete_fields if not field.primary_key]


def rows(register: Register) -> Iterator[tuple[str, QuerySet[Any]]]:
    """(name of the table, its rows) of a register, those first that others point at."""
    history = {
        "edition": model("historicaledition").objects.filter(register=register).values("id"),
        "snapshot": model("historicalsnapshot")
        .objects.filter(
            edition__in=model("historicaledition").objects.filter(register=register).values("id")
        )
        .values("id"),
    }
    for name, path in MODELS.items():
        found = model(name)._base_manager.order_by("pk")
        if path is not None:
            among = history.get(path.removeprefix("history__")) if name in HISTORY else None
            inside = {path: register.pk} if among is None else {f"{path}__in": among}
            found = found.filter(**inside)
        yield name, found
