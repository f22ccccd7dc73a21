"""Constraints that say at which field they are felt, so that a form shows the sentence there."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


class _AtField:
    """`field` is where a person reads what the constraint refuses.

    To the database, and so to a migration, it is a constraint like any other.
    """

    def __init__(self, *, field: str, **options: Any):
        super().__init__(**options)
        self.field = field

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        _, arguments, options = super().deconstruct()
        return f"django.db.models.{self.plain}", arguments, options

    def clone(self) -> _AtField:
        _, _, options = super().deconstruct()
        return type(self)(field=self.field, **options)

    def validate(self, *arguments: Any, **options: Any) -> None:
        try:
            super().validate(*arguments, **options)
        except ValidationError as error:
            said = error.update_error_dict({})
            raise ValidationError(
                {self.field: [one for name in said for one in said[name]]}
            ) from error


class CheckAtField(_AtField, models.CheckConstraint):
    plain = "CheckConstraint"


class UniqueAtField(_AtField, models.UniqueConstraint):
    plain = "UniqueConstraint"
