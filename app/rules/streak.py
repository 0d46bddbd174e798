"""Streaks: how many due occasions in a row were kept, replayed from the days of the commits."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.rules.schedule import Timetable

# Most kept days are neighbours: asking that first spares the timetable most questions.
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Streak:
    """`run` ends on `last_day`, the newest kept day; `best` is the longest run ever, in occasions.

    `last_day` is None when nothing was ever kept.
    """

    run: int
    best: int
    last_day: date | None


def replay(days: Sequence[date], timetable: Timetable) -> Streak:
    """Return the streak of a habit that was kept on `days` (ascending, each once).

    A kept day that was not due neither extends a run nor breaks it.
    """
    run = best = 0
    last_day: date | None = None
    for day in days:
        if last_day and day - last_day != _ONE_DAY and timetable.due_between(last_day, day):
            best = max(best, run)
            run = 0
        if timetable.is_due(day):
            run += 1
        last_day = day
    return Streak(run, max(best, run), last_day)


def run_ending_on(day: date, days: Sequence[date], timetable: Timetable) -> int:
    """Return the run, in occasions, that ends on `day`, which counts as kept.

    `days` are the kept days (ascending, each once), with or without `day`; later ones are left
    out, so a commit on an earlier day is paid by the run that it belongs to.
    """
    run = int(timetable.is_due(day))
    later = day
    # Backwards from the day, so that the work grows with the run and not with the years.
    for kept in reversed(days[: bisect_left(days, day)]):
        if later - kept != _ONE_DAY and timetable.due_between(kept, later):
            break
        run += timetable.is_due(kept)
        later = kept
    return run


def current(streak_run: int, last_day: date | None, timetable: Timetable, today: date) -> int:
    """Return the run as it stands on `today`: what is due today is still open and breaks nothing.

    `streak_run` and `last_day` come from `replay`. A last day after today keeps its run: the user
    has travelled west since.
    """
    if last_day is None or timetable.due_between(last_day, today):
        return 0
    return streak_run
