"""Answering a flag: tolerated because …, until a day. The answer is part of the edition's draft."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from registers.cycle import rows
from registers.cycle.errors import CycleError, ReasonMissing
from registers.cycle.locks import claim
from registers.cycle.updating import own_step
from registers.domain.english import written
from registers.domain.flags import KINDS, Flag, flags_of
from registers.models import FlagAnswer, Snapshot
from registers.reading import entries

LONGEST = 2_000
# What is tolerated for longer is no answer but another appetite.
LONGEST_TOLERATED = timedelta(days=2 * 366)


class FlagGone(CycleError):
    """The entry, as it stands, does not raise this flag, or has no answer to it."""


class UntilRefused(CycleError):
    """An answer can't hold until this day."""


def flags_on(snapshot: Snapshot, user) -> list[Flag]:
    """The flags of a draft as it stands, for a person who may see it."""
    return flags_of(entries.read(user, snapshot).path, snapshot.edition.register.flag_limits)


@transaction.atomic
def answer_flag(
    snapshot: Snapshot,
    code: str,
    *,
    reason: str,
    until: date,
    by,
    now: datetime | None = None,
) -> FlagAnswer:
    """Say to a flag of a draft why it is tolerated, and until when; or say it otherwise.

    An owner's answer takes a submitted entry back to draft, as any change of theirs does. Raises
    FlagGone, ReasonMissing, UntilRefused, and what `claim` raises.
    """
    standing = claim(snapshot, by=by)
    flag = next((one for one in flags_on(standing, by) if one.code == code), None)
    if flag is None:
        raise FlagGone(f"{standing.reference} does not raise “{KINDS.get(code, code)}” any more.")
    said = _reason(reason)
    _refuse_day(until, timezone.localdate(now or timezone.now()))
    answer = standing.answers.filter(code=code).first() or FlagAnswer(snapshot=standing, code=code)
    answer.reason, answer.until = said, until
    answer.asked, answer.proof = f"{flag.title}. {flag.sentence}", flag.proof
    answer.changed_by, answer._change_reason = by, "Flag answered"
    rows.dated(answer, now).save()
    own_step(standing, by=by, why="Flag answered", now=now)
    return answer


@transaction.atomic
def take_answer_back(snapshot: Snapshot, code: str, *, by, now: datetime | None = None) -> Snapshot:
    """Take back what this edition says to a flag; what an earlier one said stands again.

    Raises FlagGone, and what `claim` raises.
    """
    standing = claim(snapshot, by=by)
    answer = standing.answers.filter(code=code).first()
    if answer is None:
        raise FlagGone("There is no answer of this quarter to take back.")
    rows.delete(answer, by=by, reason="Answer taken back", now=now)
    return own_step(standing, by=by, why="Answer taken back", now=now)


def _reason(text: str) -> str:
    said = text.strip()
    if not said:
        raise ReasonMissing("Say why it is tolerated.")
    if len(said) > LONGEST:
        raise ReasonMissing(
            f"This has {len(said):,} characters; at most {LONGEST:,} can be kept. Shorten it."
        )
    return said


def _refuse_day(until: date, today: date) -> None:
    if until <= today:
        raise UntilRefused("Give a day that is still to come.")
    if until > today + LONGEST_TOLERATED:
        raise UntilRefused(
            f"Give a day until {written(today + LONGEST_TOLERATED)}. What is tolerated for longer "
            "needs another appetite."
        )
