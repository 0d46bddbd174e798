"""The board of a day gone by: that day's due, asked, resting and kept, and the run of today."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import fold, marks
from app.rules.board import Board, Count
from app.rules.facts import HabitFacts
from app.rules.outcome import DayState, HabitRow
from app.rules.past_board import PastBoard, PastFacts
from app.rules.rests import Rest, Rests
from app.rules.schedule import Kind, Schedule, Term
from app.rules.states import nothing
from tests.rules.test_rules_board import PET, habit, said, since
from tests.rules.test_rules_fold_random import Known, habits

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)
YESTERDAY = TODAY - DAY


def known_at(facts: HabitFacts, day: date) -> PastFacts:
    """What the database would tell of `day`, of a habit whose `facts` hold everything."""
    before = max((kept for kept in facts.days if kept < day), default=date.max)
    since_day = min(before, day - 31 * DAY)
    days = [kept for kept in facts.days if since_day <= kept <= day + 31 * DAY]
    amounts = [
        (on, amount)
        for on, amount in json.loads(facts.amounts or "[]")
        if abs((date.fromisoformat(on) - day).days) <= 31
    ]
    return PastFacts(facts.id, days, json.dumps(amounts))


def past(facts: HabitFacts, day: date = YESTERDAY, **known: Any) -> HabitRow:
    """The row of one habit on the board of another day."""
    now = Board.of([facts], TODAY, **known)
    board = PastBoard.on(day, now, [known_at(facts, day)])
    return board.row(board.habits[0])


def test_a_row_shows_the_state_of_its_day_and_the_run_of_today():
    kept_today = habit(days=[TODAY - 3 * DAY, TODAY - 2 * DAY, TODAY])
    row = past(kept_today)
    now = Board.of([kept_today], TODAY).row(kept_today)
    assert (row.due, row.asked, row.state) == (True, True, DayState.OPEN)
    assert (row.streak, row.best, row.shields, row.strength) == (
        now.streak, now.best, now.shields, now.strength,
    )  # fmt: skip
    assert past(kept_today, TODAY - 2 * DAY).state is DayState.KEPT


def test_a_shield_that_held_yesterday_is_told_on_today_alone():
    held = habit(days=[TODAY - 3 * DAY, TODAY - 2 * DAY])
    assert Board.of([held], TODAY).row(held).held == YESTERDAY
    assert past(held, TODAY - 2 * DAY).held is None


def test_what_rested_that_day_asks_nothing():
    rests = Rests((Rest(YESTERDAY - DAY, YESTERDAY),))
    assert past(habit(), rests=rests).state is DayState.RESTING
    assert past(habit(), TODAY - 3 * DAY, rests=rests).state is DayState.OPEN


def test_before_its_first_day_a_habit_asks_nothing():
    row = past(habit(terms=[TODAY]))
    assert (row.due, row.asked, row.state) == (False, False, DayState.IDLE)


def test_a_week_counts_as_it_stood_that_day():
    three = Term(date(2026, 2, 2), Schedule.WEEKLY, times=3)
    # The Monday, Wednesday and Thursday of the week before.
    facts = habit()._replace(
        terms=said([three]), days=[date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 5)]
    )
    tallies = [past(facts, date(2026, 3, day)) for day in range(2, 9)]
    assert [(row.tally, row.needed) for row in tallies] == [
        (1, 3), (1, 3), (2, 3), (3, 3), (3, 3), (3, 3), (3, 3),
    ]  # fmt: skip
    assert [row.asked for row in tallies] == [True, True, True, True, False, False, False]


def test_an_amount_is_that_of_its_day():
    pages = Term(date(2026, 2, 2), kind=Kind.AT_LEAST, target=50_000, unit="pages")
    facts = habit()._replace(
        terms=said([pages]), amounts=json.dumps([(str(YESTERDAY), 35_000), (str(TODAY), 9_000)])
    )
    counted = past(facts).counted
    assert counted is not None
    assert counted.amount == 35_000


@pytest.mark.parametrize(
    ("back", "gain"),
    [
        pytest.param(1, 11, id="yesterday, after a run of two"),
        pytest.param(7, 10, id="a week ago"),
        pytest.param(8, 0, id="too long ago"),
    ],
)
def test_a_row_announces_what_a_commit_on_its_day_earns(back: int, gain: int):
    assert past(habit(days=[TODAY - 3 * DAY, TODAY - 2 * DAY]), TODAY - back * DAY).gain == gain


def test_a_day_that_the_fold_has_closed_announces_nothing():
    folded = habit(folded_on=TODAY - 3 * DAY, folded_run=5, days=[TODAY - 2 * DAY])
    assert past(folded, TODAY - 3 * DAY).gain == 0
    assert past(folded, TODAY - 2 * DAY).gain > 0


def test_counts_are_those_of_the_day_and_the_pet_is_that_of_today():
    facts = [habit(days=[YESTERDAY]), habit(id=2, days=[TODAY]), habit(id=3, pillar_id=2)]
    now = Board.of(facts, TODAY)
    board = PastBoard.on(YESTERDAY, now, [known_at(one, YESTERDAY) for one in facts])
    assert (board.total, board.count(1), board.count(2)) == (Count(3, 1), Count(2, 1), Count(1, 0))
    card = board.card(PET, since(last_kept=TODAY), 1)
    assert (card.mood, card.due, card.kept) == (now.card(PET, since(last_kept=TODAY), 1).mood, 3, 1)


def test_a_habit_of_which_nothing_is_told_is_not_on_the_board():
    facts = [habit(), habit(id=2)]
    board = PastBoard.on(YESTERDAY, Board.of(facts, TODAY), [known_at(facts[1], YESTERDAY)])
    assert [row.id for row in board.rows(1)] == [2]


def test_what_is_open_of_late_is_what_was_due_and_is_not_kept():
    rests = Rests((Rest(YESTERDAY, YESTERDAY, habit_id=4),))
    facts = [
        habit(days=[YESTERDAY]),
        habit(id=2),
        habit(id=3, terms=[TODAY]),
        habit(id=4),
        # Who flew far west has a yesterday that is closed already.
        habit(id=5, folded_on=YESTERDAY),
        habit(id=6, folded_on=YESTERDAY - DAY),
        habit(id=7, put_away=True),
    ]
    board = PastBoard.still_open(YESTERDAY, Board.of(facts, TODAY, rests=rests))
    assert [row.id for row in board.rows(1)] == [2, 6]
    assert {row.state for row in board.rows(1)} == {DayState.OPEN}


def facts_of(known: Known, through: date | None) -> HabitFacts:
    """The facts of a habit that is folded through a day, as the database would tell them."""
    history = known.history
    state = nothing(history.timetable)
    if through is not None:
        state = fold.advance(state, history, through)
    after = date.min if through is None else state.through - fold.reach(history.timetable) * DAY
    return habit(
        folded_on=None if through is None else state.through,
        **dict(
            zip((f"folded_{name}" for name in state._fields[1:]), tuple(state)[1:], strict=True)
        ),
        days=[day for day in history.days if day > after],
        amounts=json.dumps([(str(d), a) for d, a in history.amounts.items() if d > after]),
    )._replace(terms=said(list(history.timetable.terms)))


@given(habits(), st.integers(1, 80))
def test_any_day_of_any_habit_is_as_a_slow_recomputation_tells(known: Known, back: int):
    history, slow, today = known
    day = today - back * DAY
    quiet = zip(history.quiet.starts, history.quiet.ends, strict=True)
    rests = Rests(tuple(Rest(first, last) for first, last in quiet))
    everything = facts_of(known, None)
    due, asked, needed, tally = slow.asks(day)
    kept = day in slow.kept
    for through in (None, fold.closes(today, history.timetable, history.weeks)):
        facts = facts_of(known, through)
        now = Board.of([facts], today, history.weeks, rests)
        board = PastBoard.on(day, now, [known_at(everything, day)])
        row = board.row(board.habits[0])
        assert (row.due, row.asked, row.done) == (due, asked, kept)
        assert (row.state is DayState.RESTING) == (slow.rests_on(day) and not (kept or asked))
        assert row.streak == slow.shown(today).run
        if slow.term_of(max(day, history.timetable.starts_on)).kind is Kind.CHECK:
            assert row.needed == needed
            assert row.tally == (None if tally is None else tally + kept)
        if facts.folded_on is None or facts.folded_on < day:
            late = PastBoard.still_open(day, now).rows(1)
            assert late == ((row,) if due and not kept else ())


@given(habits(), st.integers(1, 40))
def test_a_board_agrees_with_the_calendar_of_each_of_its_habits(known: Known, longest: int):
    history, _slow, today = known
    rests = Rests(
        tuple(
            Rest(first, last)
            for first, last in zip(history.quiet.starts, history.quiet.ends, strict=True)
        )
    )
    facts = facts_of(known, fold.closes(today, history.timetable, history.weeks))
    everything, now = facts_of(known, None), Board.of([facts], today, history.weeks, rests)
    calendar = marks.of(history, today - longest * DAY, today - DAY, today)
    for mark in calendar:
        board = PastBoard.on(mark.day, now, [known_at(everything, mark.day)])
        row = board.row(board.habits[0])
        assert (row.due, row.asked, row.done) == (mark.due, mark.asked, mark.kept)
        assert board.on_day(board.habits[0]).resting == mark.resting
        if row.counted and not mark.term.is_periodic:
            assert row.counted.amount == mark.amount
