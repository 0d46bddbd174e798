"""The table of the benchmark: what was measured, and whether it keeps its budget."""

from dataclasses import dataclass

_LINE = "{:<34} {:>9} {:>9} {:>11}   {:<28} {}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `most` bounds `ratio`, `most_statements` bounds `statements`; None: no bound."""

    what: str
    figure: str
    ratio: float | None = None
    unit: str = "× hello"
    most: float | None = None
    statements: int | None = None
    most_statements: int | None = None

    @property
    def missed(self) -> bool:
        """Is a budget of this line missed?"""
        return _above(self.ratio, self.most) or _above(self.statements, self.most_statements)

    @property
    def _budget(self) -> str:
        bounds = []
        if self.most is not None:
            bounds.append(f"≤ {self.most:g} {self.unit}")
        if self.most_statements is not None:
            bounds.append(f"≤ {self.most_statements} statements")
        return ", ".join(bounds)

    def __str__(self) -> str:
        verdict = ("MISSED" if self.missed else "ok") if self._budget else ""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        count = "" if self.statements is None else str(self.statements)
        line = _LINE.format(self.what, self.figure, ratio, count, self._budget, verdict)
        return line.rstrip()


HEAD = _LINE.format("what", "figure", "ratio", "statements", "budget", "")


def _above(value: float | None, most: float | None) -> bool:
    return value is not None and most is not None and value > most
