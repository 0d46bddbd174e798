"""Prepared plans: where it can be, a statement is planned once for each connection.

Planning is half of what a commit costs the server. A plan belongs to one process of the server, so
none is made behind a pgbouncer that gives every transaction another process: there the statements
go as they are. One URL may lead both ways, so each new connection finds out for itself.
"""

import itertools
import re
from collections.abc import Callable, Mapping
from typing import Any

import psycopg2
from psycopg2.extensions import cursor as Cursor  # noqa: N812
from sqlalchemy import Pool, event

# `:day`, but not `day::date`, `days[1:2]`, or anything inside of quotes or behind two dashes.
_PARAMETER = re.compile(r"""'[^']*'|"[^"]*"|--.*|(?<![:\w]):(?P<name>[a-z_]\w*)""")
_HELD = "plans"
# Feature not supported ("cached plan must not change result type"), invalid statement name (the
# server has no such plan any more), and the class of what a statement says of a schema that is
# another one: all of them can be wrong only with the plan.
_STALE = ("0A000", "26000", "42")

_numbers = itertools.count(1)
# How often the schema was found to have changed under a plan of this process.
_changes = 0


class StalePlan(Exception):
    """A plan is no good any more, and its transaction is lost. Tried again it is made anew."""


class _Held:
    """The plans that one connection holds, by name."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.changes = _changes


class Plan:
    """SQL with `:name` parameters, rewritten as driver and server write parameters.

    `plain` is the SQL with its parameters as the driver writes them, and what listeners hear.
    """

    def __init__(self, sql: str) -> None:
        names = list(dict.fromkeys(filter(None, _PARAMETER.findall(sql))))
        numbered = _put(sql, lambda name: f"${names.index(name) + 1}")
        places = f" ({', '.join(['%s'] * len(names))})" if names else ""
        self._names = names
        self._name = f"statement_{next(_numbers)}"
        self._preparation = f"PREPARE {self._name} AS {numbered}"
        self._execution = f"EXECUTE {self._name}{places}"
        self.plain = _put(sql.replace("%", "%%"), lambda name: f"%({name})s")

    def execute(self, cursor: Cursor, known: dict[Any, Any], values: Mapping[str, Any]) -> None:
        """Execute it with `values`, by a plan where the connection holds any.

        `known` is what the pool remembers of the connection. Raises StalePlan and the
        driver's errors; after each of them the transaction is lost.
        """
        held: _Held | None = known.get(_HELD)
        if held is None:
            cursor.execute(self.plain, values)
            return
        is_new = self._prepare(cursor, held)
        try:
            cursor.execute(self._execution, [values[name] for name in self._names])
        except psycopg2.Error as error:
            # What was planned just now is not out of date: then the statement itself is wrong.
            if is_new or not (error.pgcode or "").startswith(_STALE):
                raise
            _forget_all()
            raise StalePlan from error

    def _prepare(self, cursor: Cursor, held: _Held) -> bool:
        """Have the server plan the statement, unless it has; tell whether that was now."""
        if held.changes != _changes:
            cursor.execute("DEALLOCATE ALL")
            held.names.clear()
            held.changes = _changes
        if self._name in held.names:
            return False
        # A plan outlives the transaction in which it was prepared, also one that is rolled back.
        cursor.execute(self._preparation)
        held.names.add(self._name)
        return True


def _put(sql: str, place: Callable[[str], str]) -> str:
    """Return `sql` with each parameter replaced by what `place` returns for its name."""

    def instead(part: re.Match[str]) -> str:
        return place(part["name"]) if part["name"] else part[0]

    return _PARAMETER.sub(instead, sql)


def install() -> None:
    """Have every new connection of the process find out whether it may hold plans."""
    event.listen(Pool, "connect", _find_out)


def _find_out(connection: Any, record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (answers,) = cursor.fetchone()
    connection.rollback()
    # Who is in between has introduced itself with a number of its own.
    if answers == connection.info.backend_pid:
        record.info[_HELD] = _Held()


def _forget_all() -> None:
    """Forget every plan made until now: what changed one table may have changed others."""
    global _changes
    _changes += 1
