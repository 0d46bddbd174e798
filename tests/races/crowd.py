"""Many acts at the same instant, and what is in the database afterwards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.infra import db
from app.queries.ledger import verify
from app.rules.identity import Actor
from tests.world import World

HTMX = {"HX-Request": "true"}


def at_once(app: Flask, many: int, act: Callable[[int], Any]) -> list[Any]:
    """Do act(0) … act(many - 1) in as many threads that start together; what each returned."""
    start = Barrier(many)

    def run(number: int) -> Any:
        with app.app_context():
            start.wait()
            return act(number)

    with ThreadPoolExecutor(many) as threads:
        return list(threads.map(run, range(many)))


def post(world: World, me: Actor, many: int, send: Callable[[int], dict[str, Any]]) -> list[int]:
    """Send `many` POSTs of `me` at once, send(n) being the arguments; the statuses, sorted."""
    clients = [world.signed_in(me) for _ in range(many)]

    def act(number: int) -> TestResponse:
        return clients[number].post(**send(number))

    return sorted(answer.status_code for answer in at_once(world.app, many, act))


def half_htmx(number: int) -> dict[str, str]:
    """The headers of HTMX for every other number."""
    return HTMX if number % 2 else {}


def scalar(statement: str) -> Any:
    """The first value of the first row."""
    with db.reading() as session:
        return session.scalar(text(statement))


def counted(table: str) -> int:
    """The number of rows of all users."""
    return scalar(f"SELECT count(*) FROM {table}")


def differences() -> list[str]:
    """What `ledger verify` would tell."""
    with db.reading() as session:
        return list(verify.differences(session))
