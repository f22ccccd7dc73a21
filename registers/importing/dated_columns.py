"""Columns that name a quarter or a month: which of them are of the edition that is read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from registers.importing.headings import CURRENT, PREVIOUS
from registers.importing.printed import SCORE
from registers.importing.unsettled_columns import UnsettledColumns


def choose_by_quarter(columns: UnsettledColumns) -> None:
    """Of columns that name a quarter or a month, the one of this edition is today's."""
    dated: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for position, meaning in columns.meanings.items():
        if meaning.when:
            dated[meaning.field, meaning.group, meaning.part].append(position)
    for (name, group, _), positions in dated.items():
        if group == PREVIOUS:
            continue
        today = [p for p in positions if columns.is_of_the_edition(p)]
        if len(today) != 1 and len(positions) > 1:
            columns.ask(positions, f"which of them is the {name} of this edition?", name)
            for position in positions:
                del columns.meanings[position]
            continue
        for position in positions:
            if position not in today and columns.told.quarter:
                columns.meanings[position] = replace(columns.meanings[position], group=PREVIOUS)
            elif not group and name == SCORE:
                columns.meanings[position] = replace(columns.meanings[position], group=CURRENT)
