from __future__ import annotations

from django.db import connection, models
from django.db.models import F, Func, Value

from registers.models.snapshot import Snapshot


class SoughtQuerySet(models.QuerySet):
    def saying(self, words: list[str]) -> SoughtQuerySet:
        """Those in which these stems stand together (see `domain.stems`)."""
        told = f" {' '.join(words)} "
        if connection.vendor != "postgresql":
            return self.filter(words__contains=told)
        # The index finds those that have every word, full text; their order is looked at after.
        vector = Func(
            F("words"), template="array_to_tsvector(string_to_array(btrim(%(expressions)s), ' '))"
        )
        query = " & ".join(f"'{word}'" for word in words)
        matches = Func(
            vector,
            Func(Value(query), template="%(expressions)s::tsquery"),
            template="(%(expressions)s)",
            arg_joiner=" @@ ",
            output_field=models.BooleanField(),
        )
        found = self.filter(matches)
        return found.filter(words__contains=told) if len(words) > 1 else found


class Sought(models.Model):
    """The words of one snapshot as a search compares them, its parts and actions too.

    Derived from what is published or drafted: it may be thrown away and made again. Of a draft it
    holds as long as the snapshot was last changed at `as_of`. Whoever searches is told only of
    snapshots they may read, since it is those that are filtered.
    """

    snapshot = models.OneToOneField(Snapshot, on_delete=models.CASCADE, related_name="sought")
    # Stems apart by one space, one before the first and one after the last.
    words = models.TextField()
    as_of = models.DateTimeField(null=True)

    objects = SoughtQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "sought"

    def __str__(self) -> str:
        return f"Words of {self.snapshot}"
