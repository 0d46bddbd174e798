"""The fold against the slow recomputation: habits of every rhythm, from nothing and from states."""

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules import fold
from app.rules.rests import Quiet
from app.rules.schedule import Kind, Schedule, Term, Timetable
from app.rules.states import History, nothing
from app.rules.weeks import FIRST_DAYS, beginning_on
from tests.rules.slow_habits import Habit
from tests.rules.test_rules_habit_cases import CASES, history

DAY = timedelta(days=1)
FOR_EVER = date.max
STARTS = st.dates(date(2025, 12, 20), date(2026, 3, 20))
AMOUNTS = st.sampled_from([0, 1, 500, 1000, 2000, 3500, 50_000])
TARGETS = st.sampled_from([1, 1000, 3000, 3500, 10_000])
EVERY = st.one_of(st.integers(2, 9), st.sampled_from([12, 17, 30, 60, 365]))


class Known(NamedTuple):
    """A habit as both know it."""

    history: History
    slow: Habit
    today: date


@st.composite
def rhythms(draw: st.DrawFn, starts_on: date) -> Term:
    """A term, with what its schedule and kind use and no more."""
    kind = draw(st.sampled_from(Kind))
    schedules = list(Schedule)
    if kind is Kind.AT_MOST:
        schedules = [Schedule.DAILY, Schedule.WEEKLY, Schedule.MONTHLY]
    used: dict[str, Any] = {"kind": kind, "schedule": draw(st.sampled_from(schedules))}
    match used["schedule"]:
        case Schedule.WEEKDAYS:
            used["weekdays"] = draw(st.integers(1, 127))
        case Schedule.EVERY:
            used["every"] = draw(EVERY)
        case Schedule.WEEKLY if kind is Kind.CHECK:
            used["times"] = draw(st.integers(1, 7))
        case Schedule.MONTHLY if kind is Kind.CHECK:
            used["times"] = draw(st.sampled_from([1, 2, 4, 8, 9, 20, 28]))
    if kind is not Kind.CHECK:
        used["target"] = draw(TARGETS if kind is Kind.AT_LEAST else st.just(0) | TARGETS)
    return Term(starts_on, **used)


@st.composite
def other_numbers(draw: st.DrawFn, old: Term, starts_on: date) -> Term:
    """The same rhythm, which asks for more or less: no week or month is cut."""
    new = draw(rhythms(starts_on).filter(lambda term: term.schedule is old.schedule))
    if new.kind is old.kind:
        return new
    return old._replace(starts_on=starts_on, target=old.target and old.target + 1000)


@st.composite
def timetables(draw: st.DrawFn) -> list[Term]:
    """One to three terms; the next one often differs in its numbers only."""
    terms = [draw(rhythms(draw(STARTS)))]
    for _ in range(draw(st.integers(0, 2))):
        starts_on = terms[-1].starts_on + draw(st.integers(1, 40)) * DAY
        other = draw(rhythms(starts_on))
        if draw(st.booleans()):
            other = draw(other_numbers(terms[-1], starts_on))
        terms.append(other)
    return terms


@st.composite
def habits(draw: st.DrawFn, silences: tuple[int, ...] = (0,)) -> Known:
    """A habit kept and rested at random, then left alone for so many days."""
    terms = draw(timetables())
    first = terms[0].starts_on
    days = (terms[-1].starts_on - first).days + draw(st.integers(0, 45))
    shares = st.sampled_from([0, 3, 6, 9, 10])
    kept_of_ten, amounts_of_ten = draw(shares), draw(shares)
    random = draw(st.randoms(use_true_random=False))
    span = [first + n * DAY for n in range(days + 1)]
    kept = [day for day in span if random.randrange(10) < kept_of_ten]
    sums = {day: draw(AMOUNTS) for day in span if random.randrange(10) < amounts_of_ten}
    rests = []
    for _ in range(draw(st.sampled_from([0, 0, 1, 2, 3]))):
        begins = first + draw(st.integers(-10, days + 10)) * DAY
        long = draw(st.sampled_from([0, 1, 3, 6, 13, 30, None]))
        rests.append((begins, FOR_EVER if long is None else begins + long * DAY))
    week = draw(st.sampled_from(FIRST_DAYS))
    weeks, changes = beginning_on(week), []
    for back in range(draw(st.integers(0, 2))):
        day = first + (20 * back + draw(st.integers(0, 5))) * DAY
        changes.append((day, draw(st.sampled_from(FIRST_DAYS))))
        weeks = weeks.after(*changes[-1])
    # Now and then the newest days are those of a user who flew west.
    today = (
        span[-1]
        + draw(st.sampled_from([-1, 0, 0, 1, 2])) * DAY
        + draw(st.sampled_from(silences)) * DAY
    )
    known = History(Timetable(tuple(terms)), kept, sums, weeks, Quiet.of(rests))
    return Known(known, Habit(terms, kept, sums, rests, week, changes), today)


def agrees(known: Known) -> None:
    """Compare the day from nothing, and from states closed earlier; and what was due of late."""
    history, slow, today = known
    right = slow.shown(today)
    begun = nothing(history.timetable)
    expected = (*right[:5], pytest.approx(right.strength, abs=1e-9), *right[6:])
    assert fold.on_day(begun, history, today) == expected
    reach = fold.reach(history.timetable)
    states = set()
    for back in (*range(8), 20, 64, 365):
        closed = fold.closes(today - back * DAY, history.timetable, history.weeks)
        state = fold.advance(begun, history, closed)
        if state.through in states:
            continue
        states.add(state.through)
        after = state.through - reach * DAY
        known_since = history._replace(
            days=[day for day in history.days if day > after],
            amounts={day: amount for day, amount in history.amounts.items() if day > after},
        )
        assert fold.since(state, history) == known_since
        assert fold.on_day(state, known_since, today) == expected, state
        assert fold.is_due(known_since, today, state) == right.due, state
    for back in range(8):
        day = today - back * DAY
        assert fold.is_due(history, day) == slow.asks(day)[0], day


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_slow_recomputation_agrees_with_the_cases_of_the_rules(case: dict[str, Any]):
    known, today, right = history(case), date.fromisoformat(case["today"]), dict(case["right"])
    rests = list(zip(known.quiet.starts, known.quiet.ends, strict=True))
    terms = known.timetable.terms
    slow = Habit(terms, known.days, known.amounts, rests, case["week_start"])
    shown = slow.shown(today)
    found = {
        "due": shown.due, "asked": shown.asked, "done": today in slow.kept,
        "resting": shown.resting, "run": shown.run, "best": shown.best, "shields": shown.shields,
        "strength": int(100 * shown.strength + 0.5),
    }  # fmt: skip
    if "run_of_last_keep" in right:
        last = slow.shown(max(slow.kept))
        found["run_of_last_keep"] = last.paid
        worth = slow.run_in_days(max(slow.kept), last.paid)
        assert last.span == min(worth, right.pop("span_of_last_keep"))
    assert found == right


@given(habits())
@settings(max_examples=100)
def test_the_fold_agrees_with_a_slow_recomputation(known: Known):
    agrees(known)


@given(habits(silences=(100, 366, 731)))
@settings(max_examples=12)
def test_the_fold_agrees_after_a_long_silence(known: Known):
    agrees(known)
