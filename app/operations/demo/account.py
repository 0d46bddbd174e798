"""Makes the demo account: its people and things, and on them the year that the story tells."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import Address, Habit, MomentRow, Note, Pet, Pillar, RestRow, User
from app.operations import accounts, history, terms
from app.operations.demo import story
from app.operations.demo.calendar import Calendar
from app.operations.demo.cast import (
    AREAS,
    COMPANIONS,
    HOLIDAY,
    LENGTH,
    PERSON,
    REMARKS,
    ROLES,
    SKIPS,
    Area,
    Role,
)
from app.operations.demo.story import Added
from app.rules.books import Books, HabitTerms, Leader, PastAmount, PastPress
from app.rules.moments import Occasion
from app.rules.names import SPECIES
from app.rules.rests import Quiet, Rest, Rests
from app.rules.reward import Effort
from app.rules.schedule import Timetable

EMAIL = "demo@example.org"
SEED = 1

_SUNRISE, _BEDTIME = 6, 22


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
    pets = _pets(session, user, calendar)
    habits = _habits(session, user, calendar, _pillars(session, user, calendar))
    timetables = [_timetable(calendar, role) for role in ROLES]
    quiets = _rests(session, user, calendar, habits)
    books = Books(
        user.id,
        {
            habit.id: HabitTerms(habit.pillar_id, Effort(habit.effort), timetable, quiet)
            for habit, timetable, quiet in zip(habits, timetables, quiets, strict=True)
        },
        [Leader(pet.created_at, pet.id) for pet in pets],
    )
    for event in story.told(calendar, timetables, quiets, seed):
        habit_id = habits[event.role].id
        if isinstance(event, Added):
            books.add(PastAmount(event.at, habit_id, event.day, event.amount))
        else:
            at, _role, day, keeps = event
            books.enter(PastPress(at, calendar.day_of(at), habit_id, day, keeps))
    commits = history.write(session, user.id, books, calendar.today)
    _remarks(session, user, calendar, habits)
    # Every write counts: the presses, what was made and put away, and a name for each pet.
    put_away = sum(role.ends <= LENGTH for role in ROLES)
    user.version = len(books.lines) + len(AREAS) + len(habits) + put_away + len(pets)
    return Made(commits, replaced)


def _remove(session: Session) -> bool:
    user_id = session.scalar(select(Address.user_id).filter_by(email=EMAIL))
    if user_id is None:
        return False
    accounts.delete(session, user_id)
    session.flush()
    return True


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
        created_at=_dawn(calendar, 0),
    )
    accounts.take_address(session, user)
    return user


def _pets(session: Session, user: User, calendar: Calendar) -> list[Pet]:
    pets = [
        Pet(
            user_id=user.id,
            species=companion.species,
            name=companion.name,
            coat=companion.coat,
            is_active=companion is COMPANIONS[-1],
            created_at=_dawn(calendar, companion.leads),
        )
        for companion in COMPANIONS
    ]
    session.add_all(pets)
    session.flush()
    # Each is of another kind, and all but the first are news.
    session.add_all(
        MomentRow(
            user_id=user.id,
            occasion=Occasion.SPECIES,
            subject_id=pet.id,
            number=SPECIES.index(pet.species),
            day=calendar.day(companion.leads),
            label="",
            created_at=pet.created_at,
        )
        for pet, companion in list(zip(pets, COMPANIONS, strict=True))[1:]
    )
    return pets


def _pillars(session: Session, user: User, calendar: Calendar) -> dict[Area, int]:
    pillars = [
        Pillar(
            user_id=user.id,
            name=area.name,
            color=area.color,
            icon=area.icon,
            position=position,
            created_at=_dawn(calendar, min(r.begins for r in ROLES if r.area is area), position),
        )
        for position, area in enumerate(AREAS, start=1)
    ]
    session.add_all(pillars)
    session.flush()
    return {area: pillar.id for area, pillar in zip(AREAS, pillars, strict=True)}


def _habits(
    session: Session, user: User, calendar: Calendar, pillars: dict[Area, int]
) -> list[Habit]:
    habits = [
        Habit(
            user_id=user.id,
            pillar_id=pillars[role.area],
            name=role.name,
            effort=role.effort,
            day_part=role.part.word,
            position=1 + sum(other.area is role.area for other in ROLES[:place]),
            created_at=_dawn(calendar, role.begins, len(AREAS) + place),
            archived_at=_dawn(calendar, role.ends) if role.ends <= LENGTH else None,
        )
        for place, role in enumerate(ROLES)
    ]
    session.add_all(habits)
    session.flush()
    for habit, role in zip(habits, ROLES, strict=True):
        terms.write(session, habit, _timetable(calendar, role).terms)
    return habits


def _timetable(calendar: Calendar, role: Role) -> Timetable:
    return Timetable((role.term._replace(starts_on=calendar.day(role.begins)),))


def _rests(session: Session, user: User, calendar: Calendar, habits: list[Habit]) -> list[Quiet]:
    """Make the rests, and return on which days each habit rests."""
    first, last = calendar.holiday()
    by_name = {habit.name: habit for habit in habits}
    rows = [RestRow(kind="rest", starts_on=first, ends_on=last, reason=HOLIDAY)]
    for skip in SKIPS:
        day, habit = calendar.day(skip.number), by_name[skip.name]
        rows.append(
            RestRow(kind="skip", habit_id=habit.id, starts_on=day, ends_on=day, reason=skip.reason)
        )
    rows += [
        RestRow(kind="archive", habit_id=habit.id, starts_on=calendar.day(role.ends))
        for habit, role in zip(habits, ROLES, strict=True)
        if habit.archived_at
    ]
    for row in rows:
        row.user_id, row.created_at = user.id, calendar.at(row.starts_on, _SUNRISE)
    session.add_all(rows)
    rests = Rests(tuple(Rest(r.starts_on, r.ends_on, r.pillar_id, r.habit_id) for r in rows))
    return [rests.quiet(habit.id, habit.pillar_id) for habit in habits]


def _remarks(session: Session, user: User, calendar: Calendar, habits: list[Habit]) -> None:
    by_name = {habit.name: habit for habit in habits}
    for remark in REMARKS:
        day = calendar.day(LENGTH - remark.ago)
        session.add(
            Note(
                user_id=user.id,
                habit_id=by_name[remark.name].id,
                day=day,
                body=remark.body,
                written_at=calendar.at(day, _BEDTIME),
            )
        )


def _dawn(calendar: Calendar, number: int, minutes: int = 0) -> datetime:
    """Return an instant of the morning, before anything of that day is kept."""
    return calendar.at(calendar.day(number), _SUNRISE) + timedelta(minutes=minutes)
