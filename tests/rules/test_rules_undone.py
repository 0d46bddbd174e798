"""The days that a habit left open: in plain cases, and for every habit as the slow one counts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.frame import Frame
from app.rules.rests import Quiet
from app.rules.schedule import Kind, Schedule, Term, Timetable
from app.rules.states import History
from app.rules.undone import undone
from tests.rules.test_rules_fold_random import Known, habits

DAY = timedelta(days=1)
# A Monday.
FIRST = date(2026, 3, 2)


def left_open(history: History, first: date, last: date) -> set[date]:
    frame = Frame(first, last)
    kept = frame.of((day - first).days for day in history.days if first <= day <= last)
    counts = frame.counts(undone(history, kept, frame))
    return {day for day, many in zip(frame.days, counts, strict=True) if many}


def told(days: Sequence[int] = (), rests: Sequence[tuple[int, int]] = (), **term: Any) -> History:
    quiet = Quiet.of((FIRST + a * DAY, FIRST + b * DAY) for a, b in rests)
    timetable = Timetable((Term(FIRST, **term),))
    return History(timetable, [FIRST + n * DAY for n in days], quiet=quiet)


DAYS, W, M, E = Schedule.WEEKDAYS, Schedule.WEEKLY, Schedule.MONTHLY, Schedule.EVERY


@pytest.mark.parametrize(
    ("history", "days", "expected"),
    [
        pytest.param(told([0, 2]), 4, [1, 3], id="every day"),
        pytest.param(told([0, 2], [(3, 3)]), 5, [1, 4], id="a skip asks nothing"),
        pytest.param(told([3], schedule=DAYS, weekdays=5), 9, [0, 2, 7], id="weekdays"),
        pytest.param(told([0, 3, 6], schedule=W, times=3), 7, [], id="a week that was made"),
        pytest.param(told([0, 3], schedule=W, times=3), 7, [6], id="one short is one day"),
        pytest.param(told([], schedule=W, times=3), 7, [4], id="a lost week is one day"),
        pytest.param(told([], schedule=W, times=7), 7, [0], id="seven times, lost at once"),
        pytest.param(told([0], schedule=W, times=3), 4, [], id="time is left"),
        pytest.param(told([0], [(2, 6)], schedule=W, times=3), 7, [], id="a week of rest"),
        pytest.param(told([0, 1, 2, 3], schedule=W, times=3), 7, [], id="one more than asked"),
        pytest.param(told([], schedule=M), 31, [29], id="a month, begun on the second"),
        pytest.param(told([], schedule=E, every=3), 3, [0, 1, 2], id="a new one waits"),
        pytest.param(told([0], schedule=E, every=3), 6, [3, 4, 5], id="each day after"),
        pytest.param(told([0, 4], schedule=E, every=3), 8, [3, 7], id="counted from the keep"),
        pytest.param(told([0], [(1, 2)], schedule=E, every=3), 7, [5, 6], id="rests do not count"),
        pytest.param(told([], kind=Kind.AT_MOST), 7, [], id="at most is never due"),
    ],
)  # fmt: skip
def test_what_was_left_open(history: History, days: int, expected: list[int]):
    found = left_open(history, FIRST - 3 * DAY, FIRST + (days - 1) * DAY)
    assert sorted(found) == [FIRST + n * DAY for n in expected]


def test_a_total_that_was_reached_leaves_nothing_open():
    term = {"schedule": W, "kind": Kind.AT_LEAST, "target": 3000}
    for amounts, expected in (({2: 3000}, []), ({2: 2999}, [6]), ({6: 3000}, [])):
        sums = {FIRST + n * DAY: amount for n, amount in amounts.items()}
        kept = [n for n, amount in amounts.items() if amount == 3000]
        history = told(kept, **term)._replace(amounts=sums)
        found = left_open(history, FIRST, FIRST + 6 * DAY)
        assert sorted(found) == [FIRST + n * DAY for n in expected]


def agrees(known: Known, before: int) -> None:
    history, slow, today = known
    last = today
    first = history.timetable.starts_on - 5 * DAY if before < 0 else today - before * DAY
    if first > last:
        return
    # What is told to look back: the weeks and months that the stretch touches, the keep before.
    since = first - 31 * DAY
    earlier = [day for day in history.days if day < since]
    seen = history._replace(
        days=earlier[-1:] + [day for day in history.days if since <= day <= last],
        amounts={day: n for day, n in history.amounts.items() if since <= day <= last},
    )
    days = [first + n * DAY for n in range((last - first).days + 1)]
    expected = {day for day in days if slow.asks(day)[0] and day not in slow.kept}
    assert left_open(seen, first, last) == expected


@given(habits(), st.integers(-1, 40))
@settings(max_examples=150)
def test_it_is_what_the_slow_recomputation_finds_due_and_not_kept(known: Known, before: int):
    agrees(known, before)


@given(habits(silences=(100, 366)), st.integers(-1, 90))
@settings(max_examples=20)
def test_it_is_so_after_a_long_silence(known: Known, before: int):
    agrees(known, before)
