from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from simple_history.models import HistoricalRecords

from registers.domain.kinds import WORDS
from registers.models.constraints import CheckAtField
from registers.models.edition import Edition
from registers.models.entry import Entry
from registers.models.fields import Stamped, Text
from registers.models.snapshot import Snapshot


class QuestionQuerySet(models.QuerySet):
    def visible_to(self, user) -> QuestionQuerySet:
        """A question on an entry is as hidden as what the edition it was asked on says of it.

        Who holds the post that has to answer reads it in any case.
        """
        access = user.access
        if not access.anywhere.reads:
            return self.none()
        if access.everywhere.reads_everything:
            return self.all()
        there = Snapshot.objects.filter(entry=OuterRef("entry"), edition=OuterRef("edition"))
        on_a_whole = Q(entry=None) & access.where("reads", "edition__register")
        seen = on_a_whole | Exists(there.visible_to(user))
        # Also of what has gone from the edition since.
        seen |= access.where("reads_everything", "edition__register")
        if access.posts:
            return self.with_post().filter(seen | Q(post__in=access.posts))
        return self.filter(seen)

    def with_post(self) -> QuestionQuerySet:
        """Each with the `post` that answers for the entry now, and the `post_name` that readers may
        know: the one in the last published edition, not in a draft.
        """
        said = Snapshot.objects.filter(entry=OuterRef("entry")).order_by("-edition__quarter")
        return self.annotate(
            post=Subquery(said.values("owner")[:1]),
            post_name=Subquery(said.published().values("owner__name")[:1]),
        )

    def with_names(self) -> QuestionQuerySet:
        """Each with the number, the title and the kind of its entry where it was asked."""
        there = Snapshot.objects.filter(entry=OuterRef("entry"), edition=OuterRef("edition"))
        return self.annotate(
            reference=Subquery(there.values("reference")[:1]),
            title=Subquery(there.values("title")[:1]),
            kind=F("entry__kind"),
        )

    def open(self) -> QuestionQuerySet:
        """Neither answered nor withdrawn."""
        return self.filter(answered_at=None, withdrawn_at=None)

    def open_first(self) -> QuestionQuerySet:
        """Those that wait, the longest first; then the others, the latest first."""
        waits = Q(answered_at=None, withdrawn_at=None)
        return self.annotate(
            rank=models.Case(models.When(waits, then=0), default=1),
            since=models.Case(models.When(waits, then=F("asked_at"))),
        ).order_by("rank", "since", "-asked_at")


class Question(Stamped):
    """What a member asked on an entry, or on an edition as a whole; answered, or withdrawn.

    It stays with the entry from edition to edition until it is answered, and is never deleted.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="questions")
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="questions"
    )
    text = Text("question")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="questions"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answer = Text(blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="answers"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            CheckAtField(
                field="text",
                name="a_question_asks_something",
                condition=~Q(text=""),
                violation_error_message="Write your question.",
            ),
            CheckAtField(
                field="answer",
                name="an_answer_has_a_text_and_a_day",
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                violation_error_message="Write your answer.",
            ),
            models.CheckConstraint(
                name="a_question_is_answered_or_withdrawn_not_both",
                condition=Q(answered_at=None) | Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None

    @property
    def words(self):
        return WORDS[self.entry.kind] if self.entry_id else None
