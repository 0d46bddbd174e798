"""What the pages weigh on the wire."""

import gzip

from flask import Flask

from app.web import compression
from bench.figures import Spread
from bench.table import Bounds, Row


def rows(app: Flask, page: bytes, *answers: bytes) -> list[Row]:
    """Return the lines about Today, `page`, and about the answers to a press."""
    linked = [
        file.zipped
        for url, file in app.extensions["assets"].files.items()
        # The touch icon is linked for those who install the app; nobody fetches it to look.
        if url.encode() in page and "apple-touch-icon" not in url
    ]
    answer = max(_kilobytes(_zipped(body)) for body in answers)
    return [
        _row("weight of Today, gzipped", _kilobytes(_zipped(page)), "kB"),
        _row("first load", _kilobytes(_zipped(page), *linked), "kB", most=30),
        _row("requests of a first load", 1 + len(linked), "requests", most=6),
        _row("weight of an answer, gzipped", answer, "kB", most=2.5),
    ]


def _row(what: str, figure: float, unit: str, most: float | None = None) -> Row:
    return Row(what, Spread((figure,)), unit, Bounds(most=most))


def _zipped(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=compression.LEVEL, mtime=0)


def _kilobytes(*bodies: bytes) -> float:
    return sum(map(len, bodies)) / 1000
