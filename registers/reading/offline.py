"""Which entries go into a workbook to be updated offline, and the keys by which they find back.

The keys are signed: a workbook whose keys were changed, or that another site made, is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing
from django.db.models import OuterRef, QuerySet, Subquery

from registers.models import Edition, Snapshot

_SALT = "workbook of entries"


@dataclass(frozen=True, slots=True)
class Keys:
    """Of what edition a workbook is, and of each entry in it the version that went out."""

    edition: int
    versions: dict[int, int]

    def sealed(self) -> str:
        return signing.dumps([self.edition, list(self.versions.items())], salt=_SALT, compress=True)

    @classmethod
    def unsealed(cls, text: str) -> Keys:
        """Raises ValueError where it was not sealed here."""
        try:
            edition, versions = signing.loads(text, salt=_SALT)
        except signing.BadSignature as error:
            raise ValueError("These keys are not of this site.") from error
        return cls(edition, dict(versions))

    @classmethod
    def of(cls, edition: Edition, snapshots: Sequence[Snapshot]) -> Keys:
        return cls(edition.pk, {one.pk: one.version for one in snapshots})


def entries_of(edition: Edition, posts: Sequence[int]) -> list[Snapshot]:
    """The entries of some posts in an edition, with their content, in the printed order."""
    return list(Snapshot.objects.in_edition(edition).owned_by(posts).with_content().as_printed())


def last_published(snapshots: Sequence[Snapshot]) -> dict[int, Snapshot]:
    """By id of entry: what the last edition before that was published says of it. Two queries."""
    before = _before(Snapshot.objects.filter(pk__in=[one.pk for one in snapshots]))
    found = Snapshot.objects.filter(pk__in=set(before)).select_related("edition")
    return {one.entry_id: one for one in found}


def _before(snapshots: QuerySet[Snapshot]) -> list[int]:
    earlier = (
        Snapshot.objects.once_published()
        .filter(entry=OuterRef("entry"), edition__quarter__lt=OuterRef("edition__quarter"))
        .order_by("-edition__quarter")
    )
    last = snapshots.annotate(last=Subquery(earlier.values("pk")[:1])).values_list(
        "last", flat=True
    )
    return [pk for pk in last if pk is not None]
