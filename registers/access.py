"""Who may see and do what; the only place that knows the roles.

A role is held on a register and those below it, or on every register. This stands below the models:
it reads a user's roles and posts through the user it is given, and answers with filters, so that
`Snapshot.objects.visible_to(user)` is one SQL condition and no template ever asks who somebody is.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

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

Right = Literal["reads", "manages", "audits", "reads_all_drafts", "reads_everything", "asks"]


@dataclass(frozen=True, slots=True)
class Rights:
    """What some roles let a person do, on the register on which they are held."""

    roles: frozenset[str] = frozenset()

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

    def sees(self, edition: str, entry: str, snapshot: str) -> Q:
        """The snapshots that these roles let a person read, as a condition; each argument is the
        way to that model's columns ('edition__').
        """
        if not self.reads:
            return NOTHING
        seen = Q() if self.reads_all_drafts else Q((f"{edition}state", "published"))
        if not self.reads_exempt:
            # Exempt today, or when it was published.
            seen &= Q((f"{entry}exempt", False), (f"{snapshot}exempt_because", ""))
        return seen


NO_RIGHTS = Rights()


@dataclass(frozen=True, slots=True)
class Access:
    """What one person may do, worked out once a request.

    `everywhere` are the roles held on every register. `on` has, by the id of a register, all that
    are held there: those, and what was given on it or above it. `posts` holds the ids of the owners
    (posts) that the person holds or deputises for today.
    """

    everywhere: Rights = NO_RIGHTS
    on: Mapping[int, Rights] = field(default_factory=dict)
    posts: frozenset[int] = field(default=frozenset())

    @classmethod
    def of(cls, user: User) -> Access:
        if not user.is_authenticated or not user.is_active:
            return cls()
        everywhere = set(user.role_names())
        if user.is_superuser:
            # The first account of a new installation has to be able to run it.
            everywhere.add(MANAGER)
        given = defaultdict(set, {pk: set(roles) for pk, roles in user.roles_by_register().items()})
        posts: frozenset[int] = frozenset()
        if OWNER in everywhere.union(*given.values()):
            posts = frozenset(user.tenures.current().values_list("owner_id", flat=True))
        if posts and OWNER not in everywhere:
            # Whose post answers for an entry is one of the owners of its register.
            for register in user.registers_answered_in(posts):
                given[register].add(OWNER)
        on = {pk: Rights(frozenset(roles | everywhere)) for pk, roles in given.items()}
        return cls(Rights(frozenset(everywhere)), on, posts)

    def at(self, register: int) -> Rights:
        """What the person may do on one register, by its id."""
        return self.on.get(register, self.everywhere)

    @property
    def anywhere(self) -> Rights:
        """What the person may do on some register: for what to offer, never for what is on it."""
        return Rights(self.everywhere.roles.union(*(one.roles for one in self.on.values())))

    def reading_class(self, register: int) -> str:
        """People with the same class read the same published pages of a register; part of every
        cache key.

        Somebody who holds posts may see exempt entries of their own, so has a class of their own;
        and who may ask a question is offered to. A page may lead to other registers, so those who
        read differently on different registers are of one class if they do so on each.
        """
        here = self._class_on(self.at(register))
        if here == "none" or not self.on:
            return here
        each = [f"{pk} {self._class_on(rights)}" for pk, rights in sorted(self.on.items())]
        elsewhere = [self._class_on(self.everywhere), *each]
        return f"{here}-{hashlib.sha256(' '.join(elsewhere).encode()).hexdigest()[:16]}"

    def _class_on(self, here: Rights) -> str:
        if not here.reads:
            return "none"
        clearance = "cleared" if here.reads_exempt else "public"
        if here.reads_everything:
            clearance = "all"
        asks = ["asks"] * here.asks
        posts = [] if here.reads_everything else sorted(self.posts)
        return "-".join([clearance, *asks, *map(str, posts)])

    # Conditions ---------------------------------------------------------------------------------

    def where(self, right: Right, register: str = "register") -> Q:
        """The rows of registers on which the person has a right, as a condition; `register` is the
        way to the register ('edition__register', or 'pk' of registers).
        """
        if getattr(self.everywhere, right):
            return Q()
        there = sorted(pk for pk, rights in self.on.items() if getattr(rights, right))
        return Q((f"{register}__in", there)) if there else NOTHING

    def snapshots(self, prefix: str = "") -> Q:
        """The snapshots this person may read, as a condition on Snapshot.

        With `prefix` ('snapshots__') it is the same condition seen from a related model.
        """
        if self.everywhere.reads_everything:
            return Q()
        ways = f"{prefix}edition__", f"{prefix}entry__", prefix
        seen = self.everywhere.sees(*ways)
        for rights, registers in self._by_rights().items():
            there = Q((f"{prefix}edition__register__in", registers))
            seen |= there & rights.sees(*ways)
        return seen | Q((f"{prefix}owner__in", self.posts)) if self.posts else seen

    def _by_rights(self) -> Mapping[Rights, Collection[int]]:
        """The registers on which more is held than everywhere, by what is held there."""
        found = defaultdict(list)
        for register, rights in sorted(self.on.items()):
            if rights != self.everywhere:
                found[rights].append(register)
        return found

    # One row --------------------------------------------------------------------------------------

    def may_manage(self, edition: Edition) -> bool:
        return self.at(edition.register_id).manages

    def may_change(self, snapshot: Snapshot) -> bool:
        """Owners while the edition is open; the manager while it is open or in review."""
        state = snapshot.edition.state
        if self.may_manage(snapshot.edition):
            return state in ("open", "in_review")
        return state == "open" and self.owns(snapshot)

    def owns(self, snapshot: Snapshot) -> bool:
        return snapshot.owner_id is not None and snapshot.owner_id in self.posts

    def may_audit(self, snapshot: Snapshot) -> bool:
        """May read the trail of changes of this entry."""
        return self.at(snapshot.edition.register_id).audits or self.owns(snapshot)
