"""Rests: on which days a habit rests, wherever it lived."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.rests import NEVER, NONE, Home, Quiet, Rest, Rests

DAY = timedelta(days=1)
BODY, MIND, HOME = 1, 2, 3
RUN, READ = 11, 12
FOR_EVER = date.max


def march(day: int) -> date:
    return date(2026, 3, day)


def ranges(*pairs: tuple[int, int | None]) -> list[tuple[date, date]]:
    return [(march(first), march(last) if last else FOR_EVER) for first, last in pairs]


def quiet(*pairs: tuple[int, int | None]) -> Quiet:
    return Quiet.of(ranges(*pairs))


def days(of: Quiet) -> set[int]:
    return {day for day in range(1, 32) if of.covers(march(day))}


@pytest.mark.parametrize(
    ("told", "known"),
    [
        pytest.param([], [], id="none"),
        pytest.param([(3, 5)], [(3, 5)], id="one"),
        pytest.param([(3, 3)], [(3, 3)], id="a skip"),
        pytest.param([(9, 12), (3, 5)], [(3, 5), (9, 12)], id="in order"),
        pytest.param([(3, 5), (6, 8)], [(3, 8)], id="neighbours"),
        pytest.param([(3, 5), (7, 8)], [(3, 5), (7, 8)], id="a day between"),
        pytest.param([(3, 9), (5, 6)], [(3, 9)], id="one in another"),
        pytest.param([(3, 6), (5, 9)], [(3, 9)], id="overlapping"),
        pytest.param([(3, None), (5, 9)], [(3, None)], id="in one without an end"),
        pytest.param([(3, 5), (4, None)], [(3, None)], id="into one without an end"),
        pytest.param([(5, None), (9, None)], [(5, None)], id="two without an end"),
        pytest.param([(5, 4)], [], id="begun and ended before it began"),
    ],
)
def test_a_day_rests_or_it_does_not(told, known):
    assert quiet(*told) == Quiet(*map(tuple, zip(*ranges(*known), strict=True)))


@pytest.mark.parametrize(
    ("day", "covered"), [(2, False), (3, True), (5, True), (6, False), (9, True), (31, True)]
)
def test_a_rest_covers_both_of_its_ends(day, covered):
    assert quiet((3, 5), (9, None)).covers(march(day)) is covered
    assert not NEVER.covers(march(day))


@pytest.mark.parametrize(
    ("first", "last", "many", "others"),
    [
        pytest.param(1, 12, 5, [(1, 2), (6, 8), (11, 12)], id="around"),
        pytest.param(3, 5, 3, [], id="one exactly"),
        pytest.param(4, 4, 1, [], id="one day inside"),
        pytest.param(4, 9, 3, [(6, 8)], id="from inside to inside"),
        pytest.param(6, 8, 0, [(6, 8)], id="between"),
        pytest.param(1, 3, 1, [(1, 2)], id="up to the first"),
        pytest.param(5, 7, 1, [(6, 7)], id="from the last"),
        pytest.param(22, 31, 8, [(22, 23)], id="into one without an end"),
        pytest.param(25, 31, 7, [], id="in one without an end"),
        pytest.param(8, 6, 0, [], id="no days at all"),
    ],
)
def test_days_between_and_the_others(first, last, many, others):
    known = quiet((3, 5), (9, 10), (24, None))

    assert known.days_between(march(first), march(last)) == many
    assert list(known.between(march(first), march(last))) == ranges(*others)


NEAR = st.integers(1, 31)


@given(st.lists(st.tuples(NEAR, st.none() | NEAR), max_size=4), NEAR, NEAR)
def test_days_and_ranges_agree_with_asking_day_by_day(told, first, last):
    known, asked = quiet(*told), range(first, last + 1)
    covered = {day for day in range(1, 32) if any(a <= day <= (b or 31) for a, b in told)}

    assert days(known) == covered
    assert known.days_between(march(first), march(last)) == len(covered.intersection(asked))
    others = [
        day
        for begins, ends in known.between(march(first), march(last))
        for day in range(begins.day, ends.day + 1)
    ]
    assert others == [day for day in asked if day not in covered]


MOVED = (Home(RUN, BODY, march(9)), Home(RUN, MIND, march(14)), Home(READ, BODY, march(20)))


@pytest.mark.parametrize(
    ("rest", "resting"),
    [
        pytest.param(Rest(march(3), march(5)), {3, 4, 5}, id="of everything"),
        pytest.param(Rest(march(30)), {30, 31}, id="of everything, without an end"),
        pytest.param(Rest(march(3), march(3), habit_id=RUN), {3}, id="of the habit"),
        pytest.param(Rest(march(3), march(5), habit_id=READ), set(), id="of another"),
        pytest.param(Rest(march(8), march(11), BODY), {8, 9}, id="of the pillar it left"),
        pytest.param(Rest(march(8), march(11), MIND), {10, 11}, id="of the one it came to"),
        pytest.param(Rest(march(8), march(16), MIND), {*range(10, 15)}, id="of one between"),
        pytest.param(Rest(march(8), march(16), HOME), {15, 16}, id="of where it lives now"),
        pytest.param(Rest(march(8), None, BODY), {8, 9}, id="of one it left for ever"),
        pytest.param(Rest(march(29), None, HOME), {29, 30, 31}, id="of its pillar, for ever"),
        pytest.param(Rest(march(20), march(22), BODY), set(), id="after it left"),
        pytest.param(Rest(march(2), march(4), HOME), set(), id="before it came"),
    ],
)
def test_a_rest_of_a_pillar_covers_the_habits_that_lived_there_on_that_day(rest, resting):
    assert days(Rests((rest,), MOVED).quiet(RUN, HOME)) == resting


def test_a_habit_that_came_back_rests_with_its_pillar_on_the_days_it_was_there():
    homes = (Home(RUN, BODY, march(5)), Home(RUN, MIND, march(9)))
    away = Rest(march(4), march(11), BODY)

    assert days(Rests((away,), homes).quiet(RUN, BODY)) == {4, 5, 10, 11}
    assert days(Rests((away,), homes).quiet(READ, BODY)) == {*range(4, 12)}


def test_rests_of_one_habit_add_up():
    rests = Rests((Rest(march(3), march(5)), Rest(march(5), march(7), BODY), Rest(march(8))))

    assert rests.quiet(RUN, BODY) == quiet((3, None))
    assert rests.quiet(RUN, MIND) == quiet((3, 5), (8, None))
    assert rests.of_all() == quiet((3, 5), (8, None))


def test_what_the_database_tells():
    text = f'[[["2026-03-03", "2026-03-05", null, null], ["2026-03-09", null, {BODY}, null]],'
    text += f' [[{RUN}, {BODY}, "2026-03-10"]]]'

    told = Rests.of(text)

    assert told.rests == (Rest(march(3), march(5)), Rest(march(9), None, BODY))
    assert told.quiet(RUN, MIND) == quiet((3, 5), (9, 10))
    assert Rests.of(None) == NONE
    assert NONE.quiet(RUN, BODY) == NEVER


@pytest.mark.parametrize(
    ("many", "until", "rests", "before"),
    [
        pytest.param(0, 10, [], 10, id="none"),
        pytest.param(3, 10, [], 7, id="without a rest"),
        pytest.param(3, 10, [(8, 9)], 5, id="a rest in between"),
        pytest.param(3, 10, [(8, 9), (5, 6)], 3, id="another behind it"),
        pytest.param(3, 10, [(9, 20)], 5, id="a rest under way"),
        pytest.param(3, 10, [(1, 7)], 7, id="a rest that is older"),
        pytest.param(0, 10, [(9, 10)], 10, id="none, and a rest"),
    ],
)
def test_days_that_do_not_rest_are_counted_back(
    many: int, until: int, rests: list[tuple[int, int]], before: int
):
    quiet = Quiet.of([(march(first), march(last)) for first, last in rests])
    assert quiet.day_before(many, march(until)) == march(before)


def march(day: int) -> date:
    return date(2026, 3, day)
