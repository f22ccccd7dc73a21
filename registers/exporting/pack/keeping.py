"""Files that were made of packs: made once, for everybody who may have the same part.

Of a draft nothing is kept, since it may change at any moment.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from registers import jobs
from registers.cycle.report import report_of
from registers.domain.quarters import Quarter
from registers.exporting.pack import sources
from registers.exporting.pack.blocks import A4
from registers.exporting.pack.files import CannotMake, Order, make
from registers.exporting.pack.sources import EVERYTHING
from registers.jobs import JobFailed, Work
from registers.models import Edition, PackFile, Publication, StoredFile, User
from registers.reading.documents import as_issued

MAKE = "make pack"
# Beyond so many entries nobody waits for a page: a worker makes it.
AT_ONCE = 60


def order(
    edition: Edition,
    format: str,
    part: str,
    *,
    since: Edition | None = None,
    paper: str = A4,
    whole: bool = True,
) -> Order:
    """An order with what people have written for it. Two queries; and one where an earlier issue
    is asked for by somebody who may not read all of it.
    """
    edition = sources.whole_issue(edition)
    asked = sources.questions(edition, part)
    return Order(edition, format, part, since, paper, whole, report_of(edition), asked)


def waits(edition: Edition, entries: int) -> bool:
    """Whether a part with so many entries is made by a worker. A draft's never is."""
    return edition.is_published and entries > AT_ONCE


def kept(order: Order) -> PackFile | None:
    """What was made, or is being made, of the same."""
    if not order.edition.is_published:
        return None
    found = PackFile.objects.filter(made_of=order.made_of).select_related("job")
    return found.first()


def content(order: Order) -> bytes:
    """The file of an order: as it was made once, or made now and kept."""
    standing = kept(order)
    if standing and standing.file_id:
        return bytes(standing.file.content)
    made = make(order, timezone.now())
    if order.edition.is_published:
        keep(order, made)
    return made


def keep(order: Order, made: bytes) -> None:
    """For whoever asks next. Somebody else may have been quicker: then theirs stays."""
    try:
        with transaction.atomic():
            file = StoredFile.of(order.name, made, media_type=order.content_type)
            file.save()
            standing, _ = PackFile.objects.select_for_update().get_or_create(
                made_of=order.made_of, defaults=_of(order)
            )
            if standing.file_id is None:
                standing.file = file
                standing.save()
            else:
                file.delete()
    except IntegrityError:
        return


def _of(order: Order) -> dict[str, object]:
    edition = order.edition
    said = {"issue": edition.issue, "part": order.part, "format": order.format}
    return {"edition_id": edition.pk, **said}


@transaction.atomic
def ask(order: Order, *, by: User) -> PackFile:
    """Have a worker make it. Whoever asks for the same meanwhile waits for the same job."""
    standing, _ = PackFile.objects.select_for_update().get_or_create(
        made_of=order.made_of, defaults=_of(order)
    )
    under_way = standing.job and not standing.job.has_ended
    if standing.file_id is None and not under_way:
        standing.job = jobs.ask(MAKE, _asked(order), by=by)
        standing.save()
    return standing


def _asked(order: Order) -> dict[str, object]:
    return {
        "edition": order.edition.pk,
        "issue": order.edition.issue,
        "format": order.format,
        "part": order.part,
        "since": order.since.quarter.slug if order.since else "",
        "paper": order.paper,
        "whole": order.whole,
    }


def do(work: Work) -> None:
    """The job. What was corrected or rewritten meanwhile is made of what stands now."""
    asked = _order(work.asked)
    work.tell(0, 2, "Reading the edition and its past")
    try:
        made = make(asked, timezone.now())
    except CannotMake as refusal:
        raise JobFailed(str(refusal)) from refusal
    work.tell(1, 2, "Keeping the file")
    with work.mine():
        keep(asked, made)


def _order(asked: dict) -> Order:
    edition = Edition.objects.select_related("register").filter(pk=asked["edition"]).first()
    if edition is None:
        raise JobFailed("The edition is gone.")
    if not (edition.is_published and edition.issue == asked["issue"]):
        issues = Publication.objects.select_related("edition__register")
        edition = as_issued(issues.get(edition=edition, issue=asked["issue"]), EVERYTHING)
    since = None
    if asked["since"]:
        quarter = Quarter.parse(asked["since"])
        since = Edition.objects.get(register=edition.register_id, quarter=quarter)
    how = {"paper": asked["paper"], "whole": asked["whole"]}
    return order(edition, asked["format"], asked["part"], since=since, **how)
