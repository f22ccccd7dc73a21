"""What one person may read, for the feed. A fixed number of queries, whatever there is.

Of an edition that is being corrected the feed says what was published last, to everybody: a report
shows no correction before it is out. A draft is read only by who asks for its quarter by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count

from registers.domain.content import Content
from registers.domain.quarters import Quarter
from registers.exporting.feed.facts import InAction, InEdition, InEntry, InRegister
from registers.models import Edition, Entry, Publication, Register, Snapshot, User
from registers.reading.contents import terms, whole
from registers.reading.documents import as_issued

PRINTED = ("edition__quarter", "order", "pk")


@dataclass(frozen=True)
class Read:
    """Editions of one register: `live` are read from their rows, `corrected` from the document of
    the issue that everybody reads meanwhile. Both oldest first.
    """

    register: Register
    live: tuple[Edition, ...]
    corrected: tuple[Edition, ...]

    @property
    def all(self) -> list[Edition]:
        return sorted((*self.live, *self.corrected), key=lambda one: one.quarter)

    @property
    def is_published(self) -> bool:
        """Whether no draft is among them, so that they say the same tomorrow."""
        return all(one.is_published for one in self.live)

    def only(self, quarter: Quarter | None) -> Read:
        """Those of a quarter, a draft too; of no quarter those that are published."""

        def these(editions: Sequence[Edition]) -> tuple[Edition, ...]:
            asked = [one for one in editions if one.quarter == quarter]
            return tuple(asked if quarter else [one for one in editions if one.is_published])

        return Read(self.register, these(self.live), these(self.corrected))


def registers(user: User) -> list[InRegister]:
    """Those with an edition that a person may read. Two queries at most."""
    seen = {one.register_id for one in Edition.objects.visible_to(user).only("register_id")}
    seen |= set(_under_correction(user).values_list("register", flat=True))
    found = list(Register.objects.filter(pk__in=seen))
    slugs = {one.pk: one.slug for one in found}
    return [InRegister(one, slugs.get(one.parent_id)) for one in found]


def _under_correction(user: User):
    """Editions of the registers that a person reads: the last issue of each is theirs to read."""
    return Edition.objects.filter(user.access.where("reads"), issue__gt=1).unpublished()


def editions(user: User, register: str) -> Read | None:
    """The editions of a register that a person may read; None where there is none."""
    of_register = {"register__slug": register}
    seen = Edition.objects.visible_to(user).filter(**of_register).select_related("register")
    live = tuple(one for one in seen.oldest_first() if not one.is_being_corrected)
    corrected = tuple(_last_issues(user, register))
    found = (*live, *corrected)
    return Read(found[0].register, live, corrected) if found else None


def _last_issues(user: User, register: str) -> Iterator[Edition]:
    editions = _under_correction(user).filter(register__slug=register)
    issues = Publication.objects.filter(edition__in=editions).select_related("edition__register")
    last: dict[int, Publication] = {}
    for issue in issues.order_by("edition__quarter", "issue"):
        last[issue.edition_id] = issue
    return (as_issued(issue, user) for issue in last.values())


def listed(user: User, read: Read) -> list[InEdition]:
    """The editions with how many entries of each a person may read. Two queries."""
    counts = _counts(user, read)
    issues = Publication.objects.filter(edition__in=[one.pk for one in read.all]).defer("document")
    publications = {(one.edition_id, one.issue): one for one in issues}
    return [
        InEdition(
            one,
            len(one.issued.entries) if one.issued else counts.get(one.pk, 0),
            publications.get((one.pk, one.issue)) if one.is_published else None,
            user.access.at(read.register.pk).reads_exempt,
        )
        for one in read.all
    ]


def _counts(user: User, read: Read) -> dict[int, int]:
    rows = Snapshot.objects.visible_to(user).filter(edition__in=[one.pk for one in read.live])
    grouped = rows.order_by().values("edition").annotate(number=Count("pk"))
    return dict(grouped.values_list("edition", "number"))


def how_many(user: User, read: Read) -> int:
    """How many entries there are in all of these editions. One query."""
    issued = sum(len(one.issued.entries) for one in read.corrected if one.issued)
    return issued + sum(_counts(user, read).values())


def entries(user: User, read: Read, start: int, stop: int) -> list[InEntry]:
    """From one place to before another: as printed, the oldest edition first, those that are being
    corrected last. Seven queries at most.
    """
    editions = {one.pk: one for one in read.live}
    seen = Snapshot.objects.visible_to(user).filter(edition__in=editions).order_by(*PRINTED)
    asked = list(seen.values_list("pk", flat=True)[start:stop])
    rows = Snapshot.objects.filter(pk__in=asked).order_by(*PRINTED)
    found = whole(rows, {pk: terms(one) for pk, one in editions.items()})
    by_quarter = {one.quarter: one for one in read.live}
    pairs = [(by_quarter[one.quarter], one) for one in found]
    if len(asked) < stop - start and read.corrected:
        before = seen.count()
        pairs += _as_issued(read)[max(0, start - before) : stop - before]
    return _with_keys(pairs)


def _as_issued(read: Read) -> list[tuple[Edition, Content]]:
    return [(one, said) for one in read.corrected if one.issued for said in one.issued.entries]


def _with_keys(pairs: Sequence[tuple[Edition, Content]]) -> list[InEntry]:
    ids = {one.entry for _, one in pairs}
    rows = {row.pk: row for row in Entry.objects.filter(pk__in=ids).only("key", "exempt")}
    return [
        InEntry(edition, one, str(row.key), bool(one.exempt_because) or row.exempt)
        for edition, one in pairs
        for row in (rows[one.entry],)
    ]


def actions(entries: Sequence[InEntry]) -> list[InAction]:
    return [InAction(entry, action) for entry in entries for action in entry.one.actions]
