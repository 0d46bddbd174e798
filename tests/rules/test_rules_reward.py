"""What a commit earns."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.reward import BASE, LONGEST_BONUS, Effort, Reason, reason, worth, xp

TODAY = date(2026, 3, 31)


# By hand: base · (60 + run) / 60, to the nearest whole XP, a half upwards.
@pytest.mark.parametrize(
    ("effort", "run", "earned"),
    [
        (Effort.EASY, 0, 5),  # 5
        (Effort.EASY, 1, 5),  # 5.08
        (Effort.EASY, 5, 5),  # 5.42
        (Effort.EASY, 6, 6),  # 5.5
        (Effort.EASY, 17, 6),  # 6.42
        (Effort.EASY, 18, 7),  # 6.5
        (Effort.EASY, 30, 8),  # 7.5
        (Effort.NORMAL, 0, 10),  # 10
        (Effort.NORMAL, 1, 10),  # 10.17
        (Effort.NORMAL, 2, 10),  # 10.33
        (Effort.NORMAL, 3, 11),  # 10.5
        (Effort.NORMAL, 8, 11),  # 11.33
        (Effort.NORMAL, 9, 12),  # 11.5
        (Effort.NORMAL, 29, 15),  # 14.83
        (Effort.NORMAL, 30, 15),  # 15
        (Effort.HARD, 1, 20),  # 20.33
        (Effort.HARD, 2, 21),  # 20.67
        (Effort.HARD, 3, 21),  # 21
        (Effort.HARD, 30, 30),  # 30
    ],
)
def test_a_run_adds_a_sixtieth_of_the_base_for_each_kept_occasion(effort, run, earned):
    assert xp(effort, run, TODAY, TODAY) == earned


@pytest.mark.parametrize("run", [31, 60, 3650])
@pytest.mark.parametrize("effort", Effort)
def test_the_bonus_grows_no_more_after_thirty(effort, run):
    assert xp(effort, run, TODAY, TODAY) == xp(effort, 30, TODAY, TODAY)


@pytest.mark.parametrize(
    ("days_back", "earned"),
    [
        pytest.param(-1, 10, id="tomorrow, after a flight west"),
        pytest.param(0, 10, id="today"),
        pytest.param(1, 10, id="yesterday"),
        pytest.param(7, 10, id="a week back"),
        pytest.param(8, 0, id="more than a week back"),
        pytest.param(3650, 0, id="years back"),
    ],
)
def test_a_day_more_than_a_week_back_earns_nothing(days_back, earned):
    assert xp(Effort.NORMAL, 1, TODAY - timedelta(days=days_back), TODAY) == earned


@pytest.mark.parametrize(
    ("days_back", "before", "earned"),
    [
        pytest.param(8, 12, 12, id="more than a week back it comes back"),
        pytest.param(3650, 30, 30, id="years back too"),
        pytest.param(8, 0, 0, id="what gave nothing gives nothing"),
        pytest.param(7, 30, 10, id="a newer day earns by the rule, and no more"),
        pytest.param(0, 5, 10, id="and no less"),
    ],
)
def test_an_old_day_kept_again_gives_back_what_it_had_earned(days_back, before, earned):
    day = TODAY - timedelta(days=days_back)
    assert xp(Effort.NORMAL, 1, day, TODAY, before) == earned


def test_an_effort_may_come_as_its_bare_name():
    assert xp(Effort("hard"), 1, TODAY, TODAY) == BASE[Effort.HARD]


@given(effort=st.sampled_from(Effort), run=st.integers(0, 10_000))
def test_a_longer_run_never_earns_less_and_never_more_than_half_on_top(effort, run):
    earned = xp(effort, run, TODAY, TODAY)

    assert earned <= xp(effort, run + 1, TODAY, TODAY)
    assert BASE[effort] <= earned <= (3 * BASE[effort] + 1) // 2


def test_what_was_earned_tells_effort_and_run():
    # The ledger keeps amounts alone: were two efforts ever to earn the same, it had to keep more.
    for effort in Effort:
        for run in range(2 * LONGEST_BONUS):
            why = reason(worth(effort, run))
            assert why is not None
            assert (why.effort, why.base, why.base + why.bonus) == (
                effort, BASE[effort], worth(effort, run)
            )  # fmt: skip
            assert why.least <= run
            assert why.most is None or run <= why.most


def test_a_reason_names_the_runs_that_earn_the_same():
    assert reason(13) == Reason(Effort.NORMAL, 10, 3, 15, 20)
    assert reason(30) == Reason(Effort.HARD, 20, 10, 29, None)
    assert reason(10) == Reason(Effort.NORMAL, 10, 0, 0, 2)
    assert [amount for amount in range(40) if reason(amount)] == [
        *range(5, 9), *range(10, 16), *range(20, 31)
    ]  # fmt: skip
    assert reason(-10) is None
