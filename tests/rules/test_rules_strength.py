"""Strength: Loop Habit Tracker's score, by its own examples and by a file that it exported."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules import fold, strength
from app.rules.rests import NEVER, Quiet
from app.rules.schedule import Kind, Schedule, Term, Timetable
from app.rules.states import History, nothing
from app.rules.sums import Sums
from tests.rules.test_rules_fold_random import Known, habits

START = date(2026, 3, 2)
DAY = timedelta(days=1)
EXPORT = Path(__file__).parent / "loop-export"


def days(*numbers: int) -> list[date]:
    return [START + number * DAY for number in numbers]


def after(term: Term, many: int, kept=(), amounts=None, rests=()) -> float:
    """Strength when so many days have closed."""
    quiet = Quiet.of((day, day) for day in days(*rests))
    timetable = Timetable((term,))
    known = History(timetable, days(*kept), amounts or {}, quiet=quiet)
    return fold.advance(nothing(timetable), known, term.starts_on + (many - 1) * DAY).strength


DAILY = Term(START)


@pytest.mark.parametrize(
    ("kept", "rests", "score"),
    [
        pytest.param(range(20), [], 0.655747, id="twenty perfect days"),
        pytest.param(set(range(20)) - {5, 10, 11}, [5, 10, 11], 0.596033, id="three skips in them"),
        pytest.param([], [], 0.0, id="none"),
    ],
)
def test_the_examples_that_loop_publishes(kept, rests, score):
    assert after(DAILY, 20, sorted(kept), rests=rests) == pytest.approx(score, abs=1e-6)


def test_two_of_three_a_week_for_ever_is_two_thirds():
    weekly = Term(START, Schedule.WEEKLY, times=3)
    kept = [day for day in range(7 * 400) if day % 7 in (1, 4)]

    assert after(weekly, 7 * 400, kept) == pytest.approx(2 / 3, abs=1e-9)


def test_thirty_perfect_days_and_one_miss_after_perfection():
    assert after(DAILY, 30, range(30)) == pytest.approx(0.798, abs=5e-4)
    assert after(DAILY, 2001, range(2000)) == pytest.approx(0.948, abs=5e-4)


@pytest.mark.parametrize("schedule", [Schedule.DAILY, Schedule.WEEKLY, Schedule.MONTHLY])
def test_at_most_begins_whole_and_stays_so_while_nothing_is_counted(schedule):
    assert after(Term(START, schedule, Kind.AT_MOST, target=2000), 90) == 1.0


@pytest.mark.parametrize(
    ("term", "kept", "counted", "share"),
    [
        pytest.param(DAILY, [59], {}, 1, id="daily, that day"),
        pytest.param(DAILY, [58], {}, 0, id="daily, the day before"),
        pytest.param(Term(START, Schedule.EVERY, every=3), [54], {}, 0.5, id="every 3: six days"),
        pytest.param(Term(START, Schedule.EVERY, every=3), [53], {}, 0, id="not seven"),
        pytest.param(Term(START, Schedule.WEEKLY, times=2), [46, 59], {}, 0.5, id="14 days"),
        pytest.param(Term(START, Schedule.WEEKLY, times=2), [45, 59], {}, 0.25, id="not 15"),
        pytest.param(Term(START, Schedule.WEEKLY, times=7), [53, 59], {}, 2 / 7, id="7 of 7"),
        pytest.param(Term(START, Schedule.WEEKLY, times=7), [52, 59], {}, 1 / 7, id="not 8"),
        pytest.param(Term(START, Schedule.MONTHLY, times=2), [0, 59], {}, 0.5, id="60 days"),
        pytest.param(
            Term(START, kind=Kind.AT_LEAST, target=4), [], {59: 3, 58: 9}, 0.75, id="at least"
        ),
        pytest.param(
            Term(START, Schedule.WEEKLY, Kind.AT_LEAST, target=8), [], {52: 9, 53: 4}, 0.5,
            id="at least a week: 7 days",
        ),
        pytest.param(
            Term(START, Schedule.MONTHLY, Kind.AT_LEAST, target=8), [], {29: 9, 30: 4}, 0.5,
            id="at least a month: 30 days",
        ),
        pytest.param(
            Term(START, Schedule.EVERY, Kind.AT_LEAST, every=5, target=8), [], {54: 9, 55: 2}, 0.25,
            id="at least every 5: five days",
        ),
        pytest.param(Term(START, kind=Kind.AT_MOST, target=4), [], {59: 5}, 0.75, id="a bit more"),
        pytest.param(Term(START, kind=Kind.AT_MOST, target=4), [], {59: 9}, 0, id="twice as much"),
        pytest.param(Term(START, kind=Kind.AT_MOST, target=4), [], {59: 4}, 1, id="just within"),
        pytest.param(Term(START, kind=Kind.AT_MOST), [], {59: 0}, 1, id="none allowed, none taken"),
        pytest.param(Term(START, kind=Kind.AT_MOST), [], {59: 1}, 0, id="none allowed, one taken"),
    ],
)  # fmt: skip
def test_the_share_of_a_day_is_that_of_its_window(term, kept, counted, share):
    amounts = {START + number * DAY: amount for number, amount in counted.items()}
    today = START + 59 * DAY

    assert strength.share(term, today, days(*kept), Sums(amounts, NEVER)) == pytest.approx(share)


def test_what_is_taken_on_a_resting_day_is_left_out():
    term = Term(START, Schedule.WEEKLY, Kind.AT_MOST, target=4)
    amounts = {START: 8, START + DAY: 4}

    assert strength.share(term, START + DAY, [], Sums(amounts, Quiet.of([(START, START)]))) == 1
    assert strength.share(term, START + DAY, [], Sums(amounts, NEVER)) == 0


def test_weekdays_move_on_their_own_days_alone_and_as_much_in_a_week_as_their_times_do():
    three = Term(START, Schedule.WEEKDAYS, weekdays=0b0010101)
    memory = strength.memory_of(three)

    assert memory**3 == pytest.approx(
        strength.memory_of(Term(START, Schedule.WEEKLY, times=3)) ** 7
    )
    assert after(three, 7, [0, 2, 4]) == pytest.approx(1 - memory**3)
    assert after(three, 7, [1, 3, 5]) == 0


def exported() -> dict[str, tuple[Term, list[date], dict[date, int], dict[date, float]]]:
    """Return by name the habits of the export whose rhythm there is here, with Loop's scores."""

    def table(name: str) -> list[dict[str, str]]:
        with (EXPORT / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    found = {}
    marks = sorted(table("Checkmarks"), key=lambda row: row["Date"])
    for habit in table("Habits"):
        name = habit["Name"]
        told = {date.fromisoformat(row["Date"]): row[name] for row in marks}
        begins = min((day for day, mark in told.items() if mark != "UNKNOWN"), default=max(told))
        term = rhythm(habit, begins)
        if term is None:
            continue
        ticked = term.kind is Kind.CHECK
        kept = [day for day, mark in told.items() if ticked and mark == "YES_MANUAL"]
        sums = {} if ticked else {day: int(mark) for day, mark in told.items() if mark.isdecimal()}
        scores = {date.fromisoformat(row["Date"]): float(row[name]) for row in table("Scores")}
        found[name] = (term, kept, sums, {d: score for d, score in scores.items() if d >= begins})
    return found


def rhythm(habit: dict[str, str], starts_on: date) -> Term | None:
    """Return the term of a row of Habits.csv, None where there is none of its rhythm."""
    times, over = int(habit["FrequencyNumerator"]), int(habit["FrequencyDenominator"])
    kind, target = Kind.CHECK, 0
    if habit["Type"] == "NUMERICAL":
        kind, target = (
            Kind(habit["Target Type"].lower()),
            int(Decimal(habit["Target Value"]) * 1000),
        )
    if times == over:
        return Term(starts_on, kind=kind, target=target)
    if over in (7, 30):
        schedule = Schedule.WEEKLY if over == 7 else Schedule.MONTHLY
        return Term(starts_on, schedule, kind, times=times, target=target)
    if times == 1:
        return Term(starts_on, Schedule.EVERY, kind, every=over, target=target)
    return None


def test_an_export_of_loop_has_the_same_scores_to_four_decimals():
    habits = exported()

    # "3 in 14 days" is no rhythm of ours.
    assert set(habits) == {"someone", "value habit"}
    for term, kept, amounts, scores in habits.values():
        timetable = Timetable((term,))
        known, begun = History(timetable, kept, amounts), nothing(timetable)
        found = {day: fold.advance(begun, known, day).strength for day in scores}
        assert {day: round(score, 4) for day, score in found.items()} == scores


@given(habits(), st.integers(0, 30))
@settings(max_examples=60)
def test_the_course_of_strength_is_that_of_the_fold(known: Known, days: int):
    history, _slow, today = known
    begun = nothing(history.timetable)
    on = [today - n * DAY for n in range(days, 0, -1) if today - n * DAY > begun.through]
    found = fold.strengths(begun, history, on)
    assert found == pytest.approx(
        [fold.advance(begun, history, day).strength for day in on], abs=1e-9
    )


@pytest.mark.parametrize(
    "term",
    [
        Term(START),
        Term(START, Schedule.WEEKDAYS, weekdays=1),
        Term(START, Schedule.WEEKDAYS, weekdays=127),
        Term(START, Schedule.EVERY, every=9),
        Term(START, Schedule.WEEKLY, times=2),
        Term(START, Schedule.MONTHLY, times=1),
    ],
    ids=lambda term: f"{term.schedule} {term.weekdays or term.times}",
)
def test_where_a_score_began_fades_from_sight(term: Term):
    timetable = Timetable((term,))
    on = START + (strength.fades(term) - 1) * DAY
    ends = [
        fold.strengths(nothing(timetable)._replace(strength=began), History(timetable, ()), [on])
        for began in (0.0, 1.0)
    ]
    assert ends[0] == pytest.approx(ends[1], abs=1e-4)
    assert ends[0] != pytest.approx(ends[1], abs=1e-5)


@pytest.mark.parametrize(
    ("score", "percent"), [(0, 0), (0.0049, 0), (0.005, 1), (0.7949, 79), (0.795, 80), (1, 100)]
)
def test_a_score_is_told_in_hundredths_rounded_half_up(score: float, percent: int):
    assert strength.percent(score) == percent
