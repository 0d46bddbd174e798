"""What a habit shows on a day, worked out slowly from nothing, for tests of the fold alone.

Written from the sentences of HABITS.md: every question goes back to the days themselves. Nothing
is carried from day to day, but for the runs, which are a tale of one occasion after another.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from app.rules.schedule import Term

DAY = timedelta(days=1)
PERIODS = ("weekly", "monthly")


class Shown(NamedTuple):
    """What a habit shows on a day; `tally` and `needed` are None where no number is asked for."""

    run: int
    best: int
    paid: int
    span: int
    shields: int
    strength: float
    due: bool
    asked: bool
    resting: bool
    needed: int | None
    tally: int | None
    held: bool


class Span(NamedTuple):
    """A week or month, cut to its stretch: its days, and whether a change cuts its end."""

    days: tuple[date, ...]
    full: int
    is_cut: bool
    term: Term


class Tale(NamedTuple):
    """What the occasions up to a day come to. `since` is the keep that began the run."""

    run: int = 0
    best: int = 0
    toward: int = 0
    shields: int = 1
    since: date | None = None
    held_on: date | None = None


def days_of(first: date, last: date) -> list[date]:
    """Return the days from `first` to `last`."""
    return [first + n * DAY for n in range((last - first).days + 1)]


class Habit:
    """A habit of which everything is known."""

    def __init__(
        self,
        terms: Sequence[Term],
        kept: Iterable[date] = (),
        amounts: Mapping[date, int] | None = None,
        rests: Iterable[tuple[date, date]] = (),
        week: int = 0,
        week_changes: Sequence[tuple[date, int]] = (),
    ) -> None:
        self.terms, self.kept, self.amounts = list(terms), set(kept), dict(amounts or {})
        self.rests, self.week, self.week_changes = list(rests), week, list(week_changes)
        for name in ("rests_on", "term_of", "span_of", "is_due_every", "tale"):
            setattr(self, name, cache(getattr(self, name)))

    def shown(self, today: date) -> Shown:
        """Return what it shows on the day `today`."""
        yesterday = self.tale(today - DAY)
        now = told(yesterday, self.kept_occasions(today))
        as_kept = told(yesterday, self.occasions_if_kept(today))
        due, asked, needed, tally = self.asks(today)
        span = 0
        if as_kept.since:
            worth = self.run_in_days(today, as_kept.run)
            span = min(worth, (today - as_kept.since).days + 1)
        return Shown(
            now.run, now.best, as_kept.run, span, now.shields, self.strength(today), due, asked,
            self.rests_on(today), needed, tally, yesterday.held_on == today - DAY,
        )  # fmt: skip

    # The days.

    def rests_on(self, day: date) -> bool:
        begun = day >= self.terms[0].starts_on
        return begun and any(first <= day <= last for first, last in self.rests)

    def term_of(self, day: date) -> Term:
        return [term for term in self.terms if term.starts_on <= day][-1]

    def schedule_begins(self, day: date) -> date:
        """The day on which the schedule of `day` took the place of another, or the first."""
        first = self.terms[0].starts_on
        begun = [first]
        for term in self.terms:
            if first < term.starts_on <= day and (
                self.term_of(term.starts_on - DAY).schedule != term.schedule
            ):
                begun.append(term.starts_on)
        return begun[-1]

    def closed(self, through: date) -> list[date]:
        return days_of(self.terms[0].starts_on, through)

    # What a day asks for.

    def asks(self, today: date) -> tuple[bool, bool, int | None, int | None]:
        if today < self.terms[0].starts_on:
            return False, False, None, None
        term = self.term_of(today)
        if term.kind == "at_most":
            return False, False, None, None
        if term.schedule in PERIODS:
            return self.asks_in_span(today)
        due = not self.rests_on(today) and (
            term.schedule == "daily"
            or (term.schedule == "weekdays" and is_weekday(term, today))
            or (term.schedule == "every" and self.is_due_every(today))
        )
        return due, due, None, None

    def asks_in_span(self, today: date) -> tuple[bool, bool, int, int]:
        span = self.span_of(today)
        needed = self.needed(span)
        before = [day for day in span.days if day < today]
        if span.term.kind == "at_least":
            tally = int(self.total(before) >= span.term.target)
        else:
            tally = len(self.kept.intersection(before))
        left = [day for day in span.days if day >= today and not self.rests_on(day)]
        still = needed - tally
        due = not self.rests_on(today) and still > 0 and still == len(left)
        asked = due or (not self.rests_on(today) and tally < max(1, needed))
        return due, asked, needed, tally

    def is_due_every(self, day: date) -> bool:
        """`every` alone: so many days have gone by since the last keep, resting ones left out."""
        if self.rests_on(day):
            return False
        earlier = [kept for kept in self.kept if kept < day]
        if not earlier:
            return True
        since = days_of(max(earlier) + DAY, day)
        return sum(not self.rests_on(one) for one in since) >= self.term_of(day).every

    # Weeks and months.

    def week_of(self, day: date) -> list[date]:
        """Each week ends where the first day of the week, as it was when it began, comes next."""
        begins = self.terms[0].starts_on - 14 * DAY
        while begins.weekday() != self.week:
            begins += DAY
        while True:
            rules = [self.week, *(first for on, first in self.week_changes if on < begins)]
            ends = begins
            while (ends + DAY).weekday() != rules[-1]:
                ends += DAY
            if day <= ends:
                return days_of(begins, ends)
            begins = ends + DAY

    def span_of(self, day: date) -> Span:
        term = self.term_of(day)
        if term.schedule == "weekly":
            whole, full = self.week_of(day), 7
        else:
            full = monthrange(day.year, day.month)[1]
            whole = days_of(day.replace(day=1), day.replace(day=full))
        first = last = day
        while first > whole[0] and self.is_one_stretch(first - DAY, term):
            first -= DAY
        while last < whole[-1] and self.is_one_stretch(last + DAY, term):
            last += DAY
        return Span(tuple(days_of(first, last)), full, last < whole[-1], self.term_of(last))

    def is_one_stretch(self, day: date, term: Term) -> bool:
        if day < self.terms[0].starts_on:
            return False
        other = self.term_of(day)
        return other.schedule == term.schedule and other.kind == term.kind

    def needed(self, span: Span) -> int:
        available = sum(not self.rests_on(day) for day in span.days)
        times = span.term.times if span.term.kind == "check" else 1
        exact = Fraction(times * available, span.full)
        return min(int(exact + Fraction(1, 2)), available)

    def total(self, days: Iterable[date], rests_too: bool = True) -> int:
        days = set(days)
        return sum(
            amount
            for day, amount in self.amounts.items()
            if day in days and (rests_too or not self.rests_on(day))
        )

    # Occasions: (day, kept, how many win a shield).

    def occasions(self, day: date) -> list[tuple[date, bool, int]]:
        """Return what the closed `day` brought: nothing, an occasion kept or one missed."""
        found = self.kept_occasions(day)
        if found:
            return found
        term = self.term_of(day)
        kept: bool | None = None
        if term.schedule in PERIODS:
            kept = self.span_ends(day)
        elif self.rests_on(day):
            kept = None
        elif term.kind == "at_most":
            kept = self.amounts.get(day, 0) <= term.target
        elif term.schedule == "every":
            kept = False if self.is_missed_every(day) else None
        elif term.schedule == "daily" or is_weekday(term, day):
            kept = False
        return [] if kept is None else [(day, kept, wins_at(self.judged_by(day)))]

    def kept_occasions(self, day: date) -> list[tuple[date, bool, int]]:
        """Return the occasion that is kept on `day`, though the day be open."""
        if day < self.terms[0].starts_on:
            return []
        term = self.term_of(day)
        kept = False
        if term.kind == "at_most":
            kept = False
        elif term.schedule in PERIODS:
            kept = self.span_is_reached(day)
        elif day in self.kept and not self.rests_on(day):
            kept = term.schedule != "weekdays" or is_weekday(term, day)
        return [(day, True, wins_at(self.judged_by(day)))] if kept else []

    def occasions_if_kept(self, day: date) -> list[tuple[date, bool, int]]:
        """Return the occasions of `day` if it were kept; of an amount, if it were reached."""
        if day < self.terms[0].starts_on:
            return []
        term = self.term_of(day)
        occasion = (day, True, wins_at(self.judged_by(day)))
        if term.kind == "at_most":
            if term.schedule in PERIODS:
                return [occasion] if self.span_ends(day) is not None else []
            return [] if self.rests_on(day) else [occasion]
        amounts = dict(self.amounts)
        if term.schedule in PERIODS and term.kind == "at_least":
            amounts[day] = amounts.get(day, 0) + 10**15
        there = Habit(
            self.terms, self.kept | {day}, amounts, self.rests, self.week, self.week_changes
        )
        return there.kept_occasions(day)

    def judged_by(self, day: date) -> Term:
        term = self.term_of(day)
        return self.span_of(day).term if term.schedule in PERIODS else term

    def span_is_reached(self, day: date) -> bool:
        span = self.span_of(day)
        through = [one for one in span.days if one <= day]
        if span.term.kind == "at_least":
            return self.total(through[:-1]) < span.term.target <= self.total(through)
        goal = max(1, self.needed(span))
        return day in self.kept and len(self.kept.intersection(through)) == goal

    def span_ends(self, day: date) -> bool | None:
        """Return False if a week or month ends missed on `day`, True for an "at most" kept."""
        span = self.span_of(day)
        needed = self.needed(span)
        if day != span.days[-1] or span.is_cut or not needed:
            return None
        if span.term.kind == "at_most":
            return self.total(span.days, rests_too=False) <= span.term.target
        if span.term.kind == "at_least":
            return None if self.total(span.days) >= span.term.target else False
        return None if len(self.kept.intersection(span.days)) >= needed else False

    def is_missed_every(self, day: date) -> bool:
        if day in self.kept or not self.is_due_every(day):
            return False
        counted_from = self.schedule_begins(day)
        earlier = [kept for kept in self.kept if kept < day]
        if earlier:
            counted_from = max(counted_from, max(earlier) + DAY)
        overdue = sum(self.is_due_every(one) for one in days_of(counted_from, day))
        every = self.term_of(day).every
        first = max(1, every // 4)
        return overdue in range(first, overdue + 1, every)

    def tale(self, through: date) -> Tale:
        return told(Tale(), [o for day in self.closed(through) for o in self.occasions(day)])

    def run_in_days(self, day: date, run: int) -> int:
        term = self.term_of(day)
        if term.schedule == "weekdays":
            return 7 * run // sum(is_weekday(term, day + n * DAY) for n in range(7))
        return run * {"daily": 1, "every": term.every, "weekly": 7, "monthly": 30}[term.schedule]

    # Strength.

    def strength(self, today: date) -> float:
        first = self.terms[0]
        score = 1.0 if first.kind == "at_most" else 0.0
        days = self.closed(today - DAY)
        if today in self.kept and self.term_of(today).kind != "at_most":
            days.append(today)
        for day in days:
            term = self.term_of(day)
            if self.rests_on(day) or (term.schedule == "weekdays" and not is_weekday(term, day)):
                continue
            left = 0.5 ** (1 / half_life(term))
            score = score * left + self.share(term, day) * (1 - left)
        return score

    def share(self, term: Term, day: date) -> float:
        if term.kind == "check":
            length, asked = {
                "daily": (1, 1), "weekdays": (1, 1), "every": (2 * term.every, 2),
                "weekly": (7, 7) if term.times == 7 else (14, 2 * term.times),
                "monthly": (60, 2 * term.times),
            }[term.schedule]  # fmt: skip
            return min(1.0, sum(0 <= (day - one).days < length for one in self.kept) / asked)
        length = {"every": term.every, "weekly": 7, "monthly": 30}.get(term.schedule, 1)
        seen = [one for one in self.amounts if 0 <= (day - one).days < length]
        if term.kind == "at_least":
            return min(1.0, self.total(seen) / term.target)
        total = self.total(seen, rests_too=False)
        if term.target == 0:
            return float(total == 0)
        return min(1.0, max(0.0, 1 - (total - term.target) / term.target))


def told(tale: Tale, occasions: Iterable[tuple[date, bool, int]]) -> Tale:
    """Return the tale with these occasions added, one after another."""
    run, best, toward, shields, since, held_on = tale
    for day, kept, enough in occasions:
        if kept:
            since = since if run else day
            run, toward = run + 1, toward + 1
            best = max(best, run)
            if toward >= enough:
                toward, shields = 0, min(2, shields + 1)
        elif run >= 2 and shields >= 1:
            shields, held_on = shields - 1, day
        else:
            run, toward, since = 0, 0, None
    return Tale(run, best, toward, shields, since, held_on)


def is_weekday(term: Term, day: date) -> bool:
    """Tell whether `day` is one of the weekdays of the term."""
    return f"{term.weekdays:07b}"[6 - day.weekday()] == "1"


def wins_at(term: Term) -> int:
    """Return how many occasions kept win a shield."""
    rare = (
        (term.schedule == "weekdays" and f"{term.weekdays:b}".count("1") == 1)
        or (term.schedule == "every" and term.every >= 4)
        or (term.schedule == "weekly" and term.times == 1)
        or (term.schedule == "monthly" and term.times < 9)
        or (term.schedule in PERIODS and term.kind != "check")
    )
    return 4 if rare else 7


def half_life(term: Term) -> float:
    """Return after how many of its days the score has moved half of the way."""
    if term.schedule == "weekdays":
        k = f"{term.weekdays:b}".count("1")
        return 13 * k / (7 * (k / 7) ** 0.5)
    times = term.times if term.kind == "check" else 1
    often = {
        "daily": 1.0, "every": 1 / term.every, "weekly": times / 7, "monthly": times / 30,
    }[term.schedule]  # fmt: skip
    return 13 / often**0.5
