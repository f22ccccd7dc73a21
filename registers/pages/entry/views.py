"""One entry: as of any edition, with its path through all of them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from registers.domain import promises
from registers.domain.difference import sections as wording
from registers.domain.drawing import chart
from registers.domain.drawing import path as trail
from registers.domain.flags import flags_of
from registers.domain.path import Path
from registers.domain.quarters import Quarter
from registers.history import of_snapshot
from registers.models import ImportDoubt, Progress, Snapshot, State
from registers.pages.editions import not_found, or_last_issue, respond
from registers.pages.entry import columns, figures
from registers.reading import entries
from registers.reading.entries import Dossier

# How many editions the table shows unless it is asked for all.
EDITIONS = 12
# How many events of the history stand on one page.
EVENTS = 40


@or_last_issue
def entry(request: HttpRequest, entry: int) -> HttpResponse:
    """The page of an entry. 'No such', 'not in that edition' and 'not yours' are one answer."""
    quarter = _quarter(request, "edition")
    chosen = entries.choose(request.user, entry, quarter)
    if chosen is None:
        raise _not_found(request, entry, quarter)
    return respond(
        request,
        chosen.edition,
        "registers/entry.html",
        title=(
            f"{chosen.reference} {chosen.title}, {chosen.edition.quarter}, "
            f"{chosen.edition.register.name}"
        ),
        section="table",
        build=lambda: _context(request, chosen),
        yours=_to_update(request, entry),
    )


def _to_update(request: HttpRequest, entry: int) -> Snapshot | None:
    """The draft of the quarter under way, where it is the reader's own."""
    if not request.user.access.anywhere.updates:
        return None
    own = Snapshot.objects.owned_by(request.user.access.posts)
    return (
        own.filter(entry=entry, edition__state=State.OPEN)
        .exclude(progress=Progress.ACCEPTED)
        .select_related("edition")
        .only("reference", "progress", "edition__quarter", "edition__deadline", "edition__state")
        .first()
    )


def _not_found(request: HttpRequest, entry: int, quarter: Quarter | None) -> Http404:
    """Of an entry that the reader knows from other editions, this one may be being corrected."""
    known = entries.choose(request.user, entry) if quarter else None
    if known is None or quarter is None:
        return Http404()
    return not_found(request.user, known.edition.register.slug, quarter)


def _quarter(request: HttpRequest, name: str) -> Quarter | None:
    """A quarter of the address; what is not a quarter is not found."""
    text = request.GET.get(name)
    if not text:
        return None
    try:
        return Quarter.parse(text)
    except ValueError as error:
        raise Http404 from error


def _context(request: HttpRequest, chosen: Snapshot) -> dict[str, Any]:
    found = entries.read(request.user, chosen)
    path, words = found.path, found.entry.words
    now = path.latest
    lines = promises.lines(path, now.actions)
    flags = flags_of(path, found.edition.register.flag_limits)
    return {
        "dossier": found,
        "entry": found.entry,
        "kind": found.entry.kind,
        "words": words,
        "path": path,
        "now": now,
        # As published; what was made exempt since is exempt here too.
        "exempt": chosen.exempt_because or (chosen.entry.exempt and chosen.entry.exempt_reason),
        "bands": now.bands,
        "table": found.edition.url("table"),
        "link": reverse("entry", args=[found.entry.pk]),
        "may_audit": request.user.access.may_audit(chosen),
        # Head
        "unread": columns.unread(now),
        "why_no_score": columns.why(now, "score"),
        "why_no_residual": columns.why(now, "residual"),
        "doubts": _doubts(request, chosen) if now.printed else [],
        "types_printed": now.was_printed("types"),
        "residual_note": figures.residual_note(path),
        "appetite": figures.against_appetite(path) if path.is_risk else None,
        "to_gain": None if path.is_risk else figures.still_to_gain(path),
        "said": figures.direction_said(path),
        "score_did": figures.score_did(path),
        "contradicted": any(flag.code == "direction" for flag in flags),
        "flags": flags,
        # The draft whose flags the reader may answer.
        "answers": chosen.pk if request.user.access.may_change(chosen) else None,
        "questions": found.questions,
        "ask": _ask(request, chosen),
        # Pictures
        "trail": trail.trail(path),
        "trail_title": f"Positions of {now.reference} on the grid since {path.first.quarter}",
        "trail_words": trail.in_words(path),
        "chart": chart.chart(path, [edition.quarter for edition in found.editions]),
        "chart_title": (
            f"{now.reference} score and residual score, {path.first.quarter} to {now.quarter}"
        ),
        "chart_words": chart.in_words(path),
        # Text
        "columns": columns.columns(path, words),
        "strands": columns.strands(path, words, lines),
        "actions": [line for line in lines if line.action.strand is None],
        "actions_summary": promises.summary(lines),
        "actions_tabulated": promises.is_table(now.actions),
        "why_no_actions": columns.why(now, "actions"),
        "statements": columns.statements(path),
        # Editions
        "comparison": _comparison(request, found),
        **_editions(request, path),
    }


def _doubts(request: HttpRequest, chosen: Snapshot) -> list[ImportDoubt]:
    """What an import left open of it, with the printed cell, for those who may see that."""
    left = ImportDoubt.objects.of_edition(chosen.edition_id).still_open()
    return list(left.visible_to(request.user).filter(entry=chosen.entry_id))


def _ask(request: HttpRequest, chosen: Snapshot) -> str:
    """Where to ask a question on the entry; empty for who may not, or of a draft."""
    asks = request.user.access.at(chosen.edition.register_id).asks
    if not (asks and chosen.edition.is_published):
        return ""
    return f"{reverse('ask')}?on={chosen.edition_id}&entry={chosen.entry_id}"


def _comparison(request: HttpRequest, found: Dossier) -> dict[str, Any] | None:
    """Two editions of the entry, by default the one before this and this; None if there is one."""
    stops = {stop.quarter: stop for stop in found.whole.stops}
    if len(stops) < 2:
        return None
    before = found.path.before or found.whole.first
    after = found.path.latest if found.path.before else found.whole.stops[1]
    before = stops.get(_quarter(request, "from") or before.quarter)
    after = stops.get(_quarter(request, "to") or after.quarter)
    choice = request.GET.get("section") or wording.CHANGED
    if before is None or after is None or choice not in wording.CHOICES:
        raise Http404
    if before.quarter > after.quarter:
        before, after = after, before
    named = wording.labels(found.entry.words)
    sections = wording.reworded(found.whole.until(after.quarter), before, after, named, choice)
    return {
        "before": before,
        "after": after,
        "choice": choice,
        "choices": [
            (wording.CHANGED, "Sections that changed"),
            (wording.ALL, "All sections"),
            *named.items(),
        ],
        "stops": found.whole.stops[::-1],
        "sections": [one for one in sections if one.changed or one.text],
        "same": [one for one in sections if not one.changed and not one.text],
    }


def _editions(request: HttpRequest, path: Path) -> dict[str, Any]:
    """The rows of the table of editions, latest first: each stop and what changed in it."""
    named = {
        **{name: name for name in wording.SECTIONS},
        "types": "type",
        "commentary": "direction",
    }
    rows = [
        (stop, ", ".join(named[section] for section in changed).capitalize())
        for stop, changed in zip(path.stops, path.changes(), strict=True)
    ][::-1]
    all_of_them = request.GET.get("editions") == "all" or len(rows) <= EDITIONS + 1
    return {
        "rows": rows if all_of_them else rows[:EDITIONS],
        "rows_left": 0 if all_of_them else len(rows),
    }


def history(request: HttpRequest, entry: int) -> HttpResponse:
    """Who changed what of an entry in one edition, for those who may see it.

    For everybody else there is no such page.
    """
    snapshots = (
        Snapshot.objects.visible_to(request.user)
        .filter(entry=entry)
        .select_related("entry", "edition__register")
        .defer("consequences", "controls", "commentary", "printed")
        .order_by("-edition__quarter")
    )
    shown = [one for one in snapshots if request.user.access.may_audit(one)]
    quarter = _quarter(request, "edition")
    snapshot = next((one for one in shown if quarter in (None, one.edition.quarter)), None)
    if snapshot is None:
        raise Http404
    pages = Paginator(of_snapshot(snapshot), EVENTS)
    response = render(
        request,
        "registers/entry_history.html",
        {
            "section": "table",
            "snapshot": snapshot,
            "edition": snapshot.edition,
            "snapshots": shown,
            "page": pages.get_page(request.GET.get("page")),
            "link": reverse("entry", args=[entry]),
            "here": reverse("entry-history", args=[entry]),
        },
    )
    patch_cache_control(response, private=True, no_cache=True)
    return response
