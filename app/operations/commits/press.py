"""A press on Commit, and a press on Undo: lock, read, write."""

from collections.abc import Sequence
from typing import Any

from app.infra import clock
from app.infra.statement import At, Statement
from app.operations import owner as owners
from app.operations import presses
from app.operations.commits import statements
from app.operations.commits.standing import Standing
from app.operations.commits.statements import Written
from app.rules import fold, reward
from app.rules.board import PillarFacts
from app.rules.errors import Archived, NotYours, SessionEnded
from app.rules.identity import Actor
from app.rules.moments import Keepsake
from app.rules.outcome import Act, Outcome
from app.rules.press import Press, check_window
from app.rules.reward import Effort


def record(at: At, actor: Actor, habit_id: int, press: Press) -> Outcome:
    """Keep the habit on the day of `press`: at most once, with one reward.

    Returns the Outcome, UNCHANGED when the day was kept already or the key is known.
    Raises SessionEnded, NotYours, Archived, and Invalid for a day outside starts_on … today or
    the key of another form.
    """
    route = f"commit/{habit_id}"
    standing = _stand(at, actor, habit_id, press)
    if presses.is_repeated(route, standing.row.pressed_as):
        return standing.outcome(Act.UNCHANGED)
    _refuse_archived(standing)
    if standing.is_kept:
        return _unchanged(at, standing, press, route)
    habit, day, today = standing.habit, standing.day, standing.today
    check_window(day, habit.timetable.starts_on, today)
    kept = sorted([*habit.days, day])
    before = standing.row.earned_before or 0
    amount = reward.xp(
        Effort(habit.effort), standing.board.on_day(habit, day).span, day, today, before
    )
    pet_days = int(amount > 0 and not standing.row.fed_otherwise)
    after = standing.after(kept, amount, amount, pet_days)
    reached, told = after.marks(), after.moments()
    statement, moments = _moments(after.keepsakes(told))
    _write(
        at, statement, after, press,
        amount=amount, pet_days=pet_days, pillar=habit.pillar_id, pet=standing.pet.id,
        pet_level=reached.level, stage=reached.stage, pillar_level=reached.pillar,
        milestone=reached.milestone, find=after.find(), today=today, **moments,
    )  # fmt: skip
    return after.outcome(Act.KEPT, amount, moments=told)


def undo(at: At, actor: Actor, habit_id: int, press: Press) -> Outcome:
    """Take the habit's commit on the day of `press` back, and exactly what it gave.

    Returns the Outcome, UNCHANGED when there is nothing to take back or the key is known.
    Raises SessionEnded, NotYours, Archived, and Invalid.
    """
    route = f"undo/{habit_id}"
    standing = _stand(at, actor, habit_id, press)
    row = standing.row
    if presses.is_repeated(route, row.pressed_as):
        return standing.outcome(Act.UNCHANGED)
    _refuse_archived(standing)
    if not standing.is_kept:
        return _unchanged(at, standing, press, route)
    amount = row.entry_amount or 0
    pet_days = int(amount > 0 and not row.fed_otherwise)
    same_pillar, same_pet = row.entry_pillar_id == row.pillar_id, row.entry_pet_id == row.pet_id
    after = standing.after(
        [kept for kept in standing.habit.days if kept != standing.day],
        -amount if same_pillar else 0,
        -amount if same_pet else 0,
        -pet_days if same_pet else 0,
    )
    _write(
        at, statements.UNDO, after, press,
        amount=amount, pet_days=pet_days, pillar=row.entry_pillar_id, pet=row.entry_pet_id,
        entry=row.entry_id,
    )  # fmt: skip
    if row.entry_id is None:
        presses.remember(at, actor.user_id, press.key, route, standing.now)
    elsewhere = None if same_pillar else _giver(row, amount)
    return after.outcome(Act.UNDONE, amount, elsewhere=elsewhere)


def _stand(at: At, actor: Actor, habit_id: int, press: Press) -> Standing:
    """Lock the user and read how things stand for the habit.

    Raises SessionEnded, NotYours, and Invalid for fields that could not be taken.
    """
    now = clock.now()
    owner = owners.lock(at, actor)
    today = owner.day_of(now)
    day = press.day or today
    rows = statements.READ.all(
        at,
        {
            "me": actor.user_id, "session": actor.credential, "now": now, "habit": habit_id,
            "pillar": None, "all": False, "day": day, "today": today, "key": press.key,
        },
    )  # fmt: skip
    row = next((row for row in rows if row.is_pressed), None)
    if row is None:
        owners.check_alive(at, actor, now)
        raise NotYours
    if not row.alive:
        raise SessionEnded
    press.check()
    return Standing.of(row, [row.habit for row in rows], actor, owner, now, day)


def _refuse_archived(standing: Standing) -> None:
    if standing.habit.is_archived:
        pillar, habit = standing.pillar, standing.habit
        raise Archived(pillar.name if habit.pillar_put_away else habit.name)


def _unchanged(at: At, standing: Standing, press: Press, route: str) -> Outcome:
    """Answer a press that has nothing to change. Its key is remembered like any other."""
    presses.remember(at, standing.owner.id, press.key, route, standing.now)
    return standing.outcome(Act.UNCHANGED)


def _write(
    at: At, statement: Statement[Written], after: Standing, press: Press, **values: Any
) -> None:
    """Write what changed, in one statement. Under the lock it finds exactly what was read."""
    folded = after.closed()
    written = statement.first(
        at,
        {
            "me": after.owner.id, "session": after.actor.credential,
            "habit": after.habit.id, "label": after.habit.name,
            "day": after.day, "now": after.now, "key": press.key,
            **folded._asdict(), "reach": fold.reach(after.habit.timetable), **values,
        },
    )  # fmt: skip
    if written is None or written.version != after.version:
        raise RuntimeError("a user's row was written without its lock")


def _moments(keepsakes: Sequence[Keepsake]) -> tuple[Statement[Written], dict[str, Any]]:
    """Return the statement of a commit that brings these about, and what it says of them."""
    if not keepsakes:
        return statements.RECORD, {}
    columns = map(list, zip(*keepsakes, strict=True))
    names = ("occasions", "subjects", "numbers", "labels")
    return statements.RECORD_WITH_MOMENTS, dict(zip(names, columns, strict=True))


def _giver(row: statements.ReadRow, amount: int) -> PillarFacts | None:
    """Return the pillar that gave XP back though the habit has left it, None if it is deleted."""
    giver = row.entry_pillar
    return giver and giver._replace(xp=giver.xp - amount)
