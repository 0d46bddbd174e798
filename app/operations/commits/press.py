"""A press on Commit, and a press on Undo: lock, read, write."""

from typing import Any

from sqlalchemy import TextualSelect
from sqlalchemy.orm import Session

from app.infra import clock
from app.operations import owner as owners
from app.operations.commits import statements
from app.operations.commits.standing import Standing
from app.rules import reward, streak
from app.rules.errors import Archived, NotYours, SessionEnded
from app.rules.identity import Actor, oldest_session
from app.rules.outcome import Act, Outcome, PillarHeader
from app.rules.press import Press, check_window
from app.rules.reward import Effort


def record(session: Session, actor: Actor, habit_id: int, press: Press) -> Outcome:
    """Keep the habit on the day of `press`: at most once, with one reward.

    Returns the Outcome, UNCHANGED when the day was kept already or the key is known.
    Raises SessionEnded, NotYours, Archived, and Invalid for a day outside starts_on … today.
    """
    standing = _stand(session, actor, habit_id, press)
    row, day = standing.row, standing.day
    if row.known_key:
        return standing.outcome(Act.UNCHANGED)
    if row.archived:
        raise Archived(row.archived)
    if day in standing.days:
        return standing.outcome(Act.UNCHANGED)
    check_window(day, row.starts_on, standing.today)
    kept_days = sorted([*standing.days, day])
    run = streak.run_ending_on(day, kept_days, standing.timetable)
    amount = reward.xp(Effort(row.effort), run, day, standing.today)
    pet_days = int(amount > 0 and not row.mates)
    moved = standing.moved(kept_days, amount, amount, pet_days)
    reached = moved.marks()
    _write(
        session, statements.RECORD, moved, press,
        amount=amount, pet_days=pet_days, pillar=row.pillar_id, pet=row.pet_id,
        pet_level=reached.level, stage=reached.stage, pillar_level=reached.pillar,
        milestone=reached.milestone, find=moved.find(),
    )  # fmt: skip
    return moved.outcome(Act.KEPT, amount, moments=moved.moments())


def undo(session: Session, actor: Actor, habit_id: int, press: Press) -> Outcome:
    """Take the habit's commit on the day of `press` back, and exactly what it gave.

    Returns the Outcome, UNCHANGED when there is nothing to take back or the key is known.
    Raises SessionEnded, NotYours, Archived and Invalid.
    """
    standing = _stand(session, actor, habit_id, press)
    row, day = standing.row, standing.day
    if row.known_key:
        return standing.outcome(Act.UNCHANGED)
    if row.archived:
        raise Archived(row.archived)
    if day not in standing.days:
        return standing.outcome(Act.UNCHANGED)
    amount = row.amount
    pet_days = int(amount > 0 and not row.mates)
    same_pillar, same_pet = row.entry_pillar_id == row.pillar_id, row.entry_pet_id == row.pet_id
    moved = standing.moved(
        [kept for kept in standing.days if kept != day],
        -amount if same_pillar else 0,
        -amount if same_pet else 0,
        -pet_days if same_pet else 0,
    )
    _write(
        session, statements.UNDO, moved, press,
        amount=amount, pet_days=pet_days, pillar=row.entry_pillar_id, pet=row.entry_pet_id,
        entry=row.entry_id,
    )  # fmt: skip
    elsewhere = () if same_pillar else _header(session, actor, row.entry_pillar_id, moved)
    return moved.outcome(Act.UNDONE, amount, elsewhere=elsewhere)


def _stand(session: Session, actor: Actor, habit_id: int, press: Press) -> Standing:
    """Lock the user, read how things stand for the habit, and refuse what is not to be had."""
    now = clock.now()
    owner = owners.lock(session, actor)
    today = owner.day_of(now)
    day = press.day or today
    row = session.execute(
        statements.READ,
        {
            "me": actor.user_id, "session": actor.credential, "oldest": oldest_session(now),
            "habit": habit_id, "day": day, "today": today, "key": press.key,
        },
    ).one()  # fmt: skip
    if not row.alive:
        raise SessionEnded
    if row.habit_id is None:
        raise NotYours
    press.check()
    return Standing.of(row, owner, now, day)


def _write(
    session: Session, statement: TextualSelect, moved: Standing, press: Press, **values: Any
) -> None:
    """Write what moved, in one statement. Under the lock it finds exactly what was read."""
    replayed = moved.replayed
    version = session.scalar(
        statement,
        {
            "me": moved.owner.id, "habit": moved.row.habit_id, "label": moved.row.name,
            "day": moved.day, "now": moved.now, "key": press.key,
            "run": replayed.run, "best": replayed.best, "last_day": replayed.last_day, **values,
        },
    )  # fmt: skip
    if version != moved.version:
        raise RuntimeError("a user's row was written without its lock")


def _header(
    session: Session, actor: Actor, pillar_id: int, moved: Standing
) -> tuple[PillarHeader, ...]:
    """Return the header of the pillar that gave XP back though the habit has left it, if it is."""
    values = {"me": actor.user_id, "pillar": pillar_id, "today": moved.today}
    row = session.execute(statements.HEADER, values).one_or_none()
    return () if row is None else (PillarHeader(**row._mapping, version=moved.version),)
