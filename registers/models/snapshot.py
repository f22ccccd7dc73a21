"""What one edition says of one entry: the only place where content lives."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from registers.domain import scale
from registers.domain.kinds import WORDS, KindWords
from registers.models.constraints import UniqueAtField
from registers.models.edition import Edition
from registers.models.entry import Entry, Kind
from registers.models.fields import PassageField, Stamped, Text
from registers.models.owner import Owner
from registers.models.register import Type


class Direction(models.TextChoices):
    NOT_STATED = "", "Not stated"
    UP = "up", "Up"
    LEVEL = "level", "Level"
    DOWN = "down", "Down"
    NEW = "new", "New"


class Progress(models.TextChoices):
    """How far an entry's update has come in its edition."""

    TO_UPDATE = "to_update", "To update"
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    ACCEPTED = "accepted", "Accepted"


def _level(name: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        name, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )


def _score(name: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(name, null=True, blank=True)


def score_constraints(prefix: str, words: str) -> list[models.CheckConstraint]:
    """What the database refuses of one impact, likelihood and score."""
    impact, likelihood, score = f"{prefix}impact", f"{prefix}likelihood", f"{prefix}score"
    name = f"snapshot_{prefix or 'current_'}"
    unknown = Q(**{f"{impact}__isnull": True, f"{likelihood}__isnull": True})
    levels = Q(**{f"{impact}__range": (1, 5), f"{likelihood}__range": (1, 5)})
    known = Q(**{f"{impact}__isnull": False, f"{likelihood}__isnull": False}) & levels
    return [
        models.CheckConstraint(
            name=f"{name}position_is_known_whole_or_not_at_all",
            condition=unknown | known,
            violation_error_message=(
                f"{words}: give both impact and likelihood, each 1 to 5, or neither."
            ),
        ),
        models.CheckConstraint(
            name=f"{name}score_is_impact_times_likelihood",
            condition=unknown | Q(**{f"{score}__isnull": False, score: F(impact) * F(likelihood)}),
            violation_error_message=f"{words}: the score is impact times likelihood.",
        ),
        models.CheckConstraint(
            name=f"{name}score_is_one_of_the_5x5",
            condition=Q(**{f"{score}__isnull": True}) | Q(**{f"{score}__in": scale.SCORES}),
            violation_error_message=(
                f"{words}: a score is two levels from 1 to 5 multiplied, such as 12 or 20."
            ),
        ),
    ]


class SnapshotQuerySet(models.QuerySet):
    def visible_to(self, user) -> SnapshotQuerySet:
        return self.filter(user.access.snapshots())

    def published(self) -> SnapshotQuerySet:
        return self.filter(edition__state="published")

    def once_published(self) -> SnapshotQuerySet:
        """Those of editions that were published, though one may be being corrected."""
        return self.filter(Q(edition__state="published") | Q(edition__issue__gt=1))

    def in_edition(self, edition) -> SnapshotQuerySet:
        return self.filter(edition=edition)

    def risks(self) -> SnapshotQuerySet:
        return self.filter(entry__kind=Kind.RISK)

    def opportunities(self) -> SnapshotQuerySet:
        return self.filter(entry__kind=Kind.OPPORTUNITY)

    def of_kind(self, kind: str) -> SnapshotQuerySet:
        return self.filter(entry__kind=kind)

    def placed(self) -> SnapshotQuerySet:
        """Those whose cell on the 5×5 is known."""
        return self.filter(impact__isnull=False)

    def not_accepted(self) -> SnapshotQuerySet:
        return self.exclude(progress=Progress.ACCEPTED)

    def outstanding(self) -> SnapshotQuerySet:
        """Those that their owners have not submitted yet."""
        return self.filter(progress__in=[Progress.TO_UPDATE, Progress.DRAFT])

    def begun(self) -> SnapshotQuerySet:
        """Those that somebody has begun to update and not submitted."""
        return self.filter(progress=Progress.DRAFT)

    def owned_by(self, posts) -> SnapshotQuerySet:
        return self.filter(owner__in=posts)

    def as_printed(self) -> SnapshotQuerySet:
        """In the order of the printed table."""
        return self.order_by("order", "id")

    def with_content(self) -> SnapshotQuerySet:
        """Everything that the text of an entry is made of, in a fixed number of queries."""
        return self.select_related("entry", "edition__register", "owner").prefetch_related(
            "types", "strands__types", "actions"
        )


class Snapshot(Stamped):
    """The row of the printed table. An open edition's are the drafts, a published one's frozen.

    Texts are in the written form of `domain.passages`. What belongs to a numbered part is in its
    Strand; a `domain.content.Content` gives the whole of a column.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="snapshots")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="snapshots")
    reference = models.CharField(max_length=12, help_text="The printed number, such as CR1.")
    order = models.PositiveSmallIntegerField(
        default=0, help_text="Place in the printed table, from the top."
    )
    title = models.CharField(max_length=500)
    description = PassageField(help_text="What the title leaves unsaid, if anything.")
    types = models.ManyToManyField(Type, blank=True, related_name="snapshots")
    consequences = PassageField()
    controls = PassageField()

    impact, likelihood, score = _level("impact"), _level("likelihood"), _score("score")
    residual_impact = _level("residual impact")
    residual_likelihood = _level("residual likelihood")
    residual_score = _score("residual score")
    residual_by = models.DateField("residual by", null=True, blank=True)
    inherent_impact = _level("inherent impact")
    inherent_likelihood = _level("inherent likelihood")
    inherent_score = _score("inherent score")
    # Where one of its types has an appetite of its own; null means the edition's.
    own_appetite = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    # The paragraph under which it was exempt when it was published; empty where it was not. The
    # entry's own flag may be lifted since: what this edition held back it holds back for good.
    exempt_because = models.CharField(max_length=200, blank=True, default="", editable=False)

    owner = models.ForeignKey(
        Owner, on_delete=models.PROTECT, null=True, blank=True, related_name="snapshots"
    )
    # The name as it stood, or what was printed where no one post can be named.
    owner_text = Text("owner as printed", blank=True, default="")
    direction = models.CharField(
        "direction of travel",
        max_length=8,
        choices=Direction.choices,
        blank=True,
        default="",
    )
    commentary = PassageField(help_text="Plain lines; a line with a bullet stays one.")

    progress = models.CharField(
        max_length=10, choices=Progress.choices, default=Progress.TO_UPDATE, editable=False
    )
    no_change_reason = Text("no change, because", blank=True, default="")
    override_reason = Text("submitted all the same, because", blank=True, default="")
    sent_back_because = Text(blank=True, default="", editable=False)
    sent_back_at = models.DateTimeField(null=True, blank=True, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Rises with every save; the second of two people who save the same one is told.
    version = models.PositiveIntegerField(default=0, editable=False)

    # The cells as an import read them, by column. A key that is absent was not in the source;
    # an empty string was there and blank.
    printed = models.JSONField(default=dict, blank=True, editable=False)

    objects = SnapshotQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[types])

    class Meta:
        ordering = ["edition", "order", "id"]
        constraints = [
            UniqueAtField(
                fields=["edition", "entry"],
                field="entry",
                name="an_edition_says_one_thing_of_an_entry",
                violation_error_message="This edition already has this entry.",
            ),
            UniqueAtField(
                fields=["edition", "reference"],
                field="reference",
                name="a_reference_is_used_once_in_an_edition",
                violation_error_message="Another entry of this edition has this reference.",
            ),
            models.CheckConstraint(
                name="a_snapshot_has_a_reference_and_a_title",
                condition=~Q(reference="") & ~Q(title=""),
                violation_error_message="An entry has a reference and a title.",
            ),
            *score_constraints("", "Score"),
            *score_constraints("residual_", "Residual score"),
            *score_constraints("inherent_", "Inherent score"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def rows_below(self) -> tuple[models.Model, ...]:
        """Every row that goes with it, in the order in which they can be deleted."""
        return (*self.actions.all(), *self.strands.all(), *self.answers.all())

    @property
    def kind(self) -> str:
        return self.entry.kind

    @property
    def words(self) -> KindWords:
        return WORDS[self.entry.kind]

    @property
    def position(self) -> scale.Position | None:
        return scale.position(self.impact, self.likelihood)

    @property
    def residual_position(self) -> scale.Position | None:
        return scale.position(self.residual_impact, self.residual_likelihood)

    @property
    def inherent_position(self) -> scale.Position | None:
        return scale.position(self.inherent_impact, self.inherent_likelihood)

    @property
    def appetite(self) -> int:
        return self.own_appetite or self.edition.appetite

    @property
    def owner_name(self) -> str:
        """The post, or what was printed where no one post can be named."""
        return self.owner_text or (self.owner.name if self.owner_id else "")

    @property
    def above_appetite(self) -> bool:
        """Only a risk can be above appetite, and only one with a score."""
        return (
            self.entry.kind == Kind.RISK and self.score is not None and self.score > self.appetite
        )

    def was_printed(self, column: str) -> bool:
        """Whether the source had this cell at all; True for what was never imported."""
        return not self.printed or column in self.printed


class Strand(Stamped):
    """A numbered part of an entry, with its own lead, types, texts, actions and direction."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="strands")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=500)
    lead = models.CharField(max_length=200, blank=True, default="")
    types = models.ManyToManyField(Type, blank=True, related_name="strands")
    consequences = PassageField()
    controls = PassageField()
    direction = models.CharField(
        "direction of travel", max_length=8, choices=Direction.choices, blank=True, default=""
    )
    commentary = PassageField()

    history = HistoricalRecords(m2m_fields=[types])

    class Meta:
        ordering = ["snapshot", "number"]
        constraints = [
            UniqueAtField(
                fields=["snapshot", "number"],
                field="number",
                name="a_strand_has_a_number_of_its_own",
                violation_error_message="Another strand of this entry has this number.",
            )
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def heading(self) -> str:
        return f"{self.number}. {self.title}"
