"""Marks of days: each agrees with the fold of that day and with the slow recomputation."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from app.rules import fold, lookback, marks
from app.rules.lookback import Share
from app.rules.marks import Mark, State
from app.rules.rests import Quiet
from app.rules.schedule import Kind, Schedule, Term, Timetable
from app.rules.states import History, nothing
from tests.rules.test_rules_fold_random import Known, habits

DAY = timedelta(days=1)
# A Monday.
FIRST = date(2026, 3, 2)
FAR = date(2027, 1, 1)


def told(
    days: Sequence[int] = (),
    amounts: dict[int, int] | None = None,
    rests: Sequence[tuple[int, int]] = (),
    **term: Any,
) -> History:
    """A habit from FIRST on; its days are counted from there, 0 being the first."""
    return History(
        Timetable((Term(FIRST, **term),)),
        [FIRST + n * DAY for n in days],
        {FIRST + n * DAY: amount for n, amount in (amounts or {}).items()},
        quiet=Quiet.of((FIRST + a * DAY, FIRST + b * DAY) for a, b in rests),
    )


def of(history: History, many: int, today: date = FAR) -> list[Mark]:
    return marks.of(history, FIRST, FIRST + (many - 1) * DAY, today)


def by_weekday(found: list[Mark]) -> tuple[Share, ...]:
    """On how many of the days that asked it was done, Monday first."""
    return lookback.by_weekday(((m.day, Share(m.is_done, 1)) for m in found if m.counts), 0)


def states(history: History, many: int, today: date = FAR) -> str:
    """The states of the first days, each by its first letter; a shield that held as +."""
    found = of(history, many, today)
    return "".join(mark.state[0] + "+" * mark.held for mark in found)


CASES = {
    "every day": (told([0, 1, 3]), "kkm+k"),
    "a run of one is held by nothing": (told([0, 2]), "kmk"),
    "a rest": (told([0, 1, 4], rests=[(2, 3)]), "kkrrk"),
    "kept while resting": (told([0, 1], rests=[(1, 2)]), "kkr"),
    "Monday and Wednesday": (told([0], schedule=Schedule.WEEKDAYS, weekdays=5), "kimiiiim"),
    "twice a week, made": (told([0, 5], schedule=Schedule.WEEKLY, times=2), "kiiiiki"),
    "twice a week, lost": (told([0], schedule=Schedule.WEEKLY, times=2), "kiiiiim"),
    "every third day": (told([0, 4], schedule=Schedule.EVERY, every=3), "kiimkii"),
    "an amount": (
        told([1], {0: 500, 1: 2000}, kind=Kind.AT_LEAST, target=2000), "pkm",
    ),
    "an amount of a week": (
        told([3], {0: 500, 3: 2000}, schedule=Schedule.WEEKLY, kind=Kind.AT_LEAST, target=2000),
        "piikiii",
    ),
    "at most": (
        told([0], {0: 1000, 1: 3000}, kind=Kind.AT_MOST, target=2000, rests=[(3, 3)]), "kmkr",
    ),
    "at most in a week": (
        told([], {0: 1000}, schedule=Schedule.WEEKLY, kind=Kind.AT_MOST, target=2000), "iiiiiik",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("history", "expected"), CASES.values(), ids=CASES)
def test_what_a_day_became(history: History, expected: str):
    assert states(history, len(expected.replace("+", ""))) == expected


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (told([0]), "ko"),
        (told([0, 1]), "kk"),
        (told([0], schedule=Schedule.WEEKLY, times=2), "ko"),
        (told([0], schedule=Schedule.WEEKLY), "ki"),
        (told([0], rests=[(1, 1)]), "kr"),
        (told([], {1: 10}, kind=Kind.AT_LEAST, target=20), "mp"),
        (told([], {1: 10}, kind=Kind.AT_MOST, target=20), "ko"),
    ],
)
def test_today_is_open_until_it_is_kept_and_nothing_follows_it(history: History, expected: str):
    assert states(history, 10, FIRST + DAY) == expected


def test_a_shield_that_holds_is_on_the_day_that_was_missed():
    found = of(told([0, 1]), 4)
    assert [mark.held for mark in found] == [False, False, True, False]
    assert [mark.run for mark in found] == [1, 2, 2, 0]
    assert [mark.shields for mark in found] == [1, 1, 0, 0]


def test_days_before_the_first_have_no_mark():
    found = marks.of(told([0]), FIRST - 30 * DAY, FIRST + DAY, FAR)
    assert [mark.day for mark in found] == [FIRST, FIRST + DAY]
    assert marks.of(told([0]), FIRST - 30 * DAY, FIRST - DAY, FAR) == []
    assert marks.of(told([0]), FIRST, FIRST + DAY, FIRST - DAY) == []


def test_the_rate_counts_the_newest_thirty_occasions():
    always = told(range(40))
    assert marks.lately(of(always, 40), always.timetable) == Share(30, 30)
    assert marks.lately(of(always, 41), always.timetable) == Share(29, 30)
    assert marks.lately(of(always, 41, FIRST + 40 * DAY), always.timetable) == Share(30, 30)
    assert marks.lately([], always.timetable) == Share(0, 0)
    weekly = told(range(0, 7 * 20, 7), schedule=Schedule.WEEKLY)
    assert marks.lately(of(weekly, 7 * 21), weekly.timetable) == Share(11, 12)


def test_the_rate_begins_anew_with_another_schedule():
    terms = (Term(FIRST), Term(FIRST + 7 * DAY, Schedule.WEEKLY))
    changed = History(Timetable(terms), [FIRST + n * DAY for n in range(8)])
    assert marks.lately(of(changed, 21), changed.timetable) == Share(1, 2)


def test_the_weekdays_tell_of_the_days_that_asked():
    # Kept on both Mondays and on one of two Tuesdays; Wednesdays rest.
    found = of(told([0, 7, 8], rests=[(2, 2), (9, 9)]), 14)
    assert by_weekday(found) == (
        Share(2, 2), Share(1, 2), Share(0, 0), Share(0, 2), Share(0, 2), Share(0, 2), Share(0, 2),
    )  # fmt: skip
    # What is open today is no failure yet.
    assert by_weekday(of(told([]), 2, FIRST + DAY))[:2] == (Share(0, 1), Share(0, 0))


def test_any_amount_towards_a_week_is_a_day_that_did_its_part():
    weekly = told([3], {0: 500, 3: 2000}, schedule=Schedule.WEEKLY, kind=Kind.AT_LEAST, target=2000)
    assert by_weekday(of(weekly, 7)) == (
        Share(1, 1), Share(0, 1), Share(0, 1), Share(1, 1), Share(0, 0), Share(0, 0), Share(0, 0),
    )  # fmt: skip


def agrees(known: Known) -> None:
    """Compare each day with the fold on it, the fold behind it, and the slow recomputation."""
    history, slow, today = known
    begun, first = nothing(history.timetable), history.timetable.starts_on
    found = marks.of(history, first, today, today)
    assert [mark.day for mark in found] == [
        first + n * DAY for n in range((today - first).days + 1)
    ]
    for mark in found[-80:]:
        day, tale = mark.day, slow.tale(mark.day)
        shown = fold.on_day(begun, history, day)
        assert (mark.due, mark.asked, mark.resting) == (shown.due, shown.asked, shown.resting)
        assert mark.kept == (day in slow.kept)
        if day == today:
            closed = slow.kept_occasions(day)
            assert (mark.run, mark.shields) == (shown.run, shown.shields)
            assert mark.strength == pytest.approx(shown.strength, abs=1e-9)
        else:
            closed = slow.occasions(day)
            assert (mark.run, mark.shields, mark.held) == (
                tale.run, tale.shields, tale.held_on == day,
            )  # fmt: skip
            after = fold.advance(begun, history, day)
            assert mark.strength == pytest.approx(after.strength, abs=1e-9)
        assert mark.occasion == (closed[0][1] if closed else None)
    # Wherever the stretch begins, and whatever spares the way there, it is the same.
    middle = first + (today - first) // 2
    state = fold.advance(begun, history, middle - 3 * DAY)
    for spared in (None, state):
        part = marks.of(history, middle, today, today, spared)
        assert [mark._replace(strength=0) for mark in part] == [
            mark._replace(strength=0) for mark in found if mark.day >= middle
        ]
        assert part[-1].strength == pytest.approx(found[-1].strength, abs=1e-9)


@given(habits())
@settings(max_examples=60)
def test_each_mark_agrees_with_the_fold_of_its_day_and_with_the_slow_recomputation(known: Known):
    if known.today >= known.history.timetable.starts_on:
        agrees(known)


@given(habits(silences=(100, 366)))
@settings(max_examples=8)
def test_marks_agree_after_a_long_silence(known: Known):
    agrees(known)


def test_every_state_of_a_mark_comes_about():
    found = {mark.state for history, _ in CASES.values() for mark in of(history, 9)}
    elsewhere = {State.OPEN, State.SKIPPED, State.BEFORE, State.AHEAD}
    assert found | elsewhere == set(State)
