"""What a printed number has meant, edition by edition, and where each of those is now."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control

from registers.domain.quarters import Quarter
from registers.models import Edition, Register, Snapshot
from registers.models.searching import called
from registers.pages.links import entry_page


@dataclass(frozen=True, slots=True)
class Meaning:
    """One entry that had the number in editions in a row, and what the last edition says of it."""

    entry: int
    kind: str
    titles: tuple[tuple[Quarter, str, bool], ...]
    now: str
    now_href: str

    @property
    def last(self) -> Quarter:
        return self.titles[0][0]


def page(request: HttpRequest, register: str, number: str) -> HttpResponse:
    """'No such register', 'no such number' and 'not yours' are the same answer."""
    if not request.user.access.anywhere.reads or len(number) > 12:
        raise Http404
    book = get_object_or_404(Register, slug=register)
    rows = list(
        Snapshot.objects.visible_to(request.user)
        .filter(called(number, "reference"), edition__register=book)
        .order_by("-edition__quarter")
        .values_list(
            "entry", "entry__kind", "reference", "title", "edition__quarter", "edition__state"
        )
    )
    if not rows:
        raise Http404
    context = {
        "register": book,
        "number": rows[0][2],
        "meanings": list(_meanings(request, book, rows)),
        "editions": len({row[4] for row in rows}),
        "entries": len({row[0] for row in rows}),
        "section": "search",
    }
    response = render(request, "registers/number.html", context)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _meanings(request: HttpRequest, book: Register, rows: list[tuple]) -> list[Meaning]:
    latest = _latest(request, {row[0] for row in rows})
    newest = Edition.objects.published().filter(register=book).newest_first().first()
    found: list[Meaning] = []
    for entry, kind, _, title, quarter, state in rows:
        said = (quarter, title, state == "published")
        if found and found[-1].entry == entry:
            before = found.pop()
            titles = (*before.titles, said)
            found.append(Meaning(entry, kind, titles, before.now, before.now_href))
            continue
        now, href = _now(entry, latest, newest)
        found.append(Meaning(entry, kind, (said,), now, href))
    return found


def _latest(request: HttpRequest, entries: set[int]) -> dict[int, tuple[str, str, Quarter]]:
    """By entry, the number, the title and the quarter of the last published edition that has it."""
    seen = Snapshot.objects.visible_to(request.user).published().filter(entry__in=entries)
    said = seen.order_by("edition__quarter").values_list(
        "entry", "reference", "title", "edition__quarter"
    )
    return {entry: (reference, title, quarter) for entry, reference, title, quarter in said}


def _now(
    entry: int, latest: dict[int, tuple[str, str, Quarter]], newest: Edition | None
) -> tuple[str, str]:
    """Where an entry is now, in words, and its page."""
    if entry not in latest or newest is None:
        return "Not published yet", entry_page(entry)
    reference, title, quarter = latest[entry]
    if quarter == newest.quarter:
        return f"Now {reference}: {title}", entry_page(entry)
    return f"Last in {quarter}, as {reference}: {title}", entry_page(entry, quarter)
