from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from registers.domain import prefixes, scale, tree
from registers.domain.flags import thresholds
from registers.models.constraints import CheckAtField, UniqueAtField
from registers.models.fields import Stamped

PREFIXES = ("risk_prefix", "opportunity_prefix")
LEVEL_OF_SCORE = [MinValueValidator(1), MaxValueValidator(scale.TOP)]


class BandSettings(models.Model):
    """Thresholds and appetite: a register's own, and an edition's as they were in force."""

    medium_from = models.PositiveSmallIntegerField("medium from", default=5)
    high_from = models.PositiveSmallIntegerField("high from", default=10)
    very_high_from = models.PositiveSmallIntegerField("very high from", default=16)
    appetite = models.PositiveSmallIntegerField(
        default=12,
        validators=LEVEL_OF_SCORE,
        help_text="The highest score the council accepts without a plan to bring it down.",
    )

    class Meta:
        abstract = True

    @property
    def bands(self) -> scale.Bands:
        return scale.Bands(self.medium_from, self.high_from, self.very_high_from)


def band_constraints(name: str) -> list[models.CheckConstraint]:
    return [
        CheckAtField(
            field="medium_from",
            name=f"{name}_bands_rise_from_1_to_25",
            condition=Q(medium_from__gt=1)
            & Q(high_from__gt=F("medium_from"))
            & Q(very_high_from__gt=F("high_from"))
            & Q(very_high_from__lte=scale.TOP),
            violation_error_message=(
                "Bands rise from 1 to 25: medium starts above 1, high above medium and "
                "very high above high."
            ),
        ),
        CheckAtField(
            field="appetite",
            name=f"{name}_appetite_is_a_score_up_to_25",
            condition=Q(appetite__gte=1) & Q(appetite__lte=scale.TOP),
            violation_error_message="Appetite is a number from 1 to 25.",
        ),
    ]


class RegisterQuerySet(models.QuerySet):
    def bump(self) -> None:
        """Say that something every published page may show has changed, so none is reused."""
        self.update(stamp=F("stamp") + 1)

    def visible_to(self, user) -> RegisterQuerySet:
        """Those on which the person has a role that reads."""
        return self.filter(user.access.where("reads", "pk"))

    def managed_by(self, user) -> RegisterQuerySet:
        return self.filter(user.access.where("manages", "pk"))

    def audited_by(self, user) -> RegisterQuerySet:
        return self.filter(user.access.where("audits", "pk"))

    def free_prefixes(self) -> dict[str, str]:
        """Of risks and of opportunities, that no register has: so that numbers differ."""
        taken = [prefix for both in self.values_list(*PREFIXES) for prefix in both]
        return dict(zip(PREFIXES, prefixes.free(taken), strict=True))

    def below(self, register: Register) -> RegisterQuerySet:
        """The registers below one, at any depth, and not itself."""
        return self.filter(place__startswith=register.place).exclude(pk=register.pk)

    def put_in_place(self) -> None:
        """Work out anew where each stands in the tree. Two queries, and one for each that moves."""
        rows = list(self.order_by("pk").values_list("pk", "parent", "place"))
        places = tree.places({pk: parent for pk, parent, _ in rows})
        for pk, _, place in rows:
            if places[pk] != place:
                self.filter(pk=pk).update(place=places[pk])


class Register(BandSettings, Stamped):
    """A named book of entries, such as the corporate register; may stand below another."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    risk_prefix = models.CharField("prefix of risks", max_length=8, default="CR")
    opportunity_prefix = models.CharField("prefix of opportunities", max_length=8, default="CO")
    committee = models.CharField(
        max_length=120, blank=True, help_text="The committee that reads it, as printed."
    )
    uses_inherent_score = models.BooleanField(
        "uses the inherent score",
        default=False,
        help_text="The score before controls, beside the score now.",
    )
    # Not history: bumping it is not a change a person made, and the place follows from the parents.
    stamp = models.PositiveIntegerField(default=0, editable=False)
    place = models.TextField(default="", editable=False)

    objects = RegisterQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["stamp", "place"])

    class Meta:
        # By their place in the tree: each above those below it, and of those that stand below the
        # same one the first that was made, whatever a later one is called.
        ordering = ["place", "id"]
        constraints = [
            *band_constraints("register"),
            CheckAtField(
                field="parent",
                name="register_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message="A register can't stand below itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """Keeps every register in its place: one that moves takes those below it along."""
        with transaction.atomic():
            # Two people who move two registers at once would make a circle that neither sees.
            list(Register.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
            super().save(*args, **kwargs)
            Register.objects.put_in_place()
            self.place = Register.objects.values_list("place", flat=True).get(pk=self.pk)

    def clean(self) -> None:
        """Raises ValidationError for a parent that stands below this register itself."""
        parent = self.parent
        if self.pk and parent and parent != self and parent.place.startswith(self.place):
            raise ValidationError(
                {"parent": f"{parent} stands below {self}. Choose a register that does not."}
            )

    def and_above(self) -> RegisterQuerySet:
        """The register and those it stands below."""
        return Register.objects.filter(pk__in=tree.line(self.place))

    @property
    def depth(self) -> int:
        """How many registers it stands below."""
        return len(tree.line(self.place)) - 1

    @property
    def flag_limits(self) -> thresholds.Thresholds:
        """How long something has to last before a flag asks about it in this register."""
        return thresholds.of_register(settings.FLAG_THRESHOLDS, self.slug)

    def prefix(self, kind: str) -> str:
        return self.risk_prefix if kind == scale.RISK else self.opportunity_prefix


class TypeQuerySet(models.QuerySet):
    def in_force(self, day) -> TypeQuerySet:
        """The types that may be chosen on a day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )


class Type(Stamped):
    """One word of the controlled list: Economic, People, Service delivery, …"""

    name = models.CharField(max_length=60, unique=True)
    valid_from = models.DateField("in use from", null=True, blank=True)
    valid_to = models.DateField("in use until", null=True, blank=True)

    objects = TypeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            CheckAtField(
                field="valid_to",
                name="type_is_in_use_from_before_it_ends",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                violation_error_message="A type's first day of use comes before its last.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError for a new name of a type that published editions show."""
        stands = self.pk and (
            self.snapshots.filter(edition__state="published").exists()
            or self.strands.filter(snapshot__edition__state="published").exists()
        )
        if stands and not Type.objects.filter(pk=self.pk, name=self.name).exists():
            raise ValidationError(
                {
                    "name": "Published editions show this type under its name. "
                    "End its use, and add the new name as another type."
                }
            )


class TypeAlias(models.Model):
    """Another way in which a type has been printed."""

    type = models.ForeignKey(Type, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField("also printed as", max_length=60, unique=True)

    class Meta:
        verbose_name = "alias"
        verbose_name_plural = "aliases"
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text


class TypeAppetite(Stamped):
    """Where one type has an appetite of its own in a register. The lowest of an entry's counts."""

    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="type_appetites")
    type = models.ForeignKey(Type, on_delete=models.PROTECT, related_name="appetites")
    appetite = models.PositiveSmallIntegerField(validators=LEVEL_OF_SCORE)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "appetite of a type"
        verbose_name_plural = "appetites by type"
        ordering = ["register", "type"]
        constraints = [
            UniqueAtField(
                fields=["register", "type"],
                field="type",
                name="a_type_has_one_appetite_in_a_register",
                violation_error_message="This type already has an appetite in this register.",
            ),
            CheckAtField(
                field="appetite",
                name="appetite_of_a_type_is_a_score_up_to_25",
                condition=Q(appetite__gte=1) & Q(appetite__lte=scale.TOP),
                violation_error_message="Appetite is a number from 1 to 25.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type}: {self.appetite}"
