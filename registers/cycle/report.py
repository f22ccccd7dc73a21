"""The manager's paragraphs of the covering report: kept with the edition, each change on record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.db import transaction

from registers.cycle.errors import CycleError, NotAllowed
from registers.cycle.locks import lock_edition
from registers.models import Edition, PackText


class ReportChanged(CycleError):
    """Somebody saved other paragraphs since the person saw them; `texts` are those that stand."""

    def __init__(self, texts: Mapping[str, str], who: str) -> None:
        self.texts = dict(texts)
        super().__init__(
            f"{who} saved this report while you were working on it. Nothing of yours is lost: your "
            "text is in the boxes, and what stands now is below each. Save again to put yours in "
            "its place."
        )


def report_of(edition: Edition) -> dict[str, str]:
    """The paragraphs that stand in the pack of an edition, or of its issue, by name. One query.

    Each as it was written last for this issue or an earlier one: what is written for a correction
    changes nothing in the pack of the issue before.
    """
    return dict(PackText.objects.of_issue(edition).values_list("name", "text"))


def seen(texts: Mapping[str, str]) -> str:
    """What a form carries, so that saving knows which texts its reader saw."""
    written = "\x1f".join(f"{name}\x1e{text}" for name, text in sorted(texts.items()) if text)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


@transaction.atomic
def write_report(edition: Edition, texts: Mapping[str, str], *, by, version: str) -> dict[str, str]:
    """Keep the paragraphs of an edition's report. `version` is of `seen`, when they were read.

    Raises NotAllowed or ReportChanged. Published or not: the report goes with what is published
    and is no part of it.
    """
    if not by.access.may_manage(edition):
        raise NotAllowed("Only the risk manager writes the covering report.")
    edition = lock_edition(edition.pk)
    standing = {one.name: one for one in PackText.objects.of_issue(edition)}
    now = {name: one.text for name, one in standing.items()}
    if seen(now) != version:
        last = max(standing.values(), key=lambda one: one.changed_at, default=None)
        raise ReportChanged(now, str(last.changed_by) if last else "Somebody")
    for name, text in texts.items():
        row = standing.get(name) or PackText(edition=edition, issue=edition.issue, name=name)
        if row.text != text.strip():
            if row.issue < edition.issue:
                row = PackText(edition=edition, issue=edition.issue, name=name)
            row.text, row.changed_by, row._change_reason = text.strip(), by, "Report written"
            row.save()
    return report_of(edition)
