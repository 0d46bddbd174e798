"""Today: the pet, and every pillar with its habits, in two statements however many they are.

On the first day of a week that has nothing weightier to say, a third reads the week before; on the
last, the days of strong habits, one of which may take root.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection

from app.facts.people import RestFacts
from app.queries import rooted
from app.queries.day import Day, read_day
from app.queries.day_parts import DayPart, in_part
from app.queries.pillars import PillarOfDay, Place, of_day, place
from app.queries.stats.last_week import LastWeek, last_week
from app.rules import away, days, levels, unkept
from app.rules.facts import HabitFacts
from app.rules.identity import Claims
from app.rules.mood import Mood, is_morning
from app.rules.outcome import HabitRow, PetCard
from app.rules.past_board import PastBoard
from app.rules.resting import Span

# So many commits, and the tick of a phone needs no word beside it.
PRACTICE = 5

_ONE_DAY = timedelta(days=1)


class Yesterday(NamedTuple):
    """What was due on `day`, yesterday: `left` are still open, and `rows` those that are shown."""

    day: date
    left: int
    rows: tuple[HabitRow, ...] = ()


class Notice(StrEnum):
    """The one thing that may stand above the day, the weightiest first."""

    REST = "rest"
    FIRST = "first"
    AWAY = "away"
    BACK = "back"
    EGG = "egg"
    LAST_WEEK = "last-week"
    ROOTED = "rooted"


# They speak of the day as a whole: meanwhile no habit is asked about.
_OF_THE_DAY = frozenset({Notice.REST, Notice.FIRST, Notice.AWAY, Notice.BACK})


@dataclass(frozen=True, slots=True)
class Today:
    """The user's day on the screen; `version` counts the writes that it shows.

    `began` is the first day that has a board. `day_part` is there once a habit has one: then
    `pillars` hold what belongs to it. `practised` tells that the user knows the tick; `last_week`,
    `rest` and `away` are there with their notices, `yesterday` until noon. `unkept` is the habit
    that is asked about, for it was not kept in a long while; `ripe` the one that may take root.
    """

    day: date
    began: date
    version: int
    pet: PetCard
    pillars: tuple[PillarOfDay, ...]
    day_part: DayPart | None
    place: Place
    practised: bool
    notice: Notice | None
    last_week: LastWeek | None
    rest: RestFacts | None
    away: Span | None
    unkept: HabitRow | None
    yesterday: Yesterday | None
    ripe: HabitFacts | None

    @property
    def rows(self) -> list[HabitRow]:
        """All rows, in the user's order."""
        return [row for pillar in self.pillars for row in pillar.rows]

    def folded(self, state: str) -> list[HabitRow]:
        """Return the rows that stand in no pillar, for they are in `state` and not asked for."""
        return [row for row in self.rows if not row.is_open and row.state == state]


def show(
    reading: Connection,
    who: Claims,
    now: datetime,
    free_pillars: int,
    part: str = "",
    shows_yesterday: bool = False,
) -> Today:
    """Return the user's day at `now`, or one `part` of it.

    What is still open of yesterday is counted, and has rows where `shows_yesterday`. Raises
    SessionEnded without account.
    """
    day = read_day(reading, who, now)
    today = day.board.today
    pillars, parts = of_day(day), day.person.day_parts
    shown, day_part = in_part(pillars, parts, part)
    has_parts = any(habit.id in parts for habit in day.board.habits)
    days_away = _days_away(day, who)
    notice = _notice(day, days_away)
    week = None
    if notice is None and day.board.weeks.period(today)[0] == today:
        week = last_week(reading, who, today, day.board.weeks)
        notice = Notice.LAST_WEEK if week else None
    ripe = None
    if notice is None and day.board.weeks.period(today)[1] == today:
        ripe = rooted.offered(reading, who, day.board.habits, day, day.person.asked_on)
        notice = Notice.ROOTED if ripe else None
    return Today(
        day=today,
        began=day.began,
        version=day.version,
        pet=day.pet,
        pillars=shown,
        day_part=day_part if has_parts else None,
        place=place(len(pillars), who, free_pillars),
        practised=day.person.practice >= PRACTICE,
        notice=notice,
        last_week=week,
        rest=day.person.rest,
        away=days_away,
        unkept=None if notice in _OF_THE_DAY else _unkept(day, shown),
        yesterday=_yesterday(day, who, now, shows_yesterday),
        ripe=ripe,
    )


def _yesterday(day: Day, who: Claims, now: datetime, has_rows: bool) -> Yesterday | None:
    """Return what may still be kept for yesterday, until noon.

    Who was away for days, so that the pet sleeps, has not forgotten yesterday alone.
    """
    if day.pet.mood is Mood.ASLEEP:
        return None
    yesterday = day.today - _ONE_DAY
    hour = days.local_hour(now, who.timezone)
    if yesterday < day.began or not is_morning(hour, who.day_start):
        return None
    board = PastBoard.still_open(yesterday, day.board)
    if not board.habits:
        return None
    pillars = day.person.pillars if has_rows else ()
    rows = tuple(row for pillar in pillars for row in board.rows(pillar.id))
    return Yesterday(yesterday, len(board.habits), rows)


def row_of_yesterday(
    reading: Connection, who: Claims, now: datetime, habit_id: int
) -> Yesterday | None:
    """Return yesterday with the row of one habit, kept or not; None where it has none."""
    yesterday = who.day_of(now) - _ONE_DAY
    board = read_day(reading, who, now, on=yesterday, habit_id=habit_id).board
    habit = board.habit(habit_id)
    if habit is None or board.today != yesterday:
        return None
    return Yesterday(yesterday, board.due.due - board.due.kept, (board.row(habit),))


def _days_away(day: Day, who: Claims) -> Span | None:
    """Return the days away that are offered as a rest."""
    person, today = day.person, day.board.today
    began = who.day_of(person.created_at)
    active = [one + _ONE_DAY for one in (person.kept_before, person.added_before) if one]
    days_away = day.board.days_away(max([began, *active]))
    return away.offer(days_away, person.away_answered, today, person.kept_before)


def _unkept(day: Day, pillars: Iterable[PillarOfDay]) -> HabitRow | None:
    """Return the first of the habits that is asked about: one at a time."""
    facts, asked_on = {habit.id: habit for habit in day.board.habits}, day.person.asked_on
    rows = (row for pillar in pillars if not pillar.header.is_folded for row in pillar.rows)
    open_rows = (row for row in rows if row.asked and not row.done)
    return next(
        (
            row
            for row in open_rows
            if unkept.is_asked_about(day.board, facts[row.id], asked_on.get(row.id))
        ),
        None,
    )


def _notice(day: Day, days_away: Span | None) -> Notice | None:
    if day.person.rest:
        return Notice.REST
    if day.pet.due and not day.person.practice:
        return Notice.FIRST
    if days_away:
        return Notice.AWAY
    if day.pet.due and day.pet.mood is Mood.ASLEEP:
        return Notice.BACK
    waits_until = day.person.egg_waits_until
    return Notice.EGG if levels.is_asked(day.eggs, waits_until, day.board.today) else None
