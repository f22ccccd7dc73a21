"""Each entry of a workbook that was chosen, saved as its form saves it; or why it was not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest

from registers import cycle
from registers.admin.offline.reviewing import Forms, Reviewed, Reviewer, choose
from registers.admin.offline.translating import Sent
from registers.models import Snapshot

SAVED_MEANWHILE = (
    "It was saved again while you looked at this page. What is below is put together anew: look it "
    "over, and save once more."
)
CHOOSE = "You both changed {}. Choose which of the two stands."
MEND = "Mend it in the workbook and bring that back, or write it on the entry’s page."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an entry: saved, perhaps submitted; or what the page shows once more."""

    saved: Snapshot | None = None
    is_submitted: bool = False
    not_submitted: str = ""
    again: Reviewed | None = None


def save(
    request: HttpRequest,
    sending: Sent,
    *,
    shown: int,
    chosen: Mapping[str, str],
    submits: bool,
) -> Outcome:
    """Save what a workbook says of one entry, and submit it if that was asked for.

    `shown` is the version that stood when the page was made, and `chosen` is what was said where
    two have written.
    """
    reviewed = Reviewer(request.user).review(sending, chosen=chosen, is_to_submit=submits)
    standing, meeting = reviewed.snapshot, reviewed.meeting
    if shown != standing.version:
        reviewed.wrong.append(SAVED_MEANWHILE)
        return Outcome(again=reviewed)
    reviewed.wrong += [CHOOSE.format(clash.label) for clash in choose(meeting, chosen)]
    forms = Forms(request, Snapshot.objects.with_content().get(pk=standing.pk), meeting.data)
    reviewed.sending.refused = forms.refused
    if reviewed.wrong or forms.refused:
        return Outcome(again=reviewed)
    try:
        with transaction.atomic():
            saved = cycle.save_draft(
                standing,
                forms.draft(),
                by=request.user,
                version=standing.version,
                why="From a workbook",
            )
    except cycle.CycleError as refusal:
        reviewed.wrong.append(str(refusal))
        return Outcome(again=reviewed)
    return _submit(request, saved) if submits else Outcome(saved)


def _submit(request: HttpRequest, saved: Snapshot) -> Outcome:
    """A submission that is refused has kept the draft, as on the form."""
    try:
        with transaction.atomic():
            sent = cycle.submit(saved, by=request.user, override=saved.override_reason)
    except cycle.CycleError as refusal:
        return Outcome(saved, not_submitted=str(refusal))
    return Outcome(sent, is_submitted=True)
