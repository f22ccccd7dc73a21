"""The browser of the tests sees what goes wrong: each sort of problem is provoked here."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser import axe, log_in, look_over

LOGIN = "/accounts/login/"


def test_a_sound_page_has_no_problems_and_axe_finds_nothing(page, problems):
    page.goto(LOGIN)
    assert axe(page) == []
    assert problems == []


@pytest.mark.parametrize(
    ("provoke", "told"),
    [
        (
            "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')",
            "Content-Security-Policy: style-src-attr forbids inline",
        ),
        (
            "document.body.append(Object.assign(document.createElement('script'),"
            " {text: 'alert(1)'}))",
            "Content-Security-Policy: script-src-elem forbids inline",
        ),
        ("console.error('it broke')", "console: it broke"),
        ("setTimeout(() => { throw new Error('it broke') })", "script: it broke"),
        (
            "new Promise((onerror) => document.body.append("
            "Object.assign(new Image(), {onerror, src: '/static/none.png'})))",
            "404",
        ),
    ],
    ids=["inline style", "inline script", "console", "exception", "missing file"],
)
def test_a_problem_in_a_page_is_reported(provoke, told, page, problems):
    page.goto(LOGIN)
    page.evaluate(provoke)
    page.wait_for_load_state("networkidle")
    assert any(told in problem for problem in problems), problems
    problems.clear()


def test_an_error_of_the_server_is_reported(page, problems):
    page.route("**" + LOGIN, lambda route: route.fulfill(status=500, body="Sorry"))
    page.goto(LOGIN)
    assert problems == [problem for problem in problems if "500" in problem] != []
    problems.clear()


def test_axe_names_the_rule_and_the_element(page):
    page.goto(LOGIN)
    page.evaluate("document.documentElement.removeAttribute('lang')")
    [finding] = axe(page)
    assert finding.startswith("html-has-lang (serious)")
    assert "html" in finding.splitlines()[0]


def test_a_page_is_looked_over_in_both_themes_and_at_every_width(page):
    page.goto(LOGIN)
    assert look_over(page) == []


@pytest.mark.parametrize("width", [390, 820, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_runs_over_the_edge_at_one_width_in_one_theme_is_found(width, scheme, page):
    page.goto(LOGIN)
    page.evaluate(
        """([width, scheme]) => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`@media (width: ${width}px) and (prefers-color-scheme: ${scheme})
                { main form { width: ${width + 100}px } }`);
            document.adoptedStyleSheets.push(sheet);
        }""",
        [width, scheme],
    )
    [found] = [one for one in look_over(page) if "run over the edge" in one]
    assert f"at {width} px, {scheme}" in found


def test_axe_looks_once_in_each_theme(page):
    page.goto(LOGIN)
    page.evaluate("document.documentElement.removeAttribute('lang')")
    by_day, by_night = look_over(page)
    assert "at 390 px, light: html-has-lang" in by_day
    assert "at 1440 px, dark: html-has-lang" in by_night


def test_people_have_browsers_of_their_own(site, new_page, cast):
    councillor, nobody = new_page(cast.committee), new_page()
    for page in (councillor, nobody):
        page.goto("/")
    expect(nobody).to_have_url(f"{site}{LOGIN}?next=/")
    assert LOGIN not in councillor.url


def test_a_person_can_log_in_later(page, site, cast):
    page.goto("/")
    assert LOGIN in page.url
    log_in(page, cast.manager, site)
    page.goto("/")
    assert LOGIN not in page.url


def test_a_person_logs_in_with_their_password_and_out_again(page, cast):
    page.goto(LOGIN)
    page.get_by_label("E-mail address or user name").fill(cast.manager.email)
    page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name=f"Your account: {cast.manager}")).to_be_visible()
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("main").get_by_role("button").click()
    page.goto("/")
    assert LOGIN in page.url


def test_nothing_that_a_browser_knew_is_left_for_the_next_test_that_uses_it(windows, site):
    options = {"locale": "en-GB"}
    first = windows.lend(options)
    page = first.new_page()
    page.goto("/accounts/login/")
    page.evaluate(
        "addEventListener('pagehide', () => localStorage.setItem('f5:late', 'typed'));"
        "localStorage.setItem('f5:x', 'typed'); document.cookie = 'a=b'"
    )
    page.context.set_offline(True)
    first.new_page()
    windows.take_back(first, options)
    second = windows.lend(options)
    assert second is first
    page = second.new_page()
    page.goto("/accounts/login/")
    assert page.evaluate("[localStorage.length, document.cookie.includes('a=b')]") == [0, False]
    assert len(second.pages) == 1
    windows.take_back(second, options)
