"""When a habit is asked about, for it was not kept in a long while."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from app.rules import unkept
from app.rules.board import Board
from app.rules.rests import NONE, Rest, Rests
from app.rules.schedule import Kind, Schedule, Term
from tests.rules.test_rules_board import habit, said

DAY = timedelta(days=1)
# A Tuesday.
TODAY = date(2026, 3, 10)
LONG_AGO = date(2025, 1, 1)


def is_asked(*terms: Term, rests: Rests = NONE, asked_on: date | None = None, **known: Any) -> bool:
    facts = habit(**known)._replace(terms=said(list(terms) or [Term(LONG_AGO)]))
    return unkept.is_asked_about(Board.of([facts], TODAY, rests=rests), facts, asked_on)


def ago(days: int) -> date:
    return TODAY - days * DAY


@pytest.mark.parametrize(
    ("term", "enough"),
    [
        pytest.param(Term(LONG_AGO), 31, id="every day"),
        # Thirty Mondays; the newest is yesterday.
        pytest.param(Term(LONG_AGO, Schedule.WEEKDAYS, weekdays=1), 29 * 7 + 2, id="Mondays"),
        # Three days are idle before it is due, and then every day.
        pytest.param(Term(LONG_AGO, Schedule.EVERY, every=4), 34, id="every few days"),
        pytest.param(
            Term(LONG_AGO, kind=Kind.AT_LEAST, target=50_000), 31, id="at least an amount"
        ),
        # Ten weeks that are over; kept on the Sunday before them, or once in the first.
        pytest.param(Term(LONG_AGO, Schedule.WEEKLY, times=3), 10 * 7 + 2, id="three times a week"),
        # Six months that are over: September to February.
        pytest.param(
            Term(LONG_AGO, Schedule.MONTHLY, times=5),
            (TODAY - date(2025, 8, 31)).days,
            id="five times a month",
        ),
    ],
)
def test_a_habit_is_asked_about_after_thirty_due_days(term: Term, enough: int):
    assert is_asked(term, days=[ago(enough)])
    assert not is_asked(term, days=[ago(enough - 1)])


def test_a_total_over_the_week_is_told_by_its_amounts():
    pages, monday = Term(LONG_AGO, Schedule.WEEKLY, Kind.AT_LEAST, target=50_000), ago(30 * 7 + 1)
    known = {"days": [monday], "amounts": json.dumps([[monday.isoformat(), 50_000]])}
    assert not is_asked(pages, **known)
    known["amounts"] = json.dumps([[monday.isoformat(), 49_000]])
    assert is_asked(pages, **known)


def test_nobody_is_asked_about_what_should_be_little():
    assert not is_asked(Term(LONG_AGO, kind=Kind.AT_MOST, target=2_000))


def test_a_habit_that_was_never_kept_is_asked_about_thirty_days_after_it_began():
    assert is_asked(Term(ago(30)))
    assert not is_asked(Term(ago(29)))
    assert not is_asked(Term(TODAY + DAY))


def test_the_fold_knows_of_a_keep_that_is_no_longer_read():
    folded = {"folded_on": ago(3), "folded_kept": 9, "folded_best": 9}
    assert is_asked(**folded, folded_idle=28)
    assert not is_asked(**folded, folded_idle=27)


def test_days_that_rest_are_not_due():
    two_weeks = Rests((Rest(ago(20), ago(7)),))
    assert is_asked(days=[ago(45)], rests=two_weeks)
    assert not is_asked(days=[ago(44)], rests=two_weeks)


def test_other_terms_begin_the_count_anew():
    assert is_asked(Term(LONG_AGO), Term(ago(30), Schedule.EVERY, every=1), days=[ago(90)])
    assert not is_asked(Term(LONG_AGO), Term(ago(29), Schedule.EVERY, every=1), days=[ago(90)])
    # Terms to come change nothing yet.
    assert is_asked(Term(LONG_AGO), Term(TODAY + DAY), days=[ago(90)])


@pytest.mark.parametrize(
    ("asked_on", "is_again"),
    [
        pytest.param(TODAY, False, id="today"),
        pytest.param(ago(69), False, id="long ago, and never kept since"),
        pytest.param(ago(100), True, id="the day of the last keep"),
        pytest.param(ago(200), True, id="before the last keep"),
        pytest.param(ago(90), True, id="about something else, while it was kept"),
    ],
)
def test_a_habit_is_asked_about_once_until_it_was_kept_again(asked_on: date, is_again: bool):
    assert is_asked(days=[ago(100)], asked_on=asked_on) is is_again


def test_what_was_never_kept_is_asked_about_once():
    assert not is_asked(asked_on=ago(300))


def test_a_keep_is_found_behind_the_days_that_rested_since():
    # Kept a hundred days ago, and a rest of sixty days since: it was asked about before that.
    sixty = Rests((Rest(ago(62), ago(3)),))
    folded = {"folded_on": ago(3), "folded_kept": 9, "folded_best": 9, "folded_idle": 37}
    assert not is_asked(**folded, rests=sixty, asked_on=ago(66))
    assert not is_asked(**folded, rests=sixty, asked_on=ago(69))
    assert is_asked(**folded, rests=sixty, asked_on=ago(70))


def test_a_rare_habit_costs_no_look_at_every_day(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unkept.fold, "is_due", lambda *_: pytest.fail("looked at a day"))
    for schedule in (Schedule.WEEKLY, Schedule.MONTHLY):
        assert not is_asked(Term(LONG_AGO, schedule), days=[ago(190)])
    assert not is_asked(Term(LONG_AGO, Schedule.WEEKDAYS, weekdays=1), days=[ago(190)])
    assert not is_asked(days=[ago(30)])
