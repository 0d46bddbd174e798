"""What can be done to a habit: create, edit, move, archive, restore, delete."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import Habit, Pillar
from app.operations import history, presses, rests, terms
from app.operations.order import move_among, put_among
from app.operations.owner import Owner, begin_change, change, own
from app.operations.rests import Subject
from app.rules.errors import Archived, Invalid
from app.rules.identity import Actor
from app.rules.language import _, ngettext, number
from app.rules.plan import NEW_HABITS_A_DAY
from app.rules.terms import TermFields

_ACTIVE = text("SELECT count(*) FROM habits WHERE user_id = :me AND archived_at IS NULL")
_LAST_POSITION = text(
    "SELECT coalesce(max(position), 0) FROM habits WHERE user_id = :me AND pillar_id = :pillar"
)
# A habit may have further terms that lie ahead; only with its first does it begin.
_BEGIN = text("""
    UPDATE schedules s SET starts_on = :today
    WHERE s.user_id = :me AND s.starts_on > :today
      AND NOT EXISTS (SELECT 1 FROM schedules t
                      WHERE t.user_id = :me AND t.habit_id = s.habit_id
                        AND t.starts_on < s.starts_on)
""")
# The first move of a day is the one that counts: until the day before, the habit lived there.
_LEAVE = text("""
    INSERT INTO homes (user_id, habit_id, until, pillar_id)
    SELECT :me, :habit, :yesterday, :left
    WHERE NOT EXISTS (SELECT 1 FROM homes
                      WHERE user_id = :me AND habit_id = :habit AND until >= :yesterday)
""")
_RETURN = text("""
    DELETE FROM homes
    WHERE user_id = :me AND habit_id = :habit AND until >= :yesterday AND pillar_id = :pillar
""")
_COUNT_NEW = text("UPDATE users SET habits_made_on = :today, habits_made = :made WHERE id = :me")


@dataclass(frozen=True, slots=True)
class HabitFields:
    """What a habit's form holds. In an edit, None leaves what it stands for as it is.

    In a new habit `starts_on` None means today, and `day_part` None any. The `terms` alone are not
    checked yet.
    """

    name: str | None
    effort: str | None
    starts_on: date | None = None
    terms: TermFields = field(default_factory=TermFields)
    day_part: str | None = None


def create(
    session: Session,
    actor: Actor,
    pillar_id: int,
    fields: HabitFields,
    max_habits: int,
    key: str | None = None,
) -> int:
    """Make a habit at the end of a pillar and return its id.

    The form's `key` makes one habit, however often it comes. Raises NotYours (the pillar), Invalid
    at `max_habits`, past the day's new ones, for a first day that lies ahead, for terms that cannot
    be, or for the key of another form.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    route = presses.route_of("habits", pillar_id, fields)
    made = presses.made_before(session, owner.id, key, route)
    if made is not None:
        return made
    open_pillar(session, actor, pillar_id)
    today = owner.day_of(now)
    _check_room(session, owner, max_habits)
    _count_new(session, owner, today)
    habit = Habit(
        user_id=owner.id,
        pillar_id=pillar_id,
        name=fields.name,
        effort=fields.effort,
        position=_next_position(session, owner.id, pillar_id),
        created_at=now,
        day_part=fields.day_part or "",
    )
    session.add(habit)
    session.flush()
    terms.begin(session, habit, fields.terms, fields.starts_on, today)
    presses.remember(session, owner.id, key, route, now, habit.id)
    return habit.id


def edit(session: Session, actor: Actor, habit_id: int, fields: HabitFields) -> None:
    """Give the habit another name, effort, first day, and from today on other terms.

    XP that was given stays as it was; the streak is folded anew where first day or terms change.
    Raises NotYours and Invalid.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    habit = own(session, Habit, actor, habit_id)
    habit.name = fields.name or habit.name
    habit.effort = fields.effort or habit.effort
    habit.day_part = habit.day_part if fields.day_part is None else fields.day_part
    today = owner.day_of(now)
    if terms.change(session, habit, fields.terms, fields.starts_on, today):
        history.fold_again(session, owner.id, [habit.id], today)


def move(session: Session, actor: Actor, habit_id: int, direction: str) -> None:
    """Move the habit one place "up" or "down" inside its pillar. Raises NotYours."""
    habit = change(session, Habit, actor, habit_id)
    move_among(_siblings(session, habit), habit, direction)


def move_to(session: Session, actor: Actor, habit_id: int, pillar_id: int) -> None:
    """Move the habit to the end of another pillar; earned XP stays where it was given.

    So do days that rested with the pillar before. Raises NotYours for either.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    habit = own(session, Habit, actor, habit_id)
    open_pillar(session, actor, pillar_id)
    settle(session, owner, habit, pillar_id, now)


def place(
    session: Session, actor: Actor, habit_id: int, pillar_id: int, before_id: int | None
) -> None:
    """Put the habit in front of another one of a pillar, its own or not, or at the pillar's end.

    Raises NotYours for each of the three, Archived (the pillar), and OrderChanged when the habit
    is archived, or the other one is or has left the pillar.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    habit = own(session, Habit, actor, habit_id)
    before = own(session, Habit, actor, before_id) if before_id else None
    open_pillar(session, actor, pillar_id)
    settle(session, owner, habit, pillar_id, now)
    put_among(_siblings(session, habit), habit, before)


def settle(session: Session, owner: Owner, habit: Habit, pillar_id: int, now: datetime) -> None:
    """Let a habit of the locked `owner` live in the pillar from today on, as its last.

    Where it lives already it stays as it is.
    """
    if habit.pillar_id != pillar_id:
        values = {
            "me": owner.id, "habit": habit.id, "left": habit.pillar_id, "pillar": pillar_id,
            "yesterday": owner.day_of(now) - timedelta(days=1),
        }  # fmt: skip
        session.execute(_LEAVE, values)
        session.execute(_RETURN, values)
        habit.position = _next_position(session, owner.id, pillar_id)
        habit.pillar_id = pillar_id
        # Whoever comes next asks for the last place again.
        session.flush()


def archive(session: Session, actor: Actor, habit_id: int) -> None:
    """Put the habit away with its history; from now on it rests. Raises NotYours."""
    now = clock.now()
    owner = begin_change(session, actor, now)
    put_away(session, owner, own(session, Habit, actor, habit_id), now)


def put_away(session: Session, owner: Owner, habit: Habit, now: datetime) -> None:
    """Put a habit of the locked `owner` away, unless it is."""
    if habit.archived_at is None:
        # In the archive it is rooted no more: it comes back to Today.
        habit.archived_at, habit.rooted_at = now, None
        rests.put_away(session, owner, Subject(habit_id=habit.id), now)


def restore(session: Session, actor: Actor, habit_id: int, max_habits: int) -> None:
    """Take the habit back out of the archive. Raises NotYours, and Invalid at `max_habits`."""
    now = clock.now()
    owner = begin_change(session, actor, now)
    habit = own(session, Habit, actor, habit_id)
    if habit.archived_at is not None:
        _check_room(session, owner, max_habits)
        rests.bring_back(session, owner, Subject(habit_id=habit_id), habit.archived_at, now)
        habit.archived_at = habit.rooted_at = None


def delete(session: Session, actor: Actor, habit_id: int) -> None:
    """Delete the habit with its commits; XP and ledger entries stay. Raises NotYours."""
    session.delete(change(session, Habit, actor, habit_id))


def begin_by(session: Session, user_id: int, today: date) -> None:
    """Let no habit of the user begin later than `today`, which has become the user's day.

    With another zone or start of the day, a first day that had come may lie ahead again: what was
    just made could not be kept. Whoever calls has locked the user's row.
    """
    # No fold changes: what had not begun was not kept, and had no run that a day could end.
    session.execute(_BEGIN, {"me": user_id, "today": today})


def open_pillar(session: Session, actor: Actor, pillar_id: int) -> None:
    """Raise NotYours or Archived unless the pillar is the user's, and takes habits."""
    pillar = own(session, Pillar, actor, pillar_id)
    if pillar.archived_at is not None:
        raise Archived(pillar.name)


def _siblings(session: Session, habit: Habit) -> list[Habit]:
    siblings = session.query(Habit).filter_by(
        user_id=habit.user_id, pillar_id=habit.pillar_id, archived_at=None
    )
    return siblings.order_by(Habit.position, Habit.id).all()


def _next_position(session: Session, user_id: int, pillar_id: int) -> int:
    last: int = session.scalar(_LAST_POSITION, {"me": user_id, "pillar": pillar_id})
    return last + 1


def _check_room(session: Session, owner: Owner, max_habits: int) -> None:
    if session.scalar(_ACTIVE, {"me": owner.id}) >= max_habits:
        raise Invalid(
            name=ngettext(
                "You can have %(num)s habit. Archive it to make room.",
                "You can have up to %(num)s habits. Archive one to make room.",
                max_habits,
            )
            % {"num": number(max_habits)}
        )


def _count_new(session: Session, owner: Owner, today: date) -> None:
    made = owner.habits_made + 1 if owner.habits_made_on == today else 1
    if made > NEW_HABITS_A_DAY:
        raise Invalid(name=_("That is a lot of new habits for one day. Add more tomorrow."))
    session.execute(_COUNT_NEW, {"me": owner.id, "today": today, "made": made})
