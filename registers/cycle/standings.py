"""Working out how the entries of a published edition stand, once, and keeping it with it."""

from __future__ import annotations

from registers.cycle import indexing
from registers.models import Edition, KeptStandings, Register
from registers.reading.standings import made_by, worked_out


def keep(edition: Edition) -> KeptStandings:
    """Work out and keep how the entries of a published edition stand, or anew by other rules."""
    kept, _ = KeptStandings.objects.update_or_create(
        edition=edition,
        issue=edition.issue,
        defaults={"made_by": made_by(edition.register), "standings": worked_out(edition)},
    )
    return kept


def keep_from(edition: Edition) -> None:
    """Keep them of an edition that was just published, and anew of those after it: what a
    correction of the past changes, or holds back, is said of the later ones too.
    """
    later = Edition.objects.published().filter(
        register=edition.register_id, quarter__gt=edition.quarter
    )
    for one in (edition, *later.select_related("register")):
        keep(one)


def keep_missing() -> int:
    """Keep them for every published edition that lacks them, or has them by other rules; and the
    words of those that the search does not know.
    """
    indexing.index_missing()
    count = 0
    for edition in Edition.objects.published().select_related("register"):
        rules = made_by(edition.register)
        known = KeptStandings.objects.filter(edition=edition, issue=edition.issue, made_by=rules)
        if not known.exists():
            keep(edition)
            count += 1
            Register.objects.filter(pk=edition.register_id).bump()
    return count
