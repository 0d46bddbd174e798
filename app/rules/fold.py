"""A habit's days as a fold: a small state that is carried from day to day (HABITS.md).

The state is stored at a day that is closed for good, so that nobody has to walk the years again:
what happened since is a few days. Whatever changes a day before it folds again from the first.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from app.rules import strength
from app.rules.rests import NEVER, Quiet
from app.rules.schedule import DAYS_A_WEEK, Kind, Period, Schedule, Term, Timetable
from app.rules.sums import Sums
from app.rules.weeks import MONDAYS, Weeks

MOST_SHIELDS = 2
# So many kept occasions win a shield, and so few where they are rare.
_TOWARD, _TOWARD_RARE = 7, 4
_RARE_EVERY, _RARE_MONTHLY = 4, 9
_DAYS_A_MONTH = 30
_ONE_DAY = timedelta(days=1)
# A day is closed when it is over, and for good when no change of zone can bring it back: from the
# first zone of the world to the last, and the day's start from 0 to 6, are 32 hours.
_CLOSED_FOR_GOOD = timedelta(days=3)
_DAILY_MEMORY = strength.memory(Schedule.DAILY, 0, 1, 1)
_NO_AMOUNTS: Mapping[date, int] = {}


class Fold(NamedTuple):
    """A habit at the end of the day `through`, with which a week or month of it ends too.

    `run` counts the occasions kept in a row, from the keep on `since`; `best` those of the longest
    run, `kept` the days kept at all. `toward` counts the occasions kept towards the next of the
    `shields`. `idle` are the days since the last keep, resting ones left out (-1: never kept),
    `overdue` the days on which one that comes every few days was due and not kept.
    """

    through: date
    run: int = 0
    best: int = 0
    kept: int = 0
    toward: int = 0
    shields: int = 1
    since: date | None = None
    idle: int = -1
    overdue: int = 0
    strength: float = 0.0


class History(NamedTuple):
    """What a fold goes over: terms, kept days, ascending, and the sums of the days' amounts.

    Days and amounts may be all, or those after the state and `reach` days before its end.
    """

    timetable: Timetable
    days: Sequence[date]
    amounts: Mapping[date, int] = _NO_AMOUNTS
    weeks: Weeks = MONDAYS
    quiet: Quiet = NEVER


class OnDay(NamedTuple):
    """How a habit stands on a day, which is still open: unkept it breaks nothing.

    `paid` is the run that a commit on that day is paid by, and `span` that run in days, whether
    the day is kept or not: what a row announces and what the commit earns follow from these.
    `needed` and `tally` are the days that the week or month asks for, and those kept in it before
    that day; None for other schedules. `held` tells that a shield held what closed the day before.
    """

    run: int
    best: int
    paid: int
    span: int
    shields: int
    strength: float
    due: bool
    asked: bool
    resting: bool
    needed: int | None = None
    tally: int | None = None
    held: bool = False


def nothing(timetable: Timetable) -> Fold:
    """Return the state before the first day of a habit."""
    first = timetable.terms[0]
    full = 1.0 if first.kind is Kind.AT_MOST else 0.0
    return Fold(first.starts_on - _ONE_DAY, strength=full)


def closes(today: date, timetable: Timetable, weeks: Weeks) -> date:
    """Return the newest day up to which a habit is closed for good on the user's day `today`.

    Weeks and months close as a whole, for a rest may still change what they need.
    """
    day = today - _CLOSED_FOR_GOOD
    if not timetable.is_plain and timetable.term(day).is_periodic:
        period = timetable.period(day, weeks)
        if period.last > day:
            return period.first - _ONE_DAY
    return day


def reach(timetable: Timetable) -> int:
    """Return how many days a state looks back from its end: kept ones, or those with amounts."""
    if timetable.is_plain:
        return 0
    return max(map(strength.window, timetable.terms)) - 1


def advance(state: Fold, history: History, through: date) -> Fold:
    """Return the state at the end of the day `through`; all days up to it are closed.

    A `through` that is folded already changes nothing.
    """
    return state if through <= state.through else _walked(state, history, through).state(through)


def on_day(state: Fold, history: History, on: date) -> OnDay:
    """Return how the habit stands on the day `on`, which lies after the state.

    Days later than `on` are left out until their day comes: who flies west has kept a day that is
    tomorrow again.
    """
    walk = _walked(state, history, on - _ONE_DAY)
    held = walk.held == on - _ONE_DAY
    if history.timetable.is_plain and not history.quiet.starts:
        return _on_plain_day(walk, history, on, held)
    return _on_any_day(walk, history, on, held)


def is_due(history: History, on: date, state: Fold | None = None) -> bool:
    """Tell whether the habit is due on the day `on`, kept already or not.

    Told by its days alone, wherever a state stands. Where the days are not all, but those after
    `state` and `reach` before it, the state knows of a keep that is longer ago.
    """
    timetable, days, _amounts, _weeks, quiet = history
    if timetable.is_plain and not quiet.starts:
        return on >= timetable.starts_on
    walk = _Walk(state or nothing(timetable))
    if place := bisect_left(days, on):
        walk.idle = _days_awake(quiet, days[place - 1] + _ONE_DAY, on - _ONE_DAY)
    elif state and walk.idle >= 0:
        walk.idle += _days_awake(quiet, state.through + _ONE_DAY, on - _ONE_DAY)
        walk.idle -= _days_awake(quiet, on, state.through)
    return _Steps(walk, history).asks(on).due


def amount(history: History, on: date) -> int:
    """Return the amount towards the target on the day `on`: its own, or that of its period."""
    term = history.timetable.term(on)
    if not term.is_periodic:
        return history.amounts.get(on, 0)
    steps = _Steps(_Walk(nothing(history.timetable)), history)
    return steps.before(history.timetable.period(on, history.weeks), on + _ONE_DAY)


class _Asks(NamedTuple):
    """What a day asks for. `counts` tells whether a keep on it makes the run one longer."""

    due: bool = False
    asked: bool = False
    resting: bool = False
    counts: bool = False
    needed: int | None = None
    tally: int | None = None


class _Walk:
    """A state under way."""

    __slots__ = (
        "best", "held", "idle", "kept", "overdue", "run", "shields", "since", "strength", "toward",
    )  # fmt: skip

    def __init__(self, state: Fold) -> None:
        (
            _through, self.run, self.best, self.kept, self.toward, self.shields, self.since,
            self.idle, self.overdue, self.strength,
        ) = state  # fmt: skip
        self.held: date | None = None

    def state(self, through: date) -> Fold:
        return Fold(
            through, self.run, self.best, self.kept, self.toward, self.shields, self.since,
            self.idle, self.overdue, self.strength,
        )  # fmt: skip

    def keep(self, day: date, wins_at: int) -> None:
        """An occasion is kept."""
        if not self.run:
            self.since = day
        self.run += 1
        if self.run > self.best:
            self.best = self.run
        self.toward += 1
        if self.toward >= wins_at:
            self.toward = 0
            self.shields = min(self.shields + 1, MOST_SHIELDS)

    def miss(self, first: date, many: int = 1) -> None:
        """So many occasions close unkept, one a day from `first`; a run of one is no run."""
        if self.run > 1 and self.shields:
            used = min(many, self.shields)
            self.shields -= used
            self.held = first + timedelta(days=used - 1)
            many -= used
        if many:
            self.run = self.toward = 0
            self.since = None


def _walked(state: Fold, history: History, through: date) -> _Walk:
    walk = _Walk(state)
    if history.timetable.is_plain and not history.quiet.starts:
        _walk_plainly(walk, state.through, history.days, through)
    else:
        _Steps(walk, history).go(state.through + _ONE_DAY, through)
    return walk


def _walk_plainly(walk: _Walk, last: date, days: Sequence[date], through: date) -> None:
    """Walk where every day asks for a tick: from one kept day to the next."""
    since = days[bisect_right(days, last) : bisect_right(days, through)] if days else ()
    for day in since:
        if day - last != _ONE_DAY:
            _skip_plainly(walk, last, day - _ONE_DAY)
        walk.keep(day, _TOWARD)
        walk.strength = walk.strength * _DAILY_MEMORY + (1 - _DAILY_MEMORY)
        walk.idle = 0
        last = day
    walk.kept += len(since)
    if last < through:
        _skip_plainly(walk, last, through)


def _skip_plainly(walk: _Walk, after: date, through: date) -> None:
    many = (through - after).days
    walk.miss(after + _ONE_DAY, many)
    walk.strength *= _DAILY_MEMORY**many
    if walk.idle >= 0:
        walk.idle += many


class _Steps:
    """A walk by days, whatever the terms."""

    def __init__(self, walk: _Walk, history: History) -> None:
        self._walk = walk
        self._timetable, self._days, self._amounts, self._weeks, self._quiet = history
        self._changes = frozenset(history.timetable.changes())
        self._kept = frozenset(history.days)
        self._sums = Sums(history.amounts, history.quiet)

    def go(self, first: date, through: date) -> None:
        """Close every day from `first` to `through`."""
        timetable, walk = self._timetable, self._walk
        settled = self._settles(through)
        day = first
        while day <= through:
            if settled is not None and day > settled and not walk.run:
                self._rush(timetable.term(day), day, through)
                return
            self._close(timetable.term(day), day)
            day += _ONE_DAY

    def _settles(self, through: date) -> date | None:
        """Return the day after which nothing happens up to `through`, None where that is not so.

        From there on, without a run, only strength and what is counted change.
        """
        term = self._timetable.terms[-1]
        if term.kind is Kind.AT_MOST:
            return None
        place = bisect_right(self._days, through)
        last = self._days[place - 1] if place else date.min
        last = max((last, *(on for on in self._amounts if on <= through)))
        if last == date.min:
            return term.starts_on
        return max(term.starts_on, last + timedelta(days=strength.window(term)))

    def _rush(self, term: Term, first: date, through: date) -> None:
        """Close days on which nothing is kept and nothing counted, without a run, all at once."""
        walk, many, own = self._walk, 0, 0
        for begins, ends in self._quiet.between(first, through):
            days = (ends - begins).days + 1
            many += days
            own += _own_days(term, begins, days)
        walk.strength *= strength.memory_of(term) ** own
        if term.schedule is Schedule.EVERY:
            early = 0 if walk.idle < 0 else max(0, term.every - 1 - walk.idle)
            walk.overdue += max(0, many - early)
        if walk.idle >= 0:
            walk.idle += many

    def _close(self, term: Term, day: date) -> None:
        walk = self._walk
        if day in self._changes:
            walk.overdue = 0
        rests, kept = self._quiet.covers(day), day in self._kept
        if term.is_periodic:
            self._close_in_period(term, day, kept)
        elif term.kind is Kind.AT_MOST:
            if not rests:
                self._judge(term, day, self._amounts.get(day, 0) <= term.target)
        elif term.schedule is Schedule.EVERY:
            self._close_every(term, day, kept, rests)
        elif not rests and _is_own(term, day):
            self._judge(term, day, kept)
        self._count(kept, rests)
        if not rests and _is_own(term, day):
            self._strengthen(term, day)

    def _judge(self, term: Term, day: date, kept: bool) -> None:
        if kept:
            self._walk.keep(day, _wins_at(term))
        else:
            self._walk.miss(day)

    def _close_every(self, term: Term, day: date, kept: bool, rests: bool) -> None:
        walk = self._walk
        if kept:
            walk.overdue = 0
            if not rests:
                walk.keep(day, _wins_at(term))
        elif not rests and _is_due_again(term, walk.idle):
            walk.overdue += 1
            late = walk.overdue - max(1, term.every // 4)
            if late >= 0 and late % term.every == 0:
                walk.miss(day)

    def _close_in_period(self, term: Term, day: date, kept: bool) -> None:
        # Only a day with something on it, or the last, changes a period.
        has_amount = term.kind is not Kind.CHECK and day in self._amounts
        period = self._timetable.period(day, self._weeks)
        if not (kept or has_amount or day == period.last):
            return
        before = self.before(period, day)
        if period.term.kind is Kind.AT_MOST:
            if day == period.last and not period.is_cut and self.needed(period):
                total = before + (0 if self._quiet.covers(day) else self._amounts.get(day, 0))
                self._judge(term, day, total <= period.term.target)
            return
        goal, now = self.goal(period), before + self.of_day(period, day, kept)
        if before < goal <= now:
            self._walk.keep(day, _wins_at(period.term))
        elif day == period.last and not period.is_cut and now < goal and self.needed(period):
            self._walk.miss(day)

    def _count(self, kept: bool, rests: bool) -> None:
        walk = self._walk
        if kept:
            walk.kept += 1
            walk.idle = 0
        elif not rests and walk.idle >= 0:
            walk.idle += 1

    def _strengthen(self, term: Term, day: date) -> None:
        memory = strength.memory_of(term)
        share = strength.share(term, day, self._days, self._sums)
        self._walk.strength = self._walk.strength * memory + share * (1 - memory)

    def needed(self, period: Period) -> int:
        """Return how many days the period asks for; an amount asks for one or none."""
        resting = self._quiet.days_between(period.first, period.last) if self._quiet.starts else 0
        return period.needed((period.last - period.first).days + 1 - resting)

    def goal(self, period: Period) -> int:
        """Return at what count, or what amount, the period is kept."""
        return period.term.target if period.term.is_total else max(1, self.needed(period))

    def before(self, period: Period, day: date) -> int:
        """Return what is kept, or the amount, in the period before `day`."""
        if period.term.kind is Kind.CHECK:
            return bisect_left(self._days, day) - bisect_left(self._days, period.first)
        awake = period.term.kind is Kind.AT_MOST
        return self._sums.between(period.first, day - _ONE_DAY, awake=awake)

    def of_day(self, period: Period, day: date, kept: bool) -> int:
        """Return what the day itself adds to that."""
        return self._amounts.get(day, 0) if period.term.is_total else int(kept)

    def asks(self, on: date) -> "_Asks":
        """Return what the habit asks for on the day `on`, whose keep changes nothing of it."""
        if on < self._timetable.starts_on:
            return _Asks()
        term, rests = self._timetable.term(on), self._quiet.covers(on)
        if term.is_periodic:
            return self._asks_in_period(on, rests)
        is_occasion = not rests and _is_own(term, on)
        due = is_occasion and term.kind is not Kind.AT_MOST
        if term.schedule is Schedule.EVERY:
            due = not rests and _is_due_again(term, self._walk.idle)
        return _Asks(due, due, rests, is_occasion)

    def _asks_in_period(self, on: date, rests: bool) -> "_Asks":
        period = self._timetable.period(on, self._weeks)
        needed, before, goal = self.needed(period), self.before(period, on), self.goal(period)
        if period.term.kind is Kind.AT_MOST:
            ends = on == period.last and not period.is_cut and needed > 0
            return _Asks(resting=rests, counts=ends)
        if period.term.is_total:
            tally, counts = int(before >= goal), before < goal
        else:
            tally, counts = before, before + 1 == goal
        left = (period.last - on).days + 1 - self._quiet.days_between(on, period.last)
        due = not rests and 0 < needed - tally == left
        asked = due or (not rests and tally < max(1, needed))
        return _Asks(due, asked, rests, counts, needed, tally)

    def finish(self, on: date, kept: bool) -> None:
        """Let what is kept today count: the day is open, and nothing is missed on it."""
        term, walk = self._timetable.term(on), self._walk
        if on in self._changes:
            walk.overdue = 0
        rests = self._quiet.covers(on)
        if term.kind is Kind.AT_MOST:
            return
        if term.is_periodic:
            period = self._timetable.period(on, self._weeks)
            before = self.before(period, on)
            if before < self.goal(period) <= before + self.of_day(period, on, kept):
                walk.keep(on, _wins_at(period.term))
        elif kept and not rests and _is_own(term, on):
            walk.keep(on, _wins_at(term))
        if kept and not rests and _is_own(term, on):
            self._strengthen(term, on)


def _on_plain_day(walk: _Walk, history: History, on: date, held: bool) -> OnDay:
    days = history.days
    due = on >= history.timetable.starts_on
    paid = walk.run + due
    since = walk.since if walk.run else on
    if days and on in days and due:
        walk.keep(on, _TOWARD)
        walk.strength = walk.strength * _DAILY_MEMORY + (1 - _DAILY_MEMORY)
    span = min(paid, (on - since).days + 1) if since else 0
    return OnDay(
        walk.run, walk.best, paid, span, walk.shields, walk.strength, due, due, False, held=held
    )


def _on_any_day(walk: _Walk, history: History, on: date, held: bool) -> OnDay:
    steps, term = _Steps(walk, history), history.timetable.term(on)
    asks = steps.asks(on)
    paid = walk.run + asks.counts
    since = walk.since if walk.run else on
    span = min(_in_days(term, paid), (on - since).days + 1) if since and paid else 0
    if on >= history.timetable.starts_on:
        steps.finish(on, on in history.days)
    return OnDay(
        walk.run, walk.best, paid, span, walk.shields, walk.strength, asks.due, asks.asked,
        asks.resting, asks.needed, asks.tally, held,
    )  # fmt: skip


def _days_awake(quiet: Quiet, first: date, last: date) -> int:
    """Return how many days there are from `first` to `last`, resting ones left out."""
    return max(0, (last - first).days + 1) - quiet.days_between(first, last)


def _is_own(term: Term, day: date) -> bool:
    """Tell whether the term looks at this day at all."""
    return term.schedule is not Schedule.WEEKDAYS or term.has_weekday(day)


def _own_days(term: Term, first: date, many: int) -> int:
    """Return at how many of so many days from `first` the term looks."""
    if term.schedule is not Schedule.WEEKDAYS:
        return many
    weeks, rest = divmod(many, DAYS_A_WEEK)
    others = (first + timedelta(days=n) for n in range(rest))
    return weeks * term.days_a_week + sum(map(term.has_weekday, others))


def _is_due_again(term: Term, idle: int) -> bool:
    """Tell whether one that comes every few days is due, `idle` days after the last keep."""
    return idle < 0 or idle + 1 >= term.every


def _wins_at(term: Term) -> int:
    """Return how many kept occasions win a shield."""
    match term.schedule:
        case Schedule.DAILY:
            return _TOWARD
        case Schedule.WEEKDAYS:
            rare = term.days_a_week == 1
        case Schedule.EVERY:
            rare = term.every >= _RARE_EVERY
        case Schedule.WEEKLY:
            rare = term.times == 1 or term.kind is not Kind.CHECK
        case Schedule.MONTHLY:
            rare = term.times < _RARE_MONTHLY or term.kind is not Kind.CHECK
    return _TOWARD_RARE if rare else _TOWARD


def _in_days(term: Term, run: int) -> int:
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


@dataclass(slots=True)
class Diary:
    """The days of a habit, folded as they come: each with the instant of its commit.

    `state` is the fold through a day that is closed for good, `open_days` are the days kept after
    that, and those before it at which the fold still looks, ascending: a day that comes in order
    costs no walk through the years. `milestone` is the longest run that was celebrated.
    """

    timetable: Timetable
    state: Fold
    open_days: list[date] = field(default_factory=list)
    kept_at: dict[date, datetime] = field(default_factory=dict)
    milestone: int = 0
    weeks: Weeks = MONDAYS
    quiet: Quiet = NEVER

    @staticmethod
    def empty(timetable: Timetable, quiet: Quiet = NEVER) -> "Diary":
        """Return the diary of a habit that was never kept."""
        return Diary(timetable, nothing(timetable), quiet=quiet)

    @property
    def history(self) -> History:
        """What is known of its days since the state."""
        return History(self.timetable, self.open_days, _NO_AMOUNTS, self.weeks, self.quiet)

    def keep(self, day: date, at: datetime) -> None:
        """Enter that the habit is kept on `day`."""
        self.kept_at[day] = at
        if day > self.state.through:
            insort(self.open_days, day)
        else:
            self._open_again()

    def take_back(self, day: date) -> None:
        """Enter that `day` is kept no longer."""
        del self.kept_at[day]
        if day > self.state.through:
            self.open_days.remove(day)
        else:
            self._open_again()

    def on_day(self, day: date) -> OnDay:
        """Return how the habit stands on the open day `day`."""
        return on_day(self.state, self.history, day)

    def close(self, today: date) -> None:
        """Fold the days that are closed for good on the user's day `today`."""
        through = closes(today, self.timetable, self.weeks)
        self.state = advance(self.state, self.history, through)
        looks_back = self.state.through - timedelta(days=reach(self.timetable))
        del self.open_days[: bisect_right(self.open_days, looks_back)]

    def _open_again(self) -> None:
        """Begin the fold anew, for a day that was folded already has changed."""
        self.state, self.open_days = nothing(self.timetable), sorted(self.kept_at)
