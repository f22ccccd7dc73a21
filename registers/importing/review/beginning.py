"""A file or a paste comes in; or is put aside."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from registers import jobs
from registers.domain.quarters import Quarter
from registers.importing.review.errors import ImportRefused
from registers.importing.review.locks import lock_open
from registers.models import Import, Register, StoredFile, User

MOST_BYTES = 20_000_000
READ, APPLY = "read import", "apply import"


@transaction.atomic
def begin(
    register: Register,
    name: str,
    content: bytes,
    *,
    by: User,
    quarter: Quarter | None = None,
    is_paste: bool = False,
) -> Import:
    """Take a file in, and have it read. Without a quarter, the document has to name its own.

    Raises ImportRefused for who may not, and for an empty or an enormous file.
    """
    if not by.access.at(register.pk).manages:
        raise ImportRefused("Only the risk manager brings a register in.")
    if not content.strip():
        raise ImportRefused("The file is empty. Choose another.")
    if len(content) > MOST_BYTES:
        raise ImportRefused(
            f"The file has {len(content) / 1e6:.0f} MB; at most {MOST_BYTES / 1e6:.0f} MB are "
            "read. Pictures make it large: save it without them."
        )
    file = StoredFile.of(name, content, changed_by=by)
    file.save()
    begun = Import(
        register=register,
        file=file,
        is_paste=is_paste,
        quarter=quarter,
        quarter_is_said=quarter is not None,
        changed_by=by,
    )
    begun._change_reason = "Brought in"
    begun.save()
    return have_it_read(begun, by=by)


def have_it_read(import_: Import, *, by: User) -> Import:
    """Ask for a new plan. Machine columns only: no line of history."""
    import_.job = jobs.ask(READ, {"import": import_.pk}, by=by)
    Import.objects.filter(pk=import_.pk).update(job=import_.job)
    return import_


def same_file(import_: Import) -> Import | None:
    """The import before this one of the very same file into the same register, put aside or not."""
    others = Import.objects.filter(register=import_.register, file__digest=import_.file.digest)
    return (
        others.filter(pk__lt=import_.pk)
        .exclude(state=Import.State.PUT_ASIDE)
        .select_related("file", "changed_by", "register")
        .newest_first()
        .without_plan()
        .first()
    )


@transaction.atomic
def put_aside(import_: Import, *, by: User, version: int) -> Import:
    """Leave it without effect. Raises ImportRefused, SaidMeanwhile."""
    standing = lock_open(import_.pk, by=by, version=version)
    standing.state, standing.ended_at = Import.State.PUT_ASIDE, timezone.now()
    standing.changed_by, standing._change_reason = by, "Put aside"
    standing.save()
    return standing
