"""Which days a person can mean, at every form that asks for one."""

from __future__ import annotations

from datetime import date, datetime
from importlib import import_module
from pkgutil import walk_packages

import pytest
from django import forms
from django.test import RequestFactory
from django.utils import timezone

import registers
from registers import cycle
from registers.admin.site import site
from registers.cycle import errors
from registers.domain import days
from registers.domain.quarters import Quarter
from registers.models import Edition
from registers.pages.day_fields import DayField, MomentField
from tests import factories
from tests.admin.filled import client, problems, send

Q3 = Quarter(2026, 3)
SURE = 'type="checkbox" name="sure"'


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0027-03-31", date(2027, 3, 31)),  # what a date box sends for 31/03/27
        ("31/03/27", date(2027, 3, 31)),
        ("31/03/75", date(2075, 3, 31)),
        ("29/02/96", date(2096, 2, 29)),
        ("0096-02-29", date(2096, 2, 29)),
        ("1990-01-01", date(1990, 1, 1)),
        ("2100-12-31", date(2100, 12, 31)),
        ("31 March 2027", date(2027, 3, 31)),
    ],
)
def test_two_digits_of_a_year_are_of_this_century(typed, meant):
    assert DayField().clean(typed) == meant
    moment = MomentField().clean(f"{meant.year:04d}{meant:-%m-%d}T17:00")
    assert timezone.localtime(moment).date() == meant


def test_a_moment_in_the_year_27_is_in_2027_at_the_time_that_was_typed():
    moment = timezone.localtime(MomentField().clean("0027-07-31T17:00"))
    assert moment.replace(tzinfo=None) == datetime(2027, 7, 31, 17)


@pytest.mark.parametrize(
    "typed",
    [
        "0001-01-01",
        "0005-03-31",
        "0202-03-31",
        "1989-12-31",
        "2101-01-01",
        "12027-03-31",
        "tomorrow",
        "31/02/2027",
    ],
)
def test_any_other_year_is_refused_with_how_to_write_it(typed):
    for field, more in ((DayField(), ""), (MomentField(), "T17:00")):
        with pytest.raises(forms.ValidationError, match="between 1990 and 2100, with four digits"):
            field.clean(typed + more)


def every_form(user) -> list[type[forms.BaseForm]]:
    """Those of the pages, and those that the admin makes for a row and for the rows below it."""
    for module in walk_packages(registers.__path__, "registers."):
        if ".migrations" not in module.name:
            import_module(module.name)
    found: list[type[forms.BaseForm]] = []
    waiting: list[type] = [forms.BaseForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if form.__module__.startswith("registers."):
                found.append(form)
    request = RequestFactory().get("/")
    request.user = user
    for admin in site._registry.values():
        found.append(admin.get_form(request, change=True))
        for inline in admin.get_inline_instances(request):
            found.append(inline.get_formset(request).form)
    return found


def test_every_date_that_a_person_enters_is_held_to_the_same_years(cast):
    asked = [
        (form.__name__, name, field)
        for form in every_form(cast.manager)
        # A form that the admin makes anew is found above as the admin makes it.
        if not issubclass(form, forms.ModelForm) or not form.__module__.startswith("registers.")
        for name, field in form.base_fields.items()
        if isinstance(field, forms.DateField | forms.DateTimeField)
    ]
    assert {name for _, name, _ in asked} >= {"deadline", "committee_on", "since", "starts"}
    loose = [(form, name) for form, name, field in asked if not _is_ours(field)]
    assert not loose


def _is_ours(field: forms.Field) -> bool:
    return isinstance(field, DayField | MomentField)


def test_a_quarter_is_typed_between_1990_and_2100():
    assert Quarter.parse("Q1 1990/91") == Quarter(1990, 1)
    assert Quarter.parse("Q4 2100/01") == Quarter(2100, 4)
    for text in ("Q4 1989/90", "Q1 2101/02", "2198-99-q1"):
        with pytest.raises(ValueError, match="between 1990 and 2100: look at its year"):
            Quarter.parse(text)


# The dates of a quarter ---------------------------------------------------------------------------


def said(deadline: date | None, committee_on: date | None = None) -> list[tuple[str, bool]]:
    found = days.objections(Q3, deadline=deadline, committee_on=committee_on)
    return [(one.field, one.doubtful) for one in found]


def test_dates_in_and_around_a_quarter_are_taken_as_they_are():
    for day in (date(2026, 7, 1), date(2026, 12, 31), date(2027, 7, 3)):
        assert said(day, day) == []
    assert said(None, None) == []


def test_a_date_far_from_its_quarter_is_doubtful():
    assert said(date(2026, 6, 30)) == [("deadline", True)]
    assert said(date(2027, 12, 11)) == [("deadline", True)]
    assert said(None, date(2028, 1, 26)) == [("committee_on", True)]


def test_a_date_that_nobody_can_mean_is_no_matter_of_doubt():
    assert said(date(26, 12, 11)) == [("deadline", False)]


@pytest.fixture
def edition(cast: factories.Cast) -> Edition:
    return cycle.open_edition(factories.RegisterFactory(), Q3, by=cast.manager, tell=False)


def admin_url(edition: Edition) -> str:
    return f"/admin/registers/edition/{edition.pk}/change/"


def manage_url(edition: Edition) -> str:
    return f"/cycle/{edition.register.slug}/{edition.quarter.slug}/dates/"


WAYS = pytest.mark.parametrize("url", [admin_url, manage_url])


@WAYS
def test_a_deadline_after_the_committees_day_is_refused_by_every_form(cast, edition, url):
    page = send(
        client(cast.manager),
        url(edition),
        deadline="2027-01-27T17:00",
        committee_on="2027-01-26",
    )
    assert "The owners&#x27; deadline comes before the committee meets." in page.content.decode()
    assert "deadline" in " ".join(problems(page))
    edition.refresh_from_db()
    assert edition.deadline is None


def test_the_verbs_refuse_a_deadline_after_the_committees_day(cast, edition):
    dates = {
        "deadline": timezone.make_aware(datetime(2027, 1, 27, 17)),
        "committee_on": date(2027, 1, 26),
    }
    with pytest.raises(errors.DatesRefused, match="before the committee meets"):
        cycle.set_dates(edition, by=cast.manager, **dates, sure=True)
    other = factories.RegisterFactory(slug="service")
    with pytest.raises(errors.DatesRefused, match="before the committee meets"):
        cycle.open_edition(other, Q3, by=cast.manager, **dates)


@WAYS
def test_a_deadline_far_from_its_quarter_is_taken_once_it_is_confirmed(cast, edition, url):
    browser = client(cast.manager)
    calm = browser.get(url(edition)).content.decode()
    assert SURE not in calm, "nobody is asked to confirm what is not in doubt"
    page = send(browser, url(edition), deadline="2028-12-11T17:00")
    assert "11 December 2028 lies far from Q3 2026/27" in page.content.decode()
    assert SURE in page.content.decode()
    edition.refresh_from_db()
    assert edition.deadline is None

    send(browser, url(edition), deadline="2028-12-11T17:00", sure="on")
    edition.refresh_from_db()
    assert timezone.localdate(edition.deadline) == date(2028, 12, 11)


@WAYS
def test_a_deadline_in_the_year_26_is_one_in_2026(cast, edition, url):
    send(client(cast.manager), url(edition), deadline="0026-12-11T17:00")
    edition.refresh_from_db()
    assert timezone.localtime(edition.deadline).isoformat() == "2026-12-11T17:00:00+00:00"


@WAYS
def test_a_deadline_in_the_year_1_is_refused_at_its_field(cast, edition, url):
    page = send(client(cast.manager), url(edition), deadline="0001-12-11T17:00")
    assert "between 1990 and 2100, with four digits for the year" in page.content.decode()
    assert 'value="0001-12-11T17:00"' in page.content.decode(), "what was typed stays"
    edition.refresh_from_db()
    assert edition.deadline is None


def test_opening_a_quarter_holds_its_dates_to_the_same_rule(cast):
    book = factories.RegisterFactory()
    browser = client(cast.manager)
    values = {"quarter": "Q3 2026/27", "deadline": "2028-12-11T17:00"}
    page = browser.post(f"/cycle/{book.slug}/open/", values)
    assert "lies far from Q3 2026/27" in page.content.decode()
    assert not Edition.objects.exists()
    browser.post(f"/cycle/{book.slug}/open/", {**values, "sure": "on"})
    assert timezone.localdate(Edition.objects.get().deadline) == date(2028, 12, 11)
