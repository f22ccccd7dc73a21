"""What a form carries so that it is sent once, and given back to whoever wrote it."""

from __future__ import annotations

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registers.models import Entry
from registers.pages.sending import TOKEN

register = template.Library()


@register.simple_tag(takes_context=True)
def form_token(context: template.Context, about: Entry | None = None) -> SafeString:
    """The token of a form, and who writes it. `about` is the entry that the form is about.

    Nothing that is typed about an exempt entry is kept anywhere but in the register, so its form
    does not say whose it would be.
    """
    exempt = isinstance(about, Entry) and about.exempt
    writer = "" if exempt else context["request"].user.pk
    return format_html(
        '<input type="hidden" name="{}" value="{}"><input type="hidden" name="writer" value="{}">',
        TOKEN,
        uuid4().hex,
        writer,
    )
