"""Workers are replaced one after the other, and a fresh one is as quick as any."""

import http.client
import json
import multiprocessing
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app.config import ROOT
from app.infra.turns import Turns
from tests.races.place import Place

FORK = multiprocessing.get_context("fork")
ACTS = {"Booting worker": "b", "Autorestarting worker": "g", "Worker exiting": "e"}
PAGES = ("/", "/pillars", "/pet", "/stats", "/ledger", "/settings", "/login", "/nowhere")


class Worker:
    """A process that does what it is told: serve, or ask whether it may leave."""

    def __init__(self, turns: Turns, slot: int) -> None:
        self._line, far = FORK.Pipe()
        self._process = FORK.Process(target=_obey, args=(far, turns, slot), daemon=True)
        self._process.start()

    def serve(self) -> None:
        assert self._asked("serve") is None

    def may_leave(self) -> bool:
        return self._asked("leave")

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    def _asked(self, what: str) -> bool:
        self._line.send(what)
        assert self._line.poll(10)
        return self._line.recv()


def _obey(line: Connection, turns: Turns, slot: int) -> None:
    while True:
        line.send(getattr(turns, line.recv())(slot))


Hire = Callable[[int], Worker]


@pytest.fixture
def hire() -> Iterator[Hire]:
    """A function that starts the worker of a slot, of a place with two."""
    turns, hired = Turns(2, None), []

    def start(slot: int) -> Worker:
        hired.append(Worker(turns, slot))
        return hired[-1]

    yield start
    for worker in hired:
        worker.kill()


def test_a_worker_goes_when_the_other_has_served_and_not_before(hire: Hire):
    one, other = hire(0), hire(1)
    one.serve()
    assert not one.may_leave()
    other.serve()
    assert one.may_leave()


def test_while_one_leaves_the_other_stays_until_a_successor_has_served(hire: Hire):
    one, other = hire(0), hire(1)
    one.serve()
    other.serve()
    assert one.may_leave()
    # What is still under way there is answered, and makes it no worker again.
    one.serve()
    assert one.may_leave()
    assert not other.may_leave()
    one.kill()
    successor = hire(0)
    assert not other.may_leave()
    successor.serve()
    assert other.may_leave()
    assert not successor.may_leave()


def test_a_killed_worker_does_not_serve_any_more(hire: Hire):
    one, other = hire(0), hire(1)
    one.serve()
    other.serve()
    other.kill()
    assert not one.may_leave()


def test_a_worker_alone_goes_when_it_likes(hire: Hire):
    assert Turns(1, None).leave(0)


def test_workers_that_reach_their_limit_together_go_one_after_the_other(place: Place):
    place.start("--max-requests", "20", "--max-requests-jitter", "0", "--log-level", "info")
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: place.get("/healthz")[0], range(600)))
    assert set(answers) == {200}
    lines = [json.loads(line) for line in place.said().splitlines()]
    said = [line["message"] for line in lines if line["logger"] == "gunicorn.error"]
    acts = "".join(letter for line in said for start, letter in ACTS.items() if start in line)
    # Two begin, and from then on: it goes (each of its threads may say so), has gone, is followed.
    assert re.fullmatch(r"bb(g+eb){3,}(g+e?)?", acts), acts


def test_a_fresh_worker_has_every_template_and_icon_before_it_answers(place: Place, tmp_path: Path):
    place.code = tmp_path / "code"
    place.code.mkdir()
    shutil.copy(ROOT / "wsgi.py", place.code)
    for folder in ("app", "migrations"):
        shutil.copytree(ROOT / folder, place.code / folder)
    place.start()
    # From now on there is nothing to make a template of.
    shutil.rmtree(place.code / "app" / "templates")
    for worker in place.workers():
        place.end(worker)
    cookie = signed_up(place)
    answers = {page: place.get(page, Cookie=cookie)[0] for page in PAGES}
    assert answers == dict.fromkeys(PAGES, 200) | {"/nowhere": 404}


def signed_up(place: Place) -> str:
    """The cookie of a new account."""
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=10)
    fields = {"email": "ada@example.org", "password": "a long way to the sea", "timezone": "UTC"}
    headers = {
        "Origin": f"http://127.0.0.1:{place.port}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/signup", urlencode(fields), headers)
    answer = connection.getresponse()
    assert answer.status == 303, answer.read()
    connection.close()
    return answer.headers["Set-Cookie"].partition(";")[0]
