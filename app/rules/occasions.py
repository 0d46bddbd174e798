"""The occasions of a term: on which days it looks, and what its run is worth."""

from datetime import date, timedelta

from app.rules.schedule import DAYS_A_WEEK, Kind, Schedule, Term

# So many kept occasions win a shield, and so few where they are rare.
TOWARD, TOWARD_RARE = 7, 4
_RARE_EVERY, _RARE_MONTHLY = 4, 9
_DAYS_A_MONTH = 30


def is_own(term: Term, day: date) -> bool:
    """Tell whether the term looks at this day at all."""
    return term.schedule is not Schedule.WEEKDAYS or term.has_weekday(day)


def own_days(term: Term, first: date, many: int) -> int:
    """Return at how many of so many days from `first` the term looks."""
    if term.schedule is not Schedule.WEEKDAYS:
        return many
    weeks, rest = divmod(many, DAYS_A_WEEK)
    others = (first + timedelta(days=n) for n in range(rest))
    return weeks * term.days_a_week + sum(map(term.has_weekday, others))


def is_due_again(term: Term, idle: int) -> bool:
    """Tell whether one that comes every few days is due, `idle` days after the last keep."""
    return idle < 0 or idle + 1 >= term.every


def wins_at(term: Term) -> int:
    """Return how many kept occasions win a shield."""
    match term.schedule:
        case Schedule.DAILY:
            return TOWARD
        case Schedule.WEEKDAYS:
            rare = term.days_a_week == 1
        case Schedule.EVERY:
            rare = term.every >= _RARE_EVERY
        case Schedule.WEEKLY:
            rare = term.times == 1 or term.kind is not Kind.CHECK
        case Schedule.MONTHLY:
            rare = term.times < _RARE_MONTHLY or term.kind is not Kind.CHECK
    return TOWARD_RARE if rare else TOWARD


def in_days(term: Term, run: int) -> int:
    """Return how many days a run of the term stands for."""
    match term.schedule:
        case Schedule.DAILY:
            return run
        case Schedule.WEEKDAYS:
            return DAYS_A_WEEK * run // term.days_a_week
        case Schedule.EVERY:
            return term.every * run
        case Schedule.WEEKLY:
            return DAYS_A_WEEK * run
        case Schedule.MONTHLY:
            return _DAYS_A_MONTH * run
