"""Statements of the hot paths: built once at import, planned once a connection, rows typed."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.infra import driver
from app.infra.plans import Plan

Row = TypeVar("Row")

# Where a statement is said: in a session, which has things of its own to write, or without one.
At = Session | Connection


class Statement(Generic[Row]):
    """SQL with `:name` parameters that returns rows of the type `row`.

    `row` is a NamedTuple or a dataclass whose fields are, by name and in order, the columns. Each
    connection that leads to the server itself holds a plan of every statement it was asked for;
    nobody has to ask for that. The server infers the types of the parameters from where they stand
    alone: where that could be several (`:day - 7`, or a value that is only returned) the SQL says
    CAST(:day AS date).
    """

    def __init__(self, sql: str, row: type[Row]) -> None:
        self.sql, self.row = sql, row
        self._plan = Plan(sql)
        self._fields = _names(row)
        self._make = _maker(row)
        self._is_checked = False

    def all(self, at: At, values: Mapping[str, Any]) -> list[Row]:
        """Return every row; what a session has not written yet is written before."""
        if isinstance(at, Connection):
            return self.on(at, values)
        at.flush()
        return self.on(at.connection(), values)

    def first(self, at: At, values: Mapping[str, Any]) -> Row | None:
        """Return the only row, or None when there is none. Raises LookupError for several."""
        return only(self.all(at, values))

    def one(self, at: At, values: Mapping[str, Any]) -> Row:
        """Return the only row. Raises LookupError when there is none, and for several."""
        row = self.first(at, values)
        if row is None:
            raise LookupError("the statement returned no row")
        return row

    def on(self, connection: Connection, values: Mapping[str, Any]) -> list[Row]:
        """Return every row, asked for on a connection rather than in a session."""
        columns, rows = driver.run(connection, self._plan, values)
        if not self._is_checked:
            self._check([column.name for column in columns])
        return list(map(self._make, rows))

    def _check(self, columns: list[str]) -> None:
        if columns != self._fields:
            raise TypeError(f"{self.row.__name__} does not have the fields {columns}")
        self._is_checked = True


def only(rows: list[Row]) -> Row | None:
    """Return the only one of `rows`, or None when there is none. Raises LookupError for several."""
    if len(rows) > 1:
        raise LookupError("the statement returned more than one row")
    return rows[0] if rows else None


def _names(row: type[Any]) -> list[str]:
    if is_dataclass(row):
        return [field.name for field in fields(row)]
    return list(row._fields)


def _maker(row: Any) -> Callable[[tuple[Any, ...]], Any]:
    make: Callable[[tuple[Any, ...]], Any] | None = getattr(row, "_make", None)
    return make or (lambda columns: row(*columns))
