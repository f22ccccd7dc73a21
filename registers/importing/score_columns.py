"""Columns of scores and of levels: whose score each is, and what the products of a row prove."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from registers.importing.headings import (
    APPETITE,
    CURRENT,
    NET,
    RESIDUAL_ALONE,
    TARGET,
)
from registers.importing.headings import (
    INHERENT as INHERENT_GROUP,
)
from registers.importing.other_scales import (
    check_heading,
    check_numbers,
    check_products,
    never_reaches_the_top,
)
from registers.importing.printed import (
    IMPACT,
    INHERENT,
    LIKELIHOOD,
    RESIDUAL,
    SCORE,
    level_field,
)
from registers.importing.unsettled_columns import UnsettledColumns, number_in


def check_scale(columns: UnsettledColumns) -> None:
    """Refuses numbers of another matrix: they would look like ours and mean something else.
    Unless a person has said what its levels are on ours."""
    if columns.told.levels:
        return
    for position, meaning in columns.scores().items():
        if meaning.group == APPETITE:
            continue
        check_heading(columns.words[position], meaning.top)
        numbers = [n for t in columns.samples.get(position, ()) if (n := number_in(t)) is not None]
        check_numbers(columns.words[position], numbers, is_level=bool(meaning.part))


def group_scores(columns: UnsettledColumns) -> None:
    """Whose score each column is: of today, of the target, inherent, or of none of them."""
    scores = columns.scores()
    groups = {meaning.group for meaning in scores.values()}
    _unnamed_parts_beside_a_named_score(columns)
    scores = columns.scores()
    plain_today = any(m.group in ("", CURRENT) for m in scores.values())
    for position, meaning in scores.items():
        group = meaning.group or CURRENT
        if group == NET:
            group = CURRENT
        if group == RESIDUAL_ALONE:
            group = _of_residual(columns, groups, plain_today)
        columns.meanings[position] = replace(meaning, group=group)


def proofs(columns: UnsettledColumns) -> Iterator[tuple[str, str]]:
    """What the product shows of each score that has its parts beside it."""
    place = {name: position for position, name in columns.fields.items()}
    for score in (SCORE, RESIDUAL, INHERENT):
        names = (level_field(score, IMPACT), level_field(score, LIKELIHOOD), score)
        if not all(name in place for name in names):
            continue
        rows = list(columns.numbers_of(*(place[name] for name in names)))
        if not columns.told.levels:
            check_products(rows)
        if score == SCORE and not columns.told.levels and never_reaches_the_top(rows):
            columns.remarks.append(
                "no impact and no likelihood is a 5: if this register is on a 4×4, its scores "
                "mean something else here."
            )
        if rows:
            held = sum(one * other == total for one, other, total in rows)
            yield score, f"impact × likelihood is the score in {held} of {len(rows)} rows"


def _unnamed_parts_beside_a_named_score(columns: UnsettledColumns) -> None:
    """'Impact | Likelihood | Gross score | Impact | Likelihood | Net score': the parts belong
    to the score that their product proves, the nearest ones where several do."""
    scores = columns.scores()
    for total, meaning in scores.items():
        if not meaning.group or meaning.part or _has_parts(columns, meaning.group):
            continue
        free = {p: m for p, m in columns.scores().items() if not m.group}
        if any(not m.part for m in free.values()):
            continue
        pairs = [
            (abs(impact - total) + abs(likelihood - total), impact, likelihood)
            for impact in free
            for likelihood in free
            if free[impact].part == IMPACT
            and free[likelihood].part == LIKELIHOOD
            and columns.proves(impact, likelihood, total)
        ]
        for position in min(pairs)[1:] if pairs else ():
            columns.meanings[position] = replace(free[position], group=meaning.group)


def _has_parts(columns: UnsettledColumns, group: str) -> bool:
    return any(m.group == group and m.part for m in columns.scores().values())


def _of_residual(columns: UnsettledColumns, groups: set[str], plain_today: bool) -> str:
    """'Residual' alone: beside an inherent score, and without a target, it is today's."""
    named = " and ".join(
        f"“{columns.words[p]}”"
        for p, m in columns.scores().items()
        if m.group == RESIDUAL_ALONE and not m.part
    )
    if plain_today:
        return TARGET
    if TARGET in groups or INHERENT_GROUP in groups or APPETITE in groups:
        columns.remarks.append(
            f"the residual score ({named}) was taken for the score of today, with controls: "
            "no other column is."
        )
        return CURRENT
    return TARGET
