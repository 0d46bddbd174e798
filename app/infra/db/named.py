"""SQL whose columns are told to SQLAlchemy by name."""

from sqlalchemy import TextualSelect, column, text


def statement(sql: str, columns: str) -> TextualSelect:
    """Return `sql` as a statement that is built once; `columns` names what it returns, in order.

    Told the names, SQLAlchemy works out the shape of a row once instead of at every execution,
    which would be a third of the time of a small statement.
    """
    return text(sql).columns(*map(column, columns.split()))
