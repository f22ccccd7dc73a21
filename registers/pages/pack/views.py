"""The pack of an edition: its files, and the paragraphs that the risk manager writes for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control

from registers import cycle
from registers.access import Rights
from registers.cycle.report import ReportChanged, report_of, seen, write_report
from registers.domain import passages
from registers.domain.quarters import Quarter
from registers.exporting.pack import files, keeping
from registers.exporting.pack.blocks import A4, PAPERS
from registers.exporting.pack.facts import ALL, EXEMPT, PARTS, PUBLIC
from registers.exporting.pack.files import NothingToPrint, Order, TooLarge
from registers.exporting.pack.report import PARAGRAPHS
from registers.exporting.pack.sources import sizes, whole_issue
from registers.models import Edition, PackFile, PackText
from registers.pages.editions import edition_or_404, or_last_issue, respond
from registers.pages.pack.forms import ReportForm
from registers.pages.query import with_query

# Format, what it is called, and which icon says it.
FORMATS = (
    (files.DOCX, "Word", "download"),
    (files.PDF, "PDF", "download"),
    (files.XLSX, "Excel", "download"),
    (files.CSV, "Entries as CSV", "download"),
    (files.ACTIONS, "Actions as CSV", "download"),
    (files.JSON, "JSON", "download"),
)
OF_THE_PACK = 2  # the first formats are the pack itself, the others its data
WORDS = {
    PUBLIC: ("The public part", "What every member of the committee may read."),
    EXEMPT: ("Part II: the exempt entries", "Not for publication. For those who are cleared."),
    ALL: ("Both parts in one", "Not for publication. For those who are cleared."),
}
PAPER_WORDS = {"a4": "A4", "a3": "A3"}


def _found(request: HttpRequest, register: str, edition: str) -> Edition:
    """The edition, if its pack is this person's: a draft's is only for who reads all of it."""
    found = edition_or_404(request, register, edition)
    if not found.is_published and not _here(request, found).reads_all_drafts:
        raise Http404
    return found


def _here(request: HttpRequest, edition: Edition) -> Rights:
    return request.user.access.at(edition.register_id)


@or_last_issue
def page(request: HttpRequest, register: str, edition: str) -> HttpResponse:
    found = _found(request, register, edition)
    return respond(
        request,
        found,
        "registers/pack.html",
        title=f"Committee pack, {found.quarter}, {found.register.name}",
        section="heatmap",
        build=lambda: _context(request, found),
        # What is written for it and what is made of it may change at any time.
        settled=False,
    )


def _context(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    texts = report_of(edition)
    last = PackText.objects.of_issue(edition).order_by("-changed_at")
    return {
        "parts": list(_parts(request, edition)),
        "paragraphs": [
            (heading, passages.parse(texts[name], passages.PLAIN))
            for name, heading, _ in PARAGRAPHS
            if texts.get(name)
        ],
        "last": last.select_related("changed_by").first(),
        "writes": _writes(request, edition),
        "editions": _editions(edition),
        "since": request.GET.get("since", ""),
        "papers": [(paper, PAPER_WORDS[paper]) for paper in PAPERS],
        "paper": _paper(request),
        "issue": request.GET.get("issue", ""),
        "again": request.get_full_path(),
    }


def _writes(request: HttpRequest, edition: Edition) -> bool:
    """Whether the report is offered to be written: not where what it stands in is an old issue."""
    return _here(request, edition).manages and edition.issued is None


def _editions(edition: Edition) -> list[Edition]:
    """Those that changes may be counted from, the newest first."""
    earlier = Edition.objects.filter(register=edition.register_id).before(edition.quarter)
    return list(earlier.published().newest_first())


@dataclass(frozen=True, slots=True)
class File:
    """One file to take, or to have made; `job` is how far that is."""

    label: str
    icon: str
    href: str
    make: str
    standing: PackFile | None

    @property
    def waits(self) -> bool:
        """Whether it has to be made by a worker first."""
        return bool(self.make) and not (self.standing and self.standing.file_id)


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    heading: str
    words: str
    files: tuple[File, ...]
    data: tuple[File, ...]


def _parts(request: HttpRequest, edition: Edition) -> Iterator[Part]:
    edition = whole_issue(edition)
    names, entries = [PUBLIC], sizes(edition)
    if _here(request, edition).reads_exempt and entries[EXEMPT]:
        names += [EXEMPT, ALL]
    for name in names:
        large = keeping.waits(edition, entries[name])
        made = [_file(request, edition, name, format, large=large) for format in FORMATS]
        heading, words = WORDS[name]
        yield Part(name, heading, words, tuple(made[:OF_THE_PACK]), tuple(made[OF_THE_PACK:]))


def _file(
    request: HttpRequest,
    edition: Edition,
    part: str,
    format: tuple[str, str, str],
    *,
    large: bool,
) -> File:
    name, label, icon = format
    query = with_query(request.GET, part=part if part != PUBLIC else None)
    address = f"{edition.url('pack')}{name}/"
    standing = keeping.kept(_order(request, edition, name, part)) if large else None
    return File(label, icon, address + query, address + query if large else "", standing)


def _order(request: HttpRequest, edition: Edition, format: str, part: str) -> Order:
    how = {"since": _since(request, edition), "paper": _paper(request)}
    return keeping.order(edition, format, part, **how)


def _paper(request: HttpRequest) -> str:
    paper = request.GET.get("paper", "")
    return paper if paper in PAPERS else A4


def _since(request: HttpRequest, edition: Edition) -> Edition | None:
    """The edition to compare with; what can't be meant is the one before."""
    try:
        quarter = Quarter.parse(request.GET.get("since", ""))
    except ValueError:
        return None
    return next((one for one in _editions(edition) if one.quarter == quarter), None)


# One file -----------------------------------------------------------------------------------------


@or_last_issue
def file(request: HttpRequest, register: str, edition: str, format: str) -> HttpResponse:
    """A file of the pack; one that takes long is asked for by a button, and made by a worker."""
    if format not in files.CONTENT_TYPES:
        raise Http404
    found = _found(request, register, edition)
    part = request.GET.get("part") or PUBLIC
    if part not in PARTS or (part != PUBLIC and not _here(request, found).reads_exempt):
        raise Http404
    order = _order(request, found, format, part)
    large = keeping.waits(order.edition, sizes(order.edition)[part])
    to_make = large and not _is_there(order)
    if to_make and request.method == "POST":
        keeping.ask(order, by=request.user)
    if to_make or request.method == "POST":
        return redirect(found.url("pack") + with_query(request.GET, part=None))
    try:
        made = keeping.content(order)
    except NothingToPrint as nothing:
        raise Http404 from nothing
    except TooLarge as refusal:
        messages.error(request, str(refusal))
        return redirect(found.url("pack") + with_query(request.GET, part=None))
    response = HttpResponse(made, content_type=order.content_type)
    response["Content-Disposition"] = f'attachment; filename="{order.name}"'
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _is_there(order: Order) -> bool:
    standing = keeping.kept(order)
    return standing is not None and standing.file_id is not None


# The report ---------------------------------------------------------------------------------------


def report(request: HttpRequest, register: str, edition: str) -> HttpResponse:
    """The manager's paragraphs, to write."""
    found = _found(request, register, edition)
    if not _here(request, found).manages:
        raise Http404
    texts = report_of(found)
    form = ReportForm(request.POST or None, texts=texts, version=seen(texts))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                write_report(
                    found, form.texts, by=request.user, version=form.cleaned_data["version"]
                )
            except ReportChanged as changed:
                form.show(changed, version=seen(changed.texts))
                status = 409
            except cycle.CycleError as refusal:
                form.add_error(None, str(refusal))
                status = 422
            else:
                return redirect(found.url("pack"))
        else:
            status = 422
    context = {"form": form, "edition": found, "register": found.register, "section": "cycle"}
    return render(request, "registers/pack_report.html", context, status=status)
