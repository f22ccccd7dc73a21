from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.utils import timezone

from registers.models.constraints import UniqueAtField

# So that a token can be told from a password by eye, and found by who searches for lost ones.
PREFIX = "fbf_"
BYTES = 32
# It is used every minute, and a row is not written for each.
NOTED_EVERY = timedelta(minutes=5)


class FeedTokenQuerySet(models.QuerySet):
    def of(self, token: str) -> FeedTokenQuerySet:
        """The one that a text is, if any."""
        return self.filter(digest=digest_of(token))

    def standing(self, now: datetime) -> FeedTokenQuerySet:
        """Those that are not too old to open anything."""
        return self.filter(made_at__gt=now - age())

    def note(self, token: FeedToken, now: datetime) -> None:
        """It has just been used."""
        if token.last_used_at is None or now - token.last_used_at > NOTED_EVERY:
            self.filter(pk=token.pk).update(last_used_at=now)


class FeedToken(models.Model):
    """What a reporting tool says in place of a person, to read what that person may read.

    The token itself is kept nowhere: it is random enough that its SHA-256 gives nothing away.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_tokens"
    )
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)

    objects = FeedTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "token of the feed"
        verbose_name_plural = "tokens of the feed"
        ordering = ["made_at", "id"]
        constraints = [
            UniqueAtField(
                fields=["user", "name"],
                field="name",
                name="a_person_has_each_name_of_a_token_once",
                violation_error_message="You have a token of this name. Choose another name.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ends_at(self) -> datetime:
        return self.made_at + age()


def age() -> timedelta:
    """How old a token can become."""
    return timedelta(days=settings.FEED_TOKEN_DAYS)


def new_token() -> str:
    return PREFIX + token_urlsafe(BYTES)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
