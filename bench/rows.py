"""The lines of the benchmark: what a request may cost, and how that may grow."""

from collections.abc import Mapping

from flask import Flask

from app.infra.db import orm
from bench import data, measure, statements, ways, weights
from bench.figures import Runs, Spread
from bench.table import Bounds, Row
from bench.ways import of

_NONE = Bounds()


def measured(app: Flask, rounds: int) -> list[Row]:
    """Measure everything, each way `rounds` times a run, and return the lines of the table."""
    asked = ways.every(app)
    with app.app_context():
        engine = orm.engine
    # No app context stays open: each request has one of its own, as on a server.
    found = measure.runs(engine, asked, rounds)
    lines = _Lines(found, {name: statements.of(engine, way) for name, way in asked.items()})
    answers = (asked[name].send().body for name in (ways.COMMIT, ways.UNDO))
    return [
        *_requests(lines),
        *_growth(lines),
        *weights.rows(app, asked[ways.COLD].send().body, *answers),
    ]


def _requests(lines: "_Lines") -> list[Row]:
    return [
        lines.times_hello(ways.HELLO, Bounds(statements=0)),
        lines.times_hello(ways.IDENTITY, Bounds(statements=0)),
        lines.times_hello(ways.COLD, Bounds(aim=9.5, most=11, statements=4)),
        lines.times_hello(ways.UNFOLDED, Bounds(statements=4)),
        lines.times_hello(ways.UNCHANGED, Bounds(aim=2.4, most=3, statements=1)),
        lines.times_hello(ways.COMMIT, Bounds(aim=5.4, most=6, statements=4)),
        lines.times_hello(ways.UNDO, Bounds(aim=5.4, most=6, statements=4)),
        lines.times_hello(ways.AMOUNT, Bounds(aim=5.4, most=6, statements=4)),
        lines.times_hello(ways.TAKE, Bounds(aim=5.4, most=6, statements=4)),
        lines.whole("Today, whole CPU", ways.COLD),
        lines.whole("commit, whole CPU", ways.COMMIT),
    ]


def _growth(lines: "_Lines") -> list[Row]:
    return [
        lines.years("Today, ten years", ways.TODAY, Bounds(most=1.2, statements=4)),
        lines.years("commit, ten years", ways.COMMIT, Bounds(aim=1.15, most=1.2, statements=4)),
        lines.years("undo, ten years", ways.UNDO, Bounds(most=1.2, statements=4)),
        lines.years("an amount, ten years", ways.AMOUNT, Bounds(most=1.2, statements=4)),
        lines.years("/stats, ten years", ways.STATS, Bounds(aim=1.5, most=1.6)),
        lines.years("a habit's page, ten years", ways.HABIT, Bounds()),
        lines.many("commit, 200 habits", ways.COMMIT, Bounds(most=1.5, statements=4)),
        lines.away("Today, after a year away", ways.TODAY, Bounds(most=1.2, statements=4)),
        lines.whole("a past day, ten years", of(ways.LATE, data.TEN_YEARS), Bounds(most=20)),
        lines.whole("a rest, 200 × ten years", of(ways.REST, data.MANY_YEARS), Bounds(most=500)),
    ]


class _Lines:
    """Makes lines of what was measured. `statements` says how many each way runs."""

    def __init__(self, runs: Runs, statements: Mapping[str, int]) -> None:
        self._runs = runs
        self._statements = statements

    def times_hello(self, way: str, bounds: Bounds) -> Row:
        """Say how many times a page of one line a request is, in the app's CPU."""
        figure = self._runs.ratio(way, ways.HELLO, "app")
        return self._row(way, figure, "× hello", way, bounds)

    def whole(self, what: str, way: str, bounds: Bounds = _NONE) -> Row:
        """Say what a request costs in the CPU of app and PostgreSQL together."""
        return self._row(what, self._runs.ms(way, "whole"), "ms", way, bounds)

    def years(self, what: str, way: str, bounds: Bounds) -> Row:
        """Say what ten years of history make of a request's whole CPU."""
        old = of(way, data.TEN_YEARS)
        figure = self._runs.ratio(old, of(way, data.TWELVE_WEEKS), "whole")
        return self._row(what, figure, "× 12 weeks", old, bounds)

    def away(self, what: str, way: str, bounds: Bounds) -> Row:
        """Say what a year of silence makes of a request's whole CPU."""
        quiet = of(way, data.YEAR_AWAY)
        figure = self._runs.ratio(quiet, of(way, data.TWELVE_WEEKS), "whole")
        return self._row(what, figure, "× 12 weeks", quiet, bounds)

    def many(self, what: str, way: str, bounds: Bounds) -> Row:
        """Say what 200 habits make of a request's whole CPU."""
        more = of(way, data.MANY_HABITS)
        figure = self._runs.ratio(more, of(way, data.REFERENCE), "whole")
        return self._row(what, figure, "× 48 habits", more, bounds)

    def _row(self, what: str, figure: Spread, unit: str, way: str, bounds: Bounds) -> Row:
        return Row(
            what,
            figure,
            unit,
            bounds,
            self._runs.ms(way, "app").median,
            self._runs.ms(way, "postgres").median,
            self._statements[way],
        )
