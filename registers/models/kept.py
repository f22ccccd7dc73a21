from __future__ import annotations

from django.db import models

from registers.models.edition import Edition


class KeptStandings(models.Model):
    """How every entry of an issue of an edition stood when it was published, worked out once.

    Derived from what is published and nothing else: it may be thrown away and made again
    (`manage.py keep_standings`). `made_by` names the rules and thresholds that it was made by.
    Of an entry with a past that was exempt there are two: for the cleared and for all others.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="standings")
    issue = models.PositiveSmallIntegerField()
    made_by = models.CharField(max_length=64)
    # By the id of the entry: [of all its editions, of those that anybody may read or null].
    standings = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "kept standings"
        ordering = ["edition", "issue"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "issue"], name="the_standings_of_an_issue_are_kept_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition}, issue {self.issue}"
