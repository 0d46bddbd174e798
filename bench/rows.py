"""The lines of the benchmark: what is asked for, how often, and what it may cost."""

import gzip

from flask import Flask

from app.infra.db import orm
from bench import data, measure, stage
from bench.browser import Browser
from bench.measure import Way
from bench.table import Row

# As a proxy packs pages: nginx and gunicorn's neighbours take a level in the middle.
_GZIP_LEVEL = 6


def measured(app: Flask, rounds: int) -> list[Row]:
    """Measure everything, each way `rounds` times, and return the lines of the table."""
    with app.app_context():
        ada, old, young = (
            Browser(app, email) for email in (data.REFERENCE, data.TEN_YEARS, data.TWELVE_WEEKS)
        )
        commit, undo = ada.presses("commit"), ada.presses("undo")
        engine = orm.engine
    empty = app.extensions["cache"].clear
    # No app context stays open: each request has one of its own, as on a server.
    ways = {
        "hello": Way(lambda: ada.page(stage.HELLO)),
        "identity": Way(lambda: ada.page(stage.IDENTITY)),
        "Today, cold": Way(lambda: ada.page("/"), before=empty),
        "Today, unchanged": Way(lambda: ada.page("/"), before=lambda: ada.page("/")),
        "commit with its fragments": Way(commit),
        "undo with its fragments": Way(undo),
        "ten years": Way(lambda: old.page("/"), before=empty),
        "twelve weeks": Way(lambda: young.page("/"), before=empty),
    }
    ms = measure.cpu(ways, rounds)
    statements = {name: measure.statements(engine, way) for name, way in ways.items()}

    def times_hello(what: str, most: float | None, most_statements: int) -> Row:
        ratio, figure = ms[what] / ms["hello"], f"{ms[what]:.3f} ms"
        return Row(what, figure, ratio, "× hello", most, statements[what], most_statements)

    return [
        times_hello("hello", None, 0),
        times_hello("identity", None, 0),
        times_hello("Today, cold", 11, 4),
        times_hello("Today, unchanged", 3, 1),
        times_hello("commit with its fragments", 6, 4),
        times_hello("undo with its fragments", 6, 4),
        _growth(ms["ten years"], ms["twelve weeks"], statements["ten years"]),
        *_weights(app, ada.page("/").body, commit().body, undo().body),
    ]


def _growth(old: float, young: float, statements: int) -> Row:
    return Row(
        "Today, 10 years of history", f"{old:.3f} ms", old / young, "× 12 weeks", 1.2, statements, 4
    )


def _weights(app: Flask, page: bytes, *answers: bytes) -> list[Row]:
    linked = [
        file.zipped
        for url, file in app.extensions["assets"].files.items()
        # The touch icon is linked for those who install the app; nobody fetches it to look.
        if url.encode() in page and "apple-touch-icon" not in url
    ]
    first_load = _kilobytes(_zipped(page), *linked)
    answer = max(_kilobytes(_zipped(body)) for body in answers)
    return [
        Row("weight of Today, gzipped", f"{_kilobytes(_zipped(page)):.2f} kB"),
        Row(
            f"first load, {1 + len(linked)} requests", f"{first_load:.2f} kB", first_load, "kB", 30
        ),
        Row("weight of an answer, gzipped", f"{answer:.2f} kB", answer, "kB", 2.5),
    ]


def _zipped(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=_GZIP_LEVEL, mtime=0)


def _kilobytes(*bodies: bytes) -> float:
    return sum(map(len, bodies)) / 1000
