"""What a form carries so that it is sent once, and given back to whoever wrote it."""

from __future__ import annotations

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registers.models import Entry, Question, Snapshot
from registers.pages.sending import TOKEN

register = template.Library()

About = Entry | Snapshot | Question | None


@register.simple_tag(takes_context=True)
def form_token(
    context: template.Context, about: Entry | Snapshot | Question | None = None
) -> SafeString:
    """The token of a form, and who writes it. `about` is what the form is about.

    Nothing that is typed about an entry that is exempt, or was when it was published, is kept
    anywhere but in the register, so its form does not say whose it would be.
    """
    writer = "" if _is_held_back(about) else context["request"].user.pk
    return format_html(
        '<input type="hidden" name="{}" value="{}"><input type="hidden" name="writer" value="{}">',
        TOKEN,
        uuid4().hex,
        writer,
    )


def _is_held_back(about: object) -> bool:
    if isinstance(about, Entry):
        return about.exempt
    if isinstance(about, Snapshot):
        return about.entry.exempt or bool(about.exempt_because)
    if isinstance(about, Question) and about.entry:
        there = about.edition.snapshots.filter(entry=about.entry_id)
        return about.entry.exempt or there.exclude(exempt_because="").exists()
    return False
