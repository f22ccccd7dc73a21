"""The printed words of a kind of entry: the columns of its table, and what bad news is."""

from __future__ import annotations

from dataclasses import dataclass

from registers.domain.scale import OPPORTUNITY, RISK


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """How a kind and its columns are printed."""

    name: str
    plural: str
    consequences: str
    controls: str
    actions: str
    score: str
    residual: str
    inherent: str
    # The direction that is bad news: up for a risk, down for an opportunity.
    worse: str


WORDS = {
    RISK: KindWords(
        name="risk",
        plural="risks",
        consequences="Possible consequences",
        controls="Current controls",
        actions="Mitigating actions",
        score="Risk score",
        residual="Residual score",
        inherent="Inherent risk score",
        worse="up",
    ),
    OPPORTUNITY: KindWords(
        name="opportunity",
        plural="opportunities",
        consequences="Possible benefits",
        controls="Progress to date",
        actions="Maximising actions",
        score="Opportunity score",
        residual="Residual opportunity score",
        inherent="Inherent opportunity score",
        worse="down",
    ),
}
