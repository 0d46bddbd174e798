"""The page of a habit: a month of days, one day, a year. One statement beside those of the day."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from app.infra.statement import Statement
from app.queries import habits
from app.queries.day import Day
from app.queries.stats.lookback import Cell, Year
from app.queries.stats.strength import Course, Point
from app.rules import lookback, marks, months, occasions, strength
from app.rules.board import YOUNG, Board
from app.rules.facts import HabitFacts
from app.rules.identity import Claims
from app.rules.lookback import Share
from app.rules.marks import Mark, State
from app.rules.months import Month
from app.rules.outcome import HabitRow, PillarHeader
from app.rules.past_board import PastBoard, PastFacts
from app.rules.schedule import Kind, Schedule, Term

_ONE_DAY = timedelta(days=1)


class _Said(NamedTuple):
    """What was said about days of a habit: skips with their reasons in JSON, and notes."""

    skips: str | None
    noted: Sequence[date]
    note: str | None


_SAID = Statement(
    """
    SELECT (SELECT json_object_agg(r.starts_on, r.reason)::text FROM rests r
            WHERE r.user_id = :me AND r.habit_id = :habit AND r.kind = 'skip'
              AND (r.starts_on BETWEEN :first AND :last OR r.starts_on = :day)) AS skips,
           ARRAY(SELECT n.day FROM notes n WHERE n.user_id = :me AND n.habit_id = :habit
                 AND n.day BETWEEN :first AND :last) AS noted,
           (SELECT n.body FROM notes n
            WHERE n.user_id = :me AND n.habit_id = :habit AND n.day = :day) AS note
""",
    _Said,
)


class Asked(NamedTuple):
    """What of the page was asked for: a day, or a day of the month to be shown; None is today."""

    day: date | None = None
    month: date | None = None


@dataclass(frozen=True, slots=True)
class OneDay:
    """One day of the habit, and its row on the board of that day.

    `is_skipped` tells that a skip of its own makes it rest, for a `reason`.
    """

    day: date
    state: State
    mark: Mark
    row: HabitRow
    is_skipped: bool
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class HabitPage:
    """A habit with its numbers, a month and a day of it, and the year up to today.

    `terms` are all that it has had, oldest first. `lately` are its newest occasions, and `unit` is
    what these are. `held` is the newest day that a shield held for the run that stands, `wins` how
    many in a row win a shield. `strength` is that at the ends of weeks, None for a young habit;
    `one_day` is None where the habit has not begun.
    """

    row: HabitRow
    pillar: PillarHeader
    effort: str
    terms: tuple[Term, ...]
    archived: bool
    pillar_archived: bool
    total: int
    lately: Share
    unit: str
    held: date | None
    wins: int
    month: Month
    one_day: OneDay | None
    year: Year
    strength: Course | None

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return self.terms[0].starts_on

    @property
    def tells_weekdays(self) -> bool:
        """Do its weekdays differ? At most so much a week or month is told on its last day alone."""
        term = self.terms[-1]
        return not (term.kind is Kind.AT_MOST and term.is_periodic)


def page(
    reading: Connection, who: Claims, habit_id: int, day: Day, asked: Asked | None = None
) -> HabitPage:
    """Return the habit with the month and the day that are `asked` for. Raises NotYours.

    The `day` is one read with this habit, of which all days are known then. What lies before the
    first day or after today is answered with the nearest month, and with today.
    """
    habit, today = habits.find(habit_id, day), day.board.today
    history = day.board.history(habit)
    starts_on = history.timetable.starts_on
    wanted = asked or Asked()
    shown = wanted.day if wanted.day and starts_on <= wanted.day <= today else today
    first = months.within(wanted.month or wanted.day or today, starts_on, today)
    said = _SAID.one(
        reading,
        {
            "me": who.user_id, "habit": habit_id, "day": shown,
            "first": first, "last": months.last_of(first),
        },
    )  # fmt: skip
    first_day = day.board.weeks.first_day(today)
    begins = lookback.year_begins(today, first_day)
    around = (first - _ONE_DAY, months.last_of(first) + _ONE_DAY)
    known = marks.across(history, [around, (shown, shown), (begins, today)], today)
    year = [mark for day, mark in known.items() if day >= begins]
    skips = {date.fromisoformat(on): why for on, why in json.loads(said.skips or "{}").items()}
    term = history.timetable.term(today)
    return HabitPage(
        row=day.board.row(habit),
        pillar=habits.home(reading, who, habit, day),
        effort=habit.effort,
        terms=history.timetable.terms,
        archived=habit.is_archived,
        pillar_archived=habit.pillar_put_away,
        total=habit.kept,
        lately=marks.lately(year, history.timetable),
        unit=_unit(term),
        held=marks.held(year),
        wins=occasions.wins_at(term),
        month=months.of(first, first_day, history, known, skips, said.noted, today),
        one_day=_one_day(known.get(shown), habit, day.board, skips, said.note or ""),
        year=_year(year, today, first_day),
        strength=_course(year, starts_on),
    )


def _one_day(
    mark: Mark | None, habit: HabitFacts, now: Board, skips: dict[date, str], note: str
) -> OneDay | None:
    if mark is None:
        return None
    day, board = mark.day, now
    if day != now.today:
        board = PastBoard.on(day, now, [PastFacts(habit.id, habit.days, habit.amounts)])
        (habit,) = board.habits
    is_skipped = day in skips
    state = months.state_of(day, mark, now.history(habit), now.today, is_skipped=is_skipped)
    return OneDay(day, state, mark, board.row(habit), is_skipped, skips.get(day, ""), note)


def _course(year: list[Mark], starts_on: date) -> Course | None:
    told = [mark for mark in year[::-7] if (mark.day - starts_on).days >= YOUNG]
    points = tuple(Point(mark.day, strength.percent(mark.strength)) for mark in reversed(told))
    return Course(points, is_today=True) if points else None


def _unit(term: Term) -> str:
    if term.is_periodic:
        return str(term.schedule)
    return "day" if term.schedule is Schedule.DAILY else "time"


def _year(found: list[Mark], today: date, first_day: int) -> Year:
    by_day = {mark.day: mark for mark in found}
    done = sum(mark.is_done for mark in found)
    asked = [(mark.day, Share(mark.is_done, 1)) for mark in found if mark.counts]
    return Year(
        weeks=tuple(
            tuple(_cell(day, by_day.get(day)) for day in week)
            for week in lookback.weeks(today, first_day)
        ),
        commits=done,
        days=done,
        share=Share(done, len(asked)),
        by_weekday=lookback.by_weekday(asked, first_day),
        earlier=None,
        later=None,
    )


def _cell(day: date, mark: Mark | None) -> Cell:
    if mark is None:
        return Cell(day, 0, 0, 0)
    if mark.is_done:
        return Cell(day, 1, 1, lookback.STEPS)
    is_part = mark.state is State.PARTIAL and mark.term.target
    step = lookback.step(mark.amount, mark.term.target) if is_part else 0
    return Cell(day, 0, int(mark.due), min(step, lookback.STEPS - 1))
