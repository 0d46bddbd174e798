"""Every statement on tables counts for the task under way, whoever sends it."""

from sqlalchemy import Engine, event

from app.infra import task

# What an act needs round its statements on tables, which alone are counted.
_NOT_ON_TABLES = ("SET ", "SAVEPOINT", "RELEASE", "ROLLBACK")


def install() -> None:
    """Count what every engine of the process sends."""
    event.listen(Engine, "before_cursor_execute", _count)


def _count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    if not statement.startswith(_NOT_ON_TABLES):
        task.current().statements += 1
