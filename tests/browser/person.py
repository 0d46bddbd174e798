"""Someone with an account: what they own, and what the database knows about it."""

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import text

from app.infra import db
from app.operations import sessions
from tests import world
from tests.browser.live import LiveServer

_AGE = text("""
    WITH person AS (
        UPDATE users SET created_at = created_at - make_interval(days => :days) WHERE id = :me)
    UPDATE habits SET created_at = created_at - make_interval(days => :days) WHERE user_id = :me
""")
_numbers = itertools.count(1)


class Truth(NamedTuple):
    """What is stored: the kept (habit, day) pairs, XP by pet and pillar, the ledger's amounts."""

    kept: set[tuple[int, date]]
    pet_xp: int
    pillar_xp: dict[int, int]
    amounts: list[int]
    version: int


@dataclass
class Person:
    """An account of its own for every test, on the server that all tests share."""

    server: LiveServer

    def __post_init__(self) -> None:
        self.email = f"person{next(_numbers)}@example.org"
        self.me = self.server.run(world.user, self.email)

    def pillar(self, name: str = "Body") -> int:
        """Make a pillar."""
        return self.server.run(world.pillar, self.me, name)

    def habit(self, pillar: int | None = None, name: str = "Read 10 pages", **more: Any) -> int:
        """Make a habit, in a pillar of its own unless one is given."""
        return self.server.run(world.habit, self.me, pillar or self.pillar(), name, **more)

    def keep(self, habit: int, day: date | None = None) -> None:
        """Commit a habit on a day, today by default."""
        self.server.run(world.keep, self.me, habit, day)

    def add(self, habit: int, amount: str, day: date | None = None) -> None:
        """Add an amount to a day of a habit, today by default."""
        self.server.run(world.add, self.me, habit, amount, day)

    def note(self, habit: int, body: str, day: date | None = None) -> None:
        """Write a note about a day of a habit, today by default."""
        self.server.run(world.note, self.me, habit, body, day)

    def rest(self, pillar: int | None = None, **more: Any) -> int:
        """Make a rest, of a pillar or of everything."""
        return self.server.run(world.rest, self.me, pillar, **more)

    def age(self, days: int) -> None:
        """Let the account, and the habits that it has, have begun so many days ago."""
        with self.server.app.app_context(), db.transaction() as writing:
            writing.execute(_AGE, {"me": self.me.user_id, "days": days})

    def end_sign_ins(self) -> None:
        """End every sign-in, as "Sign out everywhere" on another device does."""
        with self.server.app.app_context(), db.transaction() as writing:
            sessions.end_all(writing, self.me.user_id)

    def cookie(self) -> dict[str, Any]:
        """Return the cookie of a signed-in browser, as Playwright takes one."""
        client = self.server.run(world.World(self.server.app).signed_in, self.me)
        cookie = client.get_cookie("session")
        return {"name": "session", "value": cookie.value, "url": self.server.url}

    def truth(self) -> Truth:
        """Read what is stored."""
        with self.server.app.app_context(), db.reading() as reading:

            def rows(sql: str) -> list[Any]:
                return list(reading.execute(text(sql), {"me": self.me.user_id}))

            return Truth(
                {tuple(row) for row in rows("SELECT habit_id, day FROM commits WHERE user_id=:me")},
                rows("SELECT xp FROM pets WHERE user_id = :me AND is_active")[0].xp,
                dict(tuple(row) for row in rows("SELECT id, xp FROM pillars WHERE user_id = :me")),
                [
                    row.amount
                    for row in rows(
                        "SELECT amount FROM ledger_entries WHERE user_id = :me ORDER BY id"
                    )
                ],
                rows("SELECT version FROM users WHERE id = :me")[0].version,
            )
