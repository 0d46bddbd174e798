"""What a user has done, remembered apart from the database, for the proof that nothing goes astray.

Written from the sentences of HABITS.md: what each deed makes of terms, kept days, amounts and
rests. What follows from these is worked out by the slow recomputation.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from app.rules.schedule import Term
from tests.rules.slow_habits import DAY, PERIODS, Habit, Shown, days_of

# No week or month of today reaches further.
_TO_COME = 40 * DAY


@dataclass
class Rested:
    """A rest of a pillar, of a habit, or with neither of everything."""

    first: date
    last: date | None = None
    pillar: int | None = None
    habit: int | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def end(self, today: date) -> bool:
        """It lasted through yesterday. Tells whether anything is left of it."""
        if self.first >= today:
            return False
        self.last = min(self.last or date.max, today - DAY)
        return True


@dataclass
class Kept:
    """A habit: its terms, kept days, amounts, and when it left a pillar; in order each."""

    pillar: int
    terms: list[Term]
    days: set[date] = field(default_factory=set)
    given: dict[date, list[int]] = field(default_factory=dict)
    moves: list[tuple[date, int]] = field(default_factory=list)
    away: Rested | None = None

    @property
    def amounts(self) -> dict[date, int]:
        return {day: sum(given) for day, given in self.given.items() if given}

    @property
    def first_day(self) -> date:
        return self.terms[0].starts_on

    def term(self, day: date) -> Term:
        return [term for term in self.terms if term.starts_on <= day][-1]

    def lived_in(self, day: date) -> int:
        """The pillar that it left first after that day, or else the one that it is in."""
        return next((pillar for left_on, pillar in self.moves if left_on > day), self.pillar)

    def change(self, new: Term) -> None:
        """Terms from a day on take the place of those from that day on."""
        if new[1:] == self.terms[-1][1:]:
            return
        self.terms = [term for term in self.terms if term.starts_on < new.starts_on]
        if not self.terms or new[1:] != self.terms[-1][1:]:
            self.terms.append(new)

    def begin(self, day: date) -> None:
        """It began on `day` with what was in force then."""
        begun = [term for term in self.terms if term.starts_on <= day] or self.terms[:1]
        later = [term for term in self.terms if term.starts_on > begun[-1].starts_on]
        self.terms = [begun[-1]._replace(starts_on=day), *later]


@dataclass
class Memory:
    """All of it. The rests in the archive are among the `rests` too."""

    habits: dict[int, Kept] = field(default_factory=dict)
    pillars: dict[int, Rested | None] = field(default_factory=dict)
    rests: list[Rested] = field(default_factory=list)
    named: dict[int, Rested] = field(default_factory=dict)
    skips: dict[tuple[int, date], Rested] = field(default_factory=dict)
    week_changes: list[tuple[date, int]] = field(default_factory=list)

    def begin_weeks_on(self, first: int, today: date) -> None:
        """Weeks begin on `first`; a change that has not come into force yet was never made.

        To choose again what was chosen last changes nothing.
        """
        if self.week_changes and self.week_changes[-1][1] == first:
            return
        while self.week_changes:
            *before, (changed_on, chosen) = self.week_changes
            begins = Habit([Term(changed_on)], week_changes=before).week_of(changed_on)[-1] + DAY
            while begins.weekday() != chosen:
                begins += DAY
            if begins <= today:
                break
            self.week_changes = before
        self.week_changes.append((today, first))

    def is_away(self, habit: int) -> bool:
        """Is it in the archive, by itself or with its pillar?"""
        kept = self.habits[habit]
        return kept.away is not None or self.pillars[kept.pillar] is not None

    def add(self, rest: Rested) -> Rested:
        self.rests.append(rest)
        return rest

    def forget(self, rest: Rested) -> None:
        """Let the rest have never been; two that are alike are two."""
        self.rests = [other for other in self.rests if other is not rest]

    def end(self, rest: Rested, today: date) -> None:
        if not rest.end(today):
            self.forget(rest)

    def delete_pillar(self, pillar: int, today: date) -> None:
        """Its habits go. Who has left it keeps the rests that it had there, day by day.

        Where those lived then nobody knows any more: it counts as where they lived next.
        """
        del self.pillars[pillar]
        self.habits = {one: kept for one, kept in self.habits.items() if kept.pillar != pillar}
        self.named = {one: rest for one, rest in self.named.items() if rest.pillar != pillar}
        rests = [rest for rest in self.rests if rest.pillar == pillar]
        first = min((rest.first for rest in rests), default=today)
        for habit, kept in self.habits.items():
            for day in days_of(first, today + _TO_COME):
                if kept.lived_in(day) == pillar and any(rest.covers(day) for rest in rests):
                    self.add(Rested(day, day, habit=habit))
            kept.moves = [(day, left) for day, left in kept.moves if left != pillar]

    def first_day_away(self, habits: Iterable[int], today: date) -> date:
        """What is archived rests from today on, or where today is kept from tomorrow on."""
        return today + DAY if any(today in self.habits[one].days for one in habits) else today

    def slow(self, habit: int, today: date, known: Callable[[date], bool] = bool) -> Habit:
        """Return the habit as far as its days are `known`, for a recomputation on `today`."""
        kept = self.habits[habit]
        resting = [
            (day, day)
            for day in days_of(kept.first_day, today + _TO_COME)
            if any(self._concerns(rest, habit, day) for rest in self.rests if rest.covers(day))
        ]
        amounts = {day: amount for day, amount in kept.amounts.items() if known(day)}
        days = filter(known, kept.days)
        return Habit(kept.terms, days, amounts, resting, week_changes=self.week_changes)

    # Amounts: what one does to its occasion, which is a day, or a week or month.

    def add_amount(self, habit: int, day: date, amount: int) -> None:
        kept, before = self.habits[habit], self.occasion(habit, day)
        kept.given.setdefault(day, []).append(amount)
        after = self.occasion(habit, day)
        if after.kind == "at_least" and after.is_met and not after.kept:
            kept.days.add(day)
        if after.kind == "at_most" and before.is_met and not after.is_met:
            kept.days -= after.kept

    def take_amount(self, habit: int, day: date) -> None:
        """Take the newest amount of the day back, or its commit if there is none."""
        kept, before = self.habits[habit], self.occasion(habit, day)
        if not kept.given.get(day):
            # The total of a week or month tells that it is kept, on whichever day.
            if not (before.is_total and before.is_met):
                kept.days.discard(day)
            return
        kept.given[day].pop()
        if before.kind == "at_least" and before.is_met and not self.occasion(habit, day).is_met:
            kept.days.discard(day if day in kept.days else max(before.kept, default=day))

    def quiet_days(self, habit: int, today: date) -> list[date]:
        """The days of the last week whose commits can be collected."""
        kept, slow = self.habits[habit], self.slow(habit, today)
        days = [day for day in days_of(today - 7 * DAY, today - DAY) if day >= kept.first_day]
        limited = [day for day in days if slow.term_of(day).kind == "at_most"]
        return [
            day
            for day in limited
            if day not in kept.days and any(is_kept for _day, is_kept, _ in slow.occasions(day))
        ]

    def occasion(self, habit: int, day: date) -> "Occasion":
        kept, slow = self.habits[habit], self.slow(habit, day)
        term, days = slow.judged_by(day), [day]
        if term.schedule in PERIODS:
            days = list(slow.span_of(day).days)
        at_most = term.kind == "at_most"
        amount = slow.total(days, rests_too=not at_most or len(days) == 1)
        ends = days[-1:] if at_most else days
        return Occasion(term.kind, amount, term.target, kept.days.intersection(ends), len(days) > 1)

    def _concerns(self, rest: Rested, habit: int, day: date) -> bool:
        if rest.pillar is None:
            return rest.habit in (None, habit)
        return rest.pillar == self.habits[habit].lived_in(day)

    def shown(self, habit: int, today: date) -> Shown:
        """Return what the habit shows on the day `today`."""
        return self.slow(habit, today).shown(today)


class Occasion(NamedTuple):
    """What an occasion has of its target, and the days of its commit, one at most."""

    kind: str
    amount: int
    target: int
    kept: set[date]
    is_long: bool

    @property
    def is_total(self) -> bool:
        return self.kind == "at_least" and self.is_long

    @property
    def is_met(self) -> bool:
        if self.kind == "at_least":
            return self.amount >= self.target
        return self.amount <= self.target


class Closed(NamedTuple):
    """A fold as the days through its end make it, worked out slowly."""

    run: int
    best: int
    kept: int
    toward: int
    shields: int
    since: date | None
    idle: int
    overdue: int
    strength: float


def closed(memory: Memory, habit: int, through: date) -> Closed:
    """Return what is closed at the end of the day `through`."""
    slow = memory.slow(habit, through, lambda day: day <= through)
    tale = slow.tale(through)
    idle, newest = -1, max(slow.kept, default=None)
    if newest:
        idle = sum(not slow.rests_on(day) for day in days_of(newest + DAY, through))
    return Closed(
        tale.run, tale.best, len(slow.kept), tale.toward, tale.shields, tale.since, idle,
        _overdue(slow, newest, through), slow.strength(through + DAY),
    )  # fmt: skip


def _overdue(slow: Habit, newest: date | None, through: date) -> int:
    """Return on how many days since the last keep one that comes every few days was due."""
    if through < slow.terms[0].starts_on or slow.term_of(through).schedule != "every":
        return 0
    since = max(slow.schedule_begins(through), (newest or date.min) + timedelta(days=1))
    return sum(map(slow.is_due_every, days_of(since, through)))
