"""What a list of entries shows besides the edition itself: its past scores, and who was silent."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef, Q

from registers.domain import carried, scale
from registers.domain.columns import Beside, Earlier
from registers.domain.content import COMMENTARY
from registers.models import Edition, Snapshot, User

UNKNOWN = Earlier(None, None)


def beside(
    entries: Collection[int],
    edition: Edition,
    *,
    earlier: Sequence[int],
    before: int | None,
    user: User,
) -> Beside:
    """For some entries of an edition, by id. `earlier` are ids of editions, oldest first, and
    `before` is the one to compare with. What the person may not read of a past edition has a past
    that is not known: it is not new. One query.
    """
    editions = {*earlier, edition.pk, *([before] if before else [])}
    silent = Q(edition=edition.pk, direction="", commentary__startswith=carried.BEGINS)
    rows = Snapshot.objects.filter(edition__in=editions, entry__in=entries)
    readable = Exists(Snapshot.objects.visible_to(user).filter(pk=OuterRef("pk")))
    found: dict[int, dict[int, Earlier]] = {}
    without_update = set()
    columns = (
        "entry_id",
        "edition_id",
        "score",
        "impact",
        "likelihood",
        "is_silent",
        "is_readable",
    )
    for entry, of, score, impact, likelihood, is_silent, is_readable in (
        rows.annotate(is_silent=silent, is_readable=readable).order_by().values_list(*columns)
    ):
        known = Earlier(score, scale.position(impact, likelihood)) if is_readable else UNKNOWN
        found.setdefault(entry, {})[of] = known
        if is_silent and is_readable:
            without_update.add(entry)
    if edition.issued is not None:
        without_update = {
            one.entry for one in edition.issued.entries if carried.is_carried(one.texts[COMMENTARY])
        }
    return Beside(found, earlier, before, frozenset(without_update))
