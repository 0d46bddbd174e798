"""Plans that PostgreSQL keeps: where it can, a statement is planned once for each connection.

Planning is half of what a commit costs the server. A plan belongs to one process of the server, so
none is kept behind a pgbouncer that gives every transaction another process: there the statements
go as they are. One URL may lead both ways, so each new connection finds out for itself.
"""

import itertools
import re
from collections.abc import Mapping
from typing import Any

from psycopg2.errors import FeatureNotSupported
from psycopg2.extensions import cursor as Cursor  # noqa: N812
from sqlalchemy import Pool, event

# What SQLAlchemy takes for a parameter too: `:day`, but not `day::date` or `days[1:2]`.
_PARAMETER = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_KEPT = "plans"

_numbers = itertools.count(1)
# How often the schema was found to have changed under a plan of this process.
_changes = 0


class StalePlan(Exception):
    """The schema has changed under a plan. The act has failed; tried again it plans anew."""


class _Kept:
    """The plans that one connection keeps, by name."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.changes = _changes


class Plan:
    """SQL with `:name` parameters, put into what the driver and the server want to be told.

    `plain` is the SQL with its parameters as the driver writes them, and what observers hear.
    """

    def __init__(self, sql: str) -> None:
        names = list(dict.fromkeys(_PARAMETER.findall(sql)))
        numbered = _PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", sql)
        places = f" ({', '.join(['%s'] * len(names))})" if names else ""
        self._names = names
        self._name = f"statement_{next(_numbers)}"
        self._preparation = f"PREPARE {self._name} AS {numbered}"
        self._execution = f"EXECUTE {self._name}{places}"
        self.plain = _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))

    def execute(self, cursor: Cursor, known: dict[Any, Any], values: Mapping[str, Any]) -> None:
        """Execute it with `values`, by a kept plan where the connection keeps any.

        `known` is what the pool remembers of the connection. Raises StalePlan and the
        driver's errors; after each of them the transaction is lost.
        """
        kept: _Kept | None = known.get(_KEPT)
        if kept is None:
            cursor.execute(self.plain, values)
            return
        is_new = self._prepare(cursor, kept)
        try:
            cursor.execute(self._execution, [values[name] for name in self._names])
        except FeatureNotSupported as error:
            # "cached plan must not change result type": what was planned just now cannot be meant.
            if is_new:
                raise
            _forget_all()
            raise StalePlan from error

    def _prepare(self, cursor: Cursor, kept: _Kept) -> bool:
        """Have the server plan the statement, unless it has; tell whether that was now."""
        if kept.changes != _changes:
            cursor.execute("DEALLOCATE ALL")
            kept.names.clear()
            kept.changes = _changes
        if self._name in kept.names:
            return False
        # A plan outlives the transaction in which it was prepared, also one that is rolled back.
        cursor.execute(self._preparation)
        kept.names.add(self._name)
        return True


def install() -> None:
    """Have every new connection of the process find out whether it may keep plans."""
    event.listen(Pool, "connect", _find_out)


def _find_out(connection: Any, record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (answers,) = cursor.fetchone()
    connection.rollback()
    # Who is in between has introduced itself with a number of its own.
    if answers == connection.info.backend_pid:
        record.info[_KEPT] = _Kept()


def _forget_all() -> None:
    """Keep no plan made until now: what changed one table may have changed others."""
    global _changes
    _changes += 1
