"""Moments: what is celebrated, in which order, and only once."""

import pytest

from app.rules.moments import MILESTONES, Marks, Moment, Occasion, marks, milestone, passed

START = Marks(level=1, stage=0, pillar=1, milestone=0)


@pytest.mark.parametrize(
    ("run", "reached"),
    [(0, 0), (6, 0), (7, 7), (29, 7), (30, 30), (99, 30), (100, 100), (365, 365), (5000, 1000)],
)
def test_a_milestone_is_reached_exactly_at_its_run(run: int, reached: int):
    assert milestone(run) == reached


@pytest.mark.parametrize(
    ("xp", "days", "expected"),
    [
        (0, 0, START),
        (50, 1, Marks(2, 1, 2, 0)),
        (20, 2, Marks(1, 1, 1, 0)),
        (500, 3, Marks(5, 2, 5, 0)),
        (100, 40, Marks(2, 3, 2, 0)),
        (9500, 1, Marks(20, 4, 20, 0)),
    ],
)
def test_marks_follow_level_or_days(xp: int, days: int, expected: Marks):
    assert marks(pet_xp=xp, pet_days=days, pillar_xp=xp, run=0) == expected


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (START, START, []),
        (
            START,
            Marks(2, 1, 2, 0),
            [(Occasion.HATCH, 1), (Occasion.LEVEL, 2), (Occasion.PILLAR, 2)],
        ),
        (Marks(4, 1, 4, 0), Marks(5, 2, 4, 0), [(Occasion.STAGE, 2), (Occasion.LEVEL, 5)]),
        (Marks(4, 2, 4, 7), Marks(4, 2, 4, 30), [(Occasion.MILESTONE, 30)]),
        # An undo lowered the level; reaching it again is no news.
        (Marks(5, 2, 5, 30), Marks(5, 2, 5, 30), []),
        (Marks(6, 2, 6, 30), Marks(5, 2, 5, 7), []),
    ],
)
def test_only_what_was_never_reached_before_is_celebrated(
    before: Marks, now: Marks, said: list[tuple[Occasion, int]]
):
    assert passed(before, now) == tuple(Moment(*moment) for moment in said)


def test_all_kept_and_a_find_come_in_their_place():
    now = Marks(level=2, stage=1, pillar=1, milestone=MILESTONES[0])
    found = [moment.occasion for moment in passed(START, now, all_kept=6, find=0)]
    assert found == [
        Occasion.HATCH, Occasion.ALL_KEPT, Occasion.LEVEL, Occasion.MILESTONE, Occasion.FIND,
    ]  # fmt: skip
