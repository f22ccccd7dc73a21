"""What a list of entries shows besides the edition itself: its past scores, and who was silent."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Q

from registers.domain import carried, scale
from registers.domain.columns import Beside, Earlier
from registers.models import Edition, Snapshot, User


def beside(
    entries: Collection[int],
    edition: Edition,
    *,
    earlier: Sequence[int],
    before: int | None,
    user: User,
) -> Beside:
    """For some entries of an edition, by id. `earlier` are ids of editions, oldest first, and
    `before` is the one to compare with. One query.
    """
    editions = {*earlier, edition.pk, *([before] if before else [])}
    silent = Q(edition=edition.pk, direction="", commentary__startswith=carried.BEGINS)
    rows = Snapshot.objects.visible_to(user).filter(edition__in=editions, entry__in=entries)
    found: dict[int, dict[int, Earlier]] = {}
    without_update = set()
    for entry, of, score, impact, likelihood, is_silent in (
        rows.annotate(is_silent=silent)
        .order_by()
        .values_list("entry_id", "edition_id", "score", "impact", "likelihood", "is_silent")
    ):
        found.setdefault(entry, {})[of] = Earlier(score, scale.position(impact, likelihood))
        if is_silent:
            without_update.add(entry)
    return Beside(found, earlier, before, frozenset(without_update))
