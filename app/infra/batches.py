"""Statements that write many rows, some thousands at a time."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

# So many rows are written well before any deadline.
_AT_ONCE = 10_000


class Batches:
    """A statement that takes rows as a table: `{rows}` in its SQL is that table, named `v`.

    `columns` are its columns with their types. They go as texts of arrays, one a column: the driver
    would write every value by itself, and the server parse every one.
    """

    def __init__(self, sql: str, **columns: str) -> None:
        arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in columns.items())
        self._columns = tuple(columns)
        self._text = text(sql.format(rows=f"unnest({arrays}) AS v ({', '.join(columns)})"))

    def write(self, session: Session, rows: Sequence[tuple[Any, ...]], **values: Any) -> int:
        """Write `rows` and return how many were written.

        They are of numbers, plain words, days, instants and None; `values` are the other
        parameters. What the session has not written yet is written before.
        """
        session.flush()
        written = 0
        for begin in range(0, len(rows), _AT_ONCE):
            columns = zip(*rows[begin : begin + _AT_ONCE], strict=True)
            arrays = dict(zip(self._columns, map(_array, columns), strict=True))
            written += session.connection().execute(self._text, arrays | values).rowcount
        return written


def _array(values: Iterable[Any]) -> str:
    # Nothing in these values has to be quoted.
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"
