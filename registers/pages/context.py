"""What every template may use besides its own view's context."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from registers.cycle.notices.contact import contact
from registers.models import Question, Snapshot, User


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """`name` is what a page says it is (`section`) to be marked as the current one.

    Where `of_edition`, it is also the name of a page of an edition: who reads one stays in it.
    """

    name: str
    label: str
    url: str
    count: int = 0
    of_edition: bool = False


def navigation(user: User) -> list[NavigationItem]:
    """Members see the pages of an edition and the questions, owners also My updates.

    The risk manager sees the cycle.

    Those who keep the register, or audit it, also see the data that it is made of.
    """
    access = getattr(user, "access", None)
    if access is None or not access.anywhere.reads:
        return []
    latest_challenge = reverse("latest", args=["challenge"])
    items = [
        NavigationItem("heatmap", "Heat map", reverse("latest", args=["heatmap"]), of_edition=True),
        NavigationItem("table", "Register", reverse("latest", args=["table"]), of_edition=True),
        NavigationItem("changes", "Compare", reverse("latest", args=["changes"]), of_edition=True),
        NavigationItem("challenge", "Challenge", latest_challenge, of_edition=True),
    ]
    items.append(
        NavigationItem("questions", "Questions", reverse("questions"), count=to_answer(user))
    )
    anywhere = access.anywhere
    if anywhere.updates:
        waiting = Snapshot.objects.owned_by(access.posts).outstanding()
        waiting = waiting.filter(edition__state="open").count()
        items.append(
            NavigationItem("my-updates", "My updates", reverse("my-updates"), count=waiting)
        )
    if anywhere.audits and not anywhere.manages:
        # The risk manager comes to it from the quarter.
        items.append(NavigationItem("audit", "Audit trail", reverse("audit-home")))
    if anywhere.manages:
        items.append(NavigationItem("cycle", "The quarter", reverse("cycle-home")))
    if anywhere.audits:
        items.append(NavigationItem("admin", "Data", reverse("admin:index")))
    return items


def to_answer(user: User) -> int:
    """How many open questions wait for this person: of the registers they manage, all of them."""
    access, waiting = user.access, Question.objects.open()
    managed = access.where("manages", "edition__register")
    if not access.posts:
        return waiting.filter(managed).count() if access.anywhere.manages else 0
    if access.everywhere.manages:
        return waiting.count()
    return waiting.with_post().filter(managed | Q(post__in=access.posts)).count()


def site(request: HttpRequest) -> dict[str, object]:
    def items() -> list[NavigationItem]:
        return navigation(request.user) if hasattr(request, "user") else []

    return {
        "organisation": settings.ORGANISATION,
        "contact": contact(),
        "contact_is_known": bool(settings.CONTACT),
        # The council's own service to sign in by, by its name; whether passwords are for all.
        "sign_on": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "local_accounts": settings.LOCAL_ACCOUNTS,
        "navigation": SimpleLazyObject(items),
    }
