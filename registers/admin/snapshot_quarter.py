"""The quarter on the form: two people at once, text that was held, submitting, accepting.

The form saves whatever is typed; the verbs of the cycle decide. A submission that is refused has
kept the draft, and the page that follows says at each field what is still to be done.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Max, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from registers import cycle
from registers.admin import merging
from registers.admin.snapshot_asking import Asking
from registers.admin.snapshot_reading import DIRECTION, OVERRULE
from registers.cycle.updating import SENT_IN
from registers.domain import flags, movement
from registers.domain.difference import actions
from registers.models import Progress, Snapshot, User
from registers.pages.quarter.moderation import place_after
from registers.pages.quarter.views.base import quarter_url
from registers.pages.sending import has_transaction, leaves, second_adding
from registers.reading import entries

PUT_BACK = (
    "“%s” was promised in an earlier quarter and had been taken out, so it stands again. Say that "
    "it is done, or dropped and why, or when it is now due."
)


class SnapshotQuarter:
    """What the snapshot's admin does besides keeping rows."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        self._give_back(request)
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        # Within the transaction of the form that is sent once, where there is one.
        with transaction.atomic(savepoint=not has_transaction(request)):
            try:
                return self._sent(request, object_id, form_url, extra_context)
            except cycle.ChangedMeanwhile:
                # Since it was read, a moment ago: read it anew, and tell who it was.
                del request.snapshot_in_hand
                return self._sent(request, object_id, form_url, extra_context)

    def _sent(self, request, object_id, form_url, extra_context) -> HttpResponse:
        standing = self.get_object(request, object_id)
        if standing is not None and not self.has_change_permission(request, standing):
            return self._too_late(request, standing)
        if standing is not None:
            self._meet(request, standing)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _too_late(self, request: HttpRequest, standing: Snapshot) -> HttpResponse:
        """It can't be saved any more, so the text is given back to be copied."""
        kept = [
            (field.verbose_name, text)
            for field in Snapshot._meta.concrete_fields
            if (text := _lines(request.POST.get(field.name, "")))
            and field.get_internal_type() in ("TextField", "PassageField", "CharField")
            and text != _lines(str(getattr(standing, field.name)))
        ]
        for rows in merging.ROWS:
            kept += rows.texts_that_differ(request.POST, standing)
        context = {"snapshot": standing, "edition": standing.edition, "kept": kept}
        return render(request, "registers/too_late.html", context, status=409)

    def _meet(self, request: HttpRequest, standing: Snapshot) -> None:
        """Find out whether somebody else has saved since this person opened the form."""
        sent = request.POST
        version, seen = _number(sent.get("version")), _number(sent.get("seen"))
        if version is None:
            return
        request.seen_version = version
        if version != standing.version:
            request.meeting = merging.meet(sent, standing, seen=version, by=request.user)
        elif choice := sent.get("_merge"):
            request.meeting = merging.choose(
                sent,
                standing,
                seen=version if seen is None else seen,
                choice=choice,
                by=request.user,
            )
        if found := getattr(request, "meeting", None):
            request.POST = found.data

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.meeting = getattr(request, "meeting", None)
        form.second_adding = "" if change else second_adding(request)
        return form

    # The page ---------------------------------------------------------------------------------

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and self.has_change_permission(request, obj):
            form = context["adminform"].form
            context.update(self._about_quarter(request, obj, form))
            # The account of the meeting says it; a second box would say it twice.
            context["only_met"] = bool(form.meeting) and len(context["errors"]) == 1
            panels = {panel.classes: panel for panel in context["adminform"]}
            context["overrule"] = panels.get(OVERRULE)
            rows = context["inline_admin_formsets"]
            if obj.progress not in SENT_IN:
                context.update(self._asked(request, obj, form, rows))
            elif obj.override_reason:
                context["overrules_after"] = DIRECTION
            form.fold(before=context["before"])
        access = self.access(request)
        manages = access.anywhere.manages if obj is None else access.may_manage(obj.edition)
        context["section"] = "cycle" if manages else "my-updates"
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _about_quarter(self, request: HttpRequest, obj: Snapshot, form: Any) -> dict[str, Any]:
        before = form.previous
        read = entries.read(request.user, obj)
        manages = self.access(request).may_manage(obj.edition)
        return {
            "before": before,
            "moved": movement.between(before, obj, obj.kind) if before else None,
            "flags": flags.flags_of(read.path, obj.edition.register.flag_limits),
            "questions": [question for question in read.questions if question.is_open],
            "version": obj.version,
            # So that the device can tell what arrived from what never did.
            "saved_by_me": self._saved_by(request.user, obj),
            "seen": form.meeting.seen if form.meeting else obj.version,
            "meeting": form.meeting,
            "is_submitted": obj.progress in SENT_IN,
            "accepts": manages and obj.progress != Progress.ACCEPTED,
            "waits": manages and obj.progress == Progress.SUBMITTED,
            "back_to": self._back_to(request, obj),
        }

    def _asked(self, request: HttpRequest, obj: Snapshot, form: Any, rows: Any) -> dict[str, Any]:
        """What a submission still needs; and after one was refused, all of it as problems."""
        prefetch_related_objects([obj], "actions")
        asking = Asking(obj, form, rows)
        said: dict[str, Any] = {
            "needs": asking.needs(),
            "overrules_after": asking.overrules_after or (obj.override_reason and DIRECTION),
        }
        if "check" in request.GET and request.method == "GET" and asking.refuse():
            said |= {"errors": True, "not_submitted": True, "missing": asking.missing}
        return said

    def _saved_by(self, user: User, obj: Snapshot) -> int:
        """The newest version of the entry that this person made, or 0."""
        mine = obj.history.filter(history_user=user).aggregate(newest=Max("version"))
        return mine["newest"] or 0

    def _back_to(self, request: HttpRequest, obj: Snapshot) -> str:
        if self.access(request).may_manage(obj.edition):
            return reverse("cycle", args=[obj.edition.register.slug])
        return reverse("my-updates")

    # After the save ---------------------------------------------------------------------------

    def response_change(self, request, obj) -> HttpResponse:
        """Submit or accept what has just been saved; else say that it is saved, and stay."""
        here = reverse("admin:registers_snapshot_change", args=[obj.pk])
        leaves(request, obj)
        sent: QueryDict = request.POST
        if "_addrow" in sent:
            return super().response_change(request, obj)
        if (code := sent.get("_flag")) in flags.KINDS:
            return redirect(f"{reverse('answer-flag', args=[obj.pk, code])}?from=form")
        if "_submit" in sent:
            return self._submit(request, obj, here)
        if "_accept" in sent and obj.progress not in SENT_IN:
            return self._submit(request, obj, here)
        if "_accept" in sent:
            return self._accept(request, obj, here)
        at = date_format(timezone.localtime(), "H:i")
        if obj.progress == Progress.DRAFT:
            told = f"{obj.reference} is saved as a draft, {at}. It has not been submitted yet."
        else:
            told = f"{obj.reference} is saved, {at}."
        messages.success(request, told)
        return redirect(here)

    def _submit(self, request: HttpRequest, obj: Snapshot, here: str) -> HttpResponse:
        try:
            sent = cycle.submit(obj, by=request.user, override=obj.override_reason)
            if "_accept" in request.POST:
                sent = cycle.accept(sent, by=request.user)
            leaves(request, sent)
        except (cycle.NotReady, cycle.NeedsReason):
            for action in cycle.put_back(obj, by=request.user):
                messages.error(request, PUT_BACK % actions.short(action.text))
            return redirect(f"{here}?check=1")
        except cycle.CycleError as refusal:
            messages.error(request, str(refusal))
            return redirect(here)
        if sent.progress == Progress.ACCEPTED:
            messages.success(request, f"{obj.reference} is submitted and accepted.")
            return redirect(self._on_from(obj))
        messages.success(request, f"{obj.reference} is submitted. Thank you.")
        return redirect(self._back_to(request, obj))

    def _accept(self, request: HttpRequest, obj: Snapshot, here: str) -> HttpResponse:
        try:
            leaves(request, cycle.accept(obj, by=request.user))
        except cycle.CycleError as refusal:
            messages.error(request, str(refusal))
            return redirect(here)
        messages.success(request, f"{obj.reference} is accepted.")
        return redirect(self._on_from(obj))

    def _on_from(self, obj: Snapshot) -> str:
        """The manager reads on where the next entry waits."""
        return f"{quarter_url(obj.edition)}#{place_after(obj)}"


def _lines(text: str) -> str:
    """As it is kept: a browser ends its lines in another way."""
    return "\n".join(text.splitlines()).strip()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
