"""What is worth asking of an edition: flags over all entries, worst first; what to call in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page as PaperPage
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from registers.domain.columns import natural
from registers.domain.content import Content
from registers.domain.flags import KINDS, Flag
from registers.domain.flags.standing import NOTHING, DeepDive, Standing, deep_dives
from registers.models import Edition, User
from registers.pages.editions import edition_or_404, entry_url, or_last_issue, respond
from registers.pages.filters import filter_of
from registers.pages.query import ABOVE_APPETITE, with_query

ON_A_PAGE = 20
KEPT = ("issue",)


@or_last_issue
def page(request: HttpRequest, register: str, edition: str) -> HttpResponse:
    found = edition_or_404(request, register, edition)
    return respond(
        request,
        found,
        "registers/challenge.html",
        title=f"What to ask, {found.quarter}",
        section="challenge",
        build=lambda: Challenge(request.user, found, request.GET).context(),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A flag, and the page that proves it."""

    flag: Flag
    evidence: str


@dataclass(frozen=True, slots=True)
class Group:
    """An entry with its flags, the heaviest first."""

    content: Content
    href: str
    standing: Standing
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    dive: DeepDive
    href: str


class Challenge:
    """The flags of one edition for one person, read in a fixed number of queries."""

    def __init__(self, user: User, edition: Edition, query: QueryDict):
        self.user, self.edition, self.query = user, edition, query
        self.filter = filter_of(query, edition, user)
        self.contents = self.filter.contents()
        self.standings = self.filter.standings

    @cached_property
    def flagged(self) -> list[Content]:
        """Those that the filter leaves and that have a flag, worst first."""
        found = [one for one in self.contents if self._stands(one).flags]
        return sorted(found, key=lambda one: (-self._stands(one).weight, natural(one.reference)))

    def _stands(self, one: Content) -> Standing:
        return self.standings.get(one.entry, NOTHING)

    def context(self) -> dict[str, Any]:
        page = Paginator(self.flagged, ON_A_PAGE).get_page(self.query.get("page"))
        page.object_list = [self._group(one) for one in page.object_list]
        return {
            "title": self._title(page),
            "filter": self.filter,
            "keep": [(name, self.query[name]) for name in KEPT if self.query.get(name)],
            "clear": with_query(self.query, page=None, **dict.fromkeys(self.filter.filters)) or "?",
            "page": page,
            "kinds": self._kinds(),
            "dives": self._dives(),
            "flags": sum(len(self._stands(one).flags) for one in self.flagged),
            "answered": sum(len(self._stands(one).answered) for one in self.flagged),
            "flagged": len(self.flagged),
            "entries": len(self.contents),
            "ask": self._ask(),
            "unknown": self.edition.issued is not None and not self.standings,
            "bands": self.edition.bands,
            "above": f"{self.edition.url('table')}?{urlencode(self._with_issue(ABOVE_APPETITE))}",
            "files": [
                (name, f"{self.edition.url('table')[:-1]}.{ending}?{urlencode(self._in_a_file())}")
                for name, ending in (("Excel", "xlsx"), ("CSV", "csv"))
            ],
        }

    def _ask(self) -> str:
        """Where to ask a question on the whole edition; empty for who may not."""
        current = self.edition.is_published and self.edition.issued is None
        if not (self.user.access.at(self.edition.register_id).asks and current):
            return ""
        return f"{reverse('ask')}?on={self.edition.pk}"

    def _with_issue(self, asked: dict[str, str]) -> dict[str, str]:
        issue = self.query.get("issue")
        return {**asked, "issue": issue} if issue else asked

    def _in_a_file(self) -> dict[str, str]:
        """The same entries as a file: what is asked for, or else those with any flag."""
        asked = {name: self.query[name] for name in self.filter.filters if self.query.get(name)}
        columns = "owner,score,flags,above_since,at_score,late"
        return self._with_issue({"flag": "any", **asked, "columns": columns, "sort": "-flags"})

    def _title(self, page: PaperPage) -> str:
        """'What to ask, Q3 2026/27, Corporate, only Flag: No owner, page 2'."""
        only = f", only {'; '.join(self.filter.in_words)}" if self.filter.narrows else ""
        number = f", page {page.number}" if page.number > 1 else ""
        return f"What to ask, {self.edition.quarter}, {self.edition.register.name}{only}{number}"

    def _group(self, one: Content) -> Group:
        standing = self._stands(one)
        chosen = self.query.get("flag", "")
        flags = [flag for flag in standing.flags if chosen not in KINDS or flag.code == chosen]
        return Group(
            one,
            entry_url(self.edition, one.entry),
            standing,
            tuple(Asked(flag, self._evidence(one, flag)) for flag in flags),
        )

    def _evidence(self, one: Content, flag: Flag) -> str:
        """The entry, at the words or the figures that prove it."""
        url = entry_url(self.edition, one.entry)
        if self.edition.issued is not None:
            return url
        if not flag.section:
            return f"{url}#editions"
        if flag.since is None or flag.since == self.edition.quarter:
            return f"{url}#text"
        return f"{url}&from={flag.since.slug}&section={flag.section}#history"

    def _kinds(self) -> list[tuple[str, int, str, bool]]:
        """Each kind that occurs: its words, of how many entries, its link, whether it is chosen."""
        chosen = self.query.get("flag", "")
        counts = Counter(flag.code for one in self.contents for flag in self._stands(one).flags)
        return [
            (
                words,
                counts[code],
                with_query(self.query, page=None, flag=None if code == chosen else code) or "?",
                code == chosen,
            )
            for code, words in KINDS.items()
            if counts[code]
        ]

    def _dives(self) -> list[Suggestion]:
        return [
            Suggestion(dive, entry_url(self.edition, dive.content.entry))
            for dive in deep_dives(self.contents, self.standings)
        ]
