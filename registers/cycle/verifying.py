"""Proving that nothing was touched since it was published."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from registers.domain import canonical
from registers.models import Edition, Entry, Publication, Register, State
from registers.reading.documents import of_edition

MISSING_AT_END = "It is published, but its publication is missing."
MISSING_BY_RECORD = "It was published, says the record of changes, but its publication is missing."


@dataclass(frozen=True, slots=True)
class Failure:
    """The first thing wrong with a publication, in a sentence; the edition says which."""

    edition: Edition
    issue: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.edition}, issue {self.issue}: {self.sentence}"


def verify(register: Register) -> Iterator[tuple[Publication | None, Failure | None]]:
    """Go through a register's chain in order: each publication with what is wrong, if anything.

    Recomputed are the digest of the document, the link to the one before, what the document says
    of itself and, for the current issue of a published edition, the document anew from the rows.
    Last come editions of which the publication is gone, without one: those that are published,
    and those that were by the record of changes.

    Somebody who may rewrite the whole database, digests and records included, can still shorten
    the chain or write it anew unseen: a digest that was kept elsewhere, for example in the minutes,
    proves it (`proved_by`).
    """
    previous = ""
    chain = Publication.objects.filter(register=register).select_related("edition__register")
    for place, publication in enumerate(chain.order_by("sequence").iterator(), start=1):
        sentence = _fault(publication, place=place, previous=previous)
        failure = Failure(publication.edition, publication.issue, sentence) if sentence else None
        yield publication, failure
        previous = publication.digest
    for failure in _missing(register):
        yield None, failure


def proved_by(digest: str, chain: Sequence[Publication]) -> list[Publication] | None:
    """What was published after the one with a digest, in order; None if none has it.

    Each publication names the digest before it, so in a chain that was verified the digest of one
    proves that one and all before it.
    """
    for place, publication in enumerate(chain, start=1):
        if publication.digest == digest:
            return list(chain[place:])
    return None


def _missing(register: Register) -> Iterator[Failure]:
    """Issues that were published and have no publication."""
    kept = set(Publication.objects.filter(register=register).values_list("edition", "issue"))
    for edition in Edition.objects.filter(register=register).published().oldest_first():
        if (edition.pk, edition.issue) not in kept:
            kept.add((edition.pk, edition.issue))
            yield Failure(edition, edition.issue, MISSING_AT_END)
    recorded = Edition.history.filter(register=register, state=State.PUBLISHED)
    for line in recorded.order_by("quarter", "issue").distinct().values("id", "quarter", "issue"):
        issue = line.pop("issue")
        if (line["id"], issue) not in kept:
            yield Failure(Edition(register=register, **line), issue, MISSING_BY_RECORD)


def _fault(publication: Publication, *, place: int, previous: str) -> str:
    if publication.sequence != place:
        return f"The publication at place {place} of the chain is missing."
    if canonical.digest(publication.document) != publication.digest:
        return "The document does not match its digest."
    try:
        said = json.loads(publication.document)
        if publication.previous_digest != previous or said["previous"] != previous:
            return "It does not follow from the publication before it."
        return _misfiled(said, publication) or _rewritten(said, publication)
    except (ValueError, KeyError, TypeError):
        return "The document can't be read."


def _misfiled(said: dict[str, Any], publication: Publication) -> str:
    """How the records that pages show beside a document differ from it."""
    if not _is_of(said, publication):
        return "The document says another edition, issue, date or reason than the record of it."
    edition, issue = publication.edition, publication.issue
    decided = edition.reissues.filter(issue=issue - 1).values_list("reason", flat=True).first()
    if (decided or "") != said["reason"]:
        return "The decision to correct it gives another reason than the document."
    if _is_current(publication) and edition.published_at != publication.published_at:
        return "The edition gives another date of publication than the document."
    return ""


def _is_current(publication: Publication) -> bool:
    return publication.edition.is_published and publication.edition.issue == publication.issue


def _rewritten(said: dict[str, Any], publication: Publication) -> str:
    """How the rows of a published edition differ from the document of its current issue."""
    if not _is_current(publication):
        return ""
    now = json.loads(
        canonical.write(
            of_edition(
                publication.edition,
                issue=publication.issue,
                previous_digest=publication.previous_digest,
                reason=publication.reason,
                published_at=publication.published_at,
                published_by=publication.published_by,
            )
        )
    )
    format = said["format"]
    return _difference(_content(said, format), _content(now, format)) or _flipped(said, publication)


def _flipped(said: dict[str, Any], publication: Publication) -> str:
    """An entry that is exempt now and was not, or the other way round, with no record of it.

    A person may make an entry exempt, or lift it, after it was published; that is on record.
    """
    entries = Entry.objects.filter(register=publication.register_id)
    today = dict(entries.values_list("pk", "exempt"))
    for entry in said["entries"]:
        key, exempt = entry["entry"], today.get(entry["entry"])
        if exempt == entry["exempt"]:
            continue
        recorded = Entry.history.filter(id=key).order_by("-history_date", "-history_id").first()
        if recorded is None or recorded.exempt != exempt:
            now = "exempt" if exempt else "no longer exempt"
            return f"{entry['reference']} is {now}, and nothing on record says who made it so."
    return ""


def _is_of(said: dict[str, Any], publication: Publication) -> bool:
    """Whether a document is of the edition and the issue that it is kept under."""
    edition = publication.edition
    return edition.register_id == publication.register_id and (
        said["quarter"],
        said["issue"],
        said["reason"],
        said["published_at"],
    ) == (
        edition.quarter.slug,
        publication.issue,
        publication.reason,
        canonical.moment(publication.published_at),
    )


# The names of a register and of a person may rightly follow a publication.
_MAY_FOLLOW = ("register", "register_name", "published_by")
# What a document of the first format did not hold, or not for good.
_SINCE_FORMAT_2 = {"format", "lineage"}


def _content(said: dict[str, Any], format: int) -> dict[str, Any]:
    """What may not change since a document of a format was published."""
    left_out = {"entries", *_MAY_FOLLOW} | (_SINCE_FORMAT_2 if format < 2 else set())
    kept = {key: value for key, value in said.items() if key not in left_out}
    return {**kept, "entries": [_of_entry(entry, format) for entry in said["entries"]]}


def _of_entry(entry: dict[str, Any], format: int) -> dict[str, Any]:
    kept = {**entry, "exempt_reason": entry["exempt"] and entry["exempt_reason"]}
    post = kept.pop("post", None)
    if format < 2:
        return kept
    return {**kept, "post": post and post["id"]}


_NAMED = {"lineage": "what became of entries"}


def _difference(said: dict[str, Any], now: dict[str, Any]) -> str:
    """Where the rows first differ from the document, in a sentence; empty if nowhere."""
    if said == now:
        return ""
    differing = sorted(
        key
        for key in said.keys() | now.keys()
        if key != "entries" and said.get(key) != now.get(key)
    )
    if differing:
        named = ", ".join(_NAMED.get(key, key) for key in differing)
        return f"The edition differs from what was published, in {named}."
    then = {entry["entry"]: entry for entry in said["entries"]}
    today = {entry["entry"]: entry for entry in now["entries"]}
    for key, entry in then.items():
        if key not in today:
            return f"{entry['reference']} was published and is gone."
        names = entry.keys() | today[key].keys()
        differing = sorted(name for name in names if entry.get(name) != today[key].get(name))
        if differing:
            return (
                f"{entry['reference']} differs from what was published, in {', '.join(differing)}."
            )
    added = [entry["reference"] for key, entry in today.items() if key not in then]
    if added:
        return f"{added[0]} was added after publication."
    return "The order of the entries differs from what was published."
