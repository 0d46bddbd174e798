"""Sets of days: made, joined, and counted together."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.rules.frame import Frame

FIRST = date(2026, 2, 1)
NEAR = st.integers(-5, 45).map(lambda number: FIRST + number * timedelta(days=1))
FRAMES = st.integers(0, 40).map(lambda many: Frame(FIRST, FIRST + many * timedelta(days=1)))


def held(frame: Frame, days: int) -> set[date]:
    counted = frame.counts(days)
    assert set(counted) <= {0, 1}
    return {day for day, many in zip(frame.days, counted, strict=True) if many}


@given(FRAMES, NEAR, NEAR)
def test_a_stretch_is_the_days_from_one_to_another(frame: Frame, begins: date, ends: date):
    assert held(frame, frame.between(begins, ends)) == {
        day for day in frame.days if begins <= day <= ends
    }
    assert frame.all == frame.between(date.min, date.max)


@given(FRAMES, st.integers(0, 127))
def test_weekdays_are_a_bit_each(frame: Frame, bits: int):
    assert held(frame, frame.on_weekdays(bits)) == {
        day for day in frame.days if bits >> day.weekday() & 1
    }


@given(st.lists(st.sets(st.integers(0, 40)), max_size=9))
def test_a_sum_counts_for_each_day_the_sets_that_hold_it(sets: list[set[int]]):
    frame = Frame(FIRST, FIRST + timedelta(days=40))
    counted = frame.counts(sum(frame.of(numbers) for numbers in sets))
    assert list(counted) == [sum(day in numbers for numbers in sets) for day in range(41)]


def test_more_sets_than_a_byte_counts():
    frame = Frame(FIRST, FIRST + timedelta(days=2))
    assert list(frame.counts(700 * frame.of([1]) + frame.of([2]))) == [0, 700, 1]
