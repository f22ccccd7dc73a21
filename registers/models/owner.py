from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from registers import access
from registers.models.constraints import CheckAtField
from registers.models.fields import Stamped


class OwnerQuerySet(models.QuerySet):
    def held_by_nobody(self, day=None) -> OwnerQuerySet:
        """Posts whose entries nobody can update: no holder, no delegate, and no successor."""
        able = Tenure.objects.current(day).able().filter(owner=OuterRef("pk"))
        return self.filter(~Exists(able), successor=None)

    def kept_by(self, user) -> OwnerQuerySet:
        """Posts of which the person says who holds them: those that answer for no entry, and will
        by succession for none, of a register that the person does not manage.
        """
        from registers.models.snapshot import Snapshot  # stands above the posts

        if not user.access.anywhere.manages:
            return self.none()
        if user.access.everywhere.manages:
            return self.all()
        managed = user.access.where("manages", "edition__register")
        elsewhere = Snapshot.objects.exclude(managed)
        post = OuterRef("pk")
        answered = Q(owner=post) | Q(owner__successor=post) | Q(owner__successor__successor=post)
        return self.filter(~Exists(elsewhere.filter(answered)))


class Owner(Stamped):
    """A post or a body that answers for entries: Director of Children's Services, CMT.

    People come and go (see Tenure); the post stays, and is succeeded by another when it goes.
    """

    name = models.CharField(max_length=160, unique=True)
    is_body = models.BooleanField(
        "is a body", default=False, help_text="A team or board rather than one post."
    )
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        help_text="The post that took over when this one went.",
    )

    objects = OwnerQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            CheckAtField(
                field="successor",
                name="an_owner_does_not_succeed_itself",
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                violation_error_message="A post can't be its own successor.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class OwnerAlias(models.Model):
    """Another way in which an owner has been printed: 'Dir of Corporate Services'."""

    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField("also printed as", max_length=160, unique=True)

    class Meta:
        verbose_name = "alias"
        verbose_name_plural = "aliases"
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text


class TenureQuerySet(models.QuerySet):
    def current(self, day=None) -> TenureQuerySet:
        """Those in post on a day, today unless told."""
        day = day or timezone.localdate()
        return self.filter(
            Q(starts__lte=day), Q(ends__isnull=True) | Q(ends__gte=day), user__is_active=True
        )

    def able(self) -> TenureQuerySet:
        """Those who may update the post's entries: they have the role for it, on any register."""
        return self.filter(user__in=get_user_model().objects.with_role(access.OWNER))

    def holders(self) -> TenureQuerySet:
        return self.filter(is_delegate=False)


class Tenure(Stamped):
    """A person in a post, or deputising for it, from one day to another."""

    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="tenures")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tenures"
    )
    is_delegate = models.BooleanField(
        "delegate", default=False, help_text="May update the entries, but does not hold the post."
    )
    starts = models.DateField("from", default=timezone.localdate)
    ends = models.DateField("until", null=True, blank=True)

    objects = TenureQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "post-holder or delegate"
        verbose_name_plural = "post-holders and delegates"
        ordering = ["owner", "is_delegate", "-starts"]
        constraints = [
            CheckAtField(
                field="ends",
                name="a_tenure_starts_before_it_ends",
                condition=Q(ends__isnull=True) | Q(starts__lte=F("ends")),
                violation_error_message="A person's first day in a post comes before the last.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.owner}"
