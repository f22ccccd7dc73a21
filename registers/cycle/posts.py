"""Who holds a post, or deputises for it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from registers.cycle.errors import NotAllowed
from registers.models import Owner, Tenure, User


@transaction.atomic
def give_post(
    person: User, post: Owner, *, by, delegate: bool = False, starts: date | None = None
) -> Tenure:
    """Let a person hold a post, from today unless told, beside whoever holds it already.

    A post that is not kept yet is added. Raises NotAllowed.
    """
    if not by.access.anywhere.manages:
        raise NotAllowed("Only the risk manager says who holds a post.")
    if post.pk and not Owner.objects.kept_by(by).filter(pk=post.pk).exists():
        raise NotAllowed(f"{post} answers for entries of other registers: ask their risk manager.")
    if post.pk is None:
        post.changed_by = by
        post.save()
    standing = person.tenures.filter(owner=post, is_delegate=delegate, ends=None).first()
    if standing is not None:
        return standing
    tenure = Tenure(owner=post, user=person, is_delegate=delegate, changed_by=by)
    tenure.starts = starts or timezone.localdate()
    tenure.save()
    return tenure
