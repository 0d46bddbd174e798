"""The strength of a pillar or a habit over a year: once a week, and as it is today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.queries.stats.kept import Scope
from app.queries.stats.shelf import ShelfHabit
from app.rules import fold, strength
from app.rules.board import YOUNG
from app.rules.facts import amounts_of
from app.rules.identity import Claims
from app.rules.states import History, nothing
from app.rules.weeks import Weeks


class Point(NamedTuple):
    """The strength at the end of a day, in whole percent."""

    day: date
    percent: int


@dataclass(frozen=True, slots=True)
class Course:
    """The strength on the last day of each week, oldest first; at least one.

    The first is no earlier than a week after the first day of what is looked at: before that it
    would say more of the beginning than of the habit. `is_today` tells that the last is of today.
    """

    points: tuple[Point, ...]
    is_today: bool

    @property
    def first(self) -> Point:
        """Where it began."""
        return self.points[0]

    @property
    def last(self) -> Point:
        """Where it stands."""
        return self.points[-1]

    @property
    def highest(self) -> Point:
        """Where it was highest, of equals the newest."""
        return max(self.points, key=lambda point: (point.percent, point.day))


class _Days(NamedTuple):
    habit_id: int
    days: Sequence[date]
    amounts: str | None


_DAYS = Statement(
    """
SELECT h.id AS habit_id,
       ARRAY(SELECT c.day FROM commits c
             WHERE c.user_id = :me AND c.habit_id = h.id AND c.day BETWEEN h.since AND :last
             ORDER BY c.day) AS days,
       (SELECT json_agg(json_build_array(a.day, CAST(a.amount * 1000 AS bigint)))::text
        FROM (SELECT a.day, sum(a.amount) AS amount FROM amounts a
              WHERE a.user_id = :me AND a.habit_id = h.id AND a.day BETWEEN h.since AND :last
              GROUP BY a.day) AS a) AS amounts
FROM unnest(CAST(:habits AS bigint[]), CAST(:since AS date[])) AS h(id, since)
""",
    _Days,
)


def course(
    reading: Connection,
    who: Claims,
    scope: Scope,
    habits: Sequence[ShelfHabit],
    weeks: Weeks,
    ends: Sequence[date],
    today: date,
) -> Course | None:
    """Return the strength of `scope`, to which `habits` belong, at the `ends` of weeks, ascending.

    That of a pillar is the mean of its habits' that had begun by then, archived ones left out. It
    is None for everything, and where nothing is older than a week.
    """
    if scope.kind == "pillar":
        habits = [habit for habit in habits if not habit.archived]
    if scope.id is None or not habits:
        return None
    first = min(habit.timetable.starts_on for habit in habits)
    told = [day for day in ends if (day - first).days >= YOUNG]
    if not told:
        return None
    courses = _courses(reading, who, habits, weeks, told, today)
    points = tuple(_mean(day, number, courses) for number, day in enumerate(told))
    return Course(points, is_today=told[-1] == today)


def _courses(
    reading: Connection,
    who: Claims,
    habits: Sequence[ShelfHabit],
    weeks: Weeks,
    days: Sequence[date],
    today: date,
) -> list[tuple[date, list[float]]]:
    """Return for each habit its first day, and its strength on each of the `days`."""
    begins = {habit.id: _begins(habit, days[0]) for habit in habits}
    values = {
        "me": who.user_id,
        "last": days[-1],
        "habits": [habit.id for habit in habits],
        "since": [
            begins[habit.id] - timedelta(days=fold.reach(habit.timetable)) for habit in habits
        ],
    }
    found = {row.habit_id: row for row in _DAYS.all(reading, values)}
    courses = []
    for habit in habits:
        row = found[habit.id]
        history = History(habit.timetable, row.days, amounts_of(row.amounts), weeks, habit.quiet)
        begun = nothing(habit.timetable)._replace(through=begins[habit.id] - timedelta(days=1))
        closed = [day for day in days if day < today]
        # Today is open still: what it shows is what its row does.
        open_too = [habit.strength] * (len(days) - len(closed))
        courses.append(
            (habit.timetable.starts_on, fold.strengths(begun, history, closed) + open_too)
        )
    return courses


def _begins(habit: ShelfHabit, first: date) -> date:
    """Return the day on which the fold may begin for its strength on `first` to be true."""
    timetable = habit.timetable
    fades = max(map(strength.fades, timetable.terms))
    return max(timetable.starts_on, first - timedelta(days=fades))


def _mean(day: date, number: int, courses: Sequence[tuple[date, list[float]]]) -> Point:
    begun = [values[number] for starts_on, values in courses if starts_on <= day]
    return Point(day, strength.mean(begun))
