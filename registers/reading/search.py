"""Searching every edition a person may read: entries, and the sentences that say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max, Min, QuerySet

from registers.domain.content import (
    ACTIONS,
    COMMENTARY,
    CONSEQUENCES,
    CONTROLS,
    DESCRIPTION,
    Content,
)
from registers.domain.flags.sentences import sentences
from registers.domain.quarters import Quarter
from registers.domain.stems import asked, stands_in, stems
from registers.models import Edition, Snapshot, Sought, User
from registers.reading.contents import terms, whole

SECTIONS = (DESCRIPTION, CONSEQUENCES, CONTROLS, ACTIONS, COMMENTARY)
# How many sentences of an entry are shown.
SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry: how often its editions say what is asked, the last that does, and its words."""

    content: Content
    register: str
    register_name: str
    editions: int
    first: Quarter
    sentences: tuple[tuple[str, str], ...]
    more: int

    @property
    def quarter(self) -> Quarter:
        return self.content.quarter


def matching(query: str, user: User) -> QuerySet[Snapshot]:
    """The snapshots that a person may read and that say all of it, as whole words.

    Drafts are among them for those who may read those; what was written in one a moment ago is
    found once `cycle.index_drafts` has looked.
    """
    seen = Snapshot.objects.visible_to(user)
    words = asked(query)
    if not words:
        return seen.none()
    for one in words:
        seen = seen.filter(pk__in=Sought.objects.saying(one).values("snapshot"))
    return seen


def knows_all(user: User) -> bool:
    """Whether every edition that a person may read is looked through: not so right after an upgrade
    of the program, until `manage.py keep_standings` has run.
    """
    return not Snapshot.objects.visible_to(user).published().filter(sought=None).exists()


def entries(found: QuerySet[Snapshot]) -> QuerySet:
    """By entry, in how many editions it was found, the latest first."""
    return (
        found.order_by()
        .values("entry", "edition__register")
        .annotate(editions=Count("pk"), first=Min("edition__quarter"), last=Max("edition__quarter"))
        .order_by("-last", "-editions", "entry")
    )


def hits(rows: list[dict], query: str, user: User) -> list[Hit]:
    """The entries of one page of `entries`, with what their last such edition says. Six queries."""
    wanted = {row["entry"]: row for row in rows}
    snapshots = matching(query, user).filter(entry__in=list(wanted))
    editions = {
        one.pk: one
        for one in Edition.objects.filter(
            quarter__in={row["last"] for row in rows},
            register__in={row["edition__register"] for row in rows},
        ).select_related("register")
    }
    known = {pk: terms(one) for pk, one in editions.items()}
    by_terms = {id(known[pk]): one for pk, one in editions.items()}
    latest = {
        (one.entry, one.quarter): one
        for one in whole(snapshots.filter(edition__in=list(editions)), known)
    }
    found = []
    for entry, row in wanted.items():
        content = latest[entry, row["last"]]
        register = by_terms[id(content.terms)].register
        told = list(_saying(content, asked(query)))
        found.append(
            Hit(
                content,
                register.slug,
                register.name,
                row["editions"],
                row["first"],
                tuple(told[:SENTENCES]),
                max(len(told) - SENTENCES, 0),
            )
        )
    return found


def _saying(content: Content, words: list[list[str]]) -> Iterator[tuple[str, str]]:
    """(section, sentence) of each that says one of the words, in the order of the printed row."""
    for section in SECTIONS:
        points = content.printed_actions() if section == ACTIONS else content.passage(section)
        for sentence in (one for point in points for one in sentences(point.text)):
            told = stems(sentence)
            if any(stands_in(each, told) for each in words):
                yield section, sentence


def words_of(content: Content) -> str:
    """All that is searched of a snapshot, as `Sought` keeps it."""
    texts = [content.reference, content.title, content.owner, *content.texts.values()]
    for strand in content.strands:
        texts += [strand.title, strand.lead, strand.consequences, strand.controls]
        texts.append(strand.commentary)
    for action in content.actions:
        texts += [action.text, action.lead]
    # A line apart, so that words in quotes do not run from one text into the next.
    return f" {' | '.join(' '.join(stems(text)) for text in texts if text)} "
