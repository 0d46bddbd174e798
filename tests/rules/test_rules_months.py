"""A month as a calendar: whole weeks, the months beside it, and what each day became."""

from datetime import date, timedelta

import pytest

from app.rules import marks, months
from app.rules.marks import State
from app.rules.months import Month
from app.rules.rests import Quiet
from app.rules.schedule import Timetable
from app.rules.states import History

DAY = timedelta(days=1)
MONDAY, SATURDAY, SUNDAY = 0, 5, 6
TODAY = date(2026, 3, 10)


def shown(
    first: date,
    history: History,
    first_day: int = MONDAY,
    today: date = TODAY,
    skipped: tuple[date, ...] = (),
    noted: tuple[date, ...] = (),
) -> Month:
    last = months.last_of(first) + DAY
    known = marks.across(history, [(first - DAY, last)], today)
    return months.of(first, first_day, history, known, skipped, noted, today)


def daily(starts_on: date, *kept: date, rests: tuple[tuple[date, date], ...] = ()) -> History:
    return History(Timetable.daily(starts_on), sorted(kept), quiet=Quiet.of(rests))


@pytest.mark.parametrize("first_day", [MONDAY, SATURDAY, SUNDAY])
@pytest.mark.parametrize("number", range(1, 13))
def test_a_month_is_whole_weeks_with_every_day_once(number: int, first_day: int):
    month = shown(date(2026, number, 1), daily(date(2025, 1, 1)), first_day)
    assert [day.weekday() for day in month.week] == [(first_day + n) % 7 for n in range(7)]
    assert all(len(week) == 7 for week in month.weeks)
    assert 4 <= len(month.weeks) <= 6
    days = [cell.day for week in month.weeks for cell in week if cell]
    assert days == [date(2026, number, 1) + n * DAY for n in range(len(days))]
    assert days[-1] == months.last_of(days[0])
    for week in month.weeks:
        for place, cell in enumerate(week):
            assert cell is None or cell.day.weekday() == month.week[place].weekday()


def test_the_months_beside_it_reach_from_the_first_day_to_today():
    history = daily(date(2026, 1, 20))
    beside = {first.month: (m.before, m.after) for first in (
        date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1),
    ) for m in [shown(first, history)]}  # fmt: skip
    assert beside == {
        1: (None, date(2026, 2, 1)),
        2: (date(2026, 1, 1), date(2026, 3, 1)),
        3: (date(2026, 2, 1), None),
    }


def test_each_day_says_what_it_became():
    history = daily(
        date(2026, 3, 3), date(2026, 3, 3), date(2026, 3, 4),
        rests=((date(2026, 3, 6), date(2026, 3, 7)), (date(2026, 3, 20), date(2026, 3, 21))),
    )  # fmt: skip
    month = shown(date(2026, 3, 1), history, skipped=(date(2026, 3, 7),), noted=(TODAY,))
    cells = {cell.day.day: cell for week in month.weeks for cell in week if cell}
    assert [cells[day].state for day in (2, 3, 5, 6, 7, 8, 10, 11, 20, 31)] == [
        State.BEFORE, State.KEPT, State.MISSED, State.RESTING, State.SKIPPED, State.MISSED,
        State.OPEN, State.AHEAD, State.RESTING, State.AHEAD,
    ]  # fmt: skip
    assert [day for day, cell in cells.items() if cell.is_noted] == [10]
    # The shield holds the fifth; the eighth breaks the run, which went through the days of rest.
    assert [day for day, cell in cells.items() if cell.runs_in] == [4, 5, 6, 7]
    assert [day for day, cell in cells.items() if cell.runs_out] == [3, 4, 5, 6]
    assert (month.has_shield, month.has_note) == (True, True)
    assert State.SKIPPED in month.states


def test_a_run_goes_on_from_one_month_to_the_next():
    history = daily(date(2026, 2, 1), *(date(2026, 2, 27) + n * DAY for n in range(4)))
    (february,) = [
        w[5] for w in shown(date(2026, 2, 1), history).weeks if w[5] and w[5].day.day == 28
    ]
    (march,) = [w[6] for w in shown(date(2026, 3, 1), history).weeks if w[6] and w[6].day.day == 1]
    assert february.runs_out
    assert march.runs_in


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-3", "2026-13", "2026-00", "26-03", "2026-03-01", "٢٠٢٦-٠٣", "\0"]
)
def test_what_is_no_month_is_refused(text: str):
    with pytest.raises(ValueError, match="month"):
        months.parse(text)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (date(1, 1, 1), date(2026, 1, 1)), (date(9999, 12, 1), date(2026, 3, 1)),
        (date(2026, 2, 14), date(2026, 2, 1)), (date(2026, 1, 1), date(2026, 1, 1)),
    ],
)  # fmt: skip
def test_a_month_out_of_reach_is_answered_with_the_nearest(asked: date, expected: date):
    assert months.within(asked, date(2026, 1, 20), TODAY) == expected


def test_a_habit_that_has_not_begun_shows_the_month_of_today():
    assert months.within(TODAY, date(2026, 4, 20), TODAY) == date(2026, 3, 1)
