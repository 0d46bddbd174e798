"""What the act under way, a request or a command, has said to the database so far."""

from contextvars import ContextVar

from sqlalchemy import Engine, event

from app.infra import task

# What an act needs round its statements on tables, which alone are counted.
_NOT_ON_TABLES = ("SET ", "SAVEPOINT", "RELEASE", "ROLLBACK")

_completing: ContextVar[bool] = ContextVar("completing", default=False)
_written_until: ContextVar[str | None] = ContextVar("written_until", default=None)


def begin_act() -> None:
    """Forget what completed before: a thread serves one request after another."""
    _completing.set(False)
    _written_until.set(None)


def completes(position: str | None) -> None:
    """Note that a transaction begins to complete, all of it behind `position` in the log.

    None means that there is no replica that could lie behind.
    """
    _completing.set(True)
    _written_until.set(position)


def may_have_written() -> bool:
    """Tell whether a transaction has begun to complete since `begin_act`.

    From then on an error does not mean that nothing was saved.
    """
    return _completing.get()


def written_until() -> str | None:
    """Return the position in the primary's log behind all that was written since `begin_act`.

    None when nothing was written, or when there is no replica that could lie behind it.
    """
    return _written_until.get()


def install() -> None:
    """Count every statement on tables for the task under way, whoever sends it."""
    event.listen(Engine, "before_cursor_execute", _count)


def _count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    if not statement.startswith(_NOT_ON_TABLES):
        task.current().statements += 1
