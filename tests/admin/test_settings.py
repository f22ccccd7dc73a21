"""What the manager settles by hand: registers, types, owners, people, editions, statements."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.utils import timezone

from registers import access, cycle
from registers.domain.quarters import Quarter
from registers.models import Edition, Owner, Register, Type, User
from tests import factories
from tests.admin.conftest import Book
from tests.admin.filled import client, problems, send

pytestmark = pytest.mark.django_db

ADMIN = "/admin/registers"


def stamp() -> int:
    return Register.objects.get().stamp


@pytest.fixture
def manager(book: Book):
    return client(book.cast.manager)


# Published pages are made anew --------------------------------------------------------------------


def test_what_a_published_page_may_show_is_made_anew_after_a_change_of_settings(book, manager):
    register, type_ = book.open.register, Type.objects.first()
    changes = [
        (f"register/{register.pk}/change/", {"appetite": "9"}),
        (
            f"register/{register.pk}/change/?add=type_appetites",
            {"type_appetites__0__type": str(type_.pk), "type_appetites__0__appetite": "6"},
        ),
        (f"type/{type_.pk}/change/", {"name": "Money"}),
        (f"type/{type_.pk}/change/?add=aliases", {"aliases__1__text": "Cash"}),
        (f"owner/{book.cast.post.pk}/change/", {"name": "Director of Everything"}),
        (f"entry/{book.draft().entry_id}/change/", {"exempt": "on", "exempt_reason": "Para 3"}),
        (f"edition/{book.open.pk}/change/", {"committee_on": "2027-05-20"}),
    ]
    for url, sent in changes:
        before = stamp()
        assert send(manager, f"{ADMIN}/{url}", **sent).status_code == 302, url
        assert stamp() > before, url


def test_saving_without_a_change_leaves_pages_and_trail_alone(book, manager):
    before, lines = stamp(), Register.history.count()
    assert send(manager, f"{ADMIN}/register/{book.open.register_id}/change/").status_code == 302
    assert (stamp(), Register.history.count()) == (before, lines)


def test_every_change_of_settings_names_who_made_it(book, manager):
    send(manager, f"{ADMIN}/type/add/", name="Climate")
    added = Type.objects.get(name="Climate")
    assert added.changed_by == added.history.get().history_user == book.cast.manager


# Refusals -----------------------------------------------------------------------------------------


def test_what_the_database_refuses_stands_at_its_field(book, manager):
    register, entry = book.open.register_id, book.draft().entry_id
    refused = [
        (f"register/{register}/change/", {"medium_from": "12"}, "id_medium_from"),
        (f"register/{register}/change/", {"appetite": "26"}, "id_appetite"),
        (f"edition/{book.open.pk}/change/", {"high_from": "20"}, "id_medium_from"),
        (f"entry/{entry}/change/", {"exempt": "on"}, "id_exempt_reason"),
        ("type/add/", {"name": "X", "valid_from": "2027-01-02", "valid_to": "2027-01-01"}, None),
        (
            f"owner/{book.cast.post.pk}/change/",
            {"tenures__0__starts": "2027-01-02", "tenures__0__ends": "2027-01-01"},
            "id_tenures-0-ends",
        ),
        (
            f"owner/{book.cast.post.pk}/change/",
            {"successor": book.cast.post.name},
            "id_successor",
        ),
        ("edition/add/", {"quarter": "Q1 2027/28"}, "id_register"),
        ("edition/add/", {"quarter": "spring"}, "id_quarter"),
    ]
    for url, sent, field in refused:
        page = send(manager, f"{ADMIN}/{url}", **sent)
        assert page.status_code == 200, url
        assert (field or "id_valid_to") in problems(page), (url, sent, problems(page))


# Editions and statements --------------------------------------------------------------------------


def test_opening_an_edition_by_hand_rolls_the_last_one_forward(book, manager):
    factories.publish(book.open, by=book.cast.manager)
    page = send(manager, f"{ADMIN}/edition/add/", quarter="2027-28-q1", deadline="2027-07-09T17:00")
    assert page.status_code == 302, problems(page)
    opened = Edition.objects.open().get()
    assert opened.quarter == Quarter(2027, 1)
    assert timezone.localtime(opened.deadline).hour == 17
    assert set(opened.snapshots.values_list("reference", flat=True)) == {"CR1", "CR2", "CO1"}


def test_what_holds_in_one_edition_is_changed_there_by_its_verbs(book, manager):
    url = f"{ADMIN}/edition/{book.open.pk}/change/"
    assert send(manager, url, appetite="9", prepared_on="2027-01-20").status_code == 302
    book.open.refresh_from_db()
    assert (book.open.appetite, str(book.open.prepared_on)) == (9, "2027-01-20")
    said = book.open.history.order_by("-history_id").values_list("history_change_reason", flat=True)
    assert list(said[:2]) == ["Bands and appetite set", "Document dated"]


def test_no_form_of_the_data_pages_makes_moves_or_takes_back_a_statement(book, manager):
    """Else a statement and its edition would disagree; the verbs of the quarter change both."""
    closed = cycle.close_entry(book.draft("CR2"), by=book.cast.manager, reason="Done")
    standing = book.draft("CR1")
    assert manager.get(f"{ADMIN}/lineage/add/").status_code == 404
    said = {"entry": standing.entry_id, "kind": "closed", "edition": book.open.pk, "reason": "So"}
    assert manager.post(f"{ADMIN}/lineage/add/", said).status_code == 404
    change = f"{ADMIN}/lineage/{closed.pk}/change/"
    assert manager.post(change, {**said, "other": standing.entry_id}).status_code == 302
    closed.refresh_from_db()
    assert (closed.entry, closed.kind, closed.other, closed.edition, closed.reason) == (
        book.printed("CR2").entry,
        "closed",
        None,
        book.open,
        "So",
    )
    assert manager.post(f"{ADMIN}/lineage/{closed.pk}/delete/", {"post": "yes"}).status_code == 404
    page = manager.get(f"{ADMIN}/lineage/").content.decode()
    assert "CR2 Title of CR2" in page


def test_no_form_of_the_data_pages_takes_an_entry_out_of_its_edition(book, manager):
    draft = book.draft("CR2")
    assert manager.post(f"{ADMIN}/snapshot/{draft.pk}/delete/", {"post": "yes"}).status_code == 404
    assert book.draft("CR2") == draft


# Owners -------------------------------------------------------------------------------------------


def test_people_come_to_posts_and_go_with_dates_and_stay_on_record(book, manager):
    url = f"{ADMIN}/owner/{book.cast.other_post.pk}/change/"
    page = send(
        manager,
        f"{url}?add=tenures",
        tenures__0__ends="2026-11-01",
        tenures__1__user=str(book.cast.committee.pk),
        tenures__1__starts="2026-11-02",
        aliases__TOTAL_FORMS=None,
        aliases__INITIAL_FORMS=None,
    )
    assert page.status_code == 200, "a form with rows missing is refused, not half saved"
    send(
        manager,
        f"{url}?add=tenures",
        tenures__0__ends="2026-11-01",
        tenures__1__user=str(book.cast.committee.pk),
        tenures__1__starts="2026-11-02",
    )
    assert book.cast.other_post.tenures.count() == 2
    page = manager.get(url).content.decode()
    assert "tenures-0-DELETE" not in page
    assert Owner.objects.get(pk=book.cast.other_post.pk).tenures.order_by("starts").last().user == (
        book.cast.committee
    )


# People -------------------------------------------------------------------------------------------


def test_a_new_user_chooses_a_password_from_a_link_by_e_mail(book, manager):
    committee = factories.Group.objects.get(name=access.COMMITTEE)
    page = send(
        manager,
        f"{ADMIN}/user/add/",
        first_name="Ada",
        last_name="Byron",
        email="Ada.Byron@Ashmoor.example",
        username="ada",
        groups=[str(committee.pk)],
    )
    assert page.status_code == 302
    ada = User.objects.get(username="ada")
    assert ada.email == "ada.byron@ashmoor.example"
    assert not ada.has_usable_password()
    assert ada.role_names() == [access.COMMITTEE]
    (letter,) = mail.outbox
    assert letter.to == [ada.email]
    assert "/accounts/password/reset/key/" in letter.body


NEW = {
    "first_name": "Ada",
    "last_name": "Byron",
    "email": "ada@ashmoor.example",
    "username": "ada",
    "send_link": None,
}


def roles(*names: str) -> list[str]:
    return [str(Group.objects.get(name=name).pk) for name in names]


def test_a_person_and_their_post_are_made_in_one_go(book, manager):
    send(manager, f"{ADMIN}/user/add/", **NEW, groups=roles(access.OWNER), post="finance")
    ada = User.objects.get(username="ada")
    assert ada.access.owns(book.draft("CR2"))
    tenure = ada.tenures.get()
    assert (tenure.is_delegate, tenure.changed_by) == (False, book.cast.manager)
    page = manager.get(f"{ADMIN}/user/{ada.pk}/change/").content.decode()
    assert f"{ADMIN}/owner/{book.cast.other_post.pk}/change/" in page


def test_a_new_post_is_made_with_its_holder_once_it_is_said_to_be_new(book, manager):
    said = {**NEW, "groups": roles(access.OWNER), "post": "Head of Harbours", "delegate": "on"}
    refused = send(manager, f"{ADMIN}/user/add/", **said)
    assert "No post or body is called “Head of Harbours”" in problems(refused)["id_post"]
    assert not User.objects.filter(username="ada").exists()
    send(manager, f"{ADMIN}/user/add/", **said, new_post="on")
    tenure = User.objects.get(username="ada").tenures.get()
    assert (tenure.owner.name, tenure.is_delegate) == ("Head of Harbours", True)


def test_who_gets_a_post_has_the_role_for_it(book, manager):
    refused = send(manager, f"{ADMIN}/user/add/", **NEW, groups=[], post="finance")
    assert f"tick {access.OWNER} too" in problems(refused)["id_groups_0"]
    sent = send(manager, f"{ADMIN}/user/add/", **NEW, groups=roles(access.OWNER))
    page = manager.get(sent["Location"])
    assert "Ada Byron updates entries, and has no post yet" in page.content.decode()


def test_only_the_manager_says_who_holds_a_post(book):
    with pytest.raises(cycle.CycleError, match="Only the risk manager says who holds a post"):
        cycle.give_post(book.cast.owner, book.cast.other_post, by=book.cast.owner)
    for _ in range(2):
        cycle.give_post(book.cast.owner, book.cast.other_post, by=book.cast.manager)
    assert book.cast.owner.tenures.filter(owner=book.cast.other_post).count() == 1


def test_two_users_do_not_share_an_address_in_other_letters(book, manager):
    page = send(
        manager,
        f"{ADMIN}/user/add/",
        email=book.cast.owner.email.upper(),
        username="another",
    )
    assert "Another user has this address." in problems(page)["id_email"]


def test_the_manager_does_not_lock_the_door_from_outside(book, manager):
    page = send(
        manager, f"{ADMIN}/user/{book.cast.manager.pk}/change/", groups=None, is_active=None
    )
    assert {"id_groups_0", "id_is_active"} <= set(problems(page))
    assert User.objects.get(pk=book.cast.manager.pk).access.everywhere.manages


def test_a_user_who_leaves_is_closed_and_can_not_sign_in(book, manager):
    send(manager, f"{ADMIN}/user/{book.cast.owner.pk}/change/", is_active=None)
    owner = User.objects.get(pk=book.cast.owner.pk)
    assert not owner.is_active
    assert not client(book.cast.manager).login(username=owner.username, password=factories.PASSWORD)


def test_the_form_of_a_user_gives_out_no_more_than_roles(book, manager):
    sent = send(
        manager,
        f"{ADMIN}/user/{book.cast.committee.pk}/change/",
        is_superuser="on",
        is_staff="on",
        password="another",
    )
    assert sent.status_code == 302
    user = User.objects.get(pk=book.cast.committee.pk)
    assert not user.is_superuser
    assert user.check_password(factories.PASSWORD)


def test_an_old_address_opens_nothing_any_more(book, manager):
    user = book.cast.committee
    user.emailaddress_set.create(email=user.email, primary=True, verified=True)
    send(manager, f"{ADMIN}/user/{user.pk}/change/", email="new@ashmoor.example")
    client_of_nobody = type(manager)()
    client_of_nobody.post("/accounts/password/reset/", {"email": user.email})
    assert not mail.outbox
    client_of_nobody.post("/accounts/password/reset/", {"email": "new@ashmoor.example"})
    assert [letter.to for letter in mail.outbox] == [["new@ashmoor.example"]]
