"""Which habit may take root: it is offered on its page, and once a week one of them on Today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from app.facts import histories
from app.infra.statement import Statement
from app.queries.day import Day
from app.rules import rooted
from app.rules.facts import HabitFacts
from app.rules.identity import Claims

# All days are read of so many on one look.
_AT_ONCE = 3


class _Row(NamedTuple):
    rooted_at: datetime | None
    asked_on: date | None


_ROOTED = Statement(
    "SELECT rooted_at, asked_on FROM habits WHERE user_id = :me AND id = :habit", _Row
)


@dataclass(frozen=True, slots=True)
class Rooting:
    """When a habit took root, None when it did not, and whether it is offered to."""

    rooted_at: datetime | None
    is_offered: bool


def of_habit(reading: Connection, who: Claims, habit_id: int, day: Day) -> Rooting:
    """Return how far a habit has taken root. The `day` is one read with it."""
    row = _ROOTED.one(reading, {"me": who.user_id, "habit": habit_id})
    asked_on = {habit_id: row.asked_on} if row.asked_on else {}
    habits = (habit for habit in day.board.habits if habit.id == habit_id)
    return Rooting(row.rooted_at, offered(reading, who, habits, day, asked_on) is not None)


def offered(
    reading: Connection,
    who: Claims,
    habits: Iterable[HabitFacts],
    day: Day,
    asked_on: Mapping[int, date],
) -> HabitFacts | None:
    """Return one of the `habits` that may take root and was not asked about of late.

    Those that were kept most often come first, and no more than three are looked at: all of their
    days are read.
    """
    today = day.board.today
    strong = [
        habit
        for habit in habits
        if not habit.is_archived
        and rooted.may_be_offered(asked_on.get(habit.id), today)
        and day.board.shown(habit).strength >= rooted.STRONG
    ]
    first = {habit.id: habit for habit in sorted(strong, key=_times_kept)[:_AT_ONCE]}
    if not first:
        return None
    known = dict(histories.look(reading, who.user_id, list(first)))
    return next((first[one] for one in first if rooted.is_ripe(known[one], today)), None)


def _times_kept(habit: HabitFacts) -> int:
    return -habit.kept
