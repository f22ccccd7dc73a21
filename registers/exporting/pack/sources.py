"""Rows → what a pack is made of, read for one part of it and not for one person.

Each part has a reader of its own: the public part is what a committee member may read, and of a
draft what they may read once it is published. The part for the cleared holds the rest alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from registers.access import AUDITOR, COMMITTEE, PUBLIC_PART, Access, Rights
from registers.domain.columns import TREND
from registers.domain.content import Content
from registers.domain.difference import Comparison
from registers.domain.flags.standing import NOTHING, Standing, deep_dives
from registers.domain.path import Path
from registers.domain.quarters import Quarter
from registers.exporting.pack import facts
from registers.exporting.pack.facts import ALL, EXEMPT, PUBLIC, Past, Told
from registers.exporting.pack.schedule import paragraphs
from registers.models import Edition, Entry, Publication, Question, Snapshot
from registers.reading.comparisons import compared
from registers.reading.contents import light, terms, typed, whole
from registers.reading.documents import as_issued
from registers.reading.standings import standings

# How many entries' paths are held at a time.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a part is for, as querysets ask."""

    access: Access


EVERYTHING = Reader(Access(Rights(frozenset({AUDITOR}))))


def reader_of(part: str, edition: Edition) -> Reader:
    """The public part is for every member; the others are for who reads everything."""
    if part == PUBLIC:
        role = COMMITTEE if edition.is_published else PUBLIC_PART
        return Reader(Access(Rights(frozenset({role}))))
    return EVERYTHING


def told(
    edition: Edition,
    part: str,
    *,
    since: Edition | None = None,
    texts: Mapping[str, str] | None = None,
    questions: Sequence[facts.Question] = (),
) -> Told:
    """What a part of an edition's pack is made of. `since` is the edition to compare with; unless
    it is given, the published one before. Of an earlier issue, as its whole document has it: see
    `whole_issue`.
    """
    reader = reader_of(part, edition)
    since = since or edition_before(edition)
    held = _held(edition)
    edition = _for_reader(edition, reader)
    entries = _of_part(_entries(edition, reader), part, held)
    only = held | (_held(since) if since else {}) if part == EXEMPT else None
    stand = standings(edition, reader)
    return Told(
        **_of_edition(edition, part, held),
        entries=tuple(entries),
        pasts=dict(_pasts(edition, entries, reader, stand)),
        closer_look=tuple(deep_dives(entries, stand)),
        quarters=_quarters(edition),
        since=since.quarter if since else None,
        changes=_changes(since, edition, reader, entries, only),
        texts=texts or {},
        questions=tuple(questions),
    )


def brief(edition: Edition, part: str) -> Told:
    """What the sheet of entries is made of: no texts, and of the past only what is kept of it.

    A fixed number of queries, none of which reads a text.
    """
    reader = reader_of(part, edition)
    held = _held(edition)
    edition = _for_reader(edition, reader)
    entries = _of_part(_briefly(edition, reader), part, held)
    stand = standings(edition, reader)
    return Told(
        **_of_edition(edition, part, held),
        entries=tuple(entries),
        pasts={one.entry: Past(one, {}, stand.get(one.entry, NOTHING), (), {}) for one in entries},
        closer_look=(),
        quarters=(edition.quarter,),
    )


def _of_part(entries: list[Content], part: str, held: Collection[int]) -> list[Content]:
    return [one for one in entries if part != EXEMPT or one.entry in held]


def _of_edition(edition: Edition, part: str, held: Mapping[int, str]) -> dict[str, Any]:
    """What is told of an edition, whichever of its entries are told of."""
    publication = _publication(edition)
    return {
        "council": settings.ORGANISATION,
        "register": edition.register.name,
        "committee": edition.register.committee,
        "terms": terms(edition),
        "part": part,
        "issue": edition.issue,
        "correction": edition.correction.reason if edition.correction else "",
        "committee_on": edition.committee_on,
        "published_on": timezone.localdate(publication.published_at) if publication else None,
        "digest": publication.digest if publication else "",
        "held_back": bool(held),
        "paragraphs": paragraphs(held.values()),
    }


def questions(edition: Edition, part: str) -> tuple[facts.Question, ...]:
    """What members asked up to this edition and nobody has answered, as far as a part may say.

    What this edition holds back, its public part does not name, though others may.
    """
    found = Question.objects.visible_to(reader_of(part, edition)).open().with_names()
    editions = Edition.objects.filter(register=edition.register_id, quarter__lte=edition.quarter)
    held = _held(edition)
    return tuple(
        facts.Question(one.reference or "", one.text, timezone.localdate(one.asked_at))
        for one in found.filter(edition__in=editions).order_by("asked_at")
        if part == ALL or (part == EXEMPT) == (one.entry_id in held)
    )


def whole_issue(edition: Edition) -> Edition:
    """The edition, and of an earlier issue with all of its document, whoever asked for it.

    What is made of it is handed to everybody who may have the part, so it may not depend on what
    the first to ask could read.
    """
    if edition.issued is None or not edition.issued.withheld:
        return edition
    issues = Publication.objects.select_related("edition__register")
    return as_issued(issues.get(edition=edition.pk, issue=edition.issue), EVERYTHING)


def _for_reader(edition: Edition, reader: Reader) -> Edition:
    """The edition with an earlier issue's document as a part's reader may have it."""
    if edition.issued is None:
        return edition
    exempt: set[int] = set()
    cleared = reader.access.everywhere.reads_exempt
    if not cleared:
        entries = Entry.objects.filter(register=edition.register_id, exempt=True)
        exempt = set(entries.values_list("pk", flat=True))
    shown = copy(edition)
    shown.issued = edition.issued.for_reader(cleared=cleared, exempt=exempt)
    return shown


def edition_before(edition: Edition) -> Edition | None:
    """The last edition published before this one."""
    earlier = Edition.objects.filter(register=edition.register_id, quarter__lt=edition.quarter)
    return earlier.published().newest_first().select_related("register").first()


def _publication(edition: Edition) -> Publication | None:
    if not edition.is_published:
        return None
    found = Publication.objects.filter(edition=edition.pk, issue=edition.issue)
    return found.defer("document").first()


def sizes(edition: Edition) -> dict[str, int]:
    """How many entries each part has. Two queries."""
    held = len(_held(edition))
    if edition.issued is not None:
        total = len(edition.issued.entries)
    else:
        total = Snapshot.objects.in_edition(edition.pk).count()
    return {PUBLIC: total - held, EXEMPT: held, ALL: total}


def _held(edition: Edition) -> dict[int, str]:
    """The entries of an edition that are not for publication, each with the reason."""
    exempt = Q(entry__exempt=True) | ~Q(exempt_because="")
    rows = Snapshot.objects.in_edition(edition.pk).filter(exempt).order_by()
    held = {
        entry: because or reason
        for entry, because, reason in rows.values_list(
            "entry", "exempt_because", "entry__exempt_reason"
        )
    }
    if edition.issued is None:
        return held
    today = dict(
        Entry.objects.filter(register=edition.register_id, exempt=True).values_list(
            "pk", "exempt_reason"
        )
    )
    return {
        one.entry: one.exempt_because or today[one.entry]
        for one in edition.issued.entries
        if one.exempt_because or one.entry in today
    }


def _entries(edition: Edition, reader: Reader) -> list[Content]:
    """What the edition says of each entry, with every text."""
    if edition.issued is not None:
        return list(edition.issued.entries)
    rows = Snapshot.objects.visible_to(reader).in_edition(edition.pk).as_printed()
    return whole(rows, {edition.pk: terms(edition)})


def _briefly(edition: Edition, reader: Reader) -> list[Content]:
    """The same without texts, strands and actions; all types of an entry as its own."""
    if edition.issued is not None:
        return list(edition.issued.entries)
    rows = Snapshot.objects.visible_to(reader).in_edition(edition.pk)
    return typed(light(rows, {edition.pk: terms(edition)}), edition)


def _quarters(edition: Edition) -> tuple[Quarter, ...]:
    """Those of the last editions up to this one, oldest first."""
    earlier = Edition.objects.filter(register=edition.register_id, quarter__lt=edition.quarter)
    if edition.is_published:
        earlier = earlier.published()
    last = earlier.newest_first().values_list("quarter", flat=True)[: TREND - 1]
    return (*reversed(last), edition.quarter)


def _pasts(
    edition: Edition, entries: list[Content], reader: Reader, stand: Mapping[int, Standing]
) -> Iterator[tuple[int, Past]]:
    """What is known of each entry, a batch of paths at a time."""
    earlier = Edition.objects.filter(register=edition.register_id, quarter__lt=edition.quarter)
    if edition.is_published:
        earlier = earlier.published()
    known = {one.pk: terms(one) for one in earlier.oldest_first()}
    for start in range(0, len(entries), BATCH):
        batch = entries[start : start + BATCH]
        stops = defaultdict(list)
        for stop in _earlier([one.entry for one in batch], known, reader):
            stops[stop.entry].append(stop)
        for one in batch:
            path = Path(one.kind, (*stops[one.entry], one))
            yield one.entry, Past.of(path, stand.get(one.entry, NOTHING))


def _earlier(entries: Collection[int], known: Mapping, reader: Reader) -> list[Content]:
    rows = Snapshot.objects.visible_to(reader).filter(entry__in=entries, edition__in=known)
    return whole(rows.order_by("edition__quarter"), known)


def _changes(
    since: Edition | None,
    edition: Edition,
    reader: Reader,
    entries: list[Content],
    only: Collection[int] | None,
) -> Comparison | None:
    """What became of each entry, with the texts of this edition; `only` of some entries."""
    if since is None:
        return None
    found = compared(since, edition, reader).changes
    here = {one.entry: one for one in entries}
    changes = [
        replace(one, after=here[one.entry]) if one.after and one.entry in here else one
        for one in found.changes
        if only is None or one.entry in only
    ]
    return Comparison(tuple(changes))
