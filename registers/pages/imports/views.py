"""A register comes in: brought, read, looked through, applied; and undone while that can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from registers.cycle import CycleError
from registers.importing import review
from registers.importing.review import ImportRefused, SaidMeanwhile
from registers.importing.review.applying import why_not
from registers.importing.review.said import remembered_of
from registers.models import Edition, Import, ImportDoubt, Owner, Register, Type
from registers.pages.imports import absences, successions, words
from registers.pages.imports.absences import Absent
from registers.pages.imports.candidates import candidate_texts
from registers.pages.imports.cards import Card, wanted, with_texts
from registers.pages.imports.columns import ColumnsForm, headings_of
from registers.pages.imports.forms import ApplyForm, MissingForm, UploadForm
from registers.pages.imports.rows import Cards
from registers.pages.imports.sayings import sayings, taken_back
from registers.pages.imports.sent import as_sent, changes_sent
from registers.pages.imports.sent import refused as refused_points
from registers.pages.imports.summary import steps, summary

View = Callable[..., HttpResponse]
CARDS_ON_A_PAGE = 40


def for_managers(view: View) -> View:
    """Anybody else is told that there is no such page."""

    @wraps(view)
    def managed(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.access.anywhere.manages:
            raise Http404
        return view(request, *args, **kwargs)

    return managed


def of_import(view: View) -> View:
    """A manager's view of one import. What is refused is said on the import's own page."""

    @for_managers
    @wraps(view)
    def of(request: HttpRequest, pk: int) -> HttpResponse:
        visible = Import.objects.visible_to(request.user).defer("file__content")
        related = ("register", "file", "job", "edition__register", "changed_by")
        import_ = get_object_or_404(visible.select_related(*related), pk=pk)
        try:
            return view(request, import_)
        except (ImportRefused, CycleError) as refusal:
            messages.error(request, str(refusal))
            return redirect(import_)

    return of


def pressed(view: View) -> View:
    """For a button. Who comes by address is led to the page that has it."""

    @wraps(view)
    def of(request: HttpRequest, import_: Import) -> HttpResponse:
        return view(request, import_) if request.method == "POST" else redirect(import_)

    return of


def version_seen(request: HttpRequest) -> int:
    """The version that the page was made of; 0, which none has, where a page says nothing."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


# Bringing in --------------------------------------------------------------------------------------


@for_managers
def home(request: HttpRequest) -> HttpResponse:
    """Bring a file in; and those that were brought."""
    managed = Register.objects.managed_by(request.user)
    chosen = managed.filter(slug=request.GET.get("register", "")).first()
    form = UploadForm(request.POST or None, request.FILES or None, initial={"register": chosen})
    form.fields["register"].queryset = managed
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            begun = review.begin(
                values["register"],
                form.name,
                form.content,
                by=request.user,
                quarter=values["quarter"],
                is_paste=not values["file"],
            )
        except ImportRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(begun)
    found = Import.objects.visible_to(request.user).select_related("register", "file", "changed_by")
    context = {
        "section": "cycle",
        "form": form,
        "imports": found.without_plan().newest_first()[:30],
        "register": chosen or managed.first(),
        "left_open": Edition.objects.with_doubts_open()
        .filter(request.user.access.where("manages"))
        .select_related("register"),
    }
    return render(request, "imports/home.html", context, status=422 if form.errors else 200)


@of_import
def page(request: HttpRequest, import_: Import) -> HttpResponse:
    """Where an import stands: being read, what it lacks, what would come of it, what it left."""
    if request.method == "POST":
        return _say_what_is_missing(request, import_)
    return _page(request, import_)


def _page(request: HttpRequest, import_: Import, **forms: Any) -> HttpResponse:
    job, plan = import_.job, import_.current_plan
    is_read = plan is not None
    context = {
        **_shared(import_, "import"),
        "job": job,
        "is_working": import_.is_open and job is not None and not job.has_ended,
        "failed": job.problem if import_.is_open and job and job.has_failed else "",
        "missing": MissingForm(asks=_asks(import_)) if import_.is_open else None,
        "apply_form": ApplyForm(),
        "heading": _heading(import_),
        "why_not": why_not(import_) if is_read and import_.is_open else "",
        "summary": summary(plan) if plan else None,
        "sayings": sayings(import_.said),
        "before": review.same_file(import_),
        "lost": review.lost_by_undoing(import_) if import_.is_applied else [],
        "doubts": list(ImportDoubt.objects.of_edition(import_.edition_id)),
        "open_doubts": import_.doubts.still_open().count() if import_.is_applied else 0,
        "edition": import_.edition,
        **forms,
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "imports/import.html", context, status=status)


def _heading(import_: Import) -> str:
    if not import_.is_open:
        return import_.get_state_display()
    if import_.job is not None and not import_.job.has_ended:
        return "Reading the file"
    return "What would come of it" if import_.current_plan else "The file needs a word from you"


def _shared(import_: Import, step: str) -> dict[str, Any]:
    return {
        "section": "cycle",
        "import": import_,
        "register": import_.register,
        "steps": steps(import_, step),
    }


def _asks(import_: Import) -> tuple[str, ...]:
    needs = import_.job.outcome.get("needs") if import_.job else None
    return ("quarter", needs) if needs == "levels" else ("quarter",)


def _say_what_is_missing(request: HttpRequest, import_: Import) -> HttpResponse:
    form = MissingForm(request.POST, asks=_asks(import_))
    if not form.is_valid():
        return _page(request, import_, missing=form)
    changes = taken_back(import_.said, request.POST.getlist("back"))
    if levels := form.cleaned_data.get("levels"):
        changes["levels"] = levels
    quarter = form.cleaned_data["quarter"]
    try:
        review.say(
            import_, changes, by=request.user, version=version_seen(request), quarter=quarter
        )
    except SaidMeanwhile:
        raise
    except ImportRefused as refusal:
        if "levels" not in form.fields:
            raise
        form.add_error("levels", str(refusal))
        return _page(request, import_, missing=form)
    return redirect(import_)


# Looking through ----------------------------------------------------------------------------------


def when_read(view: View) -> View:
    """A view of what was read; until then, and once it is applied, the import's own page."""

    @of_import
    @wraps(view)
    def of(request: HttpRequest, import_: Import) -> HttpResponse:
        if import_.current_plan is None or not import_.is_open:
            return redirect(import_)
        return view(request, import_, import_.current_plan)

    return of


def _say(request: HttpRequest, import_: Import, changes: dict[str, Any]) -> str:
    """Say it, or why it was not taken: then what was chosen stays on the page."""
    try:
        review.say(import_, changes, by=request.user, version=version_seen(request))
    except SaidMeanwhile as refusal:
        return str(refusal)
    return ""


@when_read
def columns(request: HttpRequest, import_: Import, plan: dict[str, Any]) -> HttpResponse:
    headings = headings_of(plan, remembered_of(import_.register))
    form = ColumnsForm(request.POST or None, plan=plan, headings=headings)
    refused = ""
    if request.method == "POST" and form.is_valid():
        refused = _say(request, import_, form.changes())
        if not refused:
            return redirect(import_)
    context = {**_shared(import_, "columns"), "form": form, "refused": refused}
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "imports/columns.html", context, status=status)


@when_read
def look(request: HttpRequest, import_: Import, plan: dict[str, Any]) -> HttpResponse:
    """The rows, those with something to look at first."""
    types = tuple(Type.objects.in_force(timezone.localdate()).values_list("name", flat=True))
    cards = Cards(plan, import_.said, types).all()
    shown = Paginator(cards, CARDS_ON_A_PAGE).get_page(request.GET.get("page"))
    sent = request.POST if request.method == "POST" else None
    gone = list(absences.absences(plan, import_.said))
    absent = list(absences.absences(plan, import_.said, sent)) if shown.number == 1 else []
    offered = [successions.with_succession(card, gone, sent) for card in shown]
    refused = ""
    wrong = list(_wrong(offered, absent, sent, plan)) if sent is not None else []
    if sent is not None and not wrong:
        refused = _say(request, import_, _changes(import_, offered, absent, sent))
        if not refused:
            return redirect(import_)
    texts = candidate_texts({*wanted(offered), *(int(one.entry) for one in absent)})
    shown.object_list = [with_texts(card, texts) for card in offered]
    if sent is not None:
        shown.object_list = [as_sent(card, sent) for card in shown]
    context = {
        **_shared(import_, "rows"),
        "cards": shown,
        "to_look_at": sum(card.opens for card in cards),
        "total": len(cards),
        "absent": [absences.with_texts(one, texts) for one in absent],
        "rows": [(entry["reference"], entry["title"]) for entry in plan["entries"]],
        "of_the_document": words.of_the_document(plan),
        "gone": words.gone_by_the_next(plan),
        "owners": Owner.objects.filter(successor=None).values_list("name", flat=True),
        "refused": refused,
        "wrong": wrong,
    }
    status = 200 if sent is None else 409 if refused else 422
    return render(request, "imports/rows.html", context, status=status)


def _wrong(
    cards: list[Card], absent: list[Absent], sent: Any, plan: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """(place on the page, sentence) of all that can't be taken as it was sent."""
    for one in absent:
        if one.problem:
            yield f"absent-{one.entry}", f"{one.reference}: {one.problem}"
    yield from refused_points(cards, sent, plan)
    yield from successions.refused(cards, sent)


def _changes(import_: Import, cards: list[Card], absent: list[Absent], sent: Any) -> dict[str, Any]:
    """What was said that was not said before, on the rows and of the absent entries."""
    said = changes_sent(cards, sent)
    succeed = successions.changes(cards, import_.said, sent)
    return {
        **said,
        "matches": {**said["matches"], **succeed["matches"]},
        "absent": {**absences.changes(absent, import_.said), **succeed["absent"]},
    }


# Ending -------------------------------------------------------------------------------------------


@of_import
@pressed
def apply(request: HttpRequest, import_: Import) -> HttpResponse:
    form = ApplyForm(request.POST)
    if not import_.quarter_is_said and not form.is_valid():
        return _page(request, import_, apply_form=form)
    review.ask_to_apply(
        import_, by=request.user, version=version_seen(request), quarter=import_.quarter
    )
    return redirect(import_)


@of_import
@pressed
def undo(request: HttpRequest, import_: Import) -> HttpResponse:
    edition = import_.edition
    review.undo(import_, by=request.user, lose="lose" in request.POST)
    messages.success(request, f"What the import wrote into {edition} is taken out again.")
    return redirect(import_)


@of_import
@pressed
def aside(request: HttpRequest, import_: Import) -> HttpResponse:
    review.put_aside(import_, by=request.user, version=version_seen(request))
    messages.success(request, f"{import_} was put aside. Nothing of it was written.")
    return redirect("imports")


@for_managers
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """A doubt of an import is settled, or is open again."""
    doubt = get_object_or_404(
        ImportDoubt.objects.select_related("edition__register", "source"),
        request.user.access.where("manages", "edition__register"),
        pk=pk,
    )
    if request.method == "POST":
        review.settle(doubt, by=request.user, again="again" in request.POST)
    if doubt.edition.is_published:
        return redirect("import-doubts", doubt.edition.register.slug, doubt.edition.quarter.slug)
    return redirect("cycle-edition", doubt.edition.register.slug, doubt.edition.quarter.slug)
