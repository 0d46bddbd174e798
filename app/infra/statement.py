"""Statements of the hot paths: built once at import, each returning typed rows."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import column, text
from sqlalchemy.orm import Session

Row = TypeVar("Row")


class Statement(Generic[Row]):
    """SQL with `:name` parameters whose columns are, by name and in order, the fields of `row`.

    `row` is a NamedTuple or a dataclass. Told the names, SQLAlchemy works out the shape of a row
    once instead of at every execution, which would be a third of the time of a small statement.
    """

    def __init__(self, sql: str, row: type[Row]) -> None:
        self._row: Any = row
        self._text = text(sql).columns(*map(column, _names(row)))

    def all(self, session: Session, values: Mapping[str, Any]) -> list[Row]:
        """Return every row."""
        return [self._row(*found) for found in session.execute(self._text, values)]

    def first(self, session: Session, values: Mapping[str, Any]) -> Row | None:
        """Return the only row, or None when there is none."""
        found = session.execute(self._text, values).one_or_none()
        return None if found is None else self._row(*found)

    def one(self, session: Session, values: Mapping[str, Any]) -> Row:
        """Return the only row. Raises LookupError when there is none."""
        found = self.first(session, values)
        if found is None:
            raise LookupError("the statement returned no row")
        return found


def _names(row: type[Any]) -> tuple[str, ...]:
    if is_dataclass(row):
        return tuple(field.name for field in fields(row))
    names: tuple[str, ...] = row._fields
    return names
