"""Columns that could be the same field: one is chosen by evidence, or a question names them all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from registers.importing.headings import plain
from registers.importing.printed import (
    ACTION_DUE,
    ACTION_LEAD,
    ACTION_STATUS,
    ACTIONS,
    COMMENTARY,
    CONSEQUENCES,
    CONTROLS,
    DESCRIPTION,
    DIRECTION,
    IMPACT,
    INHERENT,
    LIKELIHOOD,
    OWNER,
    RESIDUAL,
    SCORE,
    TITLE,
    Choice,
    Question,
    level_field,
)
from registers.importing.unsettled_columns import UnsettledColumns, field_meant

SEVERAL = (COMMENTARY, CONSEQUENCES)  # fields whose columns may be joined: all of it is text
_GROUP_WORDS = {SCORE: "the score of today", RESIDUAL: "the residual score",
                INHERENT: "the inherent score"}  # fmt: skip


def settle_rivals(columns: UnsettledColumns, told: set[int]) -> None:
    _title_beside_description(columns)
    _mitigation_beside_actions(columns)
    _owner_beside_actions(columns, told)
    by_field: dict[str, list[int]] = defaultdict(list)
    for position in sorted(columns.fields):
        by_field[columns.fields[position]].append(position)
    for name, positions in by_field.items():
        if len(positions) < 2 or name in SEVERAL:
            continue
        chosen = [p for p in positions if p in told] or _by_evidence(columns, name, positions)
        for position in positions:
            if position not in chosen[:1]:
                del columns.fields[position]
        if len(chosen) != 1 and not _all_the_same(columns, positions):
            if chosen:
                columns.fields.pop(chosen[0], None)
            columns.ask(positions, f"which of them is {_in_words(name)}?", name)


def drop_lead_without_actions(columns: UnsettledColumns) -> None:
    """'Action owner' without a column of actions is kept as printed."""
    if ACTIONS not in columns.fields.values():
        for position in [p for p, name in columns.fields.items() if name == ACTION_LEAD]:
            del columns.fields[position]


def _title_beside_description(columns: UnsettledColumns) -> None:
    """'Risk' beside 'Risk description' holds the title."""
    found = [p for p, name in columns.fields.items() if name == DESCRIPTION]
    short = [p for p in found if p in columns.meanings and not columns.meanings[p].in_full]
    if len(found) == 2 and len(short) == 1 and TITLE not in columns.fields.values():
        columns.fields[short[0]] = TITLE


def _mitigation_beside_actions(columns: UnsettledColumns) -> None:
    """'Mitigation' beside 'Actions', and no controls: what is in place already."""
    found = [p for p, name in columns.fields.items() if name == ACTIONS]
    actions = [p for p in found if re.search(r"\baction", plain(columns.words[p]))]
    others = [p for p in found if p not in actions]
    if len(actions) == len(others) == 1 and CONTROLS not in columns.fields.values():
        columns.fields[others[0]] = CONTROLS
        columns.remarks.append(
            f"“{columns.words[others[0]]}” was taken for the controls, since "
            f"“{columns.words[actions[0]]}” holds the actions."
        )


def _owner_beside_actions(columns: UnsettledColumns, told: set[int]) -> None:
    """'Actions | Lead | Due': whoever stands right beside the actions leads them, where
    another column has the owner, or where it only says 'Lead'."""
    in_order = sorted(columns.fields)
    beside = {
        p
        for p in in_order
        if columns.fields[p] == OWNER and _left_of(columns, p, in_order) in (ACTIONS, ACTION_DUE)
        if p not in told and not (p in columns.meanings and columns.meanings[p].in_full)
    }
    owners = [p for p in in_order if columns.fields[p] == OWNER and p not in beside]
    for position in sorted(beside):
        if ACTION_LEAD in columns.fields.values():
            return
        if owners or plain(columns.words[position]) in ("lead", "responsible"):
            columns.fields[position] = ACTION_LEAD
            columns.remarks.append(
                f"“{columns.words[position]}” stands beside the actions and was taken for their "
                "lead."
            )
        elif _right_of(columns, position, in_order) in (ACTION_DUE, ACTION_STATUS):
            del columns.fields[position]
            _ask_whose(columns, position)


def _ask_whose(columns: UnsettledColumns, position: int) -> None:
    words = columns.words[position]
    columns.questions.append(
        Question(
            key=f"{OWNER}: {words}",
            message=f"“{words}” (column {position + 1}) stands between the actions and their "
            "dates: does it own the risk, or does it lead the action? Until it is said, it is "
            "kept as printed.",
            choices=(
                Choice(OWNER, "it is the owner of the risk"),
                Choice(ACTION_LEAD, "it is the lead of the action"),
            ),
            columns=(words,),
        )
    )


def _left_of(columns: UnsettledColumns, position: int, in_order: Sequence[int]) -> str:
    place = in_order.index(position)
    return columns.fields[in_order[place - 1]] if place else ""


def _right_of(columns: UnsettledColumns, position: int, in_order: Sequence[int]) -> str:
    after = in_order[in_order.index(position) + 1 :]
    return columns.fields[after[0]] if after else ""


def _by_evidence(columns: UnsettledColumns, name: str, positions: Sequence[int]) -> list[int]:
    """The columns that are left when words and arithmetic have had their say."""
    meanings = [columns.meanings[p] for p in positions]
    if name == DIRECTION:
        dated = [p for p in positions if columns.meanings[p].when]
        if len(dated) == 1 and columns.is_of_the_edition(dated[0]):
            return dated
    in_full = [p for p, m in zip(positions, meanings, strict=True) if m.in_full]
    if len(in_full) == 1:
        others = [columns.words[p] for p in positions if p != in_full[0]]
        columns.remarks.append(
            f"“{columns.words[in_full[0]]}” was taken for the {name}, and "
            f"{' and '.join(f'“{text}”' for text in others)} was not."
        )
        return in_full
    if name in (SCORE, RESIDUAL, INHERENT):
        parts = [
            [p for p, known in columns.fields.items() if known == level_field(name, part)]
            for part in (IMPACT, LIKELIHOOD)
        ]
        if all(len(some) == 1 for some in parts):
            proven = [p for p in positions if columns.proves(parts[0][0], parts[1][0], p)]
            if len(proven) == 1:
                return proven
    return list(positions)


def _all_the_same(columns: UnsettledColumns, positions: Sequence[int]) -> bool:
    """Two columns that say the same in every row are one."""
    first, *others = (list(columns.samples.get(p, ())) for p in positions)
    same = any(first) and all(first == other for other in others)
    if same:
        columns.fields[positions[0]] = field_meant(columns.meanings[positions[0]]) or ""
    return same


def _in_words(name: str) -> str:
    """A field for a sentence: 'the score of today', 'the impact of the residual score'."""
    score, _, part = name.partition(" ")
    if part in (IMPACT, LIKELIHOOD):
        return f"the {part} of {_GROUP_WORDS[score]}"
    return _GROUP_WORDS.get(name, f"the {name}")
