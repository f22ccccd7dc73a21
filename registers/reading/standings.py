"""How the entries of an edition stand, for one reader: as kept with it, or worked out now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from registers.domain import flags as questions
from registers.domain.flags import shared, standing
from registers.domain.flags.flag import Flag
from registers.domain.flags.standing import Standing
from registers.domain.path import Path
from registers.models import Edition, KeptStandings, Register, Snapshot, User
from registers.reading import entries

# Rises with every change of a question, so that what older ones found is worked out anew.
RULES = 3
# How many entries are read at a time: every text of every edition of them.
AT_ONCE = 100

Kept = Mapping[str, list]


def made_by(register: Register) -> str:
    said = f"{RULES} {register.flag_limits}"
    return hashlib.sha256(said.encode()).hexdigest()


def kept(edition: Edition, user: User) -> dict[int, Standing]:
    """By entry, how those stand that a person may read, where it was kept: for marks on a list.

    Two queries.
    """
    if not edition.is_published:
        return {}
    references = _references(edition, user)
    found = _kept(edition)
    return {} if found is None else _told(edition, found, references, user)


def standings(edition: Edition, user: User) -> dict[int, Standing]:
    """By entry, how those of an edition stand that a person may read. Of an earlier issue, as it
    was when that was published; empty where that is not known.

    One query more than the references that a shared sentence is told with, where they are kept;
    else every text of the edition's past is read.
    """
    references = _references(edition, user)
    if edition.is_published and (found := _kept(edition)) is not None:
        return _told(edition, found, references, user)
    if edition.issued is not None:
        return {}
    return _live(edition, user, references)


def _references(edition: Edition, user: User) -> dict[int, str]:
    if edition.issued is not None:
        return {one.entry: one.reference for one in edition.issued.entries}
    seen = Snapshot.objects.in_edition(edition).visible_to(user).order_by()
    return dict(seen.values_list("entry", "reference"))


def _kept(edition: Edition) -> Kept | None:
    rows = KeptStandings.objects.filter(
        edition=edition.pk, issue=edition.issue, made_by=made_by(edition.register)
    )
    return rows.values_list("standings", flat=True).first()


def _told(
    edition: Edition, found: Kept, references: Mapping[int, str], user: User
) -> dict[int, Standing]:
    """What was kept, as a person may have it.

    Who is not cleared and reads an exempt entry holds its post: nothing is said of its past.
    """
    told = {}
    cleared = user.access.at(edition.register_id).reads_exempt
    for entry, (of_all, of_public) in found.items():
        if int(entry) not in references:
            continue
        said = of_all if cleared or of_public == SAME else of_public
        if said is not None:
            one = standing.read(said)
            if any(flag.others for flag in one.flags):
                one = replace(one, flags=tuple(shared.told_to(one.flags, references)))
            told[int(entry)] = one
    return told


def _live(edition: Edition, user: User, references: Mapping[int, str]) -> dict[int, Standing]:
    found: dict[int, Standing] = {}
    common: list[Path] = []
    for paths in _in_parts(edition, list(references), user):
        common += [Path(path.kind, path.stops[-1:]) for path in paths.values()]
        found |= _stood(paths, edition.register)
    return _with_shared(found, common, references)


def _stood(paths: Mapping[int, Path], register: Register) -> dict[int, Standing]:
    limits = register.flag_limits
    return {
        entry: standing.standing(path, questions.flags_of(path, limits))
        for entry, path in paths.items()
    }


def _with_shared(
    found: dict[int, Standing], latest: list[Path], references: Mapping[int, str] | None
) -> dict[int, Standing]:
    """The same with the sentences that several entries have; told as to who may read those."""
    same = shared.shared(path.latest for path in latest)
    told = {}
    for entry, one in found.items():
        flags: list[Flag] = [*one.flags, *([same[entry]] if entry in same else [])]
        if references is not None:
            flags = shared.told_to(flags, references)
        told[entry] = replace(one, flags=tuple(questions.heaviest_first(flags)))
    return told


def _in_parts(edition: Edition, ids: list[int], user: User | None) -> Iterator[dict[int, Path]]:
    editions = list(Edition.objects.filter(register=edition.register_id))
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        paths = entries.paths(user, edition, part, editions=editions)
        # A draft of an edition that is being corrected ends where that edition does.
        yield {
            entry: path for entry, path in paths.items() if path.latest.quarter == edition.quarter
        }


# Kept ---------------------------------------------------------------------------------------------

SAME = "same"


def worked_out(edition: Edition) -> dict[str, list]:
    """What is to be kept of a published edition. Its texts and those of its past are read whole."""
    ids = list(Snapshot.objects.in_edition(edition).order_by().values_list("entry", flat=True))
    everything: dict[int, Standing] = {}
    public: dict[int, Standing] = {}
    latest: list[Path] = []
    for paths in _in_parts(edition, ids, None):
        latest += [Path(path.kind, path.stops[-1:]) for path in paths.values()]
        everything |= _stood(paths, edition.register)
        open_to_all = {entry: _public(path) for entry, path in paths.items()}
        differing = {
            entry: path for entry, path in open_to_all.items() if path and path != paths[entry]
        }
        public |= {
            entry: everything[entry] for entry, path in open_to_all.items() if path == paths[entry]
        }
        public |= _stood(differing, edition.register)
    everything = _with_shared(everything, latest, None)
    seen = [path for path in latest if not path.latest.exempt_because]
    public = _with_shared(public, seen, None)
    return {
        str(entry): [standing.written(one), _kept_public(one, public.get(entry))]
        for entry, one in everything.items()
    }


def _kept_public(one: Standing, public: Standing | None) -> list | str | None:
    if public is None:
        return None
    return SAME if public == one else standing.written(public)


def _public(path: Path) -> Path | None:
    """What anybody may read of it; None where its last edition was exempt."""
    if path.latest.exempt_because:
        return None
    return Path(path.kind, tuple(stop for stop in path.stops if not stop.exempt_because))
