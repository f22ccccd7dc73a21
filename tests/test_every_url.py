"""Every address of the site, asked by every role and by nobody.

The addresses come from the resolver: one that is added must be given its row here. A refusal is
the page for what does not exist, whether there is something or not, and leaves no trace. What a
person may read but not change answers 403, or 409 where they may have been allowed to a moment ago
and get back what they wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from registers import cycle
from registers.importing import review
from registers.models import Edition, ImportDoubt, Register, User
from tests import factories
from tests.factories import Cast
from tests.support.baseline import Baseline

pytestmark = [pytest.mark.django_db, pytest.mark.walks]

NOBODY: set[str] = set()
MANAGER = {"manager"}
AUDITORS = MANAGER | {"auditor"}
HOLDERS = {"owner", "delegate"}
OWNERS = HOLDERS | {"other_owner", "former"}
WRITERS = OWNERS | MANAGER
KEEPERS = OWNERS | AUDITORS
MEMBERS = {"committee", "cleared"}
READERS = KEEPERS | {"committee", "cleared"}
SIGNED_IN = READERS | {"nobody"}
EVERYBODY = SIGNED_IN | {"anonymous"}
# People who have their role on the directorate's register alone, and who has the same on every one.
LOCALS = {"local_manager": "manager", "local_auditor": "auditor", "local_member": "committee"}
LOCAL_AUDITORS = {"local_manager", "local_auditor"}
PARTS = sorted(SIGNED_IN | LOCALS.keys())
CORPORATE, DIRECTORATE = "corporate", "directorate"
# What is said in the register at the top, and in no other.
WORD = "Kestrel"


@dataclass
class There:
    """A register: a published edition and the open one after it; what is in them."""

    register: str
    open: Edition
    # A row of each model that the admin keeps, by the model's name.
    ids: dict[object, int]

    @property
    def asked(self) -> list[str]:
        """Who has their role everywhere is asked of one register alone."""
        return PARTS if self.register == CORPORATE else sorted(LOCALS)


@dataclass
class World:
    """The register at the top and one below it, the same in each; and whose it is."""

    registers: list[There]
    # The cookie of each person who is logged in.
    sessions: dict[str, str]

    @cached_property
    def nothing(self) -> dict[str, bytes]:
        """The page that each person gets for an address that does not exist."""
        address = "/there-is-nothing-at-this-address/"
        return {part: self.browser(part).get(address).content for part in PARTS}

    def browser(self, part: str) -> Client:
        """A new one each time, so that no message of the page before is in it."""
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[part]
        return client


@pytest.fixture(scope="module")
def world(common_ground) -> Iterator[World]:
    with common_ground(build) as world:
        yield world


def build() -> World:
    cast = factories.cast()
    top = factories.register(CORPORATE)
    below = factories.register(DIRECTORATE, parent=top)
    people = {part: getattr(cast, part) for part in SIGNED_IN}
    for part, twin in LOCALS.items():
        made = factories.UserFactory(username=part)
        people[part] = factories.give(made, factories.ROLES[twin][0], below)
    # What is being corrected stands in a register of its own, right below.
    registers = [
        furnished(top, factories.register("reserve", parent=top), cast, cast.committee),
        furnished(below, factories.register("service", parent=below), cast, people["local_member"]),
    ]
    sessions = {}
    for part in PARTS:
        client = Client()
        client.force_login(people[part])
        sessions[part] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return World(registers, sessions)


def furnished(register: Register, other: Register, cast: Cast, member: User) -> There:
    """A register with a row of everything, and another with an edition that is being corrected."""
    said = {"title": WORD if register.slug == CORPORATE else "Roads"}
    secret = {**said, "exempt": True, "exempt_reason": "Schedule 12A, paragraph 3"}
    published = factories.edition(register=register)
    factories.snapshot(published, "CR1", owner=cast.post, types=["People"], **said)
    factories.snapshot(published, "CR2", owner=cast.other_post, **said)
    factories.snapshot(published, "CR3", owner=cast.post, **secret)
    factories.snapshot(published, "CR4", owner=cast.other_post, **secret)
    factories.opportunity(published, "CO1", owner=cast.other_post, **said)
    factories.publish(published, by=cast.manager)
    opened = cycle.open_edition(register, LATER, by=cast.manager)
    # Entries that the published edition has not: their very existence is a draft.
    factories.snapshot(opened, "CR5", owner=cast.post, **said)
    factories.snapshot(opened, "CR6", owner=cast.other_post, **said)
    corrected = factories.published(register=other)
    reissue = cycle.reissue(corrected, by=cast.manager, reason="A wrong score.").reissues.get()
    over = cycle.add_entry(corrected, by=cast.manager, kind="risk", **said)
    lineage = cycle.close_entry(over, by=cast.manager, reason=said["title"])
    question = cycle.ask(
        published,
        published.snapshots.get(reference="CR1").entry,
        text=f"{said['title']}?",
        by=member,
    )
    moving = opened.snapshots.get(reference="CR2")
    proposal = cycle.propose(moving, other, by=cast.manager, reason=said["title"])
    ids = {
        "published": published,
        "proposal": proposal,
        "question": question,
        "edition": opened,
        "publication": published.publications.get(),
        "reissue": reissue,
        "entry": corrected.snapshots.get().entry,
        "standing": opened.snapshots.get(reference="CR1").entry,
        "lineage": lineage,
        "user": cast.committee,
        "register": register,
        "type": factories.TypeFactory(),
        "owner": cast.post,
        "import": review.begin(
            register, f"{said['title']}.csv", b"Ref,Risk\nCR1,Roads", by=cast.manager
        ),
        "doubt": ImportDoubt.objects.create(edition=opened, message=said["title"]),
    }
    return There(register.slug, opened, {name: row.pk for name, row in ids.items()})


LATER = factories.QUARTER.next
BOOK = {"register": "corporate"}
PUBLISHED = {**BOOK, "edition": factories.QUARTER.slug}
DRAFT = {**BOOK, "edition": LATER.slug}
NO_SUCH = {**BOOK, "edition": "1999-00-q1"}
SEE_DRAFTS = KEEPERS - {"former"}


ONLY_READ = (403, 409)


@dataclass(frozen=True)
class Row:
    """One request and who gets an answer. `reads`: those who may read but not change.

    `about` names the snapshot whose entry (or whose own) id the address carries. Who has a role on
    one register is answered there as who has it everywhere, and elsewhere where the address names
    no row of a register: unless `locals` and `local_reads` say it.
    """

    allowed: set[str]
    path: dict[str, object] = field(default_factory=dict)
    method: str = "get"
    about: str = ""
    query: str = ""
    reads: set[str] = field(default_factory=set)
    status: tuple[int, ...] = (200, 302, 422)
    locals: set[str] | None = None
    local_reads: set[str] = field(default_factory=set)

    def answered(self, there: There) -> set[str]:
        if self.locals is not None:
            return self.allowed | self.locals
        return self.allowed | self._locals_in(self.allowed, there)

    def refused_to_change(self, there: There) -> set[str]:
        if self.locals is not None:
            return self.reads | self.local_reads
        return self.reads | self._locals_in(self.reads, there)

    def _locals_in(self, people: set[str], there: There) -> set[str]:
        if self._names_a_row(there) and there.register == CORPORATE:
            return set()
        return {part for part, twin in LOCALS.items() if twin in people}

    def _names_a_row(self, there: There) -> bool:
        named = self.path.keys() & {"register"} or set(self.path.values()) & there.ids.keys()
        return bool(self.about or named or "{" in self.query)


def post(allowed: set[str], path: dict[str, object] | None = None, **options: object) -> Row:
    return Row(allowed, path or {}, method="post", **options)


def of_entry(name: str) -> list[Row]:
    """A page about one entry, for each sort of entry."""
    return [
        Row(READERS, about="CR1"),
        Row(READERS, about="CO1"),
        Row(HOLDERS | AUDITORS | {"cleared"}, about="CR3"),
        Row({"other_owner", "cleared"} | AUDITORS, about="CR4"),
        Row(HOLDERS | AUDITORS, about="CR5"),
        Row({"other_owner"} | AUDITORS, about="CR6"),
    ]


def of_edition() -> list[Row]:
    return [Row(READERS, PUBLISHED), Row(SEE_DRAFTS, DRAFT), Row(NOBODY, NO_SUCH)]


PAGES: dict[str, list[Row]] = {
    "home": [Row(SIGNED_IN)],
    "latest": [
        Row(SIGNED_IN, {"page": page}) for page in ("heatmap", "table", "changes", "challenge")
    ]
    + [Row(NOBODY, {"page": "nothing"})],
    "register": [Row(READERS, BOOK), Row(NOBODY, {"register": "nothing"})],
    "heatmap": of_edition(),
    "table": of_edition(),
    "changes": of_edition(),
    "challenge": of_edition(),
    "promises": [
        Row(READERS, BOOK),
        Row(READERS, BOOK, query="outcome=broken&owner=Nobody&page=9"),
        Row(NOBODY, {"register": "nothing"}),
    ],
    "promises-export": [Row(READERS, BOOK), Row(NOBODY, {"register": "nothing"})],
    "trends": [Row(READERS, BOOK), Row(NOBODY, {"register": "nothing"})],
    "trend-export": [
        Row(READERS, {**BOOK, "trend": "bands"}),
        Row(NOBODY, {**BOOK, "trend": "nothing"}),
    ],
    "questions": [Row(READERS), Row(READERS, query="show=open")],
    "ask": [
        Row(MEMBERS | MANAGER, query="on={published}&entry={standing}"),
        Row(MEMBERS | MANAGER, query="on={published}"),
        Row(NOBODY, query="on={edition}"),
        Row(NOBODY),
        Row(MEMBERS | MANAGER, method="post", query="on={published}"),
    ],
    "answer": [
        Row(HOLDERS | MANAGER, {"pk": "question"}),
        post(HOLDERS | MANAGER, {"pk": "question"}),
    ],
    "withdraw": [
        Row({"committee"}, {"pk": "question"}),
        post({"committee"}, {"pk": "question"}),
    ],
    "search": [Row(READERS), Row(READERS, query="q=CR1")],
    "numbers": [
        Row(READERS, {**BOOK, "number": "CR1"}),
        Row(HOLDERS | AUDITORS | {"cleared"}, {**BOOK, "number": "CR3"}),
        Row({"other_owner", "cleared"} | AUDITORS, {**BOOK, "number": "CR4"}),
        Row({"other_owner"} | AUDITORS, {**BOOK, "number": "CR6"}),
        Row(NOBODY, {**BOOK, "number": "CR77"}),
        Row(NOBODY, {"register": "nothing", "number": "CR1"}),
    ],
    "pack": [Row(READERS, PUBLISHED), Row(AUDITORS, DRAFT), Row(NOBODY, NO_SUCH)],
    "pack-file": [
        Row(READERS, {**PUBLISHED, "format": "actions.csv"}),
        Row({"cleared"} | AUDITORS, {**PUBLISHED, "format": "csv"}, query="part=exempt"),
        Row(AUDITORS, {**DRAFT, "format": "json"}),
        Row(NOBODY, {**PUBLISHED, "format": "exe"}),
    ],
    "pack-report": [Row(MANAGER, PUBLISHED), post(MANAGER, DRAFT)],
    "table-export": [
        row
        for format in ("csv", "xlsx")
        for row in (
            Row(READERS, {**PUBLISHED, "format": format}),
            Row(SEE_DRAFTS, {**DRAFT, "format": format}),
        )
    ]
    + [Row(NOBODY, {**PUBLISHED, "format": "exe"})],
    "issue": [
        Row(READERS, {**PUBLISHED, "issue": 1}),
        Row(NOBODY, {**PUBLISHED, "issue": 2}),
        Row(NOBODY, {**DRAFT, "issue": 1}),
    ],
    "entry": of_entry("entry"),
    "entry-history": [
        Row(HOLDERS | AUDITORS, about="CR1"),
        Row({"other_owner"} | AUDITORS, about="CR4"),
        Row(HOLDERS | AUDITORS, about="CR5"),
    ],
    "my-updates": [Row(OWNERS)],
    "answer-flag": [
        Row(HOLDERS | MANAGER, {"code": "no-owner"}, about="CR1"),
        Row({"other_owner"} | MANAGER, {"code": "no-owner"}, about="CR6"),
        Row(NOBODY, {"code": "nothing"}, about="CR1"),
        post(HOLDERS | MANAGER, {"code": "no-owner"}, about="CR1"),
    ],
    "no-change": [Row(HOLDERS, about="CR1"), Row({"other_owner"}, about="CR6")],
    "take-back": [post(HOLDERS, about="CR1"), post({"other_owner"}, about="CR6")],
    "workbook": [Row(WRITERS), post(WRITERS)],
    "workbook-save": [post(WRITERS)],
    "workbook-file": [
        Row(OWNERS - {"former"}, DRAFT),
        Row(NOBODY, PUBLISHED),
        Row(NOBODY, NO_SUCH),
    ],
    "workbook-of": [
        Row(MANAGER, {**DRAFT, "owner": "owner"}),
        Row(NOBODY, {**PUBLISHED, "owner": "owner"}),
        Row(NOBODY, {**DRAFT, "owner": 0}),
    ],
    "cycle-home": [Row(MANAGER)],
    "cycle": [Row(MANAGER, BOOK)],
    "cycle-open": [post(MANAGER, BOOK)],
    "cycle-edition": [Row(MANAGER, DRAFT), Row(NOBODY, NO_SUCH)],
    "cycle-dates": [Row(MANAGER, DRAFT), post(MANAGER, DRAFT)],
    "cycle-review": [Row(MANAGER, DRAFT), post(MANAGER, DRAFT)],
    "cycle-reopen": [post(MANAGER, DRAFT)],
    "cycle-chase": [post(MANAGER, DRAFT)],
    "cycle-publish": [Row(MANAGER, DRAFT), post(MANAGER, DRAFT), Row(MANAGER, PUBLISHED)],
    "cycle-reissue": [Row(MANAGER, PUBLISHED), post(MANAGER, PUBLISHED), Row(MANAGER, DRAFT)],
    "cycle-accept": [post(MANAGER, DRAFT)],
    "cycle-carry": [Row(MANAGER, DRAFT), post(MANAGER, DRAFT)],
    "cycle-send-back": [Row(MANAGER, DRAFT, about="CR1"), post(MANAGER, DRAFT, about="CR1")],
    "cycle-add": [Row(MANAGER, DRAFT), post(MANAGER, DRAFT)],
    "cycle-end": [Row(MANAGER, DRAFT, about="CR1"), post(MANAGER, DRAFT, about="CR1")],
    "cycle-split": [Row(MANAGER, DRAFT, about="CR1"), post(MANAGER, DRAFT, about="CR1")],
    "cycle-move": [Row(MANAGER, DRAFT, about="CR1"), post(MANAGER, DRAFT, about="CR1")],
    "proposal": [
        Row(MANAGER, {"pk": "proposal"}),
        post(MANAGER, {"pk": "proposal"}),
        Row(NOBODY, {"pk": 0}),
    ],
    "proposal-withdraw": [post(MANAGER, {"pk": "proposal"})],
    "cycle-bring-back": [Row(MANAGER, DRAFT), post(MANAGER, DRAFT)],
    "cycle-absent": [Row(MANAGER, {**DRAFT, "pk": "standing"}), Row(NOBODY, {**DRAFT, "pk": 0})],
    "cycle-undo": [post(MANAGER, {**DRAFT, "pk": 1})],
    "cycle-take-out": [post(MANAGER, DRAFT, about="CR5")],
    "cycle-undo-accept": [post(MANAGER, DRAFT, about="CR1")],
    "cycle-numbers": [Row(MANAGER, DRAFT), post(MANAGER, DRAFT)],
    "imports": [Row(MANAGER), post(MANAGER)],
    "import": [Row(MANAGER, {"pk": "import"}), post(MANAGER, {"pk": "import"})],
    "import-columns": [Row(MANAGER, {"pk": "import"}), Row(NOBODY, {"pk": 0})],
    "import-rows": [Row(MANAGER, {"pk": "import"})],
    "import-apply": [post(MANAGER, {"pk": "import"})],
    "import-undo": [post(MANAGER, {"pk": "import"})],
    "import-aside": [post(MANAGER, {"pk": "import"})],
    "import-doubts": [Row(MANAGER, DRAFT), post(MANAGER, PUBLISHED), Row(NOBODY, NO_SUCH)],
    "import-settle": [post(MANAGER, {"pk": "doubt"}), Row(NOBODY, {"pk": 0})],
    "audit-home": [Row(AUDITORS)],
    "audit": [Row(AUDITORS, BOOK)],
    "audit-export": [Row(AUDITORS, BOOK)],
    "help": [Row(SIGNED_IN)],
    "guide": [Row(SIGNED_IN, {"guide": guide}) for guide in ("committee", "manager")]
    + [Row(NOBODY, {"guide": "nothing"})],
    "help-scores": [Row(SIGNED_IN)],
    "accessibility": [Row(EVERYBODY)],
    # Nobody gets in by a session: see tests/pages/test_feed.py for who may read what.
    "feed-openapi": [Row(EVERYBODY)],
    **{
        f"feed-{name}": [Row(EVERYBODY, path, status=(401,), locals=set(LOCALS))]
        for name, path in (
            ("registers", {"format": "json"}),
            ("editions", {**BOOK, "format": "csv"}),
            ("entries", {**BOOK, "format": "json"}),
            ("actions", {**BOOK, "format": "json"}),
        )
    },
}

ACCOUNTS: dict[str, list[Row]] = {
    "account_login": [Row(EVERYBODY)],
    "account_logout": [Row(EVERYBODY)],
    "account_inactive": [Row(EVERYBODY)],
    "account_reauthenticate": [Row(SIGNED_IN)],
    "account": [Row(SIGNED_IN)],
    "account-factors": [Row(SIGNED_IN)],
    "account-passkeys": [Row(SIGNED_IN)],
    "account-sessions": [Row(SIGNED_IN)],
    "account-end-sessions": [post(SIGNED_IN)],
    "account-make-token": [Row(SIGNED_IN)],
    "account-end-token": [post(NOBODY)],
    # The second factor: what changes one asks for the password first; nobody here has one.
    **{
        f"mfa_{name}": [Row(SIGNED_IN)]
        for name in (
            "index",
            "list_webauthn",
            "activate_totp",
            "add_webauthn",
            "generate_recovery_codes",
            "reauthenticate",
            "reauthenticate_webauthn",
        )
    },
    "mfa_authenticate": [Row(EVERYBODY)],
    # The council's own service, of which there is none here.
    "account-connect": [Row(SIGNED_IN)],
    "socialaccount_connections": [Row(SIGNED_IN)],
    "openid_connect_login": [Row(EVERYBODY, {"provider_id": "council"})],
    "openid_connect_callback": [Row(EVERYBODY, {"provider_id": "council"})],
    "mfa_deactivate_totp": [Row(NOBODY)],
    "mfa_view_recovery_codes": [Row(NOBODY)],
    "mfa_download_recovery_codes": [Row(NOBODY)],
    "mfa_edit_webauthn": [Row(SIGNED_IN, {"pk": 1})],
    "mfa_remove_webauthn": [Row(SIGNED_IN, {"pk": 1})],
    "account_change_password": [Row(SIGNED_IN)],
    "account_set_password": [Row(SIGNED_IN)],
    "account_reset_password": [Row(EVERYBODY)],
    "account_reset_password_done": [Row(EVERYBODY)],
    "account_reset_password_from_key": [Row(EVERYBODY, {"uidb36": "1", "key": "stale"})],
    "account_reset_password_from_key_done": [Row(EVERYBODY)],
    "account_confirm_login_code": [Row(EVERYBODY)],
    # The login library's own ways to make an account or change its address are closed to all.
    **{
        name: [Row(EVERYBODY, status=(403,))]
        for name in (
            "socialaccount_signup",
            "accounts/signup/",
            "accounts/email/",
            "^accounts/confirm-email/",
            "account_signup",
            "account_email",
            "account_email_verification_sent",
        )
    },
    "account_confirm_email": [Row(EVERYBODY, {"key": "stale"}, status=(403,))],
}


def kept(
    model: str,
    *,
    lists: set[str] = AUDITORS,
    reads: set[str] = AUDITORS,
    changes: set[str] = MANAGER,
    adds: set[str] = MANAGER,
    deletes: set[str] = NOBODY,
    about: str = "",
    local_adds: set[str] | None = None,
    shared: bool = False,
) -> dict[str, list[Row]]:
    """The pages that the admin has for a model; `shared` of rows that every register has."""
    name = f"admin:registers_{model}"
    one: dict[str, object] = {"about": about, "path": {"object_id": model}}
    only_reads = reads - changes
    read = {"locals": LOCAL_AUDITORS} if shared else {}
    changed = {"locals": NOBODY, "local_reads": LOCAL_AUDITORS} if shared else {}
    added = {"locals": local_adds} if shared else {}
    return {
        f"{name}_changelist": [Row(lists), Row(lists, query="q=risk")],
        f"{name}_add": [Row(adds, **added), post(adds, **added)],
        f"{name}_change": [
            Row(reads, **one, **read),
            Row(changes, method="post", reads=only_reads, **one, **changed),
        ],
        f"{name}_history": [Row(reads, **one, **read)],
        f"{name}_delete": [Row(deletes, **one), Row(deletes, method="post", **one)],
        # It leads on to the page of the row, whoever may see that.
        f"admin/registers/{model}/<path:object_id>/": [Row(KEEPERS, locals=LOCAL_AUDITORS, **one)],
    }


ADMIN: dict[str, list[Row]] = {
    "admin:index": [Row(KEEPERS)],
    "admin:state": [Row(MANAGER, locals=NOBODY)],
    "admin:login": [Row(EVERYBODY)],
    "admin:logout": [Row(KEEPERS)],
    "admin:password_change": [Row(KEEPERS)],
    "admin:password_change_done": [Row(KEEPERS)],
    "admin:autocomplete": [
        Row(
            AUDITORS,
            reads=OWNERS,
            query="app_label=registers&model_name=snapshot&field_name=owner&term=dir",
        ),
    ],
    "admin:jsi18n": [Row(KEEPERS)],
    "admin:view_on_site": [Row(NOBODY, {"content_type_id": 1, "object_id": 1})],
    "admin:app_list": [Row(KEEPERS, {"app_label": "registers"})],
    "admin/(?P<url>.*)$": [Row(NOBODY, {"url": "nothing/"})],
    **kept("edition"),
    **kept("publication", changes=NOBODY, adds=NOBODY),
    **kept("reissue", changes=NOBODY, adds=NOBODY),
    **kept(
        "snapshot",
        lists=KEEPERS,
        reads=HOLDERS | AUDITORS,
        changes=HOLDERS | MANAGER,
        about="CR5",
    ),
    **kept("entry", adds=NOBODY),
    **kept("lineage", adds=NOBODY),
    **kept("user", shared=True, local_adds=NOBODY),
    **kept("register"),
    **kept("type", shared=True, local_adds=NOBODY),
    **kept("owner", shared=True, local_adds={"local_manager"}),
}

EXPECTED = {**PAGES, **ACCOUNTS, **ADMIN}
ROWS = [(name, row) for name, rows in EXPECTED.items() for row in rows]


def addresses() -> Iterator[str]:
    """The name of every address, or its route where it has none."""

    def walk(resolver: URLResolver, route: str, space: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            whole = route + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from walk(pattern, whole, inner)
            elif isinstance(pattern, URLPattern):
                yield space + pattern.name if pattern.name else whole

    yield from walk(get_resolver(), "", "")


def test_every_address_has_its_row_here_and_every_row_its_address():
    assert set(addresses()) == set(EXPECTED)


def address(name: str, row: Row, there: There) -> str:
    path = {key: there.ids.get(value, value) for key, value in row.path.items()}
    if path.get("register") == CORPORATE:
        path["register"] = there.register
    if row.about:
        snapshot = there.open.snapshots.get(reference=row.about)
        if name in ("entry", "entry-history"):
            path["entry"] = snapshot.entry_id
        else:
            path["object_id" if name.startswith("admin") else "pk"] = snapshot.pk
    if "/" in name:
        form = re.sub(r"<\w+:(\w+)>|\(\?P<(\w+)>[^)]*\)", r"{\1\2}", name)
        found = "/" + form.strip("^$").format(**path)
    else:
        found = reverse(name, kwargs=path)
    return f"{found}?{row.query.format(**there.ids)}" if row.query else found


def ask(client: Client, row: Row, url: str) -> HttpResponse:
    """The answer, and the database as it was before."""
    with transaction.atomic():
        response = client.post(url) if row.method == "post" else client.get(url)
        transaction.set_rollback(True)
    return response


def told(answer: HttpResponse) -> str:
    """What is read in an answer, and in the data of the programs that read it."""
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode(errors="replace")


def title(name: str, row: Row) -> str:
    path = "/".join(map(str, row.path.values()))
    return " ".join(filter(None, [row.method, name, path, row.about, row.query]))


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[title(*one) for one in ROWS])
def test_it_answers_those_it_is_for_on_their_registers_and_nobody_else(name, row, world):
    for there in world.registers:
        url = address(name, row, there)
        answers = {part: ask(world.browser(part), row, url) for part in there.asked}
        found = {part: answer.status_code for part, answer in answers.items()}
        wanted = dict.fromkeys(row.answered(there) & set(there.asked), row.status)
        wanted |= dict.fromkeys(row.refused_to_change(there) & set(there.asked), ONLY_READ)
        surprises = {p: code for p, code in found.items() if code not in wanted.get(p, (404,))}
        assert not surprises, there.register
        for part in set(there.asked) - wanted.keys():
            assert answers[part].content == world.nothing[part], f"{part} can tell"
        for part in LOCALS:
            assert WORD not in told(answers[part]), f"{part} reads of another register"


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[title(*one) for one in ROWS])
def test_who_is_not_logged_in_is_sent_to_the_login_page_and_comes_back(name, row, world):
    url = address(name, row, world.registers[0])
    answer = ask(Client(), row, url)
    if "anonymous" in row.allowed:
        assert answer.status_code in row.status
        assert "?next=" not in answer.headers.get("Location", "")
        return
    assert answer.status_code == 302
    *_, (last, _) = Client().get(url, follow=True).redirect_chain
    assert unquote(last) == f"/accounts/login/?next={unquote(url)}"


def test_a_refused_request_leaves_no_trace(world):
    before = Baseline()
    refused = {
        (address(name, row, there).split("?")[0], part)
        for there in world.registers
        for name, row in ROWS
        for part in set(there.asked) - row.answered(there)
    }
    for url, part in sorted(refused):
        client = world.browser(part)
        client.post(url, {"reason": "Let me in", "title": "Changed", "accept": "all"})
    after = Baseline()
    for table in before.rows.keys() - {"django_session"}:
        assert after.rows[table] == before.rows[table]
