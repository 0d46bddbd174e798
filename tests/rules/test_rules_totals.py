"""What an amount does to a day, a week or a month: a table."""

from datetime import date, timedelta

import pytest

from app.rules.rests import Quiet
from app.rules.schedule import Kind, Schedule, Term, Timetable
from app.rules.states import History
from app.rules.totals import Change, Total

DAY = timedelta(days=1)
MONDAY = date(2026, 3, 2)
LEAST, MOST = Kind.AT_LEAST, Kind.AT_MOST
NONE, KEPT, OPENED = Change.NONE, Change.KEPT, Change.OPENED

# Kind, amount before, whether it has its commit, what is added, and what becomes of it; of 50.
CHANGES = [
    (LEAST, 0, False, 49, NONE),
    (LEAST, 0, False, 50, KEPT),
    (LEAST, 49, False, 1, KEPT),
    (LEAST, 49, True, 1, NONE),
    (LEAST, 50, True, 9, NONE),
    # The target was lowered.
    (LEAST, 60, False, 1, KEPT),
    (LEAST, 60, False, -1, NONE),
    (LEAST, 60, True, -10, NONE),
    (LEAST, 60, True, -11, OPENED),
    # The target was raised, or the day was a tick.
    (LEAST, 40, True, -10, NONE),
    (LEAST, 0, True, 10, NONE),
    (MOST, 0, False, 50, NONE),
    (MOST, 49, True, 1, NONE),
    (MOST, 50, True, 1, OPENED),
    (MOST, 51, True, 1, NONE),
    (MOST, 51, False, -1, NONE),
    (MOST, 50, True, -50, NONE),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "before", "is_kept", "more", "change"), CHANGES)
def test_what_an_amount_does(kind: Kind, before: int, is_kept: bool, more: int, change: Change):
    term = Term(MONDAY, Schedule.DAILY, kind, target=50)
    total = Total(term, before, MONDAY if is_kept else None)
    assert total.change(more) is change
    # What does not count changes nothing.
    lowered = kind is LEAST and before >= 50 and not is_kept and more > 0
    assert total._replace(counts=False).change(more) is (KEPT if lowered else NONE)


def test_a_week_has_the_amounts_of_all_its_days_and_the_commit_of_any():
    week = Timetable((Term(MONDAY, Schedule.WEEKLY, LEAST, target=50),))
    amounts = {MONDAY: 10, MONDAY + 6 * DAY: 30, MONDAY + 7 * DAY: 99}
    history = History(week, [MONDAY + 2 * DAY, MONDAY + 9 * DAY], amounts)
    for day, kept_on in ((0, 2), (2, 2), (6, 2), (7, 9)):
        total = Total.of(history, MONDAY + day * DAY)
        assert (total.amount, total.kept_on) == (
            40 if day < 7 else 99,
            MONDAY + kept_on * DAY,
        )
    # Of several the one of the day itself, else the last.
    many = history._replace(days=[MONDAY, MONDAY + DAY])
    assert Total.of(many, MONDAY).kept_on == MONDAY
    assert Total.of(many, MONDAY + 3 * DAY).kept_on == MONDAY + DAY


def test_a_week_that_is_limited_leaves_out_what_rests_and_is_kept_on_its_last_day():
    week = Timetable((Term(MONDAY, Schedule.WEEKLY, MOST, target=50),))
    quiet = Quiet((MONDAY,), (MONDAY,))
    amounts = {MONDAY: 10, MONDAY + DAY: 30}
    history = History(week, [MONDAY + DAY], amounts, quiet=quiet)
    total = Total.of(history, MONDAY + DAY)
    assert (total.amount, total.kept_on, total.counts) == (30, None, True)
    assert not Total.of(history, MONDAY).counts
    ended = history._replace(days=[MONDAY + 6 * DAY])
    assert Total.of(ended, MONDAY).kept_on == MONDAY + 6 * DAY


def test_a_month_is_judged_by_its_newest_term():
    terms = (
        Term(MONDAY, Schedule.MONTHLY, LEAST, target=50),
        Term(MONDAY + 9 * DAY, Schedule.MONTHLY, LEAST, target=80),
    )
    total = Total.of(History(Timetable(terms), []), MONDAY)
    assert (total.term.target, total.is_met) == (80, False)
