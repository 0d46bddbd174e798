"""How the benchmark measures: CPU of this process, ways interleaved in random order, medians."""

import gc
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from sqlalchemy import Engine, event

from bench.browser import Answer

_WARM_UP = 10
_NO_TABLES = ("SET ", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True, slots=True)
class Way:
    """A request that is measured, and what is done before each, outside of what is measured."""

    send: Callable[[], Answer]
    before: Callable[[], object] = lambda: None


def cpu(ways: Mapping[str, Way], rounds: int) -> dict[str, float]:
    """Return the median CPU milliseconds of each way over `rounds`."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    gc.collect()
    # What stands for good is not looked at again, so that a collection before each request is
    # cheap: no request pays for the garbage of another, and each for its own.
    gc.freeze()
    for number in range(_WARM_UP + rounds):
        random.shuffle(names)
        for name in names:
            ways[name].before()
            gc.collect()
            answer = ways[name].send()
            if number >= _WARM_UP:
                spent[name].append(answer.seconds * 1000)
    gc.unfreeze()
    return {name: median(each) for name, each in spent.items()}


def statements(engine: Engine, way: Way) -> int:
    """Return how many statements on tables one request of a way runs."""
    way.before()
    with _noted(engine) as seen:
        way.send()
    return len(seen)


@contextmanager
def _noted(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(_NO_TABLES):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
