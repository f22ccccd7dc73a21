"""What is published stays, and what is on record stays: raw SQL against every frozen table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import CASCADE, Model

from registers import access, cycle
from registers.models import (
    Edition,
    FlagAnswer,
    Import,
    ImportDoubt,
    Lineage,
    PackText,
    Proposal,
    Publication,
    Question,
    Reissue,
    Snapshot,
    State,
    StoredFile,
    TypeAppetite,
    freeze,
)
from tests import factories

pytestmark = pytest.mark.django_db

LATER = factories.QUARTER.next
RESERVED = {"order", "column", "left"}


@dataclass
class Book:
    """A published edition and an open one, both with a row in every table of content."""

    published: Edition
    open: Edition

    def row(self, table: str, edition: Edition) -> int:
        """The id of a row of this edition."""
        owner = freeze.CONTENT[table].format(row="content")
        [(pk,)] = sql(f"SELECT id FROM {table} AS content WHERE {owner} = %s LIMIT 1", edition.pk)
        return pk

    def delete_drafts(self, table: str) -> None:
        owner = freeze.CONTENT[table].format(row="content")
        drafts = f"SELECT id FROM {table} AS content WHERE {owner} = %s"
        sql(f"DELETE FROM {table} WHERE id IN ({drafts})", self.open.pk)


@pytest.fixture(scope="module")
def book(common_ground) -> Iterator[Book]:
    with common_ground(written_book) as book:
        yield book


def written_book() -> Book:
    published = factories.edition()
    write(published)
    factories.publish(published)
    TypeAppetite.objects.create(
        register=published.register, type=factories.TypeFactory(name="Digital"), appetite=9
    )
    factories.TenureFactory()
    corrected = factories.published(register=factories.register("other"))
    cycle.reissue(corrected, by=None, reason="A wrong score.")
    opened = factories.edition(LATER)
    write(opened)
    record(opened)
    # PostgreSQL truncates no table that has checks outstanding.
    connection.check_constraints()
    return Book(published, opened)


def write(edition: Edition) -> None:
    """A row in every table of content. The statement is of an entry that is gone."""
    snapshot = factories.snapshot(edition, types=["Economic", "People"])
    strand = factories.StrandFactory(snapshot=snapshot)
    strand.types.set(snapshot.types.all())
    factories.ActionFactory(snapshot=snapshot)
    said = {"code": "stuck", "reason": "So be it.", "until": date(2030, 1, 1)}
    FlagAnswer.objects.create(snapshot=snapshot, **said)
    gone = factories.EntryFactory(register=edition.register)
    Lineage.objects.create(entry=gone, kind="closed", edition=edition, reason="It is over.")


def record(edition: Edition) -> None:
    """A row of each other model whose changes are kept."""
    Question.objects.create(edition=edition, text="Why?", asked_by=factories.UserFactory())
    PackText.objects.create(edition=edition, name="purpose", text="So.")
    file = StoredFile.of("register.csv", b"Ref")
    file.save()
    Import.objects.create(register=edition.register, file=file)
    ImportDoubt.objects.create(edition=edition, message="Two owners.")
    person = factories.give(factories.UserFactory(), access.AUDITOR, edition.register)
    said = {"entry": factories.EntryFactory(), "reason": "So.", "proposed_by": person}
    Proposal.objects.create(edition=edition, to=edition.register, called="CR1 Roofs", **said)


def sql(statement: str, *values: object) -> list[tuple]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def refused(message: str, statement: str, *values: object) -> None:
    with pytest.raises(IntegrityError, match=message):
        sql(statement, *values)


def model(table: str) -> type[Model]:
    models = apps.get_models(include_auto_created=True)
    return next(m for m in models if m._meta.db_table == table and not m._meta.proxy)


def columns(table: str) -> list[str]:
    return [quoted(field.column) for field in model(table)._meta.local_concrete_fields]


def quoted(column: str) -> str:
    """Some names of columns are words of SQL."""
    return connection.ops.quote_name(column) if column in RESERVED else column


def key(table: str) -> str:
    return model(table)._meta.pk.column


def copy(table: str, *, where: str, **changed: str) -> str:
    """A statement that inserts a row again, but for what is changed; changes are SQL."""
    names = [name for name in columns(table) if name in changed or name != key(table)]
    values = [changed.get(name, name) for name in names]
    return f"INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} {where}"


def replace(table: str, *, where: str, **changed: str) -> str:
    """A statement that puts another row in the place of the one with the same key."""
    statement = copy(table, where=where, **changed)
    if connection.vendor == "sqlite":
        return f"INSERT OR REPLACE {statement}"
    update = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns(table))
    return f"INSERT {statement} ON CONFLICT ({key(table)}) DO UPDATE SET {update}"


def empty(table: str) -> str:
    return (
        f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {table}"
    )


content = pytest.mark.parametrize("table", freeze.CONTENT)
kept = pytest.mark.parametrize("table", freeze.APPEND_ONLY)


# Rows of a published edition --------------------------------------------------------------------


@content
def test_no_column_of_a_published_row_can_be_changed(table, book):
    row = book.row(table, book.published)
    for column in columns(table):
        refused(freeze.PUBLISHED, f"UPDATE {table} SET {column} = {column} WHERE id = %s", row)


@content
def test_a_published_row_can_not_be_deleted(table, book):
    row = book.row(table, book.published)
    refused(freeze.PUBLISHED, f"DELETE FROM {table} WHERE id = %s", row)
    refused("(published|kept)", empty(table))


@content
def test_no_row_can_be_added_to_a_published_edition(table, book):
    row = book.row(table, book.published)
    refused(freeze.PUBLISHED, "INSERT " + copy(table, where="WHERE id = %s"), row)


@content
def test_a_published_row_can_not_be_replaced_by_a_draft(table, book):
    frozen, draft = book.row(table, book.published), book.row(table, book.open)
    statement = replace(table, where="WHERE id = %s", id=str(frozen))
    refused("(published|unique)", statement, draft)
    refused(
        "(published|unique)",
        f"UPDATE {or_replace()} {table} SET id = {frozen} WHERE id = %s",
        draft,
    )


def or_replace() -> str:
    return "OR REPLACE" if connection.vendor == "sqlite" else ""


@content
def test_rows_can_not_be_moved_into_or_out_of_a_published_edition(table, book):
    parent = next(
        name for name in ("edition_id", "snapshot_id", "strand_id") if name in columns(table)
    )
    statement = f"UPDATE {table} SET {parent} = %s WHERE id = %s"
    frozen, draft = book.row(table, book.published), book.row(table, book.open)
    [(frozen_parent,)] = sql(f"SELECT {parent} FROM {table} WHERE id = %s", frozen)
    [(draft_parent,)] = sql(f"SELECT {parent} FROM {table} WHERE id = %s", draft)
    refused(freeze.PUBLISHED, statement, frozen_parent, draft)
    refused(freeze.PUBLISHED, statement, draft_parent, frozen)


@content
def test_a_draft_can_be_changed_and_deleted(table, book):
    draft = book.row(table, book.open)
    for column in columns(table):
        sql(f"UPDATE {table} SET {column} = {column} WHERE id = %s", draft)
    for name in (
        "lineage",
        "strand_types",
        "action",
        "strand",
        "flaganswer",
        "snapshot_types",
        "snapshot",
    ):
        book.delete_drafts(f"registers_{name}")
        if f"registers_{name}" == table:
            break
    assert not sql(f"SELECT 1 FROM {table} WHERE id = %s", draft)


def test_saving_a_published_snapshot_says_that_a_correction_is_a_reissue(book):
    snapshot = book.published.snapshots.get()
    snapshot.title = "Something else"
    with pytest.raises(IntegrityError, match="A correction is a reissue"), transaction.atomic():
        snapshot.save()
    with pytest.raises(IntegrityError, match="A correction is a reissue"), transaction.atomic():
        snapshot.types.clear()
    with pytest.raises(IntegrityError, match="A correction is a reissue"), transaction.atomic():
        snapshot.delete()
    assert Snapshot.objects.get(pk=snapshot.pk).title != "Something else"


def test_a_published_ending_stays_though_a_later_edition_ends_the_entry_again(book):
    """It was brought back meanwhile; what was published of it is true of its edition."""
    frozen = book.row("registers_lineage", book.published)
    draft = book.row("registers_lineage", book.open)
    [(ended,)] = sql("SELECT entry_id FROM registers_lineage WHERE id = %s", frozen)
    sql(f"UPDATE {or_replace()} registers_lineage SET entry_id = {ended} WHERE id = %s", draft)
    again = copy("registers_lineage", where="WHERE id = %s", edition_id=str(book.published.pk))
    refused("(published|unique)", f"INSERT {or_replace()} {again}", draft)
    assert Lineage.objects.filter(pk=frozen, edition=book.published).exists()


def test_an_entry_that_an_edition_ends_is_not_in_it_even_by_raw_sql(book):
    ended = book.row("registers_lineage", book.open)
    stands = book.row("registers_snapshot", book.open)
    [(gone,)] = sql("SELECT entry_id FROM registers_lineage WHERE id = %s", ended)
    [(here,)] = sql("SELECT entry_id FROM registers_snapshot WHERE id = %s", stands)
    message = "has ended with this edition is not in it"
    refused(message, f"UPDATE registers_lineage SET entry_id = {here} WHERE id = %s", ended)
    refused(message, f"UPDATE registers_snapshot SET entry_id = {gone} WHERE id = %s", stands)
    again = copy("registers_lineage", where="WHERE id = %s", entry_id=str(here))
    refused(message, f"INSERT {again}", ended)
    sent = copy("registers_snapshot", where="WHERE id = %s", entry_id=str(gone), reference="'CR99'")
    refused(message, f"INSERT {sent}", stands)


def test_a_statement_is_corrected_by_a_reissue_only(book):
    statement = Lineage.objects.get(edition=book.published)
    statement.reason = "Another reason."
    with pytest.raises(IntegrityError, match="A correction is a reissue"), transaction.atomic():
        statement.save()
    cycle.reissue(book.published, by=None, reason="The wrong reason.")
    statement.save()
    factories.publish(Edition.objects.get(pk=book.published.pk))
    with pytest.raises(IntegrityError, match="A correction is a reissue"), transaction.atomic():
        statement.delete()


# The edition itself ------------------------------------------------------------------------------


def test_no_column_of_a_published_edition_can_be_changed(book):
    for column in columns("registers_edition"):
        refused(
            freeze.PUBLISHED,
            f"UPDATE registers_edition SET {column} = {column} WHERE id = %s",
            book.published.pk,
        )


@pytest.mark.parametrize("state", ["open", "in_review"])
def test_an_edition_can_not_be_unpublished_without_a_decision_to_correct_it(state, book):
    statement = "UPDATE registers_edition SET state = %s WHERE id = %s"
    refused(freeze.PUBLISHED, statement, state, book.published.pk)


def test_a_published_edition_can_not_be_deleted(book):
    refused(freeze.PUBLISHED, "DELETE FROM registers_edition WHERE id = %s", book.published.pk)
    refused("(published|kept)", empty("registers_edition"))


def test_a_published_edition_can_not_be_replaced(book):
    table, pk = "registers_edition", str(book.published.pk)
    statement = replace(table, where="WHERE id = %s", id=pk, state="'open'")
    refused("(published|unique)", statement, book.published.pk)
    if connection.vendor == "sqlite":
        same_quarter = copy(table, where="WHERE id = %s", state="'in_review'")
        refused(freeze.PUBLISHED, f"INSERT OR REPLACE {same_quarter}", book.published.pk)
    refused(
        "(published|unique)",
        f"UPDATE {or_replace()} registers_edition SET id = {pk} WHERE id = %s",
        book.open.pk,
    )


def test_an_edition_becomes_published_only_with_its_publication(book):
    statement = "UPDATE registers_edition SET state = 'published' WHERE id = %s"
    refused(freeze.UNPROVEN, statement, book.open.pk)
    added = copy(
        "registers_edition", where="WHERE id = %s", quarter="quarter + 9", state="'published'"
    )
    refused(freeze.UNPROVEN, f"INSERT {added}", book.open.pk)


def test_a_correction_opens_the_edition_and_only_the_next_issue_closes_it(book):
    edition = cycle.reissue(book.published, by=None, reason="A wrong score.")
    assert edition.state == State.IN_REVIEW
    sql("UPDATE registers_snapshot SET score = NULL, impact = NULL, likelihood = NULL")
    as_it_was = "UPDATE registers_edition SET state = 'published', issue = 1 WHERE id = %s"
    refused(freeze.UNPROVEN, as_it_was, edition.pk)
    as_the_next = "UPDATE registers_edition SET state = 'published' WHERE id = %s"
    refused(freeze.UNPROVEN, as_the_next, edition.pk)
    factories.publish(edition)
    assert [publication.issue for publication in edition.publications.all()] == [1, 2]
    refused(freeze.PUBLISHED, "UPDATE registers_edition SET state = 'in_review'")


# Records -----------------------------------------------------------------------------------------


@kept
def test_no_column_of_a_record_can_be_changed(table, book):
    assert sql(f"SELECT 1 FROM {table}"), "there is a record to try it on"
    for column in columns(table):
        refused(freeze.KEPT, f"UPDATE {table} SET {column} = {column}")


@kept
def test_a_record_can_not_be_deleted(table, book):
    refused(freeze.KEPT, f"DELETE FROM {table}")
    refused(freeze.KEPT, empty(table))


@kept
def test_a_record_can_not_be_replaced(table, book):
    statement = replace(table, where="", **{key(table): key(table)})
    refused("(kept for good|unique)", statement)


def test_a_publication_can_not_be_replaced_by_another_of_the_same_issue_or_place(book):
    other = Publication.objects.exclude(edition=book.published).get()
    values = {
        "edition_id": str(book.published.pk),
        "register_id": str(book.published.register_id),
        "reason": "'Another reason.'",
    }
    same_issue = copy("registers_publication", where="WHERE id = %s", sequence="99", **values)
    same_place = copy("registers_publication", where="WHERE id = %s", issue="99", **values)
    for statement in (same_issue, same_place):
        refused("(kept for good|unique)", f"INSERT {or_replace()} {statement}", other.pk)


def test_a_decision_to_correct_can_not_be_replaced_by_another(book):
    statement = copy("registers_reissue", where="WHERE id = %s", reason="'Another reason.'")
    refused(
        "(kept for good|unique)", f"INSERT {or_replace()} {statement}", Reissue.objects.get().pk
    )


# Nothing forgotten -------------------------------------------------------------------------------


def test_every_trigger_is_in_the_migrated_database(db):
    if connection.vendor == "sqlite":
        rows = sql("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    else:
        rows = sql(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgenabled = 'O'"
        )
    expected = {(name, table) for name, table, *_ in freeze.named_rules(connection.vendor)}
    if connection.vendor == "postgresql":
        truncated = (*freeze.CONTENT, "registers_edition", *freeze.APPEND_ONLY)
        expected |= {(f"{freeze.PREFIX}truncate", table) for table in truncated}
    assert set(rows) == expected


def test_every_table_of_history_is_append_only():
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if "history_id" in {field.attname for field in model._meta.local_concrete_fields}
        or model.__name__.startswith("Historical")
    }
    assert tables == {table for table in freeze.APPEND_ONLY if "_historical" in table}


def test_every_table_that_is_part_of_a_snapshot_or_states_what_became_of_one_is_content():
    found = {"registers_snapshot"}
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if "historical" not in model._meta.db_table
    ]
    for _ in models:
        for model in models:
            for field in model._meta.local_concrete_fields:
                part_of = field.remote_field and field.remote_field.on_delete is CASCADE
                if part_of and field.remote_field.model._meta.db_table in found:
                    found.add(model._meta.db_table)
    # The words that a search looks through are derived, and may be made again.
    assert found - {"registers_sought"} | {"registers_lineage"} == set(freeze.CONTENT)
