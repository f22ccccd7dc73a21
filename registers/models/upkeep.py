from __future__ import annotations

from django.db import models
from django.utils import timezone


class UpkeepQuerySet(models.QuerySet):
    def note(self, task: str, said: str) -> None:
        """It has just run to its end, and said so much."""
        self.update_or_create(task=task, defaults={"last_at": timezone.now(), "said": said})

    def last(self) -> dict[str, Upkeep]:
        return {row.task: row for row in self.all()}


class Upkeep(models.Model):
    """When a command that runs beside the site last ran to its end, by itself or by hand."""

    class Task(models.TextChoices):
        REMIND = "remind", "Reminders"
        BACKUP = "backup", "Backup"

    task = models.CharField(max_length=12, choices=Task.choices, primary_key=True)
    last_at = models.DateTimeField()
    said = models.TextField(blank=True, default="")

    objects = UpkeepQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "upkeep"
        ordering = ["task"]

    def __str__(self) -> str:
        return f"{self.get_task_display()}: {self.last_at:%Y-%m-%d %H:%M}"
