"""What comes in at the door: what can't be read, kept or counted is answered in words, and soon."""

from __future__ import annotations

import time

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse

from config.wsgi import application
from registers.domain import passages
from registers.models import Edition, Entry, Snapshot
from registers.models.fields import MOST_IN_A_TEXT
from tests.admin.conftest import build_book
from tests.admin.filled import client, problems, read, send
from tests.support import hostile

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
MEGABYTE = 1_000_000
URLENCODED = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def book(common_ground):
    with common_ground(build_book) as book:
        yield book


def url_of(snapshot: Snapshot) -> str:
    return reverse("admin:registers_snapshot_change", args=[snapshot.pk])


def text_of(answer) -> str:
    return answer.content.decode()


# Characters ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "/registers/corporate/2026-27-q3/table/?q=a%00b",
        "/registers/corporate/2026-27-q3/table/?owner%00=1",
        "/registers/corp%00orate/",
        "/admin/registers/snapshot/?q=%00",
        "/admin/registers/snapshot/?state=%00",
        "/audit/corporate/?q=%00",
        "/accounts/login/?next=%00",
    ],
)
def test_a_nul_in_an_address_is_refused_in_words(url, book):
    for browser in (client(book.cast.manager), Client()):
        answer = browser.get(url)
        assert answer.status_code == 400
        assert "a character in it that can’t be part of a text" in text_of(answer)


def test_a_nul_in_a_form_is_refused_in_words_and_nothing_is_saved(book):
    draft = book.draft()
    browser = client(book.cast.owner)
    fields = read(browser.get(url_of(draft)))
    answer = browser.post(url_of(draft), {**fields, "commentary": "before\x00after", "_save": ""})
    assert answer.status_code == 400
    assert "Nothing was saved. Go back: what you typed is still there." in text_of(answer)
    assert book.draft().commentary == draft.commentary
    for field in ("login", "password", "next"):
        sent = {"login": "owner", "password": "x", "next": "/", field: "\x00"}
        assert Client().post(LOGIN, sent).status_code == 400


def test_a_nul_in_a_cookie_is_refused_in_words(book):
    browser = Client()
    browser.cookies.load(f'{settings.SESSION_COOKIE_NAME}="\\000abc"')
    assert browser.get("/").status_code == 400


CHARSETS = ("no-such", "utf-7", "base64", "unicode_escape", "utf-16", "idna", "\xe9", "x" * 999)


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("kind", [URLENCODED, "multipart/form-data; boundary=x", "text/plain"])
def test_a_character_set_that_no_browser_sends_is_refused_in_words(kind, charset, book):
    """Asked of the application itself: the tests' client makes requests of its own kind."""
    said = {}
    sent = RequestFactory()._base_environ(
        REQUEST_METHOD="POST", PATH_INFO=LOGIN, QUERY_STRING="q=%ff", CONTENT_LENGTH="0"
    )
    sent["CONTENT_TYPE"] = f"{kind}; charset={charset}"
    page = application(sent, lambda status, headers: said.update(status=status))
    assert said["status"] == "400 Bad Request"
    assert "in another character set than UTF-8" in b"".join(page).decode()


def test_what_browsers_send_is_read_whatever_way_they_name_utf_8(book):
    for charset in ("", "; charset=utf-8", "; charset=UTF-8", '; charset="utf-8"'):
        answer = Client().generic("POST", LOGIN, b"login=x&password=y", f"{URLENCODED}{charset}")
        assert answer.status_code == 200


def test_half_a_character_never_reaches_the_database(book):
    """A lone surrogate is read as the mark for what can't be read."""
    browser = client(book.cast.manager)
    assert browser.get("/admin/registers/snapshot/?q=%ED%A0%80").status_code == 200
    sent = b'--x\r\nContent-Disposition: form-data; name="reason"\r\n\r\n\\ud800\r\n--x--\r\n'
    kind = "multipart/form-data; boundary=x; charset=raw_unicode_escape"
    assert browser.generic("POST", LOGIN, sent, kind).status_code == 400


# Numbers ------------------------------------------------------------------------------------------

HUGE = ("99999999999999999999", "9223372036854775808", "9" * 400)


@pytest.mark.parametrize("number", HUGE)
def test_an_id_past_64_bits_is_the_page_for_what_does_not_exist(number, book):
    browser = client(book.cast.manager)
    for url in (
        f"/entries/{number}/",
        f"/entries/{number}/history/",
        f"/registers/corporate/2026-27-q3/issues/{number}/",
        f"/my-updates/{number}/no-change/",
        f"/cycle/corporate/2026-27-q4/{number}/end/",
        f"/admin/registers/snapshot/{number}/change/",
        f"/admin/registers/entry/{number}/history/",
    ):
        answer = browser.get(url)
        assert answer.status_code == 404, url
        assert "There is nothing at this address" in text_of(answer)


@pytest.mark.parametrize("number", [*HUGE, "-1", "²", "١٢", "1e999"])
def test_a_number_past_64_bits_in_a_query_or_a_form_is_answered(number, book):
    browser = client(book.cast.manager)
    page = "/registers/corporate/2026-27-q3"
    for url in (
        f"{page}/?owner={number}&type={number}&impact={number}",
        f"{page}/table/?owner={number}&page={number}&per_page={number}",
        f"/audit/corporate/?edition={number}&person={number}",
        f"/admin/registers/snapshot/?p={number}",
        f"/admin/registers/entry/?o={number}",
        f"/entries/{book.draft().entry_id}/?edition={number}&page={number}",
    ):
        assert browser.get(url).status_code < 500, url
    for url in ("/cycle/corporate/2026-27-q4/accept/", "/cycle/corporate/2026-27-q4/chase/"):
        sent = {"only": number, "snapshot": [number, "1"], "shown": number, "owner": number}
        assert browser.post(url, sent).status_code < 500, url
    sent = {"entry": number, "kind": "closed", "other": number, "edition": number, "reason": "x"}
    assert browser.post("/admin/registers/lineage/add/", sent).status_code < 500


# Lengths ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["word ", "a\n", "x"])
def test_a_megabyte_in_a_box_is_refused_at_the_box_at_once_and_stays_in_it(unit, book):
    draft = book.draft()
    text = unit * (MEGABYTE // len(unit))
    for name in ("controls", "commentary", "actions__0__text"):
        browser = client(book.cast.owner)
        browser.get(url_of(draft))
        before = time.process_time()
        answer = send(browser, url_of(draft), **{name: text})
        assert time.process_time() - before < 2
        found = problems(answer)
        assert f"at most {MOST_IN_A_TEXT:,} can be kept" in " ".join(map(str, found.items())), found
        assert text[:5000].strip() in text_of(answer)
    assert book.draft().controls == draft.controls


def test_more_than_a_form_can_take_is_refused_in_a_sentence(book):
    answer = client(book.cast.manager).post("/import/", {"paste": "word " * MEGABYTE})
    assert answer.status_code == 400
    assert "a long table is brought in as a file" in text_of(answer)


def test_every_box_of_the_quarter_has_the_same_bound(book):
    browser = client(book.cast.manager)
    long = "word " * MEGABYTE
    long = long[:MEGABYTE]
    draft = book.draft()
    for url in (
        f"/cycle/corporate/2026-27-q4/{draft.pk}/end/",
        f"/cycle/corporate/2026-27-q4/{draft.pk}/send-back/",
        "/cycle/corporate/2026-27-q3/reissue/",
    ):
        answer = browser.post(url, {"reason": long, "kind": "closed"})
        assert answer.status_code in (200, 422), url
        assert f"at most {MOST_IN_A_TEXT:,} can be kept" in text_of(answer), url
    assert Snapshot.objects.filter(pk=draft.pk).exists()


def test_a_text_at_the_bound_is_kept(book):
    text = ("word " * MOST_IN_A_TEXT)[: MOST_IN_A_TEXT - 1] + "x"
    assert send(client(book.cast.owner), url_of(book.draft()), controls=text).status_code == 302
    assert book.draft().controls == text


def test_the_longest_texts_are_compared_soon_and_truly():
    """Words that all look alike are the worst that a comparison can meet."""
    many = MOST_IN_A_TEXT // 2
    for one, other in (
        ("a " * many, "b " + "a " * many),
        ("a b " * (many // 2), "b a a " * (many // 3)),
        ("a\n" * many, "a\nb\n" * (many // 2)),
        ("\n".join(f"old {n}" for n in range(2000)), "\n".join(f"new {n}" for n in range(2000))),
    ):
        before, after = passages.parse(one), passages.parse(other)
        start = time.process_time()
        difference = passages.compare(before, after)
        assert time.process_time() - start < 2
        for gone, parsed in (("removed", after), ("added", before)):
            runs = [run for line in difference.lines for run in line if run.change != gone]
            words = " ".join(run.text for run in runs).split()
            assert words == " ".join(point.text for point in parsed).split()


# Everything at once -------------------------------------------------------------------------------


def test_no_hostile_request_breaks_the_register_or_keeps_anybody_waiting(book):
    people = [book.cast.manager, book.cast.owner, book.cast.auditor, book.cast.committee]
    clients = [client(person) for person in people] + [Client()]
    for browser in clients:
        browser.raise_request_exception = False
    known = {
        "register": ["corporate"],
        "edition": [edition.quarter.slug for edition in Edition.objects.all()],
        "entry": list(Entry.objects.values_list("pk", flat=True)),
        "pk": list(Snapshot.objects.values_list("pk", flat=True)),
        "object_id": [*Snapshot.objects.values_list("pk", flat=True), 1],
    }
    for number, sent in enumerate(hostile.requests(seed=5, number=250, known=known)):
        browser = clients[number % len(clients)]
        before = time.process_time()
        answer = sent.to(browser)
        assert answer.status_code < 500, (sent, getattr(answer, "exc_info", None))
        assert time.process_time() - before < 2, sent
