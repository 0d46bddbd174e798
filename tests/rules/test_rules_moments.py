"""Moments: what is celebrated, in which order, and only once."""

from datetime import date

import pytest

from app.rules.moments import (
    COUNTS,
    MILESTONES,
    Keepsake,
    Marks,
    Moment,
    Occasion,
    Subjects,
    holds,
    keepsakes,
    marks,
    milestone,
    passed,
)

START = Marks(level=1, stage=0, pillar=1, milestone=0)
TUESDAY = date(2026, 3, 10)
OURS = Subjects(pet=21, pillar=1, habit=11, pillar_name="Mind", habit_name="Read")


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


# What is told, from which marks on, and what the shelf stores of it.
STORED = {
    "an egg that opens": (
        START, [Moment(Occasion.HATCH, 1)], [Keepsake(Occasion.HATCH, 21, 1)],
    ),
    "a stage": (
        Marks(4, 1, 1, 0), [Moment(Occasion.STAGE, 2)], [Keepsake(Occasion.STAGE, 21, 2)],
    ),
    "an egg from which comes who is young already": (
        START,
        [Moment(Occasion.HATCH, 2)],
        [Keepsake(Occasion.HATCH, 21, 1), Keepsake(Occasion.STAGE, 21, 2)],
    ),
    "a level": (
        Marks(6, 2, 1, 0), [Moment(Occasion.LEVEL, 7)], [Keepsake(Occasion.LEVEL, 21, 7)],
    ),
    "a pillar's level": (
        Marks(6, 2, 3, 0), [Moment(Occasion.PILLAR, 4)], [Keepsake(Occasion.PILLAR, 1, 4, "Mind")],
    ),
    "a run": (
        Marks(6, 2, 3, 7),
        [Moment(Occasion.MILESTONE, 30)],
        [Keepsake(Occasion.MILESTONE, 11, 30, "Read")],
    ),
    "a run that grew by a filled gap": (
        Marks(6, 2, 3, 0),
        [Moment(Occasion.MILESTONE, 30)],
        [Keepsake(Occasion.MILESTONE, 11, 7, "Read"), Keepsake(Occasion.MILESTONE, 11, 30, "Read")],
    ),
    "a day with all kept, once, however many were due": (
        START, [Moment(Occasion.ALL_KEPT, 6)], [Keepsake(Occasion.ALL_KEPT, 0, 739685)],
    ),
    "a find, which the album has": (START, [Moment(Occasion.FIND, 3)], []),
    "all at once, in the order of telling": (
        Marks(4, 1, 4, 0),
        [Moment(Occasion.STAGE, 2), Moment(Occasion.ALL_KEPT, 1), Moment(Occasion.LEVEL, 5),
         Moment(Occasion.MILESTONE, 7), Moment(Occasion.PILLAR, 5), Moment(Occasion.FIND, 0)],
        [Keepsake(Occasion.STAGE, 21, 2), Keepsake(Occasion.ALL_KEPT, 0, 739685),
         Keepsake(Occasion.LEVEL, 21, 5), Keepsake(Occasion.MILESTONE, 11, 7, "Read"),
         Keepsake(Occasion.PILLAR, 1, 5, "Mind")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", STORED)
def test_every_moment_that_comes_once_is_stored(case: str):
    before, told, stored = STORED[case]
    assert keepsakes(told, before, OURS, TUESDAY) == tuple(stored)
    assert date.fromordinal(739685) == TUESDAY


@pytest.mark.parametrize(
    ("moment", "rare"),
    [
        (Moment(Occasion.HATCH, 1), True),
        (Moment(Occasion.STAGE, 4), True),
        (Moment(Occasion.SPECIES, 2), True),
        (Moment(Occasion.MILESTONE, 30), False),
        (Moment(Occasion.MILESTONE, 100), True),
        (Moment(Occasion.MILESTONE, 365), True),
        (Moment(Occasion.LEVEL, 100), False),
        (Moment(Occasion.PILLAR, 100), False),
        (Moment(Occasion.ALL_KEPT, 100), False),
        (Moment(Occasion.FIND, 7), False),
    ],
)
def test_what_is_rare_gets_a_scene(moment: Moment, rare: bool):
    assert moment.is_rare == rare


@pytest.mark.parametrize(
    ("number", "reached", "shown"),
    [(7, 7, True), (7, 40, True), (7, 6, False), (7, 0, False), (7, None, True)],
)
def test_the_shelf_shows_what_holds_and_what_is_of_something_gone(
    number: int, reached: int | None, shown: bool
):
    assert holds(number, reached) == shown


def test_the_counts_rise():
    assert list(COUNTS) == sorted(set(COUNTS))
