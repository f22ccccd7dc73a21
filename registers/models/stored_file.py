from __future__ import annotations

import hashlib

from django.db import models

from registers.models.fields import Stamped


class StoredFileQuerySet(models.QuerySet):
    def without_content(self) -> StoredFileQuerySet:
        """For lists: a file may be twenty megabytes long."""
        return self.defer("content")


class StoredFile(Stamped):
    """A file that came in or was made here. It lies in the database, is saved with it, and has no
    address of its own: who may have it is for the row that points at it to say.
    """

    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=120, default="application/octet-stream")
    content = models.BinaryField()
    size = models.PositiveIntegerField(editable=False)
    digest = models.CharField("SHA-256", max_length=64, editable=False, db_index=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="a_stored_file_is_not_empty", condition=models.Q(size__gt=0)
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, name: str, content: bytes, **values: object) -> StoredFile:
        """A file to save, with its size and its digest."""
        return cls(
            name=name[:200], content=content, size=len(content), digest=digest_of(content), **values
        )


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
