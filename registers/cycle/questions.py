"""A member's question: asked, answered by the post it is for, or withdrawn. Never deleted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from registers.cycle.errors import CycleError, NotAllowed
from registers.cycle.notices import tell_answered, tell_asked
from registers.models import Edition, Entry, Question, Register, Snapshot, User

LONGEST = 4_000


class QuestionRefused(CycleError):
    """There is no text, or too much of it, or the question is no longer open."""


@transaction.atomic
def ask(
    edition: Edition, entry: Entry | None, *, text: str, by: User, now: datetime | None = None
) -> Question:
    """Ask something on an entry of a published edition, or on the edition as a whole.

    The holders of the entry's post and the risk managers of the register are told by mail. Raises
    NotAllowed for who may not ask, or not read the entry there; QuestionRefused.
    """
    if not by.access.at(edition.register_id).asks:
        raise NotAllowed("Questions are asked by members of the committee.")
    if not edition.is_published:
        raise QuestionRefused("Questions are asked on what is published.")
    if entry is not None:
        there = Snapshot.objects.in_edition(edition).visible_to(by).filter(entry=entry)
        if not there.exists():
            raise NotAllowed("There is no such entry in this edition.")
    question = Question(
        edition=edition,
        entry=entry,
        text=_text(text, "Write your question."),
        asked_by=by,
        asked_at=now or timezone.now(),
        changed_by=by,
    )
    question.save()
    _shown_anew(question)
    tell_asked(question, now=now)
    return question


@transaction.atomic
def answer(question: Question, *, text: str, by: User, now: datetime | None = None) -> Question:
    """Answer an open question. The member who asked is told by mail.

    Raises NotAllowed for who neither holds the entry's post nor is the risk manager;
    QuestionRefused.
    """
    standing = _open(question, "answered")
    if not may_answer(standing, by):
        raise NotAllowed("It is answered by the owner of the entry or by the risk manager.")
    standing.answer = _text(text, "Write your answer.")
    standing.answered_by, standing.answered_at = by, now or timezone.now()
    standing.changed_by = by
    standing.save()
    _shown_anew(standing)
    tell_answered(standing, now=now)
    return standing


@transaction.atomic
def withdraw(question: Question, *, by: User, now: datetime | None = None) -> Question:
    """Take an open question back: it stays on record as withdrawn.

    Raises NotAllowed for anybody but who asked it; QuestionRefused.
    """
    standing = _open(question, "withdrawn")
    if standing.asked_by_id != by.pk:
        raise NotAllowed("A question is withdrawn by the member who asked it.")
    standing.withdrawn_at, standing.changed_by = now or timezone.now(), by
    standing.save()
    _shown_anew(standing)
    return standing


def may_answer(question: Question, user: User) -> bool:
    if user.access.may_manage(question.edition):
        return True
    latest = Snapshot.objects.filter(entry=question.entry_id).order_by("-edition__quarter").first()
    return latest is not None and user.access.owns(latest)


def _open(question: Question, what: str) -> Question:
    standing = Question.objects.select_for_update().get(pk=question.pk)
    if standing.answered_at:
        raise QuestionRefused(f"It has been answered meanwhile, so it can't be {what}.")
    if standing.withdrawn_at:
        raise QuestionRefused(f"It has been withdrawn meanwhile, so it can't be {what}.")
    return standing


def _text(text: str, missing: str) -> str:
    said = text.strip()
    if not said:
        raise QuestionRefused(missing)
    if len(said) > LONGEST:
        raise QuestionRefused(
            f"This has {len(said):,} characters; at most {LONGEST:,} can be kept. Shorten it."
        )
    return said


def _shown_anew(question: Question) -> None:
    """Published pages that show it are made again."""
    Register.objects.filter(pk=question.edition.register_id).bump()
