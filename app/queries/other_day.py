"""A day gone by on the screen: its board, in three statements however many habits there are."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from app.queries.day import read_day
from app.queries.pillars import PillarOfDay, of_day
from app.queries.today import PRACTICE
from app.rules.identity import Claims
from app.rules.outcome import HabitRow, PetCard


@dataclass(frozen=True, slots=True)
class OtherDay:
    """A day gone by, seen on `today`; `version` counts the writes that it shows.

    `began` is the first day that has a board. `ahead` are the habits that began later, which
    stand in no pillar: nothing can be kept before the first day. `rests` tells that everything does
    today.
    """

    day: date
    today: date
    began: date
    version: int
    pet: PetCard
    pillars: tuple[PillarOfDay, ...]
    ahead: tuple[HabitRow, ...]
    practised: bool
    rests: bool

    def folded(self, state: str) -> list[HabitRow]:
        """Return the rows that are in `state` and were not asked for."""
        rows = (row for pillar in self.pillars for row in pillar.rows)
        return [row for row in rows if not row.is_open and row.state == state]


def show(reading: Connection, who: Claims, now: datetime, on: date) -> OtherDay:
    """Return the day `on`, before the user's day at `now`; a day before the first is the first.

    The user's day itself where that is the first. Raises SessionEnded when the account is gone.
    """
    day = read_day(reading, who, now, on=on)
    ahead = {h.id for h in day.board.habits if h.timetable.starts_on > day.board.today}
    pillars = of_day(day)
    return OtherDay(
        day=day.board.today,
        today=day.today,
        began=day.began,
        version=day.version,
        pet=day.pet,
        pillars=tuple(
            replace(pillar, rows=tuple(row for row in pillar.rows if row.id not in ahead))
            for pillar in pillars
        ),
        ahead=tuple(row for pillar in pillars for row in pillar.rows if row.id in ahead),
        practised=day.person.practice >= PRACTICE,
        rests=day.person.rest is not None,
    )
