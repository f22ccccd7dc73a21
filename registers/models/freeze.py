"""Triggers: what a published edition says, and what an audit record says, stays so.

Django's own checks can be walked round with raw SQL; these can't, on SQLite or on PostgreSQL.
The rules:

* Rows that make up a published edition, its statements of what became of an entry included, are
  neither added, changed nor deleted.
* A published edition itself changes only by going back to review, and only when the decision to
  correct that issue stands in `Reissue`; it becomes published only with its `Publication`.
* What a published edition takes from elsewhere stays too: the name of a type, the kind of an entry.
* An entry that an edition states to have ended is not in that edition, and the other way round.
* A register stands below no register that stands below it.
* Publications, decisions to correct and the history of changes are only ever added to.

SQLite drops a table's triggers when a migration rebuilds the table: a migration that alters one of
these tables removes the triggers first and installs them last (`RemoveFreeze`, `InstallFreeze`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from django.db.migrations.operations.base import Operation

PREFIX = "frozen_"

_EDITION_OF_SNAPSHOT = "(SELECT edition_id FROM registers_snapshot WHERE id = {row}.snapshot_id)"
_EDITION_OF_STRAND = (
    "(SELECT edition_id FROM registers_snapshot WHERE id = "
    "(SELECT snapshot_id FROM registers_strand WHERE id = {row}.strand_id))"
)

# Table → the id of the edition that a row belongs to.
CONTENT = {
    "registers_snapshot": "{row}.edition_id",
    "registers_snapshot_types": _EDITION_OF_SNAPSHOT,
    "registers_strand": _EDITION_OF_SNAPSHOT,
    "registers_strand_types": _EDITION_OF_STRAND,
    "registers_action": _EDITION_OF_SNAPSHOT,
    "registers_flaganswer": _EDITION_OF_SNAPSHOT,
    # What became of an entry is stated in an edition, and published with it.
    "registers_lineage": "{row}.edition_id",
}

APPEND_ONLY = (
    "registers_publication",
    "registers_reissue",
    "registers_historicalregister",
    "registers_historicaltype",
    "registers_historicaltypeappetite",
    "registers_historicalowner",
    "registers_historicaltenure",
    "registers_historicalentry",
    "registers_historicallineage",
    "registers_historicaledition",
    "registers_historicalsnapshot",
    "registers_historicalsnapshot_types",
    "registers_historicalstrand",
    "registers_historicalstrand_types",
    "registers_historicalaction",
    "registers_historicalflaganswer",
    "registers_historicalquestion",
    "registers_historicalpacktext",
    "registers_historicalimport",
    "registers_historicalimportdoubt",
    "registers_historicalregisterrole",
    "registers_historicalproposal",
)

PUBLISHED = "This edition is published and cannot be changed. A correction is a reissue."
KEPT = "This record is kept for good: it can be neither changed nor deleted."
DISAGREES = "An entry that has ended with this edition is not in it. Undo the ending first."
CIRCLE = "A register cannot stand below one that stands below it."
UNPROVEN = "An edition is published by adding its publication, not by hand."

_ENDING = "kind IN ('merged_into', 'succeeded_by', 'closed', 'escalated_to', 'deescalated_to')"
_THERE = "entry_id = NEW.entry_id AND edition_id = NEW.edition_id"
_IS_MOVED = "(NEW.entry_id <> OLD.entry_id OR NEW.edition_id <> OLD.edition_id)"

_IS_PUBLISHED = (
    "EXISTS (SELECT 1 FROM registers_edition WHERE state = 'published' AND id = {edition})"
)
_MAY_BE_CORRECTED = (
    "NEW.state = 'in_review' AND NEW.id = OLD.id AND EXISTS (SELECT 1 FROM registers_reissue "
    "WHERE edition_id = OLD.id AND issue = OLD.issue)"
)
# An issue that was decided to be corrected is never the current one again.
_BECOMES_UNPROVEN = (
    "NEW.state = 'published' AND (NOT EXISTS (SELECT 1 FROM registers_publication "
    "WHERE edition_id = NEW.id AND issue = NEW.issue) OR EXISTS (SELECT 1 FROM registers_reissue "
    "WHERE edition_id = NEW.id AND issue = NEW.issue))"
)

# Those above the new parent: a recursive question stops at what it has seen.
_IS_IN_A_CIRCLE = (
    "NEW.parent_id <> NEW.id AND NEW.id IN (WITH RECURSIVE above(id) AS ("
    "SELECT NEW.parent_id UNION SELECT parent_id FROM registers_register "
    "JOIN above ON registers_register.id = above.id WHERE parent_id IS NOT NULL"
    ") SELECT above.id FROM above)"
)

_SNAPSHOT_IS_PUBLISHED = (
    "EXISTS (SELECT 1 FROM registers_snapshot JOIN registers_edition "
    "ON registers_edition.id = registers_snapshot.edition_id WHERE state = 'published' AND {which})"
)
_TYPE_IS_PUBLISHED = " OR ".join(
    _SNAPSHOT_IS_PUBLISHED.format(which=f"registers_snapshot.id IN ({of_type})")
    for of_type in (
        "SELECT snapshot_id FROM registers_snapshot_types WHERE type_id = OLD.id",
        "SELECT snapshot_id FROM registers_strand JOIN registers_strand_types "
        "ON registers_strand_types.strand_id = registers_strand.id WHERE type_id = OLD.id",
    )
)


def _rules() -> Iterator[tuple[str, str, str, str]]:
    """(table, event, condition in SQL, message) of every trigger."""
    for table, edition in CONTENT.items():
        for event, rows in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
            condition = " OR ".join(
                _IS_PUBLISHED.format(edition=edition.format(row=row)) for row in rows
            )
            yield table, event, condition, PUBLISHED
    yield "registers_edition", "DELETE", "OLD.state = 'published'", PUBLISHED
    yield (
        "registers_edition",
        "UPDATE",
        f"OLD.state = 'published' AND NOT ({_MAY_BE_CORRECTED})",
        PUBLISHED,
    )
    yield (
        "registers_edition",
        "UPDATE",
        f"OLD.state <> 'published' AND {_BECOMES_UNPROVEN}",
        UNPROVEN,
    )
    yield "registers_edition", "INSERT", _BECOMES_UNPROVEN, UNPROVEN
    yield from _rules_of_endings()
    for table in APPEND_ONLY:
        yield table, "UPDATE", "1 = 1", KEPT
        yield table, "DELETE", "1 = 1", KEPT
    renamed = f"NEW.name <> OLD.name AND ({_TYPE_IS_PUBLISHED})"
    yield "registers_type", "UPDATE", renamed, PUBLISHED
    published = _SNAPSHOT_IS_PUBLISHED.format(which="entry_id = OLD.id")
    yield "registers_entry", "UPDATE", f"NEW.kind <> OLD.kind AND {published}", PUBLISHED
    yield "registers_register", "UPDATE", _IS_IN_A_CIRCLE, CIRCLE


def _rules_of_endings() -> Iterator[tuple[str, str, str, str]]:
    """Whichever comes second is refused: what an edition says of an entry, or that it has ended."""
    ended = _exists("registers_lineage", f"{_THERE} AND {_ENDING}")
    yield "registers_snapshot", "INSERT", ended, DISAGREES
    yield "registers_snapshot", "UPDATE", f"{_IS_MOVED} AND {ended}", DISAGREES
    stands = f"NEW.{_ENDING} AND {_exists('registers_snapshot', _THERE)}"
    yield "registers_lineage", "INSERT", stands, DISAGREES
    becomes = f"({_IS_MOVED} OR NEW.kind <> OLD.kind) AND {stands}"
    yield "registers_lineage", "UPDATE", becomes, DISAGREES


# What makes two rows of these collide, besides the primary key.
_UNIQUE = {
    "registers_edition": (("register_id", "quarter"),),
    "registers_publication": (("edition_id", "issue"), ("register_id", "sequence")),
    "registers_reissue": (("edition_id", "issue"),),
}


def _rules_against_replacing() -> Iterator[tuple[str, str, str, str]]:
    """SQLite's INSERT OR REPLACE deletes the rows in its way without firing their triggers."""
    for table, edition in CONTENT.items():
        # The other unique columns of these rows name the edition, which the first rules look at.
        frozen = _IS_PUBLISHED.format(edition=edition.format(row="taken"))
        taken = _exists(f"{table} AS taken", f"taken.id = NEW.id AND {frozen}")
        yield table, "INSERT", taken, PUBLISHED
        yield table, "UPDATE", f"NEW.id <> OLD.id AND {taken}", PUBLISHED
    published = f"state = 'published' AND ({_collides('registers_edition', 'id')})"
    taken = _exists("registers_edition", published)
    yield "registers_edition", "INSERT", taken, PUBLISHED
    taken = _exists("registers_edition", f"id <> OLD.id AND {published}")
    yield "registers_edition", "UPDATE", taken, PUBLISHED
    for table in APPEND_ONLY:
        yield table, "INSERT", _exists(table, _collides(table, _key(table))), KEPT


def _key(table: str) -> str:
    """The primary key of an append-only table. A line of history has several of its types' rows."""
    if table in _UNIQUE:
        return "id"
    return "m2m_history_id" if table.endswith("_types") else "history_id"


def _exists(table: str, condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE {condition})"  # noqa: S608 - names of our own


def _collides(table: str, key: str) -> str:
    """A row that can't stand beside NEW."""
    return " OR ".join(
        "(" + " AND ".join(f"{column} = NEW.{column}" for column in columns) + ")"
        for columns in ((key,), *_UNIQUE.get(table, ()))
    )


def named_rules(vendor: str) -> Iterator[tuple[str, str, str, str, str]]:
    """(name, table, event, condition, message) of every trigger on rows."""
    rules = chain(_rules(), _rules_against_replacing() if vendor == "sqlite" else ())
    for number, (table, event, condition, message) in enumerate(rules, start=1):
        yield f"{PREFIX}{number:02d}", table, event, condition, message


def install(schema_editor) -> None:
    """On the tables that there are: an early migration comes before some of them."""
    vendor = schema_editor.connection.vendor
    there = set(schema_editor.connection.introspection.table_names())
    for name, table, event, condition, message in named_rules(vendor):
        if table not in there:
            continue
        if vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        else:
            result = "OLD" if event == "DELETE" else "NEW"
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{message}' "
                f"USING ERRCODE = 'integrity_constraint_violation'; "
                f"END IF; RETURN {result}; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
    if vendor == "postgresql":
        schema_editor.execute(
            f"CREATE FUNCTION {PREFIX}truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        for table in there & {*CONTENT, "registers_edition", *APPEND_ONLY}:
            schema_editor.execute(
                f"CREATE TRIGGER {PREFIX}truncate BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {PREFIX}truncate()"
            )


def remove(schema_editor) -> None:
    vendor = schema_editor.connection.vendor
    for name, *_ in named_rules(vendor):
        if vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
    if vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {PREFIX}truncate() CASCADE")


class InstallFreeze(Operation):
    """A migration's last step: put the triggers in place."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label, state):
        """Triggers are no part of Django's picture of the models."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        install(schema_editor)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        remove(schema_editor)

    def describe(self):
        return "Install the triggers that freeze published editions and records"


class RemoveFreeze(InstallFreeze):
    """A migration's first step when it alters a frozen table."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        remove(schema_editor)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        install(schema_editor)

    def describe(self):
        return "Remove the triggers that freeze published editions and records"
