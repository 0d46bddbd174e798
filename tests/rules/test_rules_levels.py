"""Levels, stages and the cracks of an egg."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.levels import Ahead, Progress, Stage, ahead, cracks, level, progress, stage, total_xp
from app.rules.levels import eggs as eggs_offered

LEVELS = st.integers(1, 10**9)
XP = st.integers(0, 10**15)


@pytest.mark.parametrize(
    ("xp", "reached"),
    [
        (0, 1),
        (1, 1),
        (49, 1),
        (50, 2),
        (149, 2),
        (150, 3),
        (299, 3),
        (300, 4),
        (2249, 9),
        (2250, 10),
        (9499, 19),
        (9500, 20),
    ],
)
def test_a_level_begins_exactly_at_its_threshold(xp, reached):
    assert level(xp) == reached


@given(LEVELS)
def test_the_total_xp_of_a_level_reaches_it(reached):
    assert level(total_xp(reached)) == reached


@given(LEVELS.filter(lambda reached: reached > 1))
def test_one_xp_less_is_the_level_below(reached):
    assert level(total_xp(reached) - 1) == reached - 1


@given(XP, XP)
def test_more_xp_never_lowers_a_level(one, other):
    assert level(min(one, other)) <= level(max(one, other))


@pytest.mark.parametrize(
    ("xp", "shown"),
    [
        (0, Progress(level=1, gained=0, needed=50)),
        (49, Progress(level=1, gained=49, needed=50)),
        (50, Progress(level=2, gained=0, needed=100)),
        (170, Progress(level=3, gained=20, needed=150)),
    ],
)
def test_progress_counts_from_the_start_of_the_level(xp, shown):
    assert progress(xp) == shown


@given(XP)
def test_progress_adds_up_to_all_xp_and_is_never_full(xp):
    shown = progress(xp)

    assert total_xp(shown.level) + shown.gained == xp
    assert 0 <= shown.gained < shown.needed
    assert total_xp(shown.level) + shown.needed == total_xp(shown.level + 1)


@pytest.mark.parametrize(
    ("reached", "days_kept", "grown"),
    [
        pytest.param(1, 0, Stage.EGG, id="new"),
        pytest.param(1, 1, Stage.EGG, id="after one day"),
        pytest.param(1, 2, Stage.HATCHLING, id="hatched by days"),
        pytest.param(2, 1, Stage.HATCHLING, id="hatched by level"),
        pytest.param(4, 9, Stage.HATCHLING, id="just before young"),
        pytest.param(4, 10, Stage.YOUNG, id="young by days"),
        pytest.param(5, 9, Stage.YOUNG, id="young by level"),
        pytest.param(9, 39, Stage.YOUNG, id="just before grown"),
        pytest.param(9, 40, Stage.GROWN, id="grown by days"),
        pytest.param(10, 39, Stage.GROWN, id="grown by level"),
        pytest.param(19, 119, Stage.GROWN, id="just before majestic"),
        pytest.param(19, 120, Stage.MAJESTIC, id="majestic by days"),
        pytest.param(20, 1, Stage.MAJESTIC, id="majestic by level"),
        pytest.param(99, 9999, Stage.MAJESTIC, id="nothing comes after majestic"),
    ],
)
def test_a_pet_grows_by_level_or_by_days_whichever_comes_first(reached, days_kept, grown):
    assert stage(reached, days_kept) is grown


@given(LEVELS, st.integers(0, 10_000))
def test_neither_a_level_nor_a_day_more_makes_a_pet_younger(reached, days_kept):
    order = list(Stage)
    now = order.index(stage(reached, days_kept))

    assert order.index(stage(reached + 1, days_kept)) >= now
    assert order.index(stage(reached, days_kept + 1)) >= now


@pytest.mark.parametrize(
    ("reached", "days_kept", "told"),
    [
        pytest.param(1, 0, Ahead(Stage.HATCHLING, 2, 2, 1, 2), id="new"),
        pytest.param(1, 1, Ahead(Stage.HATCHLING, 2, 2, 1, 1), id="the day before it hatches"),
        pytest.param(4, 2, Ahead(Stage.YOUNG, 5, 10, 1, 8), id="a hatchling"),
        pytest.param(7, 28, Ahead(Stage.GROWN, 10, 40, 3, 12), id="young"),
        pytest.param(2, 40, Ahead(Stage.MAJESTIC, 20, 120, 18, 80), id="grown by days"),
        pytest.param(20, 3, None, id="majestic"),
    ],
)
def test_what_is_ahead_is_told_by_level_and_by_days(reached, days_kept, told):
    assert ahead(reached, days_kept) == told


@given(st.integers(1, 25), st.integers(0, 130))
def test_going_either_way_to_its_end_reaches_the_stage_ahead(reached, days_kept):
    told = ahead(reached, days_kept)
    if told is None:
        assert stage(reached, days_kept) is Stage.MAJESTIC
    else:
        assert min(told.levels_to_go, told.days_to_go) >= 1
        assert stage(reached + told.levels_to_go, days_kept) is told.stage
        assert stage(reached, days_kept + told.days_to_go) is told.stage


@pytest.mark.parametrize(
    ("xp", "shown"), [(0, 0), (1, 1), (5, 1), (19, 1), (20, 2), (37, 2), (38, 3), (49, 3)]
)
def test_an_egg_cracks_at_the_first_commit_at_20_and_at_38(xp, shown):
    assert cracks(xp) == shown


@pytest.mark.parametrize(
    ("best_stages", "offered"),
    [([0], 0), ([2], 0), ([3], 1), ([4], 2), ([4, 0], 1), ([4, 1, 2], 0), ([3, 3], 1), ([4, 4], 3)],
)
def test_an_egg_for_each_pet_grown_and_another_for_each_majestic(best_stages, offered):
    assert eggs_offered(best_stages) == offered
