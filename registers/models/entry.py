from __future__ import annotations

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from simple_history.models import HistoricalRecords

from registers.domain import scale, statements
from registers.domain.kinds import WORDS, KindWords
from registers.models.constraints import CheckAtField, UniqueAtField
from registers.models.fields import Stamped, Text
from registers.models.register import Register


class Kind(models.TextChoices):
    RISK = scale.RISK, "Risk"
    OPPORTUNITY = scale.OPPORTUNITY, "Opportunity"


class EntryQuerySet(models.QuerySet):
    def visible_to(self, user) -> EntryQuerySet:
        """Entries of which the person may read at least one snapshot."""
        from registers.models.snapshot import Snapshot  # the two refer to each other

        return self.filter(Exists(Snapshot.objects.visible_to(user).filter(entry=OuterRef("pk"))))

    def live(self) -> EntryQuerySet:
        """Entries that no statement has ended, or that came back after it."""
        from registers.models.snapshot import Snapshot  # the two refer to each other

        came_back = Snapshot.objects.filter(
            entry=OuterRef("entry"), edition__quarter__gt=OuterRef("edition__quarter")
        )
        ended = Lineage.objects.ending().filter(~Exists(came_back), entry=OuterRef("pk"))
        return self.exclude(Exists(ended))


class Entry(Stamped):
    """One risk or one opportunity over its whole life.

    The printed number is not its identity: that belongs to the snapshot and changes freely.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.RISK)
    exempt = models.BooleanField(
        default=False, help_text="Only people who are cleared see it, counts included."
    )
    exempt_reason = models.CharField(
        "reason for exemption",
        max_length=200,
        blank=True,
        help_text="The paragraph of Schedule 12A to the Local Government Act 1972.",
    )
    # Its name for other programs. The number of a row would tell how many are withheld.
    key = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = EntryQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["key"])

    class Meta:
        verbose_name_plural = "entries"
        ordering = ["register", "-kind", "id"]
        constraints = [
            CheckAtField(
                field="exempt_reason",
                name="an_exempt_entry_gives_its_reason",
                condition=Q(exempt=False) | ~Q(exempt_reason=""),
                violation_error_message=(
                    "An exempt entry names the paragraph of Schedule 12A that makes it so."
                ),
            )
        ]

    def __str__(self) -> str:
        """As its latest edition calls it. The number of the row means nothing to anybody."""
        latest = self.snapshots.order_by("-edition__quarter").values_list("reference", "title")
        return " ".join(latest.first() or (f"{self.get_kind_display()} that no edition holds",))

    def clean(self) -> None:
        """Raises ValidationError for another kind of an entry that was published."""
        published = self.pk and self.snapshots.filter(edition__state="published").exists()
        if published and not Entry.objects.filter(pk=self.pk, kind=self.kind).exists():
            raise ValidationError(
                {
                    "kind": "It was published as what it is. Close it, and add the other as a new "
                    "entry that succeeds it."
                }
            )

    @property
    def words(self) -> KindWords:
        return WORDS[self.kind]

    def lives(self) -> bool:
        """Whether it stands in the newest edition of its register."""
        newest = self.register.editions.newest_first().first()
        return newest is not None and newest.snapshots.filter(entry=self).exists()


class KindManager(models.Manager.from_queryset(EntryQuerySet)):
    def __init__(self, kind: str):
        super().__init__()
        self.kind = kind

    def get_queryset(self):
        return super().get_queryset().filter(kind=self.kind)

    def create(self, **values):
        return super().create(kind=self.kind, **values)


class Risk(Entry):
    """An entry that may harm."""

    objects = KindManager(Kind.RISK)

    class Meta:
        proxy = True


class Opportunity(Entry):
    """An entry that may help."""

    objects = KindManager(Kind.OPPORTUNITY)

    class Meta:
        proxy = True
        verbose_name_plural = "opportunities"


class LineageQuerySet(models.QuerySet):
    def ending(self) -> LineageQuerySet:
        """Statements after which the entry is no longer live."""
        return self.filter(kind__in=Lineage.ENDING)

    def with_names(self) -> LineageQuerySet:
        """Each with `named` and `titled`, as the entry was called last until the edition, and with
        `other_named`, the number of the other entry; for those who may see every draft.
        """
        from registers.models.snapshot import Snapshot  # the two refer to each other

        # What an ending took out of its edition is known from the trail alone.
        trail = Snapshot.history.model.objects.order_by("-edition__quarter", "-history_id")
        said = trail.filter(
            entry_id=OuterRef("entry"), edition__quarter__lte=OuterRef("edition__quarter")
        )
        of_other = trail.filter(
            entry_id=OuterRef("other"), edition__quarter__lte=OuterRef("edition__quarter")
        )
        return self.annotate(
            named=Subquery(said.values("reference")[:1]),
            titled=Subquery(said.values("title")[:1]),
            other_named=Subquery(of_other.values("reference")[:1]),
        )


class Lineage(Stamped):
    """A person's statement on an entry, or on two: what became of it, or where it came from.

    Read as '`entry` was `kind` `other`, from `edition` on': the edition is the first one the
    statement holds for, so an ended entry is absent from it. Of an entry that moved between two
    registers each states it; `elsewhere` is the entry in the other one, `called` what is printed.
    """

    class Statement(models.TextChoices):
        MERGED = statements.MERGED, statements.WORDS[statements.MERGED]
        SPLIT = statements.SPLIT, statements.WORDS[statements.SPLIT]
        SUCCEEDED = statements.SUCCEEDED, statements.WORDS[statements.SUCCEEDED]
        CLOSED = statements.CLOSED, statements.WORDS[statements.CLOSED]
        ESCALATED_TO = statements.ESCALATED_TO, statements.WORDS[statements.ESCALATED_TO]
        ESCALATED_FROM = statements.ESCALATED_FROM, statements.WORDS[statements.ESCALATED_FROM]
        DEESCALATED_TO = statements.DEESCALATED_TO, statements.WORDS[statements.DEESCALATED_TO]
        DEESCALATED_FROM = (
            statements.DEESCALATED_FROM,
            statements.WORDS[statements.DEESCALATED_FROM],
        )

    ENDING = (
        Statement.MERGED,
        Statement.SUCCEEDED,
        Statement.CLOSED,
        Statement.ESCALATED_TO,
        Statement.DEESCALATED_TO,
    )

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="lineage")
    kind = models.CharField("statement", max_length=16, choices=Statement.choices)
    other = models.ForeignKey(
        Entry,
        verbose_name="other entry",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lineage_of_others",
    )
    edition = models.ForeignKey(
        "registers.Edition",
        verbose_name="from edition",
        on_delete=models.PROTECT,
        related_name="lineage",
    )
    elsewhere = models.ForeignKey(
        Entry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="lineage_elsewhere",
    )
    called = models.CharField(max_length=140, blank=True, default="", editable=False)
    reason = Text()

    objects = LineageQuerySet.as_manager()
    # Who reads the trail of one register may not see the other: there it is what it was called.
    history = HistoricalRecords(excluded_fields=["elsewhere"])

    class Meta:
        verbose_name_plural = "lineage"
        ordering = ["edition__quarter", "id"]
        constraints = [
            CheckAtField(
                field="other",
                name="only_a_closure_names_no_other_entry",
                condition=Q(kind__in=["closed", *statements.MOVES], other__isnull=True)
                | (~Q(kind__in=["closed", *statements.MOVES]) & Q(other__isnull=False)),
                violation_error_message=(
                    "Name the other entry that this one was merged into, split from or "
                    "succeeded by; a closure names none."
                ),
            ),
            CheckAtField(
                field="called",
                name="a_move_between_registers_says_what_it_is_called_there",
                condition=(Q(kind__in=statements.MOVES) & ~Q(called=""))
                | (~Q(kind__in=statements.MOVES) & Q(called="", elsewhere__isnull=True)),
                violation_error_message=(
                    "An entry of another register is named by its number there and by the register."
                ),
            ),
            CheckAtField(
                field="other",
                name="an_entry_has_no_lineage_with_itself",
                condition=Q(other__isnull=True) | ~Q(other=F("entry")),
                violation_error_message="An entry can't be merged with or split from itself.",
            ),
            CheckAtField(
                field="reason",
                name="lineage_gives_its_reason",
                condition=~Q(reason=""),
                violation_error_message="Say why.",
            ),
            UniqueAtField(
                # Once it was brought back, it may end again.
                fields=["entry", "edition"],
                condition=Q(
                    kind__in=[
                        "merged_into",
                        "succeeded_by",
                        "closed",
                        "escalated_to",
                        "deescalated_to",
                    ]
                ),
                field="entry",
                name="an_entry_ends_once_in_an_edition",
                violation_error_message="This entry has already been closed, merged or succeeded.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.in_words()}"

    def in_words(self) -> str:
        """'closed', 'merged into CR2': never without the other entry."""
        words = str(self.get_kind_display()).lower()
        if self.called:
            return f"{words} {self.called}"
        if self.other_id is None:
            return words
        if not hasattr(self, "other_named"):
            named = Lineage.objects.with_names().filter(pk=self.pk)
            self.other_named = named.values_list("other_named", flat=True).first()
        return f"{words} {self.other_named or 'another entry'}"
