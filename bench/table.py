"""The table of the benchmark: what was measured, and whether it keeps its budget."""

import math
from dataclasses import asdict, dataclass

from bench.figures import Spread

_LINE = "{:<31} {:>8} {:>10}  {:<29} {:>6}  {:>10}  {:<24} {}"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a line is held against: `most` and `statements` are asserted, `aim` is shown only."""

    aim: float | None = None
    most: float | None = None
    statements: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. None stands for what a line does not have.

    `figure`, in `unit`, is what the bounds speak of; `app` and `postgres` are milliseconds of CPU.
    """

    what: str
    figure: Spread
    unit: str
    bounds: Bounds = Bounds()
    app: float | None = None
    postgres: float | None = None
    statements: int | None = None

    @property
    def missed(self) -> bool:
        """Is a budget of this line missed?"""
        return _above(self.figure.median, self.bounds.most) or _above(
            self.statements, self.bounds.statements
        )

    @property
    def unknown(self) -> bool:
        """Is there a budget that nothing can be held against?"""
        return self.bounds.most is not None and math.isnan(self.figure.median)

    def as_json(self) -> dict[str, object]:
        """Return the line as plain values, its figure with those of all runs."""
        return {**asdict(self), "figure": self.figure.median, "runs": self.figure.values}

    @property
    def _budget(self) -> str:
        bounds = []
        if self.bounds.most is not None:
            bounds.append(f"≤ {self.bounds.most:g}")
        if self.bounds.statements is not None:
            bounds.append(f"≤ {self.bounds.statements} statements")
        return ", ".join(bounds)

    @property
    def _verdict(self) -> str:
        if self.missed:
            return "MISSED"
        if self.unknown:
            return "unknown"
        return "ok" if self._budget else ""

    def __str__(self) -> str:
        return _LINE.format(
            self.what,
            "" if self.app is None else f"{self.app:.2f}",
            "" if self.postgres is None else f"{self.postgres:.2f}",
            f"{self.figure} {self.unit}",
            "" if self.bounds.aim is None else f"≤ {self.bounds.aim:g}",
            "" if self.statements is None else self.statements,
            self._budget,
            self._verdict,
        ).rstrip()


HEAD = _LINE.format("what", "app ms", "PostgreSQL", "figure", "aim", "statements", "budget", "")


def _above(value: float | None, most: float | None) -> bool:
    return value is not None and most is not None and value > most
