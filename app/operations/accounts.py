"""Accounts: sign up, settings, passwords, premium, the end of an account."""

from calendar import MONDAY
from datetime import datetime

from sqlalchemy import delete as delete_from
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import Address, Departure, LinkRow, Pet, SignInFailure, User
from app.operations import audit, habits, invitations, links, outbox, sessions, subscriptions
from app.operations.owner import begin_change, lock
from app.rules.audit import Event
from app.rules.days import day_of
from app.rules.errors import Invalid, InvitationNeeded, NotYours, RegistrationClosed
from app.rules.identity import Actor
from app.rules.language import _
from app.rules.links import Purpose
from app.rules.names import SPECIES
from app.rules.places import NOWHERE, Place
from app.rules.registration import Registration
from app.rules.weeks import beginning_on, weeks_of

# Serialises first accounts: while registration is closed only one of two at once may pass.
_FIRST_ACCOUNT = text("SELECT pg_advisory_xact_lock(hashtext('first account'))")
_WEEKS = text("UPDATE users SET week_anchors = :anchors WHERE id = :me")

_SET_ADMIN = text("UPDATE users SET is_admin = :is_admin WHERE id = :me")
_DISABLE = text("UPDATE users SET disabled_at = :since WHERE id = :me")


def sign_up(
    session: Session,
    email: str,
    password_hash: str,
    timezone: str,
    *,
    registration: Registration = Registration.OPEN,
    invitation: str | None = None,
    key: str | None = None,
    week_start: int = MONDAY,
    place: Place = NOWHERE,
) -> Actor:
    """Make an account with an unnamed egg, and sign it in.

    `email` is lower case; the hash was made outside, since it is slow; `key` is the form's; weeks
    begin on `week_start`, one of FIRST_DAYS; an `invitation`, by the token of its link, is used
    up. Raises Invalid when the address is taken, InvitationSpent, and RegistrationClosed unless
    `registration` lets this account in.
    """
    _admit(session, registration, is_invited=invitation is not None)
    now = clock.now()
    user = User(email=email, password_hash=password_hash, timezone=timezone, created_at=now)
    take_address(session, user)
    if invitation is not None:
        invitations.use(session, invitation, user.id, email)
    weeks = beginning_on(week_start)
    session.execute(_WEEKS, {"me": user.id, "anchors": list(weeks.anchors)})
    session.add(Pet(user_id=user.id, species=SPECIES[0], is_active=True, created_at=now))
    audit.note(session, user.id, Event.SIGNED_UP, place)
    return sessions.open_session(session, user.id, now, key, place)


def _admit(session: Session, registration: Registration, *, is_invited: bool) -> None:
    is_invited = is_invited and registration is Registration.INVITE
    if registration is Registration.OPEN or is_invited:
        return
    session.execute(_FIRST_ACCOUNT)
    if session.scalar(select(User.id).limit(1)) is not None:
        raise RegistrationClosed if registration is Registration.CLOSED else InvitationNeeded


def take_address(session: Session, user: User) -> None:
    """Make the row of a new `user`, and its address that of nobody else.

    Raises Invalid when the address is taken; the transaction can only be rolled back then.
    """
    session.add(user)
    session.flush()
    session.add(Address(email=user.email, user_id=user.id))
    try:
        session.flush()
    except IntegrityError as error:
        taken = _("This email address has an account already. Sign in instead.")
        raise Invalid(email=taken) from error


def set_preferences(
    session: Session,
    actor: Actor,
    name: str | None = None,
    timezone: str | None = None,
    day_start: int | None = None,
    *,
    theme: str | None = None,
    shortcuts: bool | None = None,
    week_start: int | None = None,
) -> None:
    """Set what the user prefers; None leaves one as it is.

    Days stamped on commits stay as they are. First days that lie ahead by the new clock move to
    today, so that every habit can be kept at once. Another first day of the week, `week_start`
    (one of FIRST_DAYS), applies from the next week on.
    """
    now = clock.now()
    owner = begin_change(session, actor, now)
    user = session.get_one(User, actor.user_id)
    user.name = user.name if name is None else name
    user.timezone = timezone or user.timezone
    user.day_start = user.day_start if day_start is None else day_start
    user.theme = theme or user.theme
    user.shortcuts = user.shortcuts if shortcuts is None else shortcuts
    if timezone or day_start is not None:
        habits.begin_by(session, user.id, day_of(now, user.timezone, user.day_start))
    weeks = weeks_of(owner.week_anchors)
    if week_start is not None:
        weeks = weeks.after(owner.day_of(now), week_start)
        session.execute(_WEEKS, {"me": owner.id, "anchors": list(weeks.anchors)})
    if timezone or week_start is not None:
        subscriptions.follow_clock(session, user.id, user.timezone, weeks)


def change_password(
    session: Session,
    actor: Actor,
    password_hash: str,
    key: str | None = None,
    place: Place = NOWHERE,
) -> Actor:
    """Set a new password for the one who acts, end every sign-in, and return a new one.

    The form that is sent twice has ended its own sign-in the first time: by its `key` it gets the
    new one. Raises SessionEnded, and Invalid for the key of another form.
    """
    now = clock.now()
    lock(session, actor)
    if opened := sessions.opened_before(session, actor.user_id, key):
        return opened
    begin_change(session, actor, now)
    set_password(session, actor.user_id, password_hash, Event.PASSWORD_CHANGED, place)
    return sessions.open_session(session, actor.user_id, now, key, place)


def set_password(
    session: Session,
    user_id: int,
    password_hash: str,
    event: Event = Event.PASSWORD_SET,
    place: Place = NOWHERE,
) -> None:
    """Set a new password, end every sign-in and every link, and write to the owner of that.

    `event` says how that came about. Raises NotYours when there is no such user.
    """
    user = _locked(session, user_id)
    user.password_hash = password_hash
    sessions.end_all(session, user_id)
    # Whoever has moved an account away sets a password next: the way back stays.
    links.end(session, user_id, but={Purpose.RETURN})
    audit.note(session, user_id, event, place)
    outbox.post(session, "password-changed", user.email, {}, user_id=user_id)


def set_premium(session: Session, user_id: int, is_premium: bool) -> None:
    """Put the user on the premium or the free plan. Nothing is hidden or deleted either way."""
    user = _locked(session, user_id)
    user.is_premium = is_premium
    user.version += 1


def set_disabled(session: Session, user_id: int, since: datetime | None) -> None:
    """Note since when nobody can sign in to the account, None for not. Raises NotYours."""
    _locked(session, user_id)
    session.execute(_DISABLE, {"me": user_id, "since": since})


def set_admin(session: Session, user_id: int, is_admin: bool) -> None:
    """Make the user an admin of this server, or no longer one. Raises NotYours."""
    _locked(session, user_id)
    session.execute(_SET_ADMIN, {"me": user_id, "is_admin": is_admin})


def delete(session: Session, user_id: int, by: int | None = None) -> None:
    """Delete the account, its mail too; of its audit log stays what happened, not where.

    `by` is the admin who does it, None for its owner or a command. It is remembered as a number
    alone, so that no backup brings it back.
    """
    user = _locked(session, user_id)
    outbox.forget(session, user_id)
    session.add(Departure(user_id=user.id, joined_at=user.created_at, left_at=clock.now()))
    session.delete(user)
    invitations.forget(session, user_id)
    session.execute(delete_from(Address).filter_by(email=user.email, user_id=user_id))
    session.execute(delete_from(SignInFailure).filter_by(user_id=user_id))
    session.execute(delete_from(LinkRow).filter_by(user_id=user_id))
    audit.forget_places(session, user_id)
    audit.note(session, user_id, Event.DELETED, by=by)


def _locked(session: Session, user_id: int) -> User:
    user = session.get(User, user_id, with_for_update={"key_share": True})
    if user is None:
        raise NotYours
    return user
