"""What to ask of an edition: worst first, by kind, and nothing of what one may not see."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from registers import cycle
from registers.domain.quarters import Quarter
from registers.models import Edition, KeptStandings
from registers.reading.standings import standings
from tests import factories
from tests.support.pages import markup, words

pytestmark = pytest.mark.django_db

Q = Quarter(2025, 1)
SECRET = {"exempt": True, "exempt_reason": "Schedule 12A, paragraph 3"}
SHARED = "The partnership board has met and agreed how all of the work is to be shared"
WEAK = "No governance procedures in place with responsibility for oversight"


@pytest.fixture(scope="module")
def council(common_ground) -> Iterator[factories.Cast]:
    """Four editions: CR1 is stuck above appetite, CR2 has a weakness as a control, CR3 is exempt
    and says what CR4 says too; CR5 raises nothing.
    """

    def build() -> factories.Cast:
        cast = factories.cast()
        register = factories.register()
        entries: dict[str, object] = {}
        for number in range(4):
            edition = factories.edition(Q + number, register=register)
            for reference, said in SAID.items():
                known = {"entry": entries[reference]} if reference in entries else {}
                made = factories.snapshot(edition, reference, owner=cast.post, **known, **said)
                entries[reference] = made.entry
                if reference == "CR3":
                    _make_exempt(made.entry)
            factories.publish(edition, by=cast.manager)
        return cast

    with common_ground(build) as cast:
        yield cast


WITHIN = {"impact": 3, "likelihood": 3}
SAID = {
    "CR1": {"impact": 4, "likelihood": 5},
    "CR2": {"controls": WEAK, **WITHIN},
    "CR3": {"controls": SHARED, **WITHIN},
    "CR4": {"controls": SHARED, **WITHIN},
    "CR5": WITHIN,
}


def _make_exempt(entry) -> None:
    for name, value in SECRET.items():
        setattr(entry, name, value)
    entry.save()


def latest() -> Edition:
    return Edition.objects.select_related("register").get(quarter=Q + 3)


def get(user, page: str = "challenge", **query: str) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(latest().url(page), query)
    assert response.status_code == 200
    return markup(response)


def test_flags_are_grouped_by_entry_worst_first(council):
    page = words(get(council.committee))
    assert page.index("CR1 :") < page.index("At 20 for 4 quarters")
    assert "A weakness is written as a control" in page
    assert f"“{WEAK}”. Since Q1 2025/26." in page


def test_a_deep_dive_is_suggested_with_its_reasons(council):
    assert "Above appetite in 4 editions, since Q1 2025/26" in words(get(council.committee))


def test_a_kind_of_flag_can_be_chosen_here_and_in_the_register(council):
    only = words(get(council.committee, flag="weakness-as-control"))
    assert "on 1 of 1 entry" in only
    assert "At 20 for" not in only
    table = words(get(council.committee, "table", flag="stuck", columns="flags,above_since"))
    assert "1 of 4 entries" in table
    assert "At 20 for 4 quarters" in table and "Q1 2025/26" in table


def test_the_evidence_of_a_flag_leads_to_the_words_that_prove_it(council):
    page = get(council.committee)
    assert "from=2025-26-q1&amp;section=controls#history" in page


def test_a_sentence_shared_with_an_exempt_entry_is_told_to_the_cleared_alone(council):
    assert "Also in CR3" not in get(council.committee)
    assert "A sentence also stands" not in get(council.committee)
    assert "Also in CR3" in get(council.cleared)


def test_what_is_made_exempt_later_is_told_to_nobody_who_is_not_cleared(council):
    _make_exempt(latest().snapshots.get(reference="CR2").entry)
    assert "CR2" not in get(council.committee)
    assert "CR2" in get(council.manager)


def test_an_exempt_past_says_nothing_to_whom_it_is_hidden(council):
    """Lifted since: the editions that held it back hold it back for good."""
    entry = latest().snapshots.get(reference="CR3").entry
    entry.exempt = False
    entry.save()
    assert latest().snapshots.get(reference="CR3").entry_id not in standings(
        latest(), council.committee
    )


def test_what_is_kept_is_what_is_worked_out_anew(council):
    kept = {user: standings(latest(), user) for user in (council.manager, council.committee)}
    KeptStandings.objects.all().delete()
    for user, found in kept.items():
        anew = standings(latest(), user)
        assert anew == found


def test_what_a_correction_of_the_past_holds_back_is_not_said_of_later_editions(council):
    """CR1 was above appetite in all four; the first of them holds it back now."""
    first = Edition.objects.earliest("quarter")
    entry = first.snapshots.get(reference="CR1").entry
    told = standings(latest(), council.committee)[entry.pk]
    cycle.reissue(first, by=council.manager, reason="It was exempt.")
    entry.exempt, entry.exempt_reason = True, "Schedule 12A, paragraph 3"
    entry.save()
    cycle.publish(first, by=council.manager)
    entry.exempt = False
    entry.save()
    now = standings(latest(), council.committee)[entry.pk]
    assert now != told
    KeptStandings.objects.all().delete()
    assert standings(latest(), council.committee)[entry.pk] == now, "as worked out anew"


def test_other_thresholds_are_worked_out_at_once_and_kept_by_the_command(council):
    with override_settings(FLAG_THRESHOLDS={"*": {"stuck": 5}}):
        assert "At 20 for" not in get(council.committee)
        assert cycle.keep_missing_standings() == 4
        assert cycle.keep_missing_standings() == 0


def test_a_chip_on_the_heat_map_says_how_many_flags_are_raised(council):
    page = words(get(council.committee, "heatmap"))
    assert re.search(r"CR1 \d? ?: .*?, \d flags?", page)
    assert "Worth a question: what to ask" in page


def test_nothing_to_ask_is_said_and_a_filter_can_be_taken_off(council):
    assert "No flag fits this filter." in get(council.committee, flag="residual-slipped")
