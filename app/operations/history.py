"""Writes many days at once: what books say that a history has earned, and days that are imported.

Whoever calls has locked the user's row, or has just made it, and counts the write.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.facts import histories
from app.infra.batches import Batches
from app.rules import fold, moments
from app.rules.books import Books, Line
from app.rules.diary import Diary
from app.rules.states import History, nothing

# The days of so many habits are read at once, and so many ids are taken.
_HABITS_AT_ONCE = 20
_IDS_AT_ONCE = 50_000

_HAS_HISTORY = text("""
    SELECT EXISTS (SELECT 1 FROM commits WHERE user_id = :me)
        OR EXISTS (SELECT 1 FROM ledger_entries WHERE user_id = :me)
""")
_COMMITS = Batches(
    """
    INSERT INTO commits (user_id, habit_id, day, created_at, import_id)
    SELECT :me, v.habit, v.day, v.at, CAST(:import_id AS bigint) FROM {rows} ON CONFLICT DO NOTHING
""",
    habit="bigint", day="date", at="timestamptz",
)  # fmt: skip
_AMOUNTS = Batches(
    """
    INSERT INTO amounts (user_id, habit_id, day, amount, created_at)
    SELECT :me, v.habit, v.day, v.amount / 1000.0, v.at FROM {rows}
""",
    at="timestamptz", habit="bigint", day="date", amount="bigint",
)  # fmt: skip
# A line that takes back names one before it: the ids are known before the lines are written.
_NEW_IDS = text("""
    WITH sequence AS MATERIALIZED (
        SELECT CAST(pg_get_serial_sequence('ledger_entries', 'id') AS regclass) AS name)
    SELECT nextval(name) FROM sequence, generate_series(1, :many)
""")
_LINES = Batches(
    """
    INSERT INTO ledger_entries (user_id, id, habit_id, pillar_id, pet_id, day, label, amount,
                                reverses_id, created_at) OVERRIDING SYSTEM VALUE
    SELECT :me, v.id, v.habit, v.pillar, v.pet, v.day, h.name, v.amount, v.reverses, v.at
    FROM {rows} JOIN habits h ON h.user_id = :me AND h.id = v.habit
""",
    id="bigint", at="timestamptz", habit="bigint", pillar="bigint", pet="bigint", day="date",
    amount="int", reverses="bigint",
)  # fmt: skip
_PILLARS = Batches(
    """
    UPDATE pillars SET xp = v.xp, best_level = v.best_level
    FROM {rows} WHERE pillars.user_id = :me AND pillars.id = v.id
""",
    id="bigint", xp="bigint", best_level="int",
)  # fmt: skip
_PETS = Batches(
    """
    UPDATE pets SET xp = v.xp, days_kept = v.days, best_level = v.best_level,
        best_stage = v.best_stage
    FROM {rows} WHERE pets.user_id = :me AND pets.id = v.id
""",
    id="bigint", xp="bigint", days="int", best_level="int", best_stage="int",
)  # fmt: skip
_FINDS = Batches(
    """
    INSERT INTO finds (user_id, day, pet_id, number, created_at)
    SELECT :me, v.day, v.pet, v.number, v.at FROM {rows}
""",
    day="date", pet="bigint", number="int", at="timestamptz",
)  # fmt: skip
_MOMENTS = Batches(
    """
    INSERT INTO moments (user_id, occasion, subject_id, number, day, label, created_at)
    SELECT :me, v.occasion, v.subject, v.number, v.day, coalesce(h.name, p.name, ''), v.at
    FROM {rows}
    LEFT JOIN habits h ON v.occasion = 'milestone' AND h.user_id = :me AND h.id = v.subject
    LEFT JOIN pillars p ON v.occasion = 'pillar' AND p.user_id = :me AND p.id = v.subject
""",
    occasion="varchar", subject="bigint", number="int", day="date", at="timestamptz",
)  # fmt: skip
_FOLDS = Batches(
    """
    UPDATE habits SET closed_on = NULL, folded_on = v.through, folded_run = v.run,
        folded_best = v.best, folded_kept = v.kept, folded_toward = v.toward,
        folded_shields = v.shields, folded_since = v.since, folded_idle = v.idle,
        folded_overdue = v.overdue, folded_strength = v.strength, folded_reach = v.reach,
        milestone = greatest(habits.milestone, v.milestone)
    FROM {rows} WHERE habits.user_id = :me AND habits.id = v.id
""",
    through="date", run="int", best="int", kept="int", toward="int", shields="int", since="date",
    idle="int", overdue="int", strength="float8", id="bigint", reach="smallint", milestone="int",
)  # fmt: skip


def write(session: Session, user_id: int, books: Books, today: date) -> int:
    """Write what the books say to a user without a history, and return how many commits stand.

    Pillars, pets and habits are there and have earned nothing; `today` is the user's day. Books of
    many years are kept before the transaction begins: one that idles for long is ended. Raises
    ValueError when the user has commits or lines in the ledger.
    """
    if session.scalar(_HAS_HISTORY, {"me": user_id}):
        raise ValueError("these books began with nothing, but the user has a history")
    kept = [
        (habit_id, day, at)
        for habit_id, diary in books.diaries.items()
        for day, at in diary.kept_at.items()
    ]
    _COMMITS.write(session, kept, me=user_id, import_id=None)
    _AMOUNTS.write(session, books.amounts, me=user_id)
    _write_lines(session, user_id, books.lines)
    pillars = [(pillar_id, won.xp, won.best_level) for pillar_id, won in books.pillars.items()]
    _PILLARS.write(session, pillars, me=user_id)
    pets = [(pet_id, *astuple(won)) for pet_id, won in books.pets.items()]
    _PETS.write(session, pets, me=user_id)
    _FINDS.write(session, [(day, *find) for day, find in books.finds.items()], me=user_id)
    keepsakes = [(*keepsake[:3], *when) for keepsake, when in books.keepsakes.items()]
    _MOMENTS.write(session, keepsakes, me=user_id)
    folds = [_written(habit_id, diary, today) for habit_id, diary in books.diaries.items()]
    _FOLDS.write(session, folds, me=user_id)
    return len(kept)


def bring(
    session: Session,
    user_id: int,
    import_id: int,
    days: Mapping[int, Iterable[date]],
    today: date,
    now: datetime,
) -> int:
    """Add days that were kept elsewhere, by the habit's id, and return how many are new.

    They earn no XP, leave no line in the ledger, and the runs that they make are celebrated no
    more. A day that is kept already stays as it is. Each day lies between the habit's first day
    and `today`, the user's day at `now`.
    """
    kept = [(habit_id, day, now) for habit_id, own in days.items() for day in own]
    written = _COMMITS.write(session, kept, me=user_id, import_id=import_id)
    fold_again(session, user_id, list(days), today)
    return written


def fold_again(session: Session, user_id: int, habit_ids: Sequence[int], today: date) -> None:
    """Fold all days of the user's habits `habit_ids` anew and store what they come to.

    The run as it stands on the user's day `today` counts as celebrated.
    """
    session.flush()
    for begin in range(0, len(habit_ids), _HABITS_AT_ONCE):
        ids = list(habit_ids[begin : begin + _HABITS_AT_ONCE])
        folds = [
            _folded(habit_id, history, today)
            for habit_id, history in histories.look(session, user_id, ids)
        ]
        _FOLDS.write(session, folds, me=user_id)


def _folded(habit_id: int, history: History, today: date) -> tuple[Any, ...]:
    """Return what the row of a habit stores of its days, in the order of _FOLDS."""
    timetable = history.timetable
    through = fold.closes(today, timetable, history.weeks)
    state = fold.advance(nothing(timetable), history, through)
    run = fold.on_day(state, fold.since(state, history), today).run
    return (*state, habit_id, fold.reach(timetable), moments.milestone(run))


def _written(habit_id: int, diary: Diary, today: date) -> tuple[Any, ...]:
    """Return what a habit stores by its diary, which knows what was celebrated."""
    diary.close(today)
    return (*diary.state, habit_id, fold.reach(diary.timetable), diary.milestone)


def _write_lines(session: Session, user_id: int, lines: Sequence[Line]) -> None:
    ids: list[int] = []
    while missing := len(lines) - len(ids):
        ids += session.scalars(_NEW_IDS, {"many": min(missing, _IDS_AT_ONCE)})
    rows = [
        (ids[place], *line[:-1], None if line.reverses is None else ids[line.reverses])
        for place, line in enumerate(lines)
    ]
    _LINES.write(session, rows, me=user_id)
