"""A warning at the moment in which a post loses the last person who holds it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest

from registers.models.owner import OwnerQuerySet


def warn_of_nobody(admin: ModelAdmin, request: HttpRequest, posts: OwnerQuerySet) -> None:
    """Name those of these posts that nobody can update the entries of."""
    for post in posts.held_by_nobody().order_by("name"):
        told = f"Nobody holds this post: {post}. Name somebody under Owners, or give the role."
        admin.message_user(request, told, messages.WARNING)
