"""What a notice says: written when it is sent, of what is then the recipient's to do.

A mail travels further than a page. It names only entries of the recipient's own posts, and of an
exempt one nothing but its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from registers.cycle.notices.contact import contact
from registers.cycle.notices.schedule import reminder_day
from registers.domain.english import counted, written
from registers.models import (
    Edition,
    Notice,
    Owner,
    Progress,
    Proposal,
    Question,
    Snapshot,
    State,
    Tenure,
)
from registers.models.snapshot import SnapshotQuerySet

EXEMPT = "an exempt entry: sign in to read it"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a mail names it."""

    reference: str
    title: str
    standing: str
    url: str

    @classmethod
    def of(cls, snapshot: Snapshot) -> Line:
        return cls(
            snapshot.reference,
            EXEMPT if snapshot.entry.exempt else snapshot.title,
            _standing(snapshot),
            _link("admin:registers_snapshot_change", snapshot.pk),
        )


def compose(notice: Notice, *, now: datetime | None = None) -> EmailMultiAlternatives | None:
    """The mail, or None if by now it would tell its recipient nothing that is theirs to do."""
    now = now or timezone.now()
    posts = _posts(notice, now)
    if notice.question is not None:
        return _of_question(notice, notice.question, posts, now)
    if notice.proposal is not None:
        return _of_proposal(notice, notice.proposal, posts, now)
    if not (posts and notice.recipient.email):
        return None
    if notice.kind == Notice.Kind.CLOSED:
        return _closed(notice, posts, now)
    if not notice.edition.is_open:
        return None
    if notice.kind == Notice.Kind.SENT_BACK:
        return _sent_back(notice, posts, now)
    if notice.kind == Notice.Kind.REMINDER and notice.day != reminder_day(
        notice.edition, timezone.localdate(now)
    ):
        # A later reminder has become due, or the deadline was moved.
        return None
    lines = _lines(Snapshot.objects.in_edition(notice.edition).outstanding(), posts)
    if not lines:
        return None
    entries = counted(len(lines), "entry", "entries")
    template, subject = _of_several(notice, entries, now)
    return _mail(notice, template, subject, posts, now, lines=lines, entries=entries)


def _lines(snapshots: SnapshotQuerySet, posts: list[Owner]) -> list[Line]:
    """Those of a person's posts, in the order of the printed table."""
    own = snapshots.owned_by(posts).select_related("entry").as_printed()
    return [Line.of(snapshot) for snapshot in own]


def _closed(notice: Notice, posts: list[Owner], now: datetime) -> EmailMultiAlternatives | None:
    """What somebody was in the middle of when the quarter was closed; None if it is open again."""
    edition = notice.edition
    if edition.state != State.IN_REVIEW:
        return None
    lines = _lines(Snapshot.objects.in_edition(edition).begun(), posts)
    if not lines:
        return None
    entries = counted(len(lines), "entry", "entries")
    subject = f"{edition} is closed: {entries} of yours not submitted"
    return _mail(notice, "closed", subject, posts, now, lines=lines, entries=entries)


def _of_several(notice: Notice, entries: str, now: datetime) -> tuple[str, str]:
    """(template, subject) of a mail that lists what is to be done."""
    edition = notice.edition
    if notice.kind == Notice.Kind.OPENED:
        by = f" by {_day(edition.deadline)}" if edition.deadline else ""
        return "opened", f"{edition} is open: {entries} to update{by}"
    countdown = _countdown(edition, now)
    return "reminder", f"{edition}: {entries} to update{countdown and f', {countdown.lower()}'}"


def _sent_back(notice: Notice, posts: list[Owner], now: datetime) -> EmailMultiAlternatives | None:
    snapshot = notice.snapshot
    if (
        snapshot is None
        or snapshot.owner not in posts
        or snapshot.progress != Progress.DRAFT
        or not snapshot.sent_back_because
        or _was_sent_back_again(notice)
    ):
        return None
    subject = f"{notice.edition}: {snapshot.reference} was sent back to you"
    comment = "" if snapshot.entry.exempt else snapshot.sent_back_because
    line = Line.of(snapshot)
    return _mail(notice, "sent_back", subject, posts, now, line=line, comment=comment)


def _of_question(
    notice: Notice, question: Question, posts: list[Owner], now: datetime
) -> EmailMultiAlternatives | None:
    """A question to who has to answer it, or its answer to who asked; None once it is no use."""
    asked = notice.kind == Notice.Kind.ASKED
    visible = Question.objects.visible_to(notice.recipient).filter(pk=question.pk)
    if not (notice.recipient.email and visible.exists() and asked == question.is_open):
        return None
    there = Snapshot.objects.filter(entry=question.entry_id, edition=question.edition_id)
    snapshot = there.select_related("entry").first()
    exempt = snapshot is not None and bool(snapshot.entry.exempt or snapshot.exempt_because)
    name = snapshot.reference if snapshot else question.edition.register.name
    title = "" if snapshot is None or exempt else f" ({snapshot.title})"
    return _mail(
        notice,
        "asked" if asked else "answered",
        f"{question.edition}: {'a question' if asked else 'the answer to your question'} on {name}",
        posts,
        now,
        question=question,
        about=f"on {name}{title}",
        said="" if exempt else (question.text if asked else question.answer),
        link=_link("answer", question.pk) if asked else _link("questions"),
    )


def _of_proposal(
    notice: Notice, proposal: Proposal, posts: list[Owner], now: datetime
) -> EmailMultiAlternatives | None:
    """A proposal to who decides it, or the decision to who proposed it; None once it is no use."""
    asked = notice.kind == Notice.Kind.PROPOSED
    visible = Proposal.objects.visible_to(notice.recipient).filter(pk=proposal.pk)
    if not (notice.recipient.email and visible.exists()) or asked != proposal.waits:
        return None
    reference = proposal.called.split(" ", 1)[0]
    there = f"{proposal.edition.register} to {proposal.to}"
    subject = f"{reference} is proposed from {there}"
    if not asked:
        decided = "declined" if proposal.refusal else "accepted"
        subject = f"{reference}, proposed from {there}, is {decided}"
    return _mail(
        notice,
        notice.kind,
        subject,
        posts,
        now,
        proposal=proposal,
        called=reference if proposal.entry.exempt else proposal.called,
        said="" if proposal.entry.exempt else (proposal.reason if asked else proposal.refusal),
        link=_link("proposal", proposal.pk),
    )


def _was_sent_back_again(notice: Notice) -> bool:
    return Notice.objects.filter(
        kind=notice.kind,
        recipient=notice.recipient,
        snapshot=notice.snapshot,
        version__gt=notice.version,
    ).exists()


def _posts(notice: Notice, now: datetime) -> list[Owner]:
    """The posts that the recipient holds or deputises for at the time of sending."""
    if not notice.recipient.access.anywhere.updates:
        return []
    in_post = Tenure.objects.current(timezone.localdate(now)).filter(user=notice.recipient)
    return list(Owner.objects.filter(pk__in=in_post.values("owner")))


def _mail(
    notice: Notice,
    template: str,
    subject: str,
    posts: list[Owner],
    now: datetime,
    **context: object,
) -> EmailMultiAlternatives:
    edition = notice.edition
    context.update(
        {
            "subject": subject,
            "notice": notice,
            "edition": edition,
            "register": edition.register,
            "countdown": _countdown(edition, now),
            "deadline_is": "was" if edition.deadline and edition.deadline < now else "is",
            "posts": posts,
            "my_updates": _link("my-updates"),
            "organisation": settings.ORGANISATION,
            "contact": contact(),
        }
    )
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"registers/mail/{template}.txt", context),
        to=[notice.recipient.email],
        headers={
            # The same if a crash makes it go out twice, so that mailboxes may fold the two.
            "Message-ID": f"<notice-{notice.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(
        render_to_string(f"registers/mail/{template}.html", context), "text/html"
    )
    return mail


def _link(name: str, *args: object) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, args=args)


def _standing(snapshot: Snapshot) -> str:
    if snapshot.progress == Progress.TO_UPDATE:
        return "to update"
    return "sent back" if snapshot.sent_back_because else "draft"


def _countdown(edition: Edition, now: datetime) -> str:
    """'10 days left', '1 day left', 'Due today', '7 days overdue'; empty without a deadline."""
    if edition.deadline is None:
        return ""
    days = (timezone.localdate(edition.deadline) - timezone.localdate(now)).days
    if days == 0:
        return "Due today"
    unit = "day" if abs(days) == 1 else "days"
    return f"{days} {unit} left" if days > 0 else f"{-days} {unit} overdue"


def _day(moment: datetime) -> str:
    return written(timezone.localdate(moment))
