"""Many days written at once are what pressing them one by one would have left; imported days count
as kept and have earned nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from app.infra import batches, clock, db
from app.operations import habits, history
from app.queries.ledger import verify
from app.rules import days
from app.rules.books import Books, HabitTerms, Leader, PastPress
from app.rules.identity import Actor
from app.rules.moments import Occasion
from app.rules.rests import Quiet
from app.rules.reward import Effort
from app.rules.schedule import Timetable
from tests import world as make
from tests.views.database import contents, execute
from tests.world import NOON, TUESDAY, World

At = Callable[[datetime], None]

ZONE = "Asia/Kolkata"
START = datetime(2026, 1, 10, 3, tzinfo=UTC)
FIRST = date(2026, 1, 10)
PRESSES = 330
LATER = timedelta(days=12)  # After the first day: then one habit begins.
PUT_AWAY = timedelta(days=25)
NEXT_PET = timedelta(days=18, hours=5)

# All that presses write, ids aside: those of the ledger by their places.
WRITTEN = (
    "SELECT * FROM commits ORDER BY habit_id, day",
    """SELECT habit_id, pillar_id, pet_id, day, label, amount, key, created_at,
              (SELECT count(*) FROM ledger_entries f WHERE f.id < e.reverses_id)
                  * sign(e.reverses_id)
       FROM ledger_entries e ORDER BY id""",
    "SELECT * FROM habits ORDER BY id",
    "SELECT * FROM pillars ORDER BY id",
    "SELECT * FROM pets ORDER BY id",
    "SELECT * FROM finds ORDER BY day",
    "SELECT * FROM moments ORDER BY occasion, subject_id, number",
)


def written() -> list[list[tuple[Any, ...]]]:
    with db.reading() as session:
        return [[_rounded(row) for row in session.execute(text(sql))] for sql in WRITTEN]


def _rounded(row: Any) -> tuple[Any, ...]:
    # A strength that was carried on day by day differs in its last digits.
    return tuple(round(value, 9) if isinstance(value, float) else value for value in row)


def differences() -> list[str]:
    with db.reading() as session:
        return list(verify.differences(session))


def forget() -> None:
    """Take everything away that presses have written."""
    execute("""
        DELETE FROM commits; DELETE FROM ledger_entries; DELETE FROM finds;
        DELETE FROM moments;
        UPDATE pillars SET xp = 0, best_level = 1;
        UPDATE pets SET xp = 0, days_kept = 0, best_level = 1, best_stage = 0;
        UPDATE habits SET folded_on = NULL, milestone = 0
    """)


def write(me: Actor, books: Books, today: date) -> int:
    with db.transaction() as session:
        return history.write(session, me.user_id, books, today)


def fold_again(me: Actor, habit_ids: list[int], today: date) -> None:
    with db.transaction() as session:
        history.fold_again(session, me.user_id, habit_ids, today)


def bring(me: Actor, kept: dict[int, list[date]]) -> int:
    with db.transaction() as session:
        return history.bring(session, me.user_id, 7, kept, TUESDAY, clock.now())


class Season:
    """Somebody with six habits in three pillars: the last begins later, the first is put away."""

    def __init__(self, at: At, seed: int) -> None:
        self.at, self.random = at, Random(seed)
        self.is_put_away = self.is_handed_over = False
        at(START)
        self.me = make.user("somebody@example.org", ZONE)
        pillars = [make.pillar(self.me, f"Pillar {number}") for number in range(3)]
        self.terms: dict[int, HabitTerms] = {}
        for number in range(6):
            effort = list(Effort)[number % 3]
            key = make.habit(self.me, pillars[number % 3], f"It's “{number}”, {{}}", effort)
            self.terms[key] = HabitTerms(pillars[number % 3], effort, Timetable.daily(FIRST))
        self.ids = list(self.terms)
        self._set(0, quiet=Quiet((FIRST + PUT_AWAY,), (date.max,)))
        self._set(5, timetable=Timetable.daily(FIRST + LATER))
        execute(
            "UPDATE schedules SET starts_on = :day WHERE habit_id = :habit",
            day=FIRST + LATER, habit=self.ids[5],
        )  # fmt: skip
        execute(
            "INSERT INTO pets (user_id, species, is_active, created_at)"
            " VALUES (:me, 'owl', false, :now)",
            me=self.me.user_id, now=START,
        )  # fmt: skip
        first, second = [row[1] for row in written()[4]]
        self.leaders = [Leader(START, first), Leader(START + NEXT_PET, second)]

    def _set(self, place: int, **terms: Any) -> None:
        self.terms[self.ids[place]] = self.terms[self.ids[place]]._replace(**terms)

    def books(self) -> Books:
        """Return empty books."""
        return Books(self.me.user_id, self.terms, self.leaders)

    def presses(self) -> Iterator[PastPress]:
        """Yield presses of a few weeks, made up for, taken back and repeated ones among them."""
        now = START
        for _number in range(PRESSES):
            now += timedelta(minutes=self.random.choice((1, 7, 60, 120, 120, 600)))
            today = days.day_of(now, ZONE, 0)
            back = self.random.choice((0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 6, 9, 13))
            day = max(today - timedelta(days=back), FIRST)
            due = [key for key, terms in self.terms.items() if day >= terms.timetable.starts_on]
            open_ = [key for key in due if not self.terms[key].quiet.covers(today)]
            yield PastPress(now, today, self.random.choice(open_), day, self.random.random() < 0.75)

    def press(self, press: PastPress) -> None:
        """Press in the app; before the first press that knows of it, things change."""
        self.at(press.at)
        if not self.is_put_away and press.today >= FIRST + PUT_AWAY:
            self.is_put_away = True
            with db.transaction() as session:
                habits.archive(session, self.me, self.ids[0])
        if not self.is_handed_over and press.at >= self.leaders[1].since:
            self.is_handed_over = True
            execute("UPDATE pets SET is_active = false")
            execute("UPDATE pets SET is_active = true WHERE id = :pet", pet=self.leaders[1].pet)
        (make.keep if press.keeps else make.take_back)(self.me, press.habit, press.day)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_written_at_once_is_what_presses_leave(
    app: object, at: At, seed: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(batches, "_AT_ONCE", 40)
    monkeypatch.setattr(history, "_HABITS_AT_ONCE", 4)
    season = Season(at, seed)
    presses = list(season.presses())
    books, today = season.books(), presses[-1].today
    for press in presses:
        season.press(press)
        books.enter(press)
    assert differences() == []
    # What was put away, or is not pressed any more, is folded as far as the rest.
    fold_again(season.me, season.ids, today)
    pressed = written()
    forget()
    kept = write(season.me, books, today)
    assert kept == len(pressed[0])
    for one, other in zip(written(), pressed, strict=True):
        assert one == other
    assert differences() == []
    _commits, ledger, folded, _pillars, pets, found, stored = pressed
    assert sum(line[-1] is not None for line in ledger) > PRESSES / 15
    assert len(found) > 10
    assert {row[1] for row in stored} >= {"hatch", "stage", "level", "pillar", "milestone"}
    assert season.is_put_away
    assert season.is_handed_over
    assert all(pet[4] for pet in pets)
    assert any(row[11] for row in folded), "nobody's run was celebrated"


def test_a_day_with_all_kept_and_what_else_it_brought_is_in_the_books_too(world: World, at: At):
    other = make.habit(world.ada, world.pillar, "Stretch", starts_on=FIRST)
    execute("UPDATE schedules SET starts_on = :day", day=FIRST)
    timetable = Timetable.daily(FIRST)
    terms = {
        habit: HabitTerms(world.pillar, Effort.NORMAL, timetable) for habit in (world.habit, other)
    }
    pet = written()[4][0][1]
    books = Books(world.ada.user_id, terms, [Leader(START, pet)])
    for hour, (habit, day, keeps) in enumerate([
        (world.habit, TUESDAY, True), (world.habit, TUESDAY - timedelta(days=1), True),
        (other, TUESDAY, True), (other, TUESDAY, False), (other, TUESDAY, True),
        (other, TUESDAY - timedelta(days=1), True),
    ]):  # fmt: skip
        at(NOON + timedelta(hours=hour))
        (make.keep if keeps else make.take_back)(world.ada, habit, day)
        books.enter(PastPress(NOON + timedelta(hours=hour), TUESDAY, habit, day, keeps))
    pressed = written()[6]
    assert {row[1] for row in pressed} == {"hatch", "all-kept"}
    forget()
    write(world.ada, books, TUESDAY)
    assert written()[6] == pressed


def test_books_are_not_written_over_a_history(world: World, at: At):
    terms = {world.habit: HabitTerms(world.pillar, Effort.NORMAL, Timetable.daily(TUESDAY))}
    books = Books(world.ada.user_id, terms, [Leader(START, 1)])
    make.keep(world.ada, world.habit)
    before = contents()
    with pytest.raises(ValueError, match="a history"):
        write(world.ada, books, TUESDAY)
    assert contents() == before
    execute("DELETE FROM commits")
    with pytest.raises(ValueError, match="a history"):
        write(world.ada, books, TUESDAY)
    execute("DELETE FROM ledger_entries")
    bring(world.ada, {world.habit: [TUESDAY]})
    with pytest.raises(ValueError, match="a history"):
        write(world.ada, books, TUESDAY)


def test_a_history_of_one_is_none_of_another(world: World, at: At):
    make.keep(world.bob, make.habit(world.bob, make.pillar(world.bob)))
    terms = {world.habit: HabitTerms(world.pillar, Effort.NORMAL, Timetable.daily(FIRST))}
    with db.reading() as session:
        pet = session.scalar(
            text("SELECT id FROM pets WHERE user_id = :me"), {"me": world.ada.user_id}
        )
    books = Books(world.ada.user_id, terms, [Leader(START, pet)])
    books.enter(PastPress(NOON, TUESDAY, world.habit, TUESDAY))
    assert write(world.ada, books, TUESDAY) == 1
    assert differences() == []


def test_imported_days_count_as_kept_and_earn_nothing(
    world: World, at: At, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(batches, "_AT_ONCE", 4)
    march = [TUESDAY - timedelta(days=back) for back in range(9, -1, -1)]
    make.keep(world.ada, world.habit, march[-2])
    before = written()
    other = make.habit(world.ada, world.pillar, "Stretch", starts_on=march[0])
    at(NOON + timedelta(hours=1))
    # The sixth day is missing, one is kept already, and one comes twice.
    imported = {world.habit: [*march[:5], *march[6:], march[0]], other: [march[3]]}
    assert bring(world.ada, imported) == 9
    assert bring(world.ada, imported) == 0
    after = written()
    for place in (1, 3, 4, 5, 6):
        assert after[place] == before[place], "imported days earned something"
    assert before[0][0] in after[0], "a day that was kept already has changed"
    assert {row[3:] for row in after[0] if row not in before[0]} == {(clock.now(), 7)}
    assert [tuple(row) for row in _folds(world.habit)] == [(TUESDAY - timedelta(days=3), 6, 6, 6)]
    assert [tuple(row) for row in _folds(other)] == [(TUESDAY - timedelta(days=3), 0, 1, 1)]
    assert differences() == []


def test_an_imported_day_is_taken_back_for_nothing_and_kept_again_for_xp(world: World, at: At):
    yesterday = TUESDAY - timedelta(days=1)
    bring(world.ada, {world.habit: [yesterday, TUESDAY]})
    before = written()
    assert make.take_back(world.ada, world.habit, yesterday).amount == 0
    assert differences() == []
    assert written()[1:2] == before[1:2] == [[]]
    outcome = make.keep(world.ada, world.habit, yesterday)
    assert (outcome.amount, outcome.row.streak) == (10, 2)
    assert differences() == []


def test_a_run_that_was_imported_is_celebrated_no_more_and_the_next_one_is(world: World, at: At):
    run = [TUESDAY - timedelta(days=back) for back in range(28, 0, -1)]
    bring(world.ada, {world.habit: run})
    said = make.keep(world.ada, world.habit)
    assert said.row.streak == 29
    assert said.amount == (10 * (60 + 29) + 30) // 60
    assert Occasion.MILESTONE not in [moment.occasion for moment in said.moments]
    at(NOON + timedelta(days=1))
    said = make.keep(world.ada, world.habit)
    assert [m.number for m in said.moments if m.occasion is Occasion.MILESTONE] == [30]


def _folds(habit_id: int) -> list[Any]:
    with db.reading() as session:
        return list(
            session.execute(
                text("""SELECT folded_on, folded_run, folded_best, folded_kept
                        FROM habits WHERE id = :habit"""),
                {"habit": habit_id},
            )
        )
