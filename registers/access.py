"""Who may see and do what; the only place that knows the roles.

It stands below the models: it reads a user's groups and posts through the user it is given, and
answers with filters, so that `Snapshot.objects.visible_to(user)` is one SQL condition and no
template ever asks who somebody is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from registers.models import Edition, Snapshot, User

COMMITTEE = "Committee member"
OWNER = "Risk owner"
MANAGER = "Risk manager"
AUDITOR = "Auditor"
CLEARED = "Cleared for exempt entries"

ROLES = (COMMITTEE, OWNER, MANAGER, AUDITOR, CLEARED)
# Nobody's role: the reader for whom the public part of a draft is made before it is published.
PUBLIC_PART = "Public part of a draft"

NOTHING = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Access:
    """What one person may do, worked out once a request.

    `posts` holds the ids of the owners (posts) that the person holds or deputises for today.
    """

    roles: frozenset[str] = frozenset()
    posts: frozenset[int] = field(default=frozenset())

    @classmethod
    def of(cls, user: User) -> Access:
        if not user.is_authenticated or not user.is_active:
            return cls()
        roles = set(user.role_names())
        if user.is_superuser:
            # The first account of a new installation has to be able to run it.
            roles.add(MANAGER)
        posts: frozenset[int] = frozenset()
        if OWNER in roles:
            posts = frozenset(user.tenures.current().values_list("owner_id", flat=True))
        return cls(frozenset(roles), posts)

    # What a role lets a person do -----------------------------------------------------------

    @property
    def reads(self) -> bool:
        """May see published editions at all. Clearance alone is not a role."""
        return bool(self.roles & {COMMITTEE, OWNER, MANAGER, AUDITOR, PUBLIC_PART})

    @property
    def manages(self) -> bool:
        return MANAGER in self.roles

    @property
    def audits(self) -> bool:
        """May read the whole trail of changes."""
        return bool(self.roles & {MANAGER, AUDITOR})

    @property
    def reads_all_drafts(self) -> bool:
        return bool(self.roles & {MANAGER, AUDITOR, PUBLIC_PART})

    @property
    def reads_exempt(self) -> bool:
        return bool(self.roles & {MANAGER, AUDITOR, CLEARED})

    @property
    def reads_everything(self) -> bool:
        return self.reads_all_drafts and self.reads_exempt

    @property
    def asks(self) -> bool:
        """May ask a question on what is published."""
        return bool(self.roles & {COMMITTEE, MANAGER})

    @property
    def updates(self) -> bool:
        """Owns entries, or may: decides whether 'My updates' is offered."""
        return OWNER in self.roles

    @property
    def reading_class(self) -> str:
        """People with the same class read the same published pages; part of every cache key.

        Somebody who holds posts may see exempt entries of their own, so has a class of their own;
        and who may ask a question is offered to.
        """
        if not self.reads:
            return "none"
        clearance = "cleared" if self.reads_exempt else "public"
        if self.reads_everything:
            clearance = "all"
        asks = ["asks"] * self.asks
        posts = [] if self.reads_everything else sorted(self.posts)
        return "-".join([clearance, *asks, *map(str, posts)])

    # Conditions ---------------------------------------------------------------------------------

    def snapshots(self, prefix: str = "") -> Q:
        """The snapshots this person may read, as a condition on Snapshot.

        With `prefix` ('snapshots__') it is the same condition seen from a related model.
        """
        if not self.reads:
            return NOTHING
        if self.reads_everything:
            return Q()

        def where(**conditions: object) -> Q:
            return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})

        published = Q() if self.reads_all_drafts else where(edition__state="published")
        if not self.reads_exempt:
            # Exempt today, or when it was published.
            published &= where(entry__exempt=False, exempt_because="")
        return published | where(owner__in=self.posts) if self.posts else published

    # One row --------------------------------------------------------------------------------------

    def may_change(self, snapshot: Snapshot) -> bool:
        """Owners while the edition is open; the manager while it is open or in review."""
        state = snapshot.edition.state
        if self.manages:
            return state in ("open", "in_review")
        return state == "open" and self.owns(snapshot)

    def owns(self, snapshot: Snapshot) -> bool:
        return snapshot.owner_id is not None and snapshot.owner_id in self.posts

    def may_audit(self, snapshot: Snapshot) -> bool:
        """May read the trail of changes of this entry."""
        return self.audits or self.owns(snapshot)

    def may_publish(self, edition: Edition) -> bool:
        return self.manages
