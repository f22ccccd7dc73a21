"""Look a key up in a mapping that a view has made."""

from django import template

register = template.Library()


@register.filter
def get(mapping, key):
    return mapping.get(key)
