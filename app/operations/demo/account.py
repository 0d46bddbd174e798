"""Makes the demo account: the story told, the books kept, and both written in a few statements."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import Address, Commit, Find, Habit, LedgerEntry, Pet, Pillar, Schedule, User
from app.operations import accounts
from app.operations.demo import story
from app.operations.demo.books import Books, Line
from app.operations.demo.cast import AREAS, COMPANIONS, LENGTH, PERSON, ROLES, Area
from app.operations.demo.story import Calendar
from app.rules import fold
from app.rules.schedule import Kind

EMAIL = "demo@example.org"
SEED = 1

_SUNRISE = 6


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: how many commits stand, and whether an older demo account went for it."""

    commits: int
    replaced: bool


def make(session: Session, password_hash: str, zone: str, seed: int = SEED) -> Made:
    """Make the demo account with a year up to today in `zone`, in place of the one that is there.

    Equal seeds on equal days give equal histories.
    """
    replaced = _remove(session)
    calendar = Calendar(zone, clock.now())
    user = _person(session, password_hash, calendar)
    books = Books(calendar, user.id)
    for press in story.presses(calendar, seed):
        books.enter(press)
    pets = _pets(session, user, books, calendar)
    pillars = _pillars(session, user, books, calendar)
    habits = _habits(session, user, books, calendar, pillars)
    commits = _commits(session, user, books, habits)
    _finds(session, user, books, pets)
    _ledger(session, user, books.lines, habits, [pillars[role.area] for role in ROLES], pets)
    # Every write counts: the presses, what was made and put away, and a name for each pet.
    user.version = len(books.lines) + len(AREAS) + len(habits) + len(_put_away()) + len(pets)
    return Made(commits, replaced)


def _remove(session: Session) -> bool:
    user_id = session.scalar(select(Address.user_id).filter_by(email=EMAIL))
    if user_id is None:
        return False
    accounts.delete(session, user_id)
    session.flush()
    return True


def _put_away() -> list[int]:
    return [role.ends for role in ROLES if role.ends <= LENGTH]


def _person(session: Session, password_hash: str, calendar: Calendar) -> User:
    begun = [role.begins for role in ROLES]
    user = User(
        email=EMAIL,
        password_hash=password_hash,
        name=PERSON,
        timezone=calendar.zone,
        is_premium=True,
        pillar_count=len(AREAS),
        habits_made_on=calendar.day(max(begun)),
        habits_made=begun.count(max(begun)),
        created_at=calendar.at(calendar.day(0), _SUNRISE),
    )
    accounts.take_address(session, user)
    return user


def _pets(session: Session, user: User, books: Books, calendar: Calendar) -> list[int]:
    pets = [
        Pet(
            user_id=user.id,
            species=companion.species,
            name=companion.name,
            coat=companion.coat,
            xp=account.xp,
            days_kept=account.days,
            best_level=account.best_level,
            best_stage=account.best_stage,
            is_active=companion is COMPANIONS[-1],
            created_at=calendar.at(calendar.day(companion.leads), _SUNRISE),
        )
        for companion, account in zip(COMPANIONS, books.pets, strict=True)
    ]
    session.add_all(pets)
    session.flush()
    return [pet.id for pet in pets]


def _pillars(session: Session, user: User, books: Books, calendar: Calendar) -> dict[Area, int]:
    pillars = [
        Pillar(
            user_id=user.id,
            name=area.name,
            color=area.color,
            icon=area.icon,
            position=position,
            xp=books.pillars[area].xp,
            best_level=books.pillars[area].best_level,
            created_at=_dawn(calendar, min(r.begins for r in ROLES if r.area is area), position),
        )
        for position, area in enumerate(AREAS, start=1)
    ]
    session.add_all(pillars)
    session.flush()
    return {area: pillar.id for area, pillar in zip(AREAS, pillars, strict=True)}


def _habits(
    session: Session, user: User, books: Books, calendar: Calendar, pillars: dict[Area, int]
) -> list[int]:
    habits = []
    for place, (role, diary) in enumerate(zip(ROLES, books.diaries, strict=True)):
        closed = fold.advance(
            fold.nothing(diary.timetable), diary.days, diary.timetable, fold.closes(calendar.today)
        )
        streak = fold.streak(closed, diary.days, diary.timetable, calendar.today)
        habits.append(
            Habit(
                user_id=user.id,
                pillar_id=pillars[role.area],
                name=role.name,
                effort=role.effort,
                position=1 + sum(other.area is role.area for other in ROLES[:place]),
                streak=streak.run,
                best_streak=streak.best,
                last_day=diary.days[-1],
                closed_on=closed.through,
                closed_run=closed.run,
                closed_best=closed.best,
                closed_kept=closed.kept,
                milestone=diary.milestone,
                created_at=_dawn(calendar, role.begins, len(AREAS) + place),
                archived_at=_dawn(calendar, role.ends, 0) if role.ends <= LENGTH else None,
            )
        )
    session.add_all(habits)
    session.flush()
    session.add_all(
        Schedule(
            user_id=user.id,
            habit_id=habit.id,
            starts_on=diary.timetable.starts_on,
            kind=Kind.DAILY,
        )
        for habit, diary in zip(habits, books.diaries, strict=True)
    )
    return [habit.id for habit in habits]


def _commits(session: Session, user: User, books: Books, habits: list[int]) -> int:
    kept = [
        {"user_id": user.id, "habit_id": habit_id, "day": day, "created_at": at}
        for habit_id, diary in zip(habits, books.diaries, strict=True)
        for day, at in diary.kept_at.items()
    ]
    session.execute(insert(Commit), kept)
    return len(kept)


def _finds(session: Session, user: User, books: Books, pets: list[int]) -> None:
    found = [
        {
            "user_id": user.id, "day": day, "number": find.number, "pet_id": pets[find.pet],
            "created_at": find.at,
        }
        for day, find in books.finds.items()
    ]  # fmt: skip
    session.execute(insert(Find), found)


def _ledger(
    session: Session,
    user: User,
    lines: list[Line],
    habits: list[int],
    pillars: list[int],
    pets: list[int],
) -> None:
    """Write the lines in their order; one that takes back needs the id of one written before."""
    writing = insert(LedgerEntry).returning(LedgerEntry.id, sort_by_parameter_order=True)
    cuts = [place for place, line in enumerate(lines) if line.reverses is not None]
    ids: list[int] = []
    for begin, end in zip([0, *cuts], [*cuts, len(lines)], strict=True):
        batch = [
            {
                "user_id": user.id, "habit_id": habits[line.role], "pillar_id": pillars[line.role],
                "pet_id": pets[line.pet], "day": line.day, "label": ROLES[line.role].name,
                "amount": line.amount, "created_at": line.at,
                "reverses_id": None if line.reverses is None else ids[line.reverses],
            }
            for line in lines[begin:end]
        ]  # fmt: skip
        ids += session.scalars(writing, batch)


def _dawn(calendar: Calendar, number: int, minutes: int) -> datetime:
    """Return an instant of the morning, before anything of that day is kept."""
    return calendar.at(calendar.day(number), _SUNRISE) + timedelta(minutes=minutes)
