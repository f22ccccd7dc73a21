"""The last published edition of a register, for pages about the register as a whole."""

from __future__ import annotations

from django.http import Http404

from registers.models import Edition, User


def latest_published(user: User, register: str) -> Edition:
    """Raises Http404 for no such register, none published, and not theirs alike."""
    if not user.access.anywhere.reads:
        raise Http404
    editions = Edition.objects.published().visible_to(user).select_related("register")
    found = editions.filter(register__slug=register).newest_first().first()
    if found is None:
        raise Http404
    return found
