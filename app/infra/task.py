"""The task under way in this thread, a request or a command, by which its log lines are named."""

import time
from contextvars import ContextVar
from dataclasses import dataclass, field

# So many characters of a name are enough to find it again, and to read out to somebody.
_READ_OUT = 8


@dataclass(slots=True)
class Task:
    """What is known of a task. `name` is the id of a request, and empty outside of requests."""

    name: str = ""
    user_id: int | None = None
    statements: int = 0
    _begun: float = field(default_factory=time.perf_counter)

    @property
    def reference(self) -> str:
        """The beginning of the name, as error pages show it."""
        return self.name[:_READ_OUT]

    @property
    def seconds(self) -> float:
        """How long the task has taken until now."""
        return time.perf_counter() - self._begun


_current: ContextVar[Task | None] = ContextVar("task", default=None)


def begin(name: str = "") -> Task:
    """Begin a task; a thread serves one after another."""
    task = Task(name)
    _current.set(task)
    return task


def end() -> None:
    """End the task under way: what the thread says from now on is not about it."""
    _current.set(None)


def current() -> Task:
    """Return the task under way, begun now where nobody has."""
    return _current.get() or begin()
