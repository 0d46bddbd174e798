"""Figures of several runs: each with its median and its spread, ratios taken within a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

# The CPU of the app's process, of PostgreSQL's, and of both together.
Part = Literal["app", "postgres", "whole"]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request of a way costs in one run, in milliseconds of CPU: medians.

    `whole` is the median of the sums, which is not quite the sum of the medians.
    """

    app: float
    postgres: float
    whole: float


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure as each run found it; what is no matter of chance is found once."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The figure itself."""
        return median(self.values)

    def __str__(self) -> str:
        if len(self.values) == 1:
            return f"{self.median:.2f}"
        return f"{self.median:.2f} ({min(self.values):.2f}–{max(self.values):.2f})"


@dataclass(frozen=True, slots=True)
class Runs:
    """What every run found of every way."""

    costs: Sequence[dict[str, Cost]]

    def ms(self, way: str, part: Part) -> Spread:
        """Return the milliseconds that a request of `way` takes of `part`."""
        return Spread(tuple(getattr(cost[way], part) for cost in self.costs))

    def ratio(self, way: str, base: str, part: Part) -> Spread:
        """Return how many times the `part` of `base` that of `way` is.

        Both are of the same run, so that what a run met does not count.
        """
        return Spread(
            tuple(getattr(cost[way], part) / getattr(cost[base], part) for cost in self.costs)
        )
