"""What the act under way, a request or a command, may have written so far."""

from contextvars import ContextVar

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
