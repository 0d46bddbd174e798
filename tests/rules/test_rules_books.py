"""The books: what presses of the past earn in order, with no walk through the years for each."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import finds, fold
from app.rules.books import Balance, Books, Found, HabitTerms, Leader, Line, PastPress
from app.rules.diary import Diary
from app.rules.moments import Keepsake, Occasion
from app.rules.rests import Quiet
from app.rules.reward import Effort
from app.rules.schedule import Timetable
from app.rules.states import History, nothing

ME = 5
BODY, MIND = 1, 2
WATER, READ, RUN = 11, 12, 13
FOX, OWL = 21, 22
START = date(2026, 3, 1)
DAILY = Timetable.daily(START)
HABITS = {
    WATER: HabitTerms(BODY, Effort.EASY, DAILY),
    READ: HabitTerms(MIND, Effort.NORMAL, DAILY),
    RUN: HabitTerms(BODY, Effort.HARD, DAILY, Quiet((date(2026, 3, 10),), (date.max,))),
}


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


LEADERS = [Leader(at(START, 0), FOX), Leader(at(date(2026, 3, 5), 12), OWL)]


def march(number: int) -> date:
    return date(2026, 3, number)


def entered(presses: Sequence[tuple[int, int, int, int, bool]]) -> Books:
    """Return books with presses: day and hour of the press, habit, day acted on, keep or not."""
    books = Books(ME, HABITS, LEADERS)
    for today, hour, habit, day, keeps in presses:
        books.enter(PastPress(at(march(today), hour), march(today), habit, march(day), keeps))
    return books


def amounts(books: Books) -> list[int]:
    return [line.amount for line in books.lines]


@pytest.mark.parametrize(
    ("presses", "earned"),
    [
        pytest.param([(1, 8, READ, 1, True)], [10], id="the first day"),
        pytest.param([(d, 8, READ, d, True) for d in (1, 2, 3)], [10, 10, 11], id="a run"),
        pytest.param([(9, 8, READ, 2, True)], [10], id="a week back"),
        pytest.param([(10, 8, READ, 2, True)], [0], id="more than a week back"),
        pytest.param([(1, 8, READ, 1, True)] * 2, [10], id="kept already"),
        pytest.param([(1, 8, READ, 1, False)], [], id="nothing to take back"),
        pytest.param(
            [(d, 8, READ, d, True) for d in (*range(1, 4), *range(6, 10))]
            + [(10, 8, READ, 5, True)],
            [10, 10, 11, 10, 10, 11, 11, 11],
            id="a gap that is filled earns by the run that ends there",
        ),
        pytest.param(
            [(3, 8, READ, 1, True), (12, 8, READ, 1, False), (12, 9, READ, 1, True)],
            [10, -10, 10],
            id="an old day gives back what it had earned",
        ),
        pytest.param(
            [
                (1, 8, READ, 1, True),
                (2, 8, READ, 2, True),
                (3, 8, READ, 3, True),
                (3, 9, READ, 3, False),
                (4, 8, READ, 2, False),
                (4, 9, READ, 3, True),
                (12, 8, READ, 3, False),
                (12, 9, READ, 3, True),
                (12, 10, READ, 2, True),
            ],
            [10, 10, 11, -11, -10, 10, -10, 10, 10],
            id="and that is what was taken back last",
        ),
        pytest.param(
            [(12, 8, READ, 1, True), (12, 9, READ, 1, False), (12, 10, READ, 1, True)],
            [0, 0, 0],
            id="what an old day never had it does not get",
        ),
    ],
)
def test_presses_earn_by_the_run_and_the_day(presses, earned):
    assert amounts(entered(presses)) == earned


def test_what_is_taken_back_is_what_was_given_and_where():
    books = entered([
        (5, 8, RUN, 5, True), (5, 13, RUN, 5, False), (5, 14, RUN, 5, True),
    ])  # fmt: skip
    assert books.lines == [
        Line(at(march(5), 8), RUN, BODY, FOX, march(5), 20),
        Line(at(march(5), 13), RUN, BODY, FOX, march(5), -20, reverses=0),
        Line(at(march(5), 14), RUN, BODY, OWL, march(5), 20),
    ]
    assert books.pets == {FOX: Balance(0, 0, 1, 0), OWL: Balance(20, 1, 1, 0)}
    assert books.pillars == {BODY: Balance(xp=20)}
    assert books.diaries[RUN].kept_at == {march(5): at(march(5), 14)}


def test_a_day_counts_for_a_pet_while_something_that_earned_stands():
    both = [(1, 8, READ, 1, True), (1, 9, WATER, 1, True)]
    assert entered(both).pets[FOX].days == 1
    assert entered([*both, (2, 9, READ, 1, False)]).pets[FOX].days == 1
    assert entered([*both, (2, 9, READ, 1, False), (2, 9, WATER, 1, False)]).pets[FOX].days == 0
    assert entered([(20, 8, READ, 2, True)]).pets[OWL].days == 0


def test_what_was_celebrated_stays_when_it_is_taken_back():
    week = [(d, 8, READ, d, True) for d in range(6, 13)]
    undone = [(12, 9, READ, d, False) for d in range(6, 13)]
    books = entered([*week, *undone, (12, 10, READ, 12, True)])
    assert books.diaries[READ].milestone == 7
    assert books.pets[OWL] == Balance(10, 1, best_level=2, best_stage=1)
    assert books.pillars[MIND] == Balance(10, 0, best_level=2)


def test_the_run_that_counts_as_celebrated_is_the_newest_one():
    # Two of the four days between are held by shields, and then the run is another.
    days = [*range(1, 7), 12]
    books = entered([*((d, 8, READ, d, True) for d in days), (12, 9, READ, 7, True)])
    assert books.diaries[READ].milestone == 0
    assert entered([*((d, 8, READ, d, True) for d in range(1, 8))]).diaries[READ].milestone == 7


def test_a_good_day_brings_one_find_and_only_on_that_day():
    number = finds.number(ME, march(10))
    both = [(10, 8, READ, 10, True), (10, 13, WATER, 10, True)]
    assert entered(both[:1]).finds == {}
    assert entered(both).finds == {march(10): Found(OWL, number, at(march(10), 13))}
    again = [*both, (10, 14, WATER, 10, False), (10, 15, WATER, 10, True)]
    assert entered(again).finds == entered(both).finds
    # On the day before, one habit more was due, which is put away by now.
    assert entered([(9, 8, READ, 9, True), (9, 13, WATER, 9, True)]).finds == {}
    # A day that is over brings nothing, neither by what makes up for it nor when it comes again.
    late = [(12, 8, READ, 11, True), (12, 13, WATER, 11, True)]
    assert entered(late).finds == {}
    assert entered([*late, (11, 23, READ, 10, True)]).finds == {}


NEAR = st.integers(0, 30)


@given(st.lists(st.tuples(NEAR, st.integers(0, 12), st.booleans()), max_size=60))
def test_a_diary_knows_what_a_fold_of_all_its_days_knows(changes):
    diary, kept, today = Diary.empty(DAILY), set(), START
    for number, back, keeps in changes:
        # Mostly onwards; the user may fly to where it is the day before.
        today = max(today - timedelta(days=1), START + timedelta(days=number))
        day = max(today - timedelta(days=back), START)
        if keeps == (day in kept):
            continue
        if keeps:
            kept.add(day)
            diary.keep(day, at(today, 8))
            all_days = sorted(kept)
            whole = fold.on_day(nothing(DAILY), History(DAILY, all_days), day)
            assert diary.on_day(day).run == whole.run
        else:
            kept.remove(day)
            diary.take_back(day)
        diary.close(today)
        known = diary.state
        whole = fold.advance(nothing(DAILY), History(DAILY, sorted(kept)), known.through)
        assert known == whole._replace(strength=pytest.approx(whole.strength))
        assert diary.open_days == [day for day in sorted(kept) if day > known.through]
    assert set(diary.kept_at) == kept


def test_days_that_come_in_order_cost_the_same_after_years():
    books = Books(ME, {READ: HabitTerms(MIND, Effort.NORMAL, DAILY)}, LEADERS)
    walked = set()
    for number in range(2000):
        today = START + timedelta(days=number)
        books.enter(PastPress(at(today, 13), today, READ, today))
        walked.add(len(books.diaries[READ].open_days))
    assert len(books.diaries[READ].kept_at) == 2000
    assert max(walked) == 3


def test_what_is_celebrated_is_stored_with_its_day_and_once():
    days = [(day, 8, READ, day, True) for day in range(1, 8)]
    books = entered([*days, (7, 9, READ, 7, False), (7, 10, READ, 7, True)])
    assert {kept: when.day for kept, (when, _at) in books.keepsakes.items()} == {
        Keepsake(Occasion.HATCH, FOX, 1): 2,
        Keepsake(Occasion.LEVEL, FOX, 2): 5,
        Keepsake(Occasion.PILLAR, MIND, 2): 5,
        Keepsake(Occasion.HATCH, OWL, 1): 7,
        Keepsake(Occasion.MILESTONE, READ, 7): 7,
    }
    assert books.keepsakes[Keepsake(Occasion.MILESTONE, READ, 7)][1] == at(march(7), 8)


def test_the_last_that_is_due_on_its_own_day_makes_a_day_with_all_kept():
    every = [(1, hour, habit, 1, True) for hour, habit in ((8, WATER), (9, READ), (10, RUN))]
    ordinal = march(1).toordinal()
    assert Keepsake(Occasion.ALL_KEPT, 0, ordinal) not in entered(every[:2]).keepsakes
    stored = entered(every).keepsakes[Keepsake(Occasion.ALL_KEPT, 0, ordinal)]
    assert stored == (march(1), at(march(1), 10))
    late = [(2, hour, habit, day, keeps) for _today, hour, habit, day, keeps in every]
    assert not [k for k in entered(late).keepsakes if k.occasion is Occasion.ALL_KEPT]
    # What is put away is asked for no longer, and keeping it is not the last of the day.
    rest = [(11, 8, WATER, 11, True), (11, 9, READ, 11, True)]
    assert Keepsake(Occasion.ALL_KEPT, 0, march(11).toordinal()) in entered(rest).keepsakes
