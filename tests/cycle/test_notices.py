"""Who is told of what by e-mail, when, and in which words. The mails go through a real listener."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import resolve

from registers import access, cycle
from registers.cycle import errors, notices
from registers.cycle.notices import delivering
from registers.models import Edition, Notice, Tenure, User
from tests import factories
from tests.cycle.conftest import DEADLINE, NOW, build_council, fill_in, find
from tests.cycle.post_office import PostOffice, free_port, listening, use_smtp

OPENED = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TEN_BEFORE, THREE_BEFORE, WEEK_AFTER = date(2026, 10, 6), date(2026, 10, 13), date(2026, 10, 23)


@pytest.fixture(autouse=True)
def the_day_of_opening():
    with time_machine.travel(OPENED):
        yield


@pytest.fixture(scope="module")
def council_once(common_ground):
    with time_machine.travel(OPENED), common_ground(lambda: build_council(factories.cast())) as it:
        yield it


@pytest.fixture
def council(council_once, transactional_db):
    """Committed rows, the same for every test of the module."""
    return deepcopy(council_once)


@pytest.fixture
def quiet(council):
    """The quarter under way, of whose opening nobody was told."""
    return council.open()


@pytest.fixture
def office(settings, monkeypatch):
    """A listener that keeps every mail, and is given the time to, however busy the machine."""
    monkeypatch.setattr(delivering, "SECONDS_AFTER_COMMIT", 120)
    office = PostOffice()
    with listening(office) as port:
        use_smtp(settings, port)
        yield office


def remind(day: date | str) -> str:
    out = StringIO()
    call_command("remind", f"--now={day}", stdout=out, stderr=out)
    return out.getvalue()


def parts(mail: EmailMessage) -> tuple[str, str]:
    """Its plain text and its HTML."""
    return mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()


def submit(edition, reference: str, *, by: User) -> None:
    cycle.submit(fill_in(find(edition, reference), by=by), by=by)


# An opening ---------------------------------------------------------------------------------------


def test_holders_and_delegates_are_told_that_a_quarter_opened(council, office):
    council.open(tell=True)
    cast = council.cast
    assert office.recipients == sorted(
        [cast.owner.email, cast.delegate.email, cast.other_owner.email]
    )
    assert not Notice.objects.queued().exists()


def test_the_mail_lists_what_is_theirs_with_a_link_to_each(council, office):
    edition = council.open(tell=True)
    (mail,) = office.to(council.owner)
    assert mail["Subject"] == "Q2 2026/27 is open: 2 entries to update by 16 October 2026"
    for text in parts(mail):
        assert "CR1" in text
        assert "CO1" in text
        assert "CR2" not in text, "which is somebody else's"
        assert "17:00 on Friday 16 October 2026" in " ".join(text.split())
        assert "Director of Children's Services" in text.replace("&#x27;", "'")
        for reference in ("CR1", "CO1"):
            link = f"/admin/registers/snapshot/{find(edition, reference).pk}/change/"
            assert f"http://testserver{link}" in text
            assert resolve(link).url_name == "registers_snapshot_change"
        assert "http://testserver/my-updates/" in text


def test_the_html_fetches_nothing_and_runs_nothing(council, office):
    council.open(tell=True)
    _, html = parts(office.mails[0])
    for word in ("<img", "<style", "<script", "style=", "src=", "<link"):
        assert word not in html


def test_a_title_is_escaped_in_html_and_as_it_is_in_plain_text(council, office):
    cycle.reissue(council.published, by=council.manager, reason="A title.")
    fill_in(find(council.published, "CR1"), by=council.manager, title="Roads & <bridges>")
    cycle.publish(council.published, by=council.manager)
    council.open(tell=True)
    plain, html = parts(office.to(council.owner)[0])
    assert "Roads & <bridges>" in plain
    assert "Roads &amp; &lt;bridges&gt;" in html


def test_of_an_exempt_entry_a_mail_says_nothing_but_its_number(council, office):
    risk = find(council.published, "CR1")
    risk.entry.exempt, risk.entry.exempt_reason = True, "Paragraph 3 of Schedule 12A"
    risk.entry.save()
    edition = council.open(tell=True)
    submit(edition, "CR1", by=council.owner)
    cycle.send_back(find(edition, "CR1"), by=council.manager, comment="Name the contractor.")
    remind(TEN_BEFORE)
    mails = office.to(council.owner)
    assert len(mails) == 3
    for mail in mails:
        for text in (mail["Subject"], *parts(mail)):
            assert risk.title not in text
            assert "Schedule 12A" not in text
            assert "contractor" not in text
        assert "CR1" in parts(mail)[0]
        assert "an exempt entry" in parts(mail)[0]


def test_a_person_with_two_posts_gets_one_mail(council, office):
    factories.TenureFactory(owner=council.cast.other_post, user=council.owner)
    council.open(tell=True)
    (mail,) = office.to(council.owner)
    assert "3 entries" in mail["Subject"]
    assert "CR2" in parts(mail)[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda person: person.groups.clear(),
        lambda person: User.objects.filter(pk=person.pk).update(is_active=False),
        lambda person: User.objects.filter(pk=person.pk).update(email=""),
        lambda person: person.tenures.update(ends=date(2026, 1, 1)),
    ],
    ids=["no role", "not active", "no address", "left the post"],
)
def test_who_could_not_do_anything_about_it_is_not_told(council, office, change):
    change(council.owner)
    council.open(tell=True)
    assert office.recipients == sorted(
        [council.cast.delegate.email, council.cast.other_owner.email]
    )


def test_a_refused_opening_tells_nobody(council, office):
    with pytest.raises(errors.NotAllowed):
        council.open(tell=True, by=council.owner)
    assert not Notice.objects.exists()
    assert not office.mails


def test_a_quarter_of_the_past_is_loaded_without_a_word(council, office):
    council.open(tell=False)
    assert not Notice.objects.exists()


# Sent back ----------------------------------------------------------------------------------------


def test_an_owner_is_told_what_was_sent_back_and_why(council, quiet, office):
    submit(quiet, "CR1", by=council.owner)
    cycle.send_back(find(quiet, "CR1"), by=council.manager, comment="Which is right?")
    assert office.recipients == sorted([council.owner.email, council.cast.delegate.email])
    (mail,) = office.to(council.owner)
    assert mail["Subject"] == "Q2 2026/27: CR1 was sent back to you"
    for text in parts(mail):
        assert "Which is right?" in text
        assert f"/admin/registers/snapshot/{find(quiet, 'CR1').pk}/change/" in text
        assert "CO1" not in text


def test_an_entry_that_is_sent_back_twice_in_a_day_is_told_twice(council, quiet, office):
    for comment in ("Which is right?", "And the date?"):
        submit(quiet, "CR1", by=council.owner)
        cycle.send_back(find(quiet, "CR1"), by=council.manager, comment=comment)
    assert len(office.to(council.owner)) == 2


# When the mail server fails -----------------------------------------------------------------------


def test_a_verb_succeeds_though_nobody_answers_at_the_mail_server(council, settings):
    use_smtp(settings, free_port())
    edition = council.open(tell=True)
    assert edition.is_open
    assert Notice.objects.queued().count() == 3
    (tried,) = Notice.objects.failed()
    assert "ConnectionRefusedError" in tried.last_error
    assert tried.attempts == 1


def test_what_could_not_be_sent_is_sent_by_the_next_run(council, settings):
    use_smtp(settings, free_port())
    council.open(tell=True)
    with listening(PostOffice()) as port:
        use_smtp(settings, port)
    office = PostOffice()
    with listening(office) as port:
        use_smtp(settings, port)
        assert "Mails sent: 3, failed: 0" in remind("2026-09-02")
        assert "Mails sent: 0, failed: 0" in remind("2026-09-02")
    assert len(office.mails) == 3
    assert not Notice.objects.queued().exists()


def test_remind_fails_only_if_nothing_could_be_sent(council, quiet, settings):
    use_smtp(settings, free_port())
    with pytest.raises(CommandError, match="Everything is kept") as refusal:
        remind(TEN_BEFORE)
    assert refusal.value.returncode == 1
    assert Notice.objects.queued().count() == 3


def test_one_refused_address_holds_up_nobody_else_and_is_tried_again(council, quiet, settings):
    office = PostOffice(refused=(council.owner.email,))
    with listening(office) as port:
        use_smtp(settings, port)
        said = remind(TEN_BEFORE)
        assert "Mails sent: 2, failed: 1" in said
        assert f"The mail to {council.owner.email} was not sent (SMTPRecipientsRefused" in said
        assert len(office.mails) == 2

        office.refused.clear()
        assert "Mails sent: 1, failed: 0" in remind(TEN_BEFORE)
    assert len(office.to(council.owner)) == 1
    sent = Notice.objects.get(recipient=council.owner)
    assert (sent.attempts, sent.last_error) == (2, "")


def test_a_server_that_refuses_everything_loses_nothing(council, quiet, settings):
    office = PostOffice()
    office.refuses_all = True
    with listening(office) as port:
        use_smtp(settings, port)
        with pytest.raises(CommandError):
            remind(TEN_BEFORE)
        assert Notice.objects.failed().count() == 3
        office.refuses_all = False
        remind(TEN_BEFORE)
    assert len(office.mails) == 3


def test_an_address_that_is_none_holds_up_nobody_else(council, quiet, office):
    User.objects.filter(pk=council.owner.pk).update(email="no\naddress@example.org")
    said = remind(TEN_BEFORE)
    assert "Mails sent: 2, failed: 1" in said


def a_service_register(post) -> Edition:
    """A second register with an open edition of its own."""
    service = factories.RegisterFactory(slug="a-service")
    edition = factories.EditionFactory(register=service, quarter=NOW, deadline=DEADLINE)
    factories.snapshot(edition, "CR1", owner=post)
    return edition


def remind_and_fail(day: date) -> str:
    out = StringIO()
    with pytest.raises(CommandError, match="Not every register could be reminded"):
        call_command("remind", f"--now={day}", stdout=out, stderr=out)
    return out.getvalue()


def test_a_date_that_cannot_be_reckoned_with_keeps_no_other_register_waiting(
    council, quiet, office
):
    broken = a_service_register(council.cast.other_post)
    Edition.objects.filter(pk=broken.pk).update(deadline=datetime(1, 1, 5, 12, tzinfo=UTC))
    said = remind_and_fail(TEN_BEFORE)
    assert "Reminders queued: 3. Mails sent: 3" in said
    assert "The reminders of A service were not queued (OverflowError" in said
    assert len(office.mails) == 3


def test_a_mail_that_cannot_be_written_keeps_nobody_else_waiting(council, quiet, office):
    broken = a_service_register(council.cast.other_post)
    notices.queue_reminders(now=DEADLINE - timedelta(days=10))
    Edition.objects.filter(pk=broken.pk).update(deadline=datetime(1, 1, 5, 12, tzinfo=UTC))
    said = remind_and_fail(TEN_BEFORE)
    assert len(office.mails) == 3
    assert "could not be written (OverflowError" in said
    assert Notice.objects.failed().count() == 1, "kept for the day on which the date is put right"


def test_who_waits_for_a_page_does_not_wait_for_the_mail(council, quiet, office):
    notices.queue_reminders(now=DEADLINE - timedelta(days=10))
    assert notices.deliver(seconds=0).sent == 0
    assert Notice.objects.queued().count() == 3


# Reminders ----------------------------------------------------------------------------------------


def test_owners_are_reminded_ten_and_three_days_before_and_weekly_after(council, quiet, office):
    sent = {}
    for day in range(60):
        today = OPENED.date() + timedelta(days=day)
        before = len(office.to(council.owner))
        remind(today)
        if len(office.to(council.owner)) > before:
            sent[today] = office.to(council.owner)[-1]["Subject"]
    assert sent == {
        TEN_BEFORE: "Q2 2026/27: 2 entries to update, 10 days left",
        THREE_BEFORE: "Q2 2026/27: 2 entries to update, 3 days left",
        WEEK_AFTER: "Q2 2026/27: 2 entries to update, 7 days overdue",
        date(2026, 10, 30): "Q2 2026/27: 2 entries to update, 14 days overdue",
    }


def test_a_reminder_is_sent_once_however_often_remind_runs(council, quiet, office):
    for hour in range(24):
        remind(f"{TEN_BEFORE}T{hour:02d}:15")
    assert len(office.mails) == 3


def test_who_has_submitted_everything_is_not_reminded(council, quiet, office):
    submit(quiet, "CR2", by=council.cast.other_owner)
    remind(TEN_BEFORE)
    assert office.recipients == sorted([council.owner.email, council.cast.delegate.email])


def test_a_reminder_lists_only_what_is_still_to_be_done(council, quiet, office):
    submit(quiet, "CR1", by=council.owner)
    remind(TEN_BEFORE)
    (mail,) = office.to(council.owner)
    plain, _ = parts(mail)
    assert mail["Subject"] == "Q2 2026/27: 1 entry to update, 10 days left"
    assert "CO1" in plain
    assert "CR1" not in plain


def test_what_was_sent_back_is_still_to_be_done(council, quiet, office):
    for reference in ("CR1", "CO1"):
        submit(quiet, reference, by=council.owner)
    cycle.send_back(find(quiet, "CR1"), by=council.manager, comment="Well?", tell=False)
    fill_in(find(quiet, "CR2"), by=council.cast.other_owner)
    remind(TEN_BEFORE)
    assert "CR1 Title of CR1 (sent back)" in parts(office.to(council.owner)[0])[0]
    assert "CR2 Title of CR2 (draft)" in parts(office.to(council.cast.other_owner)[0])[0]


def test_a_reminder_goes_to_those_in_post_on_its_day(council, quiet, office):
    successor = factories.UserFactory(roles=[access.OWNER])
    council.owner.tenures.update(ends=date(2026, 10, 5))
    factories.TenureFactory(owner=council.cast.post, user=successor, starts=date(2026, 10, 6))
    remind(TEN_BEFORE)
    assert office.recipients == sorted(
        [successor.email, council.cast.delegate.email, council.cast.other_owner.email]
    )


def test_who_left_the_post_before_a_late_mail_went_out_does_not_get_it(council, quiet, settings):
    use_smtp(settings, free_port())
    with pytest.raises(CommandError):
        remind(TEN_BEFORE)
    Tenure.objects.filter(user=council.owner).update(ends=TEN_BEFORE)
    office = PostOffice()
    with listening(office) as port:
        use_smtp(settings, port)
        said = remind(TEN_BEFORE + timedelta(days=1))
    assert "no longer needed: 1" in said
    assert not office.to(council.owner)


def test_a_missed_reminder_is_caught_up_with(council, quiet, office):
    remind(TEN_BEFORE + timedelta(days=4))
    (mail,) = office.to(council.owner)
    assert mail["Subject"].endswith("6 days left")


def test_a_missed_reminder_is_not_sent_after_the_next_one(council, quiet, office):
    remind(THREE_BEFORE)
    remind(THREE_BEFORE)
    assert len(office.to(council.owner)) == 1


def test_a_reminder_that_could_not_be_sent_gives_way_to_the_next_one(council, quiet, settings):
    use_smtp(settings, free_port())
    with pytest.raises(CommandError):
        remind(TEN_BEFORE)
    office = PostOffice()
    with listening(office) as port:
        use_smtp(settings, port)
        assert "Mails sent: 3, failed: 0, no longer needed: 3" in remind(THREE_BEFORE)
    assert [mail["Subject"][-11:] for mail in office.to(council.owner)] == ["3 days left"]


def test_a_deadline_that_was_moved_is_the_one_that_counts(council, quiet, office):
    quiet.deadline = DEADLINE + timedelta(days=14)
    quiet.save()
    remind(TEN_BEFORE)
    assert not office.mails
    remind(TEN_BEFORE + timedelta(days=14))
    assert len(office.to(council.owner)) == 1


def test_an_edition_in_review_or_without_a_deadline_reminds_nobody(council, quiet, office):
    cycle.start_review(quiet, by=council.manager)
    remind(TEN_BEFORE)
    cycle.reopen(quiet, by=council.manager)
    quiet.refresh_from_db()
    quiet.deadline = None
    quiet.save()
    remind(TEN_BEFORE)
    assert not office.mails


def test_what_is_queued_when_a_review_starts_is_withdrawn(council, quiet, settings):
    use_smtp(settings, free_port())
    with pytest.raises(CommandError):
        remind(TEN_BEFORE)
    cycle.start_review(quiet, by=council.manager)
    assert "no longer needed: 3" in remind(TEN_BEFORE)
    assert not Notice.objects.queued().exists()


def test_an_entry_that_was_closed_meanwhile_is_not_told_of(council, quiet, settings):
    use_smtp(settings, free_port())
    submit(quiet, "CR2", by=council.cast.other_owner)
    cycle.send_back(find(quiet, "CR2"), by=council.manager, comment="Well?")
    cycle.close_entry(find(quiet, "CR2"), by=council.manager, reason="Built.")
    office = PostOffice()
    with listening(office) as port:
        use_smtp(settings, port)
        assert "no longer needed: 1" in remind("2026-09-02")
    assert not office.mails


def test_a_mail_says_that_a_machine_wrote_it_and_is_the_same_each_time(council, quiet, office):
    remind(TEN_BEFORE)
    notice = Notice.objects.get(recipient=council.owner)
    (mail,) = office.to(council.owner)
    assert mail["Message-ID"] == f"<notice-{notice.pk}@testserver>"
    assert mail["Auto-Submitted"] == "auto-generated"


@override_settings(SITE_URL="https://register.ashmoor.example/")
def test_links_lead_to_the_address_that_people_use(council, quiet, office):
    remind(TEN_BEFORE)
    assert "https://register.ashmoor.example/my-updates/" in parts(office.mails[0])[0]


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", ""])
def test_a_day_that_is_none_is_refused(db, text):
    with pytest.raises(CommandError, match="is not a day"):
        call_command("remind", f"--now={text}")


# Chased by the manager ----------------------------------------------------------------------------


def test_the_manager_chases_the_owners_of_what_is_outstanding(council, quiet, office):
    submit(quiet, "CR2", by=council.cast.other_owner)
    assert cycle.chase(quiet, by=council.manager) == 2
    assert office.recipients == sorted([council.owner.email, council.cast.delegate.email])
    assert "2 entries to update" in office.mails[0]["Subject"]


def test_one_entry_is_chased_alone_and_a_person_gets_one_such_mail_a_day(council, quiet, office):
    assert cycle.chase(quiet, by=council.manager, snapshots=[find(quiet, "CR2")]) == 1
    assert office.recipients == [council.cast.other_owner.email]
    assert cycle.chase(quiet, by=council.manager) == 2
    assert cycle.chase(quiet, by=council.manager) == 0
    assert len(office.mails) == 3


def test_there_is_nobody_to_chase_for_what_was_submitted_or_has_no_holder(council, quiet, office):
    submit(quiet, "CR2", by=council.cast.other_owner)
    with pytest.raises(errors.NobodyToChase, match="have all been submitted"):
        cycle.chase(quiet, by=council.manager, snapshots=[find(quiet, "CR2")])
    Tenure.objects.all().update(ends=date(2026, 1, 1))
    with pytest.raises(errors.NobodyToChase, match="holds the post of CR1, CO1"):
        cycle.chase(quiet, by=council.manager)


def test_only_the_manager_chases_and_only_while_the_quarter_is_open(council, quiet):
    with pytest.raises(errors.NotAllowed):
        cycle.chase(quiet, by=council.owner)
    cycle.start_review(quiet, by=council.manager)
    with pytest.raises(errors.EditionNotOpen):
        cycle.chase(quiet, by=council.manager)


# Closed in mid-sentence --------------------------------------------------------------------------


def test_who_had_begun_an_entry_is_told_that_the_quarter_is_closed(council, quiet, office):
    fill_in(find(quiet, "CR1"), by=council.owner)
    fill_in(find(quiet, "CR2"), by=council.cast.other_owner)
    cycle.submit(find(quiet, "CR2"), by=council.cast.other_owner, override="As planned.")
    cycle.start_review(quiet, by=council.manager)
    assert {mail["To"] for mail in office.mails} == {
        council.owner.email,
        council.cast.delegate.email,
    }
    assert office.mails[0]["Subject"] == "Q2 2026/27 is closed: 1 entry of yours not submitted"
    for words in parts(office.mails[0]):
        assert "CR1" in words
        assert "CO1" not in words
        assert "What you saved is kept" in words


def test_closing_a_quarter_that_nobody_was_in_the_middle_of_tells_nobody(council, quiet, office):
    cycle.start_review(quiet, by=council.manager)
    assert office.mails == []


def test_a_quarter_that_was_opened_again_before_the_mail_went_is_not_called_closed(
    council, quiet, office
):
    office.refuses_all = True
    fill_in(find(quiet, "CR1"), by=council.owner)
    cycle.start_review(quiet, by=council.manager)
    cycle.reopen(quiet, by=council.manager)
    office.refuses_all = False
    notices.deliver()
    assert office.mails == []
    assert not Notice.objects.filter(kind=Notice.Kind.CLOSED).queued().exists()
