"""The app on a real port, and the weather between it and the browser.

The weather is a layer of the test's server, never of the app: it makes answers slow, loses them,
puts a proxy's own page in their place, or lets them overtake each other.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import brotli
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app

Result = TypeVar("Result")

_OF_THE_BODY = {"content-length", "content-encoding"}


class Answer(NamedTuple):
    """What goes back over the wire."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


Forward = Callable[[], Answer]
Rule = Callable[[Forward], Answer]


class Weather:
    """A WSGI layer around the app; `on_posts` and `on_pages` are calm unless a test says else."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self.on_posts: Rule = calm
        self.on_pages: Rule = calm
        self.posts: list[str] = []
        self._arrived = threading.Semaphore(0)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Pass the request on under the rule of the moment."""
        is_post = environ["REQUEST_METHOD"] == "POST"
        rule = self.on_posts if is_post else self.on_pages
        if is_post:
            self.posts.append(environ["PATH_INFO"])
            self._arrived.release()
        answer = rule(lambda: self._pass(environ))
        start(answer.status, answer.headers)
        return [answer.body]

    def clear(self) -> None:
        """Make the weather calm and forget what was sent."""
        self.on_posts = self.on_pages = calm
        self.posts = []
        self._arrived = threading.Semaphore(0)

    def await_post(self) -> None:
        """Wait until one more POST is here: the weather of the moment is its weather."""
        assert self._arrived.acquire(timeout=10)

    def _pass(self, environ: WSGIEnvironment) -> Answer:
        body, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        return Answer(status, list(headers), b"".join(body))


def calm(forward: Forward) -> Answer:
    """Pass on."""
    return forward()


def slow(seconds: float) -> Rule:
    """Let the app answer at once and the answer arrive `seconds` later."""

    def rule(forward: Forward) -> Answer:
        answer = forward()
        time.sleep(seconds)
        return answer

    return rule


@contextmanager
def held(weather: Weather) -> Iterator[None]:
    """Let the app answer presses at once, and the answers arrive when the block ends.

    What is on its way is then on its way for as long as a busy machine needs to look at it.
    """
    released = threading.Event()

    def rule(forward: Forward) -> Answer:
        answer = forward()
        released.wait(10)
        return answer

    weather.on_posts = rule
    try:
        yield
    finally:
        released.set()


def proxy_error(status: str) -> Rule:
    """Answer like a proxy whose app is gone: `status` and a page of its own."""
    page = f"<!doctype html><html><body><center><h1>{status}</h1></center></body></html>"
    return lambda _forward: Answer(status, [("Content-Type", "text/html")], page.encode())


def cut_before(_forward: Forward) -> Answer:
    """Break the connection before the app hears of the request."""
    raise ConnectionAbortedError


def cut_after(forward: Forward) -> Answer:
    """Break the connection after the app has done its work."""
    forward()
    raise ConnectionAbortedError


def in_reverse(count: int) -> Rule:
    """Hold the answers to `count` requests until all are done, then send the newest first."""
    one_by_one = threading.Lock()
    turns = [threading.Event() for _ in range(count)]
    arrivals = iter(range(count))

    def rule(forward: Forward) -> Answer:
        with one_by_one:
            place = next(arrivals)
            answer = forward()
            if place == count - 1:
                turns[place].set()
        turns[place].wait(10)
        if place:
            # The order in which threads wake is not the order in which a browser reads.
            threading.Timer(0.06, turns[place - 1].set).start()
        return answer

    return rule


def edited(old: bytes, new: bytes) -> Rule:
    """Put `new` in the place of `old` in every page that holds it."""

    def rule(forward: Forward) -> Answer:
        status, headers, body = forward()
        if ("Content-Encoding", "br") in headers:
            body = brotli.decompress(body)
        kept = [header for header in headers if header[0].lower() not in _OF_THE_BODY]
        page = body.replace(old, new)
        return Answer(status, [*kept, ("Content-Length", str(len(page)))], page)

    return rule


class Quiet(WSGIRequestHandler):
    """A request handler that logs nothing, and that closes where no answer came."""

    # By 1.1 a connection without an answer would stay open, and the browser would wait on.
    protocol_version = "HTTP/1.0"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


class LiveServer(NamedTuple):
    """The running app."""

    app: Flask
    weather: Weather
    url: str

    def run(self, act: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
        """Call `act` inside the app's context, beside the browser."""
        with self.app.app_context():
            return act(*args, **kwargs)


@contextmanager
def serve(app: Flask) -> Iterator[LiveServer]:
    """Serve `app` on a free port while the block runs."""
    weather = Weather(app.wsgi_app)
    server = make_server("127.0.0.1", 0, weather, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield LiveServer(app, weather, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
