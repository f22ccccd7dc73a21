"""A document as text and back: nothing is lost, and the same document gives the same bytes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from registers.domain import canonical, scale
from registers.domain.content import Action, Answer, Content, Document, Strand, Terms
from registers.domain.quarters import Quarter
from registers.domain.statements import CLOSED, MERGED, Statement

Q1 = Quarter(2026, 1)
TERMS = Terms(Q1, scale.Bands(4, 9, 15), 12, True, date(2026, 7, 1))
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2100, 12, 31))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
POSITIONS = st.none() | st.sampled_from(scale.CELLS)
EMPTY_TEXTS = {"description": "", "consequences": "", "controls": "", "commentary": ""}


def document(entries: tuple[Content, ...], statements: tuple[Statement, ...] = ()) -> Document:
    return Document(
        register="corporate",
        register_name="Corporate",
        terms=TERMS,
        issue=1,
        reason="",
        previous="",
        published_at="2026-07-01T09:00:00.000000+00:00",
        published_by="Jo Field",
        prepared_on=date(2026, 7, 1),
        committee_on=None,
        entries=entries,
        statements=statements,
    )


ACTIONS = st.builds(
    Action,
    key=st.uuids(),
    text=TEXT,
    lead=TEXT,
    due=DAYS,
    status=st.sampled_from(["", "not_started", "done"]),
    completed_on=DAYS,
    reason=TEXT,
    target_impact=st.none() | st.sampled_from(scale.LEVELS),
    target_likelihood=st.none() | st.sampled_from(scale.LEVELS),
    strand=st.none() | st.just(1),
    level=st.sampled_from([0, 1]),
    plain=st.booleans(),
)
ANSWERS = st.builds(
    Answer,
    code=TEXT,
    reason=TEXT,
    until=st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    asked=TEXT,
    proof=TEXT,
)
CONTENTS = st.builds(
    Content,
    terms=st.just(TERMS),
    entry=st.integers(1, 99),
    kind=st.sampled_from([scale.RISK, scale.OPPORTUNITY]),
    reference=TEXT,
    title=TEXT,
    score=st.none() | st.sampled_from(scale.SCORES),
    position=POSITIONS,
    residual_score=st.none() | st.sampled_from(scale.SCORES),
    residual_position=POSITIONS,
    residual_by=DAYS,
    inherent_score=st.none() | st.sampled_from(scale.SCORES),
    inherent_position=POSITIONS,
    own_appetite=st.none() | st.sampled_from(scale.SCORES),
    direction=st.sampled_from(["", "up", "new"]),
    owner_text=TEXT,
    post=st.integers(1, 9),
    post_name=TEXT,
    order=st.integers(0, 9),
    types=st.tuples(TEXT),
    texts=st.fixed_dictionaries(dict.fromkeys(EMPTY_TEXTS, TEXT)),
    strands=st.tuples(st.builds(Strand, number=st.just(1), title=TEXT, types=st.tuples(TEXT))),
    actions=st.lists(ACTIONS, max_size=2).map(tuple),
    printed=st.dictionaries(TEXT, TEXT, max_size=2),
    exempt_because=TEXT,
    no_change_reason=TEXT,
    override_reason=TEXT,
    answers=st.tuples(ANSWERS) | st.just(()),
)


@given(st.lists(CONTENTS, max_size=3).map(tuple))
def test_what_is_written_is_read_back_whole(entries):
    stated = (Statement(1, CLOSED, None, "Done"), Statement(2, MERGED, 3, ""))
    made = document(entries, stated)
    text = canonical.write(made)
    assert canonical.read(text) == made
    assert canonical.write(canonical.read(text)) == text
    assert canonical.statements(text) == stated


def test_a_document_without_answers_to_flags_has_the_bytes_it_had_before_there_were_any():
    one = Content(TERMS, entry=1, reference="CR1", title="Roads", texts=EMPTY_TEXTS)
    said = Answer("stuck", "So be it.", date(2027, 1, 1), "At 16.", "0" * 64)
    assert "answers" not in canonical.write(document((one,)))
    assert "answers" in canonical.write(document((one._replace(answers=(said,)),)))


def test_a_document_of_the_first_format_named_no_post_and_can_be_read():
    one = Content(TERMS, entry=1, reference="CR1", title="Roads", texts=EMPTY_TEXTS)
    text = canonical.write(document((one,)))
    first = text.replace('"post":null,', "").replace('"format":2', '"format":1')
    assert first != text
    assert canonical.read(first) == canonical.read(text)


def test_a_reader_who_is_not_cleared_reads_no_exempt_entry():
    open_, held_back, since = (
        Content(TERMS, entry=number, exempt_because=because)
        for number, because in ((1, ""), (2, "Paragraph 3"), (3, ""))
    )
    made = document((open_, held_back, since))
    assert made.for_reader(cleared=True, exempt={3}) == made
    assert made.for_reader(cleared=False, exempt={3}).entries == (open_,)


def test_an_action_keeps_its_key():
    key = UUID("12345678123456781234567812345678")
    one = Content(TERMS, entry=1, texts=EMPTY_TEXTS, actions=(Action(key, "Recruit"),))
    (read,) = canonical.read(canonical.write(document((one,)))).entries
    assert read.actions[0].key == key
