"""The answer of every press is what the pages then show, whatever was done before.

People press, make up for days, put things away, move them, travel, and days go by, at random.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest

from app.infra import clock, db
from app.operations import accounts, habits, pillars
from app.operations.habits import HabitFields
from app.queries import habit_page
from app.queries import pillars as pillar_queries
from app.queries.day import read_day
from app.queries.habit_page import Asked
from app.queries.ledger import verify
from app.rules.errors import Archived, Invalid
from app.rules.outcome import Outcome
from app.rules.schedule import Schedule
from tests import world as make
from tests.world import NOON, TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

STEPS = 520
# What the other habits of a press ask for follows from days, a week, or their last keep.
RHYTHMS = (
    {}, {"schedule": Schedule.WEEKLY, "times": "3"}, {"schedule": Schedule.EVERY, "every": "3"}, {},
    {"schedule": Schedule.WEEKDAYS, "weekdays": ("0", "1", "2", "3", "4")}, {},
)  # fmt: skip
ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata")


class Life:
    """What somebody does with some habits in some pillars."""

    def __init__(self, world: World, at: Callable, seed: int) -> None:
        self.ada, self.at, self.random = world.ada, at, Random(seed)
        self.now = NOON
        self.pillars = [make.pillar(self.ada, f"Pillar {number}") for number in range(3)]
        first = TUESDAY - timedelta(days=9)
        self.habits = [
            make.habit(
                self.ada, self.pillars[number % 3], f"Habit {number}", starts_on=first, **rhythm
            )
            for number, rhythm in enumerate(RHYTHMS)
        ]
        self.presses = 0
        # Most steps are presses; everything else changes what they answer.
        self.acts = [
            *[self.press] * 12, *[self.make_up] * 4, self.wait, self.wait, self.archive,
            self.restore, self.archive_pillar, self.restore_pillar, self.move_to, self.begin,
            self.travel,
        ]  # fmt: skip

    def step(self) -> None:
        """Do one thing. What the game refuses leaves everything as it is."""
        with suppress(Archived, Invalid):
            self.random.choice(self.acts)()

    @property
    def habit(self) -> int:
        return self.random.choice(self.habits)

    @property
    def pillar(self) -> int:
        return self.random.choice(self.pillars)

    def do(self, act: Callable[..., object], *arguments: object) -> None:
        with db.transaction() as session:
            act(session, self.ada, *arguments)

    def press(self, day: date | None = None) -> None:
        act = make.keep if self.random.random() < 0.6 else make.take_back
        key = self.random.choice((None, str(self.random.randrange(10**6))))
        agree(self.ada, act(self.ada, self.habit, day, key))
        self.presses += 1

    def make_up(self) -> None:
        today = make.claims(self.ada).day_of(self.now)
        self.press(today - timedelta(days=self.random.choice((1, 1, 2, 3, 4, 5, 8, 13))))

    def wait(self) -> None:
        self.now += timedelta(hours=self.random.choice((3, 9, 24, 24, 48, 96)))
        self.at(self.now)

    def archive(self) -> None:
        self.do(habits.archive, self.habit)

    def restore(self) -> None:
        for habit_id in self.random.sample(self.habits, 3):
            self.do(habits.restore, habit_id, 1000)

    def archive_pillar(self) -> None:
        self.do(pillars.archive, self.pillar)

    def restore_pillar(self) -> None:
        for pillar_id in self.pillars:
            self.do(pillars.restore, pillar_id, 0)

    def move_to(self) -> None:
        self.do(habits.move_to, self.habit, self.pillar)

    def begin(self) -> None:
        today = make.claims(self.ada).day_of(self.now)
        first = today - timedelta(days=self.random.choice((0, 0, 3, 20, 40)))
        self.do(habits.edit, self.habit, HabitFields("Another", "hard", first))

    def travel(self) -> None:
        zone, hour = self.random.choice(ZONES), self.random.randrange(7)
        self.do(accounts.set_preferences, None, zone, hour)


def agree(me: object, outcome: Outcome) -> None:
    """Everything in the answer stands as it does on Today, the pillar's page, and the list."""
    who, now, row = make.claims(me), clock.now(), outcome.row
    with db.reading() as session:
        today = read_day(session, who, now)
        listed = {
            line.header.id: line.header
            for line in pillar_queries.all_pillars(
                session, who, read_day(session, who, now, put_away=True)
            )
        }
        own = read_day(session, who, now, habit_id=row.id)
        page = habit_page.page(session, who, row.id, own, Asked(day=outcome.day))
        assert outcome.pet == today.pet == own.pet
        assert row == page.row
        if page.one_day is not None and page.one_day.day == outcome.day:
            assert outcome.kept == page.one_day.mark.kept
        for header in outcome.pillars:
            alone = pillar_queries.one(
                session, who, header.id, read_day(session, who, now, pillar_id=header.id)
            )
            assert header == listed[header.id] == alone.header
        (shown,) = [r for p in pillar_queries.of_day(today) for r in p.rows if r.id == row.id]
        assert row == shown
        assert page.pillar == outcome.pillars[0]


@pytest.mark.parametrize("seed", range(4))
def test_the_answer_of_every_press_is_what_the_pages_show(world: World, at: Callable, seed: int):
    life = Life(world, at, seed)
    for _step in range(STEPS):
        life.step()
    assert life.presses > STEPS / 4
    with db.reading() as session:
        assert list(verify.differences(session)) == []
