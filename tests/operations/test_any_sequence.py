"""Whatever is done in whatever order: balances follow from the ledger, folds from the days.

`pytest tests/operations/test_any_sequence.py --hypothesis-profile=long` goes on for minutes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run
from sqlalchemy import text

from app.infra import clock, db
from app.infra.db import orm
from app.operations import accounts, habits, pillars, rests
from app.operations.habits import HabitFields
from app.queries.day import Day, read_day
from app.queries.ledger import verify
from app.rules import reward
from app.rules.amounts import as_typed
from app.rules.errors import Archived, Invalid
from app.rules.fold import Fold
from app.rules.outcome import Act, Outcome
from app.rules.reward import Effort
from app.rules.schedule import Kind, Schedule, Term
from app.rules.terms import AT_MOST, TermFields
from app.rules.weeks import FIRST_DAYS
from tests import world as make
from tests.operations.remembered import Kept, Memory, Rested, closed
from tests.rules.slow_habits import DAY
from tests.world import NOON, World

# Of a hundred examples that the profile asks for, so many sequences of so many deeds are tried.
SEQUENCES, DEEDS = 40, 30
ZONES = ("Pacific/Kiritimati", "Asia/Tokyo", "UTC", "America/New_York", "Pacific/Pago_Pago")
PLACES = st.integers(0, 2)
HOURS = st.sampled_from([1, 9, 24, 24, 24, 26, 3 * 24, 8 * 24, 40 * 24])
BACK = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 5, 7, 8, 9, 13, 20, 33])
LONG = st.sampled_from([None, 0, 1, 3, 6, 13, 30])
_SIGNED_IN_FOR_EVER = text("UPDATE sessions SET expires_at = '2100-01-01'")
_FOLDED = text(
    f"SELECT id, folded_on, {', '.join(f'folded_{name}' for name in Fold._fields[1:])}"
    " FROM habits WHERE folded_on IS NOT NULL AND closed_on IS NULL"
)


@st.composite
def rhythms(draw: st.DrawFn) -> Term:
    """A rhythm of ticks or amounts; on which day it begins is left to who uses it."""
    schedule, kind = draw(st.sampled_from(Schedule)), draw(st.sampled_from([*Kind, Kind.CHECK]))
    if kind is Kind.AT_MOST and schedule not in AT_MOST:
        kind = Kind.CHECK
    used: dict[str, int] = {}
    match schedule:
        case Schedule.WEEKDAYS:
            used = {"weekdays": draw(st.sampled_from([1, 20, 31, 96, 127]))}
        case Schedule.EVERY:
            used = {"every": draw(st.sampled_from([2, 3, 4, 9, 30]))}
        case Schedule.WEEKLY if kind is Kind.CHECK:
            used = {"times": draw(st.integers(1, 7))}
        case Schedule.MONTHLY if kind is Kind.CHECK:
            used = {"times": draw(st.sampled_from([1, 4, 9, 20, 28]))}
    if kind is not Kind.CHECK:
        used["target"] = draw(st.sampled_from([1000, 1500, 2000, 5000]))
    return Term(date.min, schedule, kind, **used)


class Life(RuleBasedStateMachine):
    """Everything that can be done to habits, and beside it what should have come of it."""

    def __init__(self, at: Callable[[datetime], None]) -> None:
        super().__init__()
        self.at = at
        self.before = orm.engine.begin_nested()
        self.now, self.zone, self.memory = NOON, "UTC", Memory()
        self.at(self.now)
        self.me = make.user()
        self.do(lambda session: session.execute(_SIGNED_IN_FOR_EVER))

    def teardown(self) -> None:
        try:
            self.agrees()
        finally:
            self.before.rollback()

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def do(self, act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        with db.transaction() as session:
            return act(session, *arguments, **named)

    def habit(self, place: int) -> tuple[int, Kept]:
        made = list(self.memory.habits.items())
        return made[place % len(made)]

    def pillar(self, place: int) -> int:
        made = list(self.memory.pillars)
        return made[place % len(made)]

    @contextmanager
    def may_be_refused(self) -> Iterator[None]:
        """What the game refuses changes nothing."""
        try:
            yield
        except Invalid:
            self.agrees()

    # What is there.

    @initialize(first=rhythms(), second=rhythms(), back=BACK)
    def begin(self, first: Term, second: Term, back: int) -> None:
        for name in ("Body", "Mind"):
            self.memory.pillars[make.pillar(self.me, name)] = None
        self.new_habit(0, first, back)
        self.new_habit(1, second, 20)

    @precondition(lambda self: len(self.memory.habits) < 3)
    @rule(place=PLACES, term=rhythms(), back=BACK)
    def new_habit(self, place: int, term: Term, back: int) -> None:
        pillar, term = self.pillar(place), term._replace(starts_on=self.today - back * DAY)
        fields = HabitFields("Read", "normal", term.starts_on, TermFields.of(term))
        if self.memory.pillars[pillar]:
            return
        made = self.do(habits.create, self.me, pillar, fields, 1000)
        self.memory.habits[made] = Kept(pillar, [term])

    # Time and place.

    @rule(hours=HOURS)
    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.at(self.now)

    @rule(zone=st.sampled_from(ZONES))
    def fly(self, zone: str) -> None:
        self.do(accounts.set_preferences, self.me, timezone=zone)
        self.zone = zone
        for kept in self.memory.habits.values():
            if kept.first_day > self.today:
                kept.begin(self.today)

    @rule(first=st.sampled_from(FIRST_DAYS))
    def begin_weeks_on(self, first: int) -> None:
        self.do(accounts.set_preferences, self.me, week_start=first)
        self.memory.begin_weeks_on(first, self.today)

    # Presses.

    @rule(place=PLACES, back=BACK)
    def keep(self, place: int, back: int) -> None:
        habit, kept = self.habit(place)
        day, before = self.today - back * DAY, set(kept.days)
        outcome = self.press(make.keep, habit, day)
        if outcome is None:
            return
        if kept.term(day).kind is Kind.CHECK:
            kept.days.add(day)
        else:
            self.memory.add_amount(habit, day, kept.term(day).step)
        self.earns(habit, day, before, outcome)

    @rule(place=PLACES, back=BACK, amount=st.sampled_from([1, 400, 1500, 2000, 6000]))
    def add(self, place: int, back: int, amount: int) -> None:
        habit, kept = self.habit(place)
        day, before = self.today - back * DAY, set(kept.days)
        if day >= kept.first_day and kept.term(day).kind is Kind.CHECK:
            return
        outcome = self.press(make.add, habit, as_typed(amount), day)
        if outcome is not None:
            self.memory.add_amount(habit, day, amount)
            self.earns(habit, day, before, outcome)

    @rule(place=PLACES)
    def collect(self, place: int) -> None:
        habit, kept = self.habit(place)
        days = self.memory.quiet_days(habit, self.today)
        outcome = self.press(make.collect, habit)
        if outcome is not None:
            assert (outcome.act is Act.COLLECTED) is bool(days)
            spans = (self.memory.shown(habit, day).span for day in days)
            assert outcome.amount == sum(reward.worth(Effort.NORMAL, span) for span in spans)
            kept.days.update(days)

    def earns(self, habit: int, day: date, before: set[date], outcome: Outcome) -> None:
        """Hold what a press on `day` did and gave against the days that were kept before it."""
        kept = self.memory.habits[habit]
        assert (outcome.act is Act.KEPT) is (day in kept.days - before)
        if outcome.act is Act.KEPT and not reward.is_over(day, self.today):
            span = self.memory.shown(habit, day).span
            assert outcome.amount == reward.worth(Effort.NORMAL, span)

    @rule(place=PLACES, many=st.integers(2, 9))
    def keep_days_in_a_row(self, place: int, many: int) -> None:
        for back in range(many, -1, -1):
            self.keep(place, back)

    @rule(place=PLACES, back=BACK)
    def undo(self, place: int, back: int) -> None:
        habit, kept = self.habit(place)
        day, before = self.today - back * DAY, set(kept.days)
        outcome = self.press(make.take_back, habit, day)
        if outcome is None:
            return
        if day < kept.first_day or kept.term(day).kind is Kind.CHECK:
            kept.days.discard(day)
        else:
            self.memory.take_amount(habit, day)
        assert (outcome.act is Act.UNDONE) is (before != kept.days)

    def press(self, act: Callable[..., Outcome], habit: int, *said: Any) -> Outcome | None:
        """Press, and hold the answer against what Today shows then; None where it is refused.

        The last thing that is `said` is the day, where it is of one.
        """
        try:
            outcome = act(self.me, habit, *said)
        except Archived:
            assert self.memory.is_away(habit)
            return None
        except Invalid:
            assert not self.memory.habits[habit].first_day <= said[-1] <= self.today
            return None
        day = self.day()
        (found,) = [one for one in day.board.habits if one.id == habit]
        assert (outcome.row, outcome.pet) == (day.board.row(found), day.pet)
        return outcome

    # Habits and pillars.

    @rule(place=PLACES, term=rhythms())
    def change_terms(self, place: int, term: Term) -> None:
        habit, kept = self.habit(place)
        self.do(habits.edit, self.me, habit, HabitFields(None, None, None, TermFields.of(term)))
        kept.change(term._replace(starts_on=max(self.today, kept.first_day)))

    @rule(place=PLACES, back=BACK)
    def change_first_day(self, place: int, back: int) -> None:
        habit, kept = self.habit(place)
        day = self.today - back * DAY
        with self.may_be_refused():
            self.do(habits.edit, self.me, habit, HabitFields(None, None, day))
            kept.begin(day)

    @rule(place=PLACES, pillar=PLACES)
    def move(self, place: int, pillar: int) -> None:
        (habit, kept), there = self.habit(place), self.pillar(pillar)
        if kept.pillar != there and not self.memory.pillars[there]:
            self.do(habits.move_to, self.me, habit, there)
            kept.moves.append((self.today, kept.pillar))
            kept.pillar = there

    @rule(place=PLACES)
    def archive_or_restore(self, place: int) -> None:
        habit, kept = self.habit(place)
        if kept.away is None:
            self.do(habits.archive, self.me, habit)
            first = self.memory.first_day_away([habit], self.today)
            kept.away = self.memory.add(Rested(first, habit=habit))
        else:
            self.do(habits.restore, self.me, habit, 1000)
            self.memory.end(kept.away, self.today)
            kept.away = None

    @rule(place=PLACES)
    def archive_or_restore_pillar(self, place: int) -> None:
        pillar, memory = self.pillar(place), self.memory
        away = memory.pillars[pillar]
        if away is None:
            self.do(pillars.archive, self.me, pillar)
            own = [habit for habit, kept in memory.habits.items() if kept.pillar == pillar]
            rest = Rested(memory.first_day_away(own, self.today), pillar=pillar)
            memory.pillars[pillar] = memory.add(rest)
        else:
            self.do(pillars.restore, self.me, pillar, 0)
            memory.end(away, self.today)
            memory.pillars[pillar] = None

    @rule(place=PLACES, term=rhythms())
    def delete_pillar(self, place: int, term: Term) -> None:
        """Another takes its place, so that there are always two, and a habit in one."""
        pillar = self.pillar(place)
        self.do(pillars.delete, self.me, pillar)
        self.memory.delete_pillar(pillar, self.today)
        self.memory.pillars[make.pillar(self.me, "Work")] = None
        if not self.memory.habits:
            self.new_habit(1, term, 0)

    # Rests.

    @rule(place=st.none() | PLACES, back=st.integers(-9, 14), long=LONG)
    def rest(self, place: int | None, back: int, long: int | None) -> None:
        pillar = None if place is None else self.pillar(place)
        first = self.today - back * DAY
        last = None if long is None else first + long * DAY
        made = make.rest(self.me, pillar, first, last)
        self.memory.named[made] = self.memory.add(Rested(first, last, pillar))

    @precondition(lambda self: self.memory.named)
    @rule(place=PLACES, back=st.integers(-9, 14), long=LONG)
    def change_rest(self, place: int, back: int, long: int | None) -> None:
        number, rest = self.rest_at(place)
        first = self.today - back * DAY
        last = None if long is None else first + long * DAY
        with self.may_be_refused():
            self.do(rests.edit, self.me, number, starts_on=first, ends_on=last)
            rest.first, rest.last = first, last

    @precondition(lambda self: self.memory.named)
    @rule(place=PLACES)
    def end_rest(self, place: int) -> None:
        number, rest = self.rest_at(place)
        self.do(rests.end, self.me, number)
        self.memory.end(rest, self.today)
        if not any(rest is other for other in self.memory.rests):
            del self.memory.named[number]

    @precondition(lambda self: self.memory.named)
    @rule(place=PLACES)
    def delete_rest(self, place: int) -> None:
        number, _rest = self.rest_at(place)
        self.do(rests.delete, self.me, number)
        self.memory.forget(self.memory.named.pop(number))

    def rest_at(self, place: int) -> tuple[int, Rested]:
        made = list(self.memory.named.items())
        return made[place % len(made)]

    @rule(place=PLACES, back=BACK)
    def skip(self, place: int, back: int) -> None:
        habit, kept = self.habit(place)
        day = self.today - back * DAY
        try:
            self.do(rests.skip, self.me, habit, day)
        except Invalid:
            assert not kept.first_day <= day <= self.today
            return
        if (habit, day) not in self.memory.skips:
            skipped = self.memory.add(Rested(day, day, habit=habit))
            self.memory.skips[habit, day] = skipped

    @rule(place=PLACES, back=BACK)
    def unskip(self, place: int, back: int) -> None:
        habit, _kept = self.habit(place)
        day = self.today - back * DAY
        self.do(rests.unskip, self.me, habit, day)
        if skipped := self.memory.skips.pop((habit, day), None):
            self.memory.forget(skipped)

    # What must hold.

    def day(self) -> Day:
        who = make.claims(self.me)
        with db.reading() as reading:
            return read_day(reading, who, clock.now(), put_away=True)

    @rule()
    def agrees(self) -> None:
        """Today, each stored fold and the ledger are what the deeds come to."""
        board = self.day().board
        assert board.today == self.today
        for habit in board.habits:
            shown = self.memory.shown(habit.id, self.today)
            expected = shown._replace(strength=pytest.approx(shown.strength, abs=1e-9))
            assert board.on_day(habit) == tuple(expected), habit.id
        with db.reading() as reading:
            assert list(verify.differences(reading)) == []
            folds = reading.execute(_FOLDED).all()
        for habit, through, *stored in folds:
            right = closed(self.memory, habit, through)
            assert stored[:-1] == list(right[:-1]), (habit, through)
            assert stored[-1] == pytest.approx(right.strength, abs=1e-9)


def test_any_sequence_of_deeds_ends_with_books_and_folds_that_agree(
    world: World, at: Callable[[datetime], None]
):
    def life() -> Life:
        return Life(at)

    many = SEQUENCES * settings().max_examples // 100
    run(life, settings=settings(max_examples=many, stateful_step_count=DEEDS))
