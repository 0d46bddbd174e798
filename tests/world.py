"""The people of the tests and their things, made through the operations that the app uses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.infra import clock, db, passwords, tokens
from app.operations import (
    accounts,
    commits,
    factors,
    first_admin,
    habits,
    history,
    invitations,
    notes,
    outbox,
    pillars,
    rests,
    sessions,
)
from app.operations import tokens as token_operations
from app.operations import webhooks as webhook_operations
from app.operations.habits import HabitFields
from app.operations.pillars import PillarFields
from app.operations.rests import RestFields
from app.operations.tokens import NewToken
from app.queries import accounts as account_queries
from app.queries import factors as factor_queries
from app.queries.factors import Ways
from app.rules.amounts import parse_amount
from app.rules.identity import Actor, Claims
from app.rules.outcome import Outcome
from app.rules.places import NOWHERE
from app.rules.press import Press
from app.rules.scopes import Scope
from app.rules.terms import TermFields
from app.rules.webhooks import Event
from app.web import codes, sealed, webhooks
from tests.authenticator import Authenticator

TUESDAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
# Hashed once: twenty milliseconds for every user of every test would be most of the run.
PASSWORD_HASH = passwords.hash_password(PASSWORD)
# What the app on a phone makes its codes from.
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# By what a receiver knows that we have written; that of the specification.
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

_LONG_AGO = text(
    "UPDATE habits SET created_at = created_at - interval '110 days' WHERE id = :habit"
)
_A_DAY_LATER = text("UPDATE schedules SET starts_on = starts_on + 1 WHERE habit_id = :habit")

_PARK = text("""
    UPDATE outbox SET parked_at = :now, due_at = NULL, failure = :failure
    WHERE id = (SELECT max(id) FROM outbox) RETURNING id
""")
_OTHER_TOKEN = text("UPDATE invitations SET token_hash = :new WHERE token_hash = :old")


def user(email: str = "ada@example.org", timezone: str = "UTC") -> Actor:
    """Make an account and return its sign-in."""
    with db.transaction() as session:
        return accounts.sign_up(session, email, PASSWORD_HASH, timezone)


def invite(
    token: str | None = None, email: str | None = None, by: Actor | None = None, days: int = 7
) -> str:
    """Make an invitation, with a `token` of one's own if one is given, and return the token."""
    with db.transaction() as session:
        made = invitations.invite(session, by, email, days)
    return made if token is None else _known_by(made, token)


def actor(email: str) -> Actor:
    """Sign in to an account that is there already."""
    with db.reading() as reading:
        found = account_queries.by_email(reading, email)
    assert found is not None
    with db.transaction() as session:
        return sessions.open_session(session, found.id, clock.now())


def parked_letter(address: str = "ada@example.org", failure: str = "550 no such box") -> int:
    """Write a letter that no mail server would take, and return its number."""
    with db.transaction() as session:
        outbox.post(session, "trial", address, {})
        values = {"now": clock.now(), "failure": failure}
        return int(session.execute(_PARK, values).scalar_one())


def first_admin_link(token: str | None = None) -> str:
    """Make the link for the first admin, with a `token` of one's own if one is given."""
    with db.transaction() as session:
        made = first_admin.make_link(session)
    assert made is not None
    return made if token is None else _known_by(made, token)


def admin(email: str = "root@example.org") -> Actor:
    """Make an account that looks after the others."""
    me = user(email)
    with db.transaction() as session:
        accounts.set_admin(session, me.user_id, True)
    return me


def _known_by(made: str, token: str) -> str:
    hashes = {"old": tokens.hash_of(made), "new": tokens.hash_of(token)}
    with db.transaction() as session:
        session.execute(_OTHER_TOKEN, hashes)
    return token


def pillar(me: Actor, name: str = "Body", free_pillars: int = 0) -> int:
    """Make a pillar and return its id."""
    with db.transaction() as session:
        return pillars.create(session, me, PillarFields(name, "clay", "heart"), free_pillars)


def habit(
    me: Actor,
    pillar_id: int,
    name: str = "Read 10 pages",
    effort: str = "normal",
    starts_on: date | None = None,
    **terms: Any,
) -> int:
    """Make a habit and return its id; `terms` are what a form says of its rhythm and amount."""
    with db.transaction() as session:
        fields = HabitFields(name, effort, starts_on, TermFields(**terms))
        return habits.create(session, me, pillar_id, fields, max_habits=1000)


def strong(me: Actor, pillar_id: int, name: str = "Write") -> int:
    """Make a habit that was kept day by day until yesterday, for as long as it takes to root."""
    began = TUESDAY - timedelta(days=110)
    made = habit(me, pillar_id, name, starts_on=began)
    bring(me, made, began, 110)
    with db.transaction() as session:
        session.execute(_LONG_AGO, {"habit": made})
    return made


def bring(me: Actor, habit_id: int, first: date, many: int) -> None:
    """Keep a habit on so many days in a row from `first`, as an import does."""
    now = clock.now()
    kept = {habit_id: [first + timedelta(days=n) for n in range(many)]}
    with db.transaction() as session:
        history.bring(session, me.user_id, 1, kept, now.date(), now)


def habit_of_tomorrow(me: Actor, pillar_id: int) -> int:
    """Make a habit whose first day lies ahead, as after a clock of the server was set back."""
    made = habit(me, pillar_id, "Tomorrow's", starts_on=TUESDAY)
    with db.transaction() as session:
        session.execute(_A_DAY_LATER, {"habit": made})
    return made


def rest(
    me: Actor,
    pillar_id: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> int:
    """Make a rest, of a pillar or of everything, and return its id."""
    with db.transaction() as session:
        return rests.create(session, me, RestFields(pillar_id, starts_on, ends_on, reason))


def keep(me: Actor, habit_id: int, day: date | None = None, key: str | None = None) -> Outcome:
    """Commit a habit on a day, today by default."""
    with db.transaction() as session:
        return commits.record(session, me, habit_id, Press(day, key))


def take_back(me: Actor, habit_id: int, day: date | None = None, key: str | None = None) -> Outcome:
    """Undo a habit's commit on a day, today by default."""
    with db.transaction() as session:
        return commits.undo(session, me, habit_id, Press(day, key))


def add(
    me: Actor, habit_id: int, amount: str, day: date | None = None, key: str | None = None
) -> Outcome:
    """Add an amount, as it is typed, to a day of a habit, today by default."""
    with db.transaction() as session:
        press = Press(day, key, amount=parse_amount(amount))
        return commits.add(session, me, habit_id, press)


def collect(me: Actor, habit_id: int, key: str | None = None) -> Outcome:
    """Collect the quiet days of a habit."""
    with db.transaction() as session:
        return commits.collect(session, me, habit_id, Press(None, key))


def other_terms(me: Actor, habit_id: int, **terms: Any) -> None:
    """Change from today on what is asked for of a habit, as a form says it."""
    with db.transaction() as session:
        fields = HabitFields(None, None, None, TermFields(**terms))
        habits.edit(session, me, habit_id, fields)


def note(me: Actor, habit_id: int, body: str, day: date | None = None) -> None:
    """Write a note about a day of a habit, today by default."""
    with db.transaction() as session:
        notes.write(session, me, habit_id, day, body)


def code_app(me: Actor, name: str = "Phone") -> int:
    """Make an app that makes codes from SECRET, none of which was used, and return its id."""
    with db.transaction() as session:
        secret = sealed.seal(codes.SECRET, SECRET)
        factors.add_code_app(session, me, name, secret, step=0)
    return ways(me).code_apps[-1].id


def webhook(
    me: Actor,
    address: str = "https://hooks.example.org/kept",
    events: Sequence[Event] = tuple(Event),
) -> int:
    """Make a webhook with the secret WEBHOOK_SECRET, and return its id."""
    with db.transaction() as session:
        secret = sealed.seal(webhooks.SECRET, WEBHOOK_SECRET)
        return webhook_operations.add(session, me, address, events, secret, NOWHERE)


def token(me: Actor, scope: Scope = Scope.COMMIT) -> int:
    """Make the token `<number of the user>-<scope>` of a program, and return its id."""
    new = NewToken(f"{me.user_id}-{scope}", "Shelf", scope)
    with db.transaction() as session:
        return token_operations.make(session, me, new, NOWHERE)


def code(beside: int = 0) -> str:
    """Return the code of now that is made from SECRET, or that of a time step beside it."""
    return pyotp.TOTP(SECRET).at(clock.now(), counter_offset=beside)


def passkey(me: Actor, device: Authenticator, name: str = "Laptop") -> int:
    """Make the passkey of a device, and return its id."""
    device.handle = me.user_id.to_bytes(8)
    with db.transaction() as session:
        factors.add_passkey(session, me, name, device.credential, device.public_key, device.uses)
    return ways(me).passkeys[-1].id


def recovery_codes(me: Actor) -> list[str]:
    """Make recovery codes for somebody with a factor, and return them."""
    made = codes.new_recovery_codes()
    with db.transaction() as session:
        hashes = [passwords.hash_password(code) for code in made]
        factors.renew_recovery_codes(session, me, hashes)
    return made


def recovery_hash(me: Actor, number: int) -> str:
    """Return the hash of a recovery code of somebody's."""
    with db.reading() as session:
        return str(factor_queries.recovery_hash(session, me.user_id, number))


def ways(me: Actor) -> Ways:
    """Return by what somebody signs in."""
    with db.reading() as session:
        return factor_queries.ways(session, me.user_id)


def claims(me: Actor) -> Claims:
    """Return fresh claims of a sign-in."""
    with db.reading() as session:
        found = account_queries.claims(session, me, clock.now())
    assert found is not None
    return found


@dataclass
class World:
    """Ada owns a pillar and a habit, Bob is a stranger, Pia is premium; made when asked for."""

    app: Flask
    _made: dict[str, Any] = field(default_factory=dict)

    @property
    def ada(self) -> Actor:
        """The owner."""
        return self._once("ada", lambda: user("ada@example.org"))

    @property
    def bob(self) -> Actor:
        """A stranger."""
        return self._once("bob", lambda: user("bob@example.org"))

    @property
    def pia(self) -> Actor:
        """A premium account."""
        return self._once("pia", self._premium)

    @property
    def pillar(self) -> int:
        """Ada's pillar."""
        return self._once("pillar", lambda: pillar(self.ada))

    @property
    def habit(self) -> int:
        """Ada's habit, in her pillar, started on 1 January 2026."""
        return self._once("habit", lambda: habit(self.ada, self.pillar, starts_on=date(2026, 1, 1)))

    @property
    def rest(self) -> int:
        """Ada's rest of her pillar, from today on."""
        return self._once("rest", lambda: rest(self.ada, self.pillar))

    @property
    def passkey(self) -> int:
        """A passkey of Ada's."""
        return self._once("passkey", lambda: passkey(self.ada, Authenticator()))

    @property
    def code_app(self) -> int:
        """An app of Ada's that makes codes."""
        return self._once("code_app", lambda: code_app(self.ada))

    @property
    def webhook(self) -> int:
        """A webhook of Ada's."""
        return self._once("webhook", lambda: webhook(self.ada))

    @property
    def token(self) -> int:
        """A token of Ada's."""
        return self._once("token", lambda: token(self.ada))

    @property
    def objects(self) -> tuple[int, ...]:
        """Ada's things whose ids stand in addresses."""
        mine = self.pillar, self.habit, self.rest, self.ada.credential
        return *mine, self.passkey, self.code_app, self.webhook, self.token

    def signed_in(self, me: Actor) -> FlaskClient:
        """Return a browser in which `me` is signed in, as a sign-in leaves it."""
        client = self.app.test_client()
        client.environ_base["HTTP_ORIGIN"] = "http://localhost"
        who = claims(me)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = str(who.user_id)
            cookie["claims"] = who.to_cookie()
        return client

    def half_way(self, email: str) -> FlaskClient:
        """Return a browser in which the password was typed, of an account with a second factor."""
        client = self.app.test_client()
        client.environ_base["HTTP_ORIGIN"] = "http://localhost"
        answer = client.post("/login", data={"email": email, "password": PASSWORD})
        assert answer.headers["Location"] == "/login/second-step"
        return client

    def _premium(self) -> Actor:
        me = user("pia@example.org")
        with db.transaction() as session:
            accounts.set_premium(session, me.user_id, True)
        return me

    def _once(self, name: str, make: Any) -> Any:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]
