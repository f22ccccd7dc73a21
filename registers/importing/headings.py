"""What the words over a column say: its field, and for a score whose score it is.

Words alone. Which column is taken in the end is settled in `columns`, with what stands below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from registers.domain.folding import fold
from registers.domain.scale import OPPORTUNITY, RISK
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
    KIND,
    LIKELIHOOD,
    OWNER,
    REFERENCE,
    RESIDUAL,
    SCORE,
    TITLE,
    TYPES,
)
from registers.importing.quarters_named import Named, named_in

LONGEST_HEADING = 90

# The groups a score may belong to, by the words for them. The first that is found counts: a
# 'target residual score' is a target, and a 'current residual score' one of today.
PREVIOUS, APPETITE, TARGET, CURRENT, INHERENT, NET, RESIDUAL_ALONE = (
    "previous", "appetite", "target", "current", "inherent", "net", "residual",
)  # fmt: skip
_GROUPS = (
    (PREVIOUS, r"\b(previous|prior|last (quarter|year|month|period|report|time)|old|former"
               r"|original|initial|proposed)\b|\blast\b(?! updated)"),
    (APPETITE, r"\bappetite\b|\btolerance\b"),
    (TARGET, r"\btarget(ed)?\b|\bforecast\b|\bfuture\b|\bdesired\b|\bplanned\b|\bexpected\b"
             r"|\b(after|post|following|with) (all |further |planned )*(actions?|treatment)\b"),
    (INHERENT, r"\binherent\b|\bgross\b|\braw\b|\bunmitigated\b|\bunmanaged\b|\buncontrolled\b"
               r"|\buntreated\b|\bbaseline\b|\b(before|without|pre|excluding|no) "
               r"(any |current |existing )*(controls?|mitigations?|actions?)\b"
               r"|\bif no (action|controls?)\b|\bpre mitigated\b"),
    (CURRENT, r"\bcurrent(ly)?\b|\bnow\b|\btoday\b|\bpresent\b"
              r"|\bwith (current |existing )?controls?\b"
              r"|\blatest\b"),
    (NET, r"\bnet\b|\bmitigated\b|\bmanaged\b|\bcontrolled\b"
          r"|\b(after|post|following|with) (current |existing )?(controls?|mitigations?)\b"),
    (RESIDUAL_ALONE, r"\bresidual\b"),
)  # fmt: skip
_GROUP_PATTERNS = tuple((group, re.compile(pattern)) for group, pattern in _GROUPS)
_SCORE_WORD = re.compile(
    r"\bscor(e|es|ing)\b|^(\w+ )?(risk )?total$|\bratings?\b|\branking\b"
    r"|\brisk level\b|\blevel of risk\b|\bmatrix\b"
    r"|\bi x l\b|\bl x i\b|\bixl\b|\blxi\b"
)
_PRODUCT = re.compile(
    r"\b(?P<first>i|l|p|impact|likelihood|probability)\s*(x|×|\*)\s*(?P<second>i|l|p|impact|"
    r"likelihood|probability)\b|\b(?P<short>ixl|lxi|ixp|pxi)\b"
)
_AN_IMPACT = re.compile(r"\bimpact\b|\bseverity\b|(?<!\w)i(?!\w)")
_A_LIKELIHOOD = re.compile(r"\blikelihood\b|\bfrequency\b|\bprobability\b|(?<!\w)l(?!\w)|^p$")
_NOT_A_SCORE = re.compile(
    r"\bowners?\b|\bdates?\b|\bcomment|\bdescription\b|\brationale\b|\bupdates?\b|\breason"
    r"|\bdirection\b|\btrend\b|\btravel\b|\bmovement\b|\bchanges?\b|\bin place\b|\blead\b"
)
_ONLY_PARTS = re.compile(
    r"\b(impact|severity|likelihood|probability|frequency|i|l|p|risk|opportunity|of|the|level|max"
    r"|maximum|out|to|quarter|\d+)\b"
)
# Words that add nothing to a group: 'Inherent', 'Current risk', 'Target position'.
_FILLERS = re.compile(r"\b(the|risk|opportunity|position|level|exposure)\b")

# For all other fields the first pattern that fits names the column, so the narrower ones stand
# first. An empty field is a column that is kept as printed.
_OTHER = ""
_PATTERNS = (
    (DESCRIPTION, r"^(the )?(risk|opportunity) (description|and (its )?(effects?|consequences?|"
                  r"impacts?|causes?))\b|^description of (the )?(risk|opportunity)\b"),
    (_OTHER, r"\b(old|previous|former|other) (risk |opportunity )?(ref|reference|no|number|id)\b"),
    (_OTHER, r"\b(control|assurance|budget|data|process) owners?\b|\bportfolio\b"),
    (_OTHER, r"\blink(s|ed)?\b|\brelated\b|\bassociated\b"),
    (REFERENCE, r"identification|\brin\b|\boin\b|\bref\b|\breference\b|\b(risk|opportunity) id\b"),
    (REFERENCE, r"^((risk|opportunity) )?(no|number|id|code|ref no)$"),
    (DIRECTION, r"\bdirection\b|\btravel\b|\btrend\b|\bdot\b|\bmovement\b"
                r"|^(risk |score )?change( since .*)?$"),
    (_OTHER, r"\b(date|when)\b.*\b(updated|raised|identified|added|opened|closed|reviewed?)\b"
             r"|\b(review|updated?|last) date\b|\bnext review\b|\blast (updated|reviewed)\b"),
    (ACTION_LEAD, r"\baction (owner|lead|by|manager|officer)s?\b|\bowners? of (the )?actions?\b"
                  r"|\b(responsible|lead) for (the )?actions?\b|\bby whom\b"),
    (ACTION_DUE, r"\bdue\b|\btarget date\b|\bdeadline\b|\bby when\b|\bcompletion date\b"
                 r"|\btimescales?\b|\b(action|implementation|delivery|end) dates?\b"),
    (ACTION_STATUS, r"\bactions? (status|rag|progress)\b|\bstatus of (the )?actions?\b"
                    r"|\bprogress (on|with|of|against) (the )?actions?\b"),
    (_OTHER, r"\bstatus\b|\bappetite\b|\btolerance\b|\brag\b|\bcauses?\b|\bcaused by\b"
             r"|\btriggers?\b"),
    (COMMENTARY, r"\bcomment(s|ary)?\b|\bnarrative\b|^(risk |latest |progress )?updates?$"),
    (OWNER, r"\bowners?\b|\bresponsib|\blead (officer|director)\b|\baccountab|^resp$"
            r"|^((risk|executive|strategic|corporate) )?lead$|^risk manager$"),
    (KIND, r"^(risk|threat)s? (or |and )?opportunit(y|ies)$"
           r"|^opportunit(y|ies) (or )?(risk|threat)s?$"
           r"|^kind$|^type (of entry|risk opportunity|threat opportunity)$"),
    (TYPES, r"\btypes?\b|\bcategor(y|ies)\b"),
    (ACTIONS, r"\b(planned|further|future|additional|proposed|new|required) "
              r"(improvements?|controls?|work|measures?|mitigations?|treatments?)\b"),
    (CONTROLS, r"\b(current|key) controls?\b|\bin place\b|\bexisting\b|\balready\b"
               r"|\b(current|present|key) (mitigations?|"
               r"measures?|actions?|treatments?)\b"),
    (ACTIONS, r"\bactions?\b|^(?!.*\bcontrols?\b).*\bmitigations?\b|\btreatment plan\b"
              r"|\bimprovements?\b"),
    (CONTROLS, r"\bcontrols?\b|\bprogress\b|\bmeasures?\b"),
    (CONSEQUENCES, r"\bconsequences?\b|\bbenefits?\b|\bimpacts\b|\beffects?\b"
                   r"|\b(what )?(could|might|may) happen\b|\b(potential|possible) impact\b"
                   r"|\bimpact (description|on)\b"),
    (TITLE, r"\btitle\b|\b(risk|opportunity) name\b|^name$|^headline$"),
    (DESCRIPTION, r"\bdescription\b|^(the )?(risk|opportunity)( (event|detail|summary))?$|^event$"),
)  # fmt: skip
_COMPILED = tuple((field, re.compile(pattern)) for field, pattern in _PATTERNS)
# Fields that several words may mean; those that say it in full go before those that do not.
_IN_FULL = {
    OWNER: re.compile(r"\b(risk|opportunity) owner\b"),
    REFERENCE: re.compile(r"\b(risk|opportunity)\b"),
    CONTROLS: re.compile(r"\bcontrols?\b"),
    DESCRIPTION: re.compile(r"\b(description|detail|and)\b"),
}


_IN_ONE_CELL = {REFERENCE, TITLE, DESCRIPTION, OWNER, TYPES}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading says. `group` and `part` are those of a score; `when` is a quarter or month.

    `order` says how a product is written, `top` the highest level or score of another scale.
    `in_full` marks a heading that names its field without any doubt, like 'Risk owner'.
    """

    field: str
    group: str = ""
    part: str = ""
    when: Named | None = None
    order: str = ""
    top: str = ""
    in_full: bool = False


_GLUED = re.compile(
    r"\b(residual|inherent|current|target|gross|net|risk|opportunity)"
    r"(?=(score|rating|impact|likelihood|owner)\b)",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def meaning_of(path: str) -> Meaning | None:
    """What a heading means, its upper rows first: 'Current risk › Impact'.

    A word may be broken by a hyphen, as 'Likeli-hood' is in a narrow column; and two words under
    each other that just fill one may be read as one, as 'Residualscore' is.
    """
    meaning = _meaning_of(path)
    if meaning is None and "-" in path:
        return _meaning_of(re.sub(r"-\s*", "", path))
    if meaning is None and _GLUED.search(path):
        return _meaning_of(_GLUED.sub(r"\1 ", path))
    return meaning


def _meaning_of(path: str) -> Meaning | None:
    folded = plain(path)
    if not folded or len(folded) > LONGEST_HEADING:
        return None
    named = named_in(path)
    words = plain(named.without) if named else folded
    score = _a_score(path, words, named)
    if score is not None:
        return score
    for field, pattern in _COMPILED:
        if pattern.search(words):
            if not field:
                return None
            before = field == DIRECTION and _is_of_before(words)
            group = PREVIOUS if before else ""
            in_full = field in _IN_FULL and bool(_IN_FULL[field].search(words))
            return Meaning(field, group=group, when=named, in_full=in_full)
    return None


def _is_of_before(words: str) -> bool:
    """'Trend last quarter', but not 'Direction since last quarter'."""
    return bool(re.search(r"\b(last|previous|prior)\b", words)) and not re.search(
        r"\b(since|from|on|against|vs|compared)\b", words
    )


def _a_score(path: str, words: str, named: Named | None) -> Meaning | None:
    if _NOT_A_SCORE.search(words):
        return None
    part = _part(words)
    group = next((g for g, pattern in _GROUP_PATTERNS if pattern.search(words)), "")
    if _SCORE_WORD.search(words) or (part and _is_only(words)):
        return Meaning(
            SCORE, group, part, named, order=_order(words), top=top_of_another_scale(path)
        )
    if group and not _FILLERS.sub(" ", _without_groups(words)).strip():
        return Meaning(SCORE, group, "", named, top=top_of_another_scale(path))
    return None


def _without_groups(words: str) -> str:
    for _, pattern in _GROUP_PATTERNS:
        words = pattern.sub(" ", words)
    return words


def _part(words: str) -> str:
    """The part of a score that a heading names; '' for the score itself."""
    if _PRODUCT.search(words):
        return ""
    impact, likelihood = _AN_IMPACT.search(words), _A_LIKELIHOOD.search(words)
    if bool(impact) == bool(likelihood):
        return ""
    return IMPACT if impact else LIKELIHOOD


def _is_only(words: str) -> bool:
    """'Impact', 'Current impact', 'Impact (1-5)': nothing but the part and whose it is."""
    rest = _ONLY_PARTS.sub(" ", words)
    return not _without_groups(rest).strip()


def _order(words: str) -> str:
    match = _PRODUCT.search(words)
    if match is None:
        return ""
    first = match["short"] or match["first"]
    return "IL" if first.startswith("i") else "LI"


_RANGE = re.compile(r"(?<![\d/])(?:[01])\s*(?:-|–|to)\s*(\d{1,3})(?![\d/])", re.IGNORECASE)
_MAXIMUM = re.compile(r"\b(?:max(?:imum)?|out of|of)\.?\s*(\d{1,3})\b", re.IGNORECASE)
_MATRIX = re.compile(r"\b(\d{1,2})\s*[x×]\s*(\d{1,2})\b", re.IGNORECASE)
OURS = {"5", "25"}


def top_of_another_scale(text: str) -> str:
    """'1-4' or 'max 16', where a heading says that its numbers are not those of the 5×5."""
    for pattern in (_RANGE, _MAXIMUM):
        for match in pattern.finditer(fold(text)):
            if match[1] not in OURS:
                return match[0]
    for match in _MATRIX.finditer(fold(text)):
        if (match[1], match[2]) != ("5", "5"):
            return match[0]
    return ""


_BETWEEN_PARTS = re.compile(r"\s*(?:[,;\n]|\s&\s|\sand\s)\s*")


def parts_of(heading: str) -> tuple[str, ...]:
    """The fields of a column that holds several, one a line: 'Risk no, Title, Owner'."""
    pieces = [piece for piece in _BETWEEN_PARTS.split(heading) if piece]
    meanings = [meaning_of(piece) for piece in pieces]
    fields = tuple(m.field for m in meanings if m and m.field in _IN_ONE_CELL)
    if len(fields) < 2 or len(fields) != len(pieces) or REFERENCE not in fields:
        return ()
    return fields if len(set(fields)) == len(fields) else ()


def field_of(heading: str) -> str | None:
    """The field that a heading names by itself, or None."""
    meaning = meaning_of(heading)
    if meaning is None:
        return None
    if meaning.field != SCORE:
        return meaning.field if not meaning.group else None
    if meaning.part or meaning.group in (PREVIOUS, APPETITE, INHERENT):
        return None
    return RESIDUAL if meaning.group in (TARGET, RESIDUAL_ALONE) else SCORE


def kind_of(headings: list[str]) -> str:
    """Whether a table is one of risks or of opportunities; '' where its headings do not say.

    Told by the headings of the columns that name the entry, not by a link to one of the others.
    """
    kinds = set()
    for heading in headings:
        meaning = meaning_of(heading)
        if meaning is None or meaning.field not in (
            REFERENCE, DESCRIPTION, TITLE, SCORE, OWNER, CONSEQUENCES, TYPES,
        ):  # fmt: skip
            continue
        words = plain(heading)
        if re.search(r"\bopportunit", words):
            kinds.add(OPPORTUNITY)
        if re.search(r"\b(risks?|threats?)\b", words):
            kinds.add(RISK)
    if OPPORTUNITY in kinds and RISK in kinds:
        return ""
    return kinds.pop() if kinds else ""


def kind_named(lines: Sequence[str]) -> str:
    """The kind that the lines above a table name, if they name one only."""
    text = fold(" ".join(lines[-1:]))
    opportunities, risks = "opportunit" in text, bool(re.search(r"\brisks?\b", text))
    return (OPPORTUNITY if opportunities else RISK) if opportunities != risks else ""


def plain(text: str) -> str:
    """A heading as it is compared: no capitals, no signs, single spaces."""
    return " ".join(re.sub(r"[^\w×]+", " ", fold(text)).split())
