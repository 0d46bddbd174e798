"""How the benchmark measures: CPU of app and PostgreSQL, ways interleaved in random order."""

import gc
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from sqlalchemy import Engine

from bench.backends import Backends
from bench.browser import Answer
from bench.figures import Cost, Runs

# One run says little: another one on the same machine differs by a tenth.
RUNS = 5
_WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Way:
    """A request that is measured, and what is done before each, outside of what is measured.

    What takes long is measured in every one of `rounds` rounds only.
    """

    send: Callable[[], Answer]
    before: Callable[[], object] = lambda: None
    rounds: int = 1


def runs(engine: Engine, ways: Mapping[str, Way], rounds: int) -> Runs:
    """Measure every way `rounds` times in each of RUNS runs, all of them interleaved."""
    backends = Backends(engine)
    found = []
    for _number in range(RUNS):
        # A new connection for each run: a process of PostgreSQL grows with what it has planned.
        engine.dispose()
        found.append(_run(backends, ways, rounds))
    return Runs(found)


def _run(backends: Backends, ways: Mapping[str, Way], rounds: int) -> dict[str, Cost]:
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    names = list(ways)
    gc.collect()
    # What stands for good is not looked at again, so that a collection before each request is
    # cheap: no request pays for the garbage of another, and each for its own.
    gc.freeze()
    for number in range(_WARM_UP + rounds):
        random.shuffle(names)
        for name in names:
            if number % ways[name].rounds:
                continue
            once = _once(backends, ways[name])
            if number >= _WARM_UP:
                spent[name].append(once)
    gc.unfreeze()
    return {name: _cost(each) for name, each in spent.items()}


def _once(backends: Backends, way: Way) -> tuple[float, float]:
    """Return the milliseconds of the app and of PostgreSQL that one request takes."""
    way.before()
    gc.collect()
    begun = backends.seconds()
    answer = way.send()
    return answer.seconds * 1000, (backends.seconds() - begun) * 1000


def _cost(spent: list[tuple[float, float]]) -> Cost:
    app, postgres = zip(*spent, strict=True)
    return Cost(median(app), median(postgres), median(map(sum, spent)))
