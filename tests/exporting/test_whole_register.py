"""A whole register leaves as a file and comes back: the same rows, the same digests, a chain that
verifies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO

import pytest
from django.contrib.auth.hashers import is_password_usable
from django.core.management import call_command
from django.test import override_settings

from registers import cycle
from registers.exporting.whole import lines
from registers.importing.whole import restore
from registers.models import Edition, Publication, Register, Snapshot, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def written(common_ground) -> Iterator[list[str]]:
    """The demonstration as a file, with a correction; the database is empty again afterwards."""

    def write() -> list[str]:
        with override_settings(DEBUG=True):
            call_command("demo", stdout=StringIO())
        edition = Edition.objects.published().newest_first().first()
        cycle.reissue(edition, by=None, reason="A slip")
        edition.refresh_from_db()
        factories.publish(edition)
        return list(lines(Register.objects.get()))

    with common_ground(write) as written:
        pass
    yield written


@pytest.fixture(scope="module")
def restored(common_ground, written: list[str]) -> Iterator[Register]:
    """The same in another database, in which somebody has an account already."""

    def put_in() -> Register:
        User.objects.create_user("manager", password="correct-horse-battery")
        return restore(written)

    with common_ground(put_in) as restored:
        yield restored


def said(file: list[str]) -> list[dict]:
    return [json.loads(line) for line in file]


def without_people(file: list[str]) -> list[dict]:
    """The rows without the numbers of accounts, which are those of their database."""
    to_people = ("changed_by", "published_by", "decided_by", "history_user", "user")
    rows = [row for row in said(file)[1:-1] if row["model"] != "registers.user"]
    for row in rows:
        for name in to_people:
            row["fields"].pop(name, None)
    return rows


def test_every_row_comes_back_as_it_left(written: list[str], restored: Register) -> None:
    again = list(lines(restored))
    assert without_people(again) == without_people(written)
    assert len(again) == len(written)


def test_the_chain_has_the_same_digests_and_verifies(
    written: list[str], restored: Register
) -> None:
    found = list(cycle.verify(restored))
    assert [publication.digest for publication, _ in found] == said(written)[0]["digests"]
    assert not [failure for _, failure in found if failure]
    assert Publication.objects.filter(issue=2).get().reason == "A slip"


def test_what_is_published_is_frozen_there_too(restored: Register) -> None:
    published = Edition.objects.published().first()
    with pytest.raises(Exception, match="published"):
        Snapshot.objects.filter(edition=published).update(title="Another")


def test_new_rows_get_numbers_of_their_own(restored: Register) -> None:
    assert factories.EntryFactory(register=restored).pk > 0
    assert factories.TypeFactory(name="Weather").pk > 0


def test_an_account_of_the_same_name_is_the_same_person_and_others_can_not_log_in(
    written: list[str], restored: Register
) -> None:
    assert User.objects.get(username="manager").check_password("correct-horse-battery")
    other = User.objects.get(username="owner")
    assert not is_password_usable(other.password) and not other.groups.exists()
    assert "pbkdf2" not in "".join(written) and "md5$" not in "".join(written)
