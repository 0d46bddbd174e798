"""What pages weigh on the wire, as each way of serving packs them.

nginx packs pages with gzip and sends files with brotli; `make run` has brotli for both. Browsers
take brotli over https and from their own machine, over plain http gzip alone.
"""

import re
from collections.abc import Iterator

from flask import Flask

from app.web import compression
from app.web.assets import Asset, Assets
from bench import data
from bench.browser import Browser
from bench.figures import Spread
from bench.table import Bounds, Row

_MOST = 30
# What a browser fetches by itself. The touch icon is for those who install the app, and the script
# of the keys for those who press one.
_FETCHED = re.compile(
    rb'<(?:link\s+rel="(?:stylesheet|icon)"\s+href|script\s+src)="(/static/[^"]+)"'
)
_A_PILLAR = re.compile(r'href="(/pillars/\d+)"')
_ROOMS = ("/pillars", "/pet", "/pet/finds", "/pet/moments", "/ledger", "/stats", "/settings")
_OPEN_TO_ALL = ("/", "/signup", "/login", "/how")
_SIGN_UP = {
    "email": "new@bench.example", "password": "a-long-enough-phrase", "timezone": "UTC",
}  # fmt: skip


def rows(app: Flask, page: bytes, *answers: bytes) -> list[Row]:
    """Return the lines about Today, `page`, about the answers to a press, and about each room."""
    assets: Assets = app.extensions["assets"]
    files = _files(assets, page)
    answer = max(len(compression.page(body, "gzip")) for body in answers)
    return [
        _row("first load, nginx", _load(page, "gzip", files, "br"), most=_MOST),
        _row("first load, make run", _load(page, "br", files, "br"), most=_MOST),
        _row("first load, plain http", _load(page, "gzip", files, "gzip")),
        Row("requests of a first load", Spread((1 + len(files),)), "requests", Bounds(most=6)),
        _row("weight of an answer, gzipped", answer, most=2.5),
        *_rooms(app, assets, page),
    ]


def _rooms(app: Flask, assets: Assets, today: bytes) -> Iterator[Row]:
    """Say what each room's page weighs through nginx, with the files that Today has not brought."""
    brought = _files(assets, today)
    for path, page in [("Today", today), *_pages(app, today)]:
        own = [file for file in _files(assets, page) if file not in brought]
        yield _row(f"weight of {path}", _load(page, "gzip", own, "br"))


def _pages(app: Flask, today: bytes) -> Iterator[tuple[str, bytes]]:
    with app.app_context():
        ada = Browser(app, data.REFERENCE)
        habit = ada.habit_page()
    (pillar, *_others) = _A_PILLAR.findall(today.decode())
    named = {"a pillar": pillar, "a habit": habit} | dict(zip(_ROOMS, _ROOMS, strict=True))
    for name, path in named.items():
        yield name, ada.page(path).body
    visitor = app.test_client()
    for path in _OPEN_TO_ALL:
        yield f"{path} for visitors", visitor.get(path).data
    visitor.post("/signup", data=_SIGN_UP, headers={"Sec-Fetch-Site": "same-origin"})
    yield "first steps", visitor.get("/welcome").data


def _files(assets: Assets, page: bytes) -> list[Asset]:
    return [assets.files[url.decode()] for url in _FETCHED.findall(page)]


def _load(page: bytes, page_encoding: str, files: list[Asset], file_encoding: str) -> int:
    return len(compression.page(page, page_encoding)) + sum(
        len(file.packed[file_encoding]) for file in files
    )


def _row(what: str, size: int, most: float | None = None) -> Row:
    return Row(what, Spread((size / 1000,)), "kB", Bounds(most=most))
