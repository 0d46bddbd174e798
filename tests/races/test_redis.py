"""Redis is absent, comes late, freezes, is killed and comes back; nobody who looks or signs in
notices. A real redis-server, and real workers as `make run` starts them.
"""

import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask

from app.infra import cache, limits
from tests.races.redis_server import RedisServer, redis_server
from tests.races.replica.servers import until
from tests.races.test_database_killed import Browser, timed
from tests.races.test_launcher import Run, free_port

SECRET = "a key that only these tests know, of 32+"
DRAWN, COUNTED = "commit-life:drawn:*", "LIMITS*"
REST = 0.3
# Seconds: what one request may take that finds out, on a busy machine, and one that knows.
FOUND_OUT, AT_ONCE = 1.5, 0.5


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A Redis that is not started yet."""
    with redis_server() as server:
        yield server


@pytest.fixture
def shared(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> cache.Cache:
    """The cache of one process in that Redis; a failed one rests for a moment only."""
    store = cache.at(redis.url, SECRET)
    monkeypatch.setattr(store._circuit, "_rest", REST)
    return store


def seconds(store: cache.Cache) -> float:
    """How long a look-up takes."""
    started = time.monotonic()
    store.get("key")
    return time.monotonic() - started


def test_what_one_process_drew_another_serves_for_an_hour(redis: RedisServer, shared: cache.Cache):
    redis.start()
    shared.put("key", b"drawn")
    assert cache.at(redis.url, SECRET).get("key") == b"drawn"
    (cached,) = redis.keys(DRAWN)
    assert 0 < redis.client.ttl(cached) <= 3600


def test_a_page_that_was_not_signed_with_our_key_for_its_own_is_none(
    redis: RedisServer, shared: cache.Cache
):
    redis.start()
    shared.put("key", b"drawn")
    (name,) = redis.keys(DRAWN)
    signed = redis.client.get(name)
    assert shared.get("key") == b"drawn"
    assert cache.at(redis.url, SECRET[::-1]).get("key") is None
    redis.client.set(name.replace("key", "other"), signed)
    assert shared.get("other") is None
    for forged in (b"drawn", b"", signed[:-1], signed + b"x", signed[:-5] + b"dr4wn", signed[:32]):
        redis.client.set(name, forged)
        assert shared.get("key") is None
    redis.client.set(name, signed)
    assert shared.get("key") == b"drawn"


def test_while_redis_is_absent_each_process_keeps_its_own_and_later_finds_it(
    redis: RedisServer, shared: cache.Cache
):
    shared.put("key", b"drawn")
    assert shared.get("key") == b"drawn"
    assert cache.at(redis.url, SECRET).get("key") is None
    assert seconds(shared) < 0.1
    redis.start()

    def is_found() -> bool:
        shared.put("late", b"drawn")
        return bool(redis.keys(DRAWN))

    until(is_found)


def test_a_frozen_redis_is_waited_for_once(
    redis: RedisServer, shared: cache.Cache, monkeypatch: pytest.MonkeyPatch
):
    redis.start()
    shared.put("key", b"drawn")
    monkeypatch.setattr(shared._circuit, "_rest", 60.0)
    with redis.frozen():
        assert 0.2 <= seconds(shared) < 0.4
        assert seconds(shared) < 0.1
        shared.put("other", b"drawn")
        assert shared.get("other") == b"drawn"


def test_a_limit_is_told_though_the_redis_that_counted_it_is_gone(redis: RedisServer):
    redis.start()
    app = Flask(__name__)
    app.config.update(limits.config(redis.url, enabled=True))
    limits.limiter.init_app(app)
    told = []

    @app.get("/")
    @limits.limiter.limit("1 per minute", key_func=lambda: "everybody")
    def show() -> str:
        return "shown"

    @app.errorhandler(429)
    def refused(_error: Exception) -> tuple[str, int]:
        if told:
            redis.kill()
        told.append(limits.opens_at())
        return "wait", 429

    visitor = app.test_client()
    assert [visitor.get("/").status_code for _ in range(3)] == [200, 429, 429]
    assert told[0] > time.time()
    assert told[1] is None


def test_a_killed_redis_is_missed_by_nobody_and_found_again(
    redis: RedisServer, shared: cache.Cache
):
    redis.start()
    shared.put("key", b"drawn")
    redis.kill()
    assert seconds(shared) < 0.1
    shared.put("key", b"drawn meanwhile")
    assert shared.get("key") == b"drawn meanwhile"
    redis.start()
    # It has forgotten everything, and so has whoever asks it.
    until(lambda: shared.get("key") is None)


def test_a_socket_is_named_as_the_limits_know_it():
    uri = limits.config("unix:///sockets/redis.sock?db=2", enabled=True)["RATELIMIT_STORAGE_URI"]
    assert uri == "redis+unix:///sockets/redis.sock?db=2"
    uri = limits.config("redis://redis/unix://", enabled=True)["RATELIMIT_STORAGE_URI"]
    assert uri == "redis://redis/unix://"


@dataclass
class RunOnRedis(Run):
    """A run, two workers, that are told where Redis may be."""

    redis_url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"REDIS_URL": self.redis_url}


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[RunOnRedis, RedisServer]]:
    """A run whose Redis is absent at the start."""
    with redis_server() as redis, TemporaryDirectory(prefix="runs-") as folder:
        run = RunOnRedis(Path(folder).resolve(), free_port(), redis_url=redis.url)
        try:
            run.start()
            yield run, redis
        finally:
            run.end()


@pytest.fixture
def visitor(running: tuple[RunOnRedis, RedisServer]) -> Browser:
    return Browser(running[0].port)


@pytest.fixture(scope="module")
def ada(running: tuple[RunOnRedis, RedisServer]) -> Browser:
    """Somebody with a habit, who has signed up while Redis was absent."""
    browser = Browser(running[0].port)
    browser.begin()
    return browser


def sign_in(browser: Browser) -> int:
    """Try to sign in, each time as somebody else: counted, and 422 unless it was too often."""
    return browser.post("/login", email=secrets.token_hex(8), password="a guess")


def assert_quick(run: Run, ada: Browser, visitor: Browser) -> None:
    """Looks and sign-ins go on, at the most one of each worker finds out what is wrong, and the
    log has a line or two of it rather than one a request.
    """
    before = len(run.said().splitlines())
    times = [timed(ada, "/") for _ in range(20)]
    assert {status for status, _seconds in times} == {200}
    assert sorted(spent for _status, spent in times)[-3] < AT_ONCE
    assert max(spent for _status, spent in times) < FOUND_OUT
    started = time.monotonic()
    assert {sign_in(visitor) for _ in range(20)} <= {422, 429}
    assert time.monotonic() - started < 5
    # A sign-in that failed has its own line.
    its_own = "in audit: sign-in failed"
    said = [line for line in run.said().splitlines()[before:] if its_own not in line]
    assert len(said) <= 6, said
    assert not [line for line in said if "Traceback" in line]


def test_an_absent_redis_is_no_matter_and_a_late_one_is_found(running, ada, visitor):
    run, redis = running
    assert_quick(run, ada, visitor)
    redis.start()
    # Counted together from now on, whichever worker it is; a worker looks again within half a
    # minute.
    until(lambda: sign_in(visitor) and bool(redis.keys(COUNTED)), within=40)
    until(lambda: ada.get("/")[0] == 200 and bool(redis.keys(DRAWN)))


def test_the_workers_count_together(running, ada, visitor):
    _run, redis = running
    redis.start()
    # Each has looked for Redis again by then, and neither lets anybody through any more.
    until(lambda: {sign_in(visitor) for _ in range(10)} == {429}, within=60)
    (name,) = redis.keys(COUNTED)
    assert re.search(r"127\.0\.0\.1.*120/10/minute", name)
    counted = int(redis.client.get(name))
    assert {sign_in(visitor) for _ in range(10)} == {429}
    assert int(redis.client.get(name)) == counted + 10


def test_a_frozen_redis_slows_and_breaks_nothing(running, ada, visitor):
    run, redis = running
    redis.start()
    until(lambda: ada.get("/")[0] == 200 and bool(redis.keys(DRAWN)))
    with redis.frozen():
        assert_quick(run, ada, visitor)
    assert ada.get("/")[0] == 200


def test_a_killed_redis_slows_and_breaks_nothing_and_is_found_again(running, ada, visitor):
    run, redis = running
    redis.start()
    until(lambda: ada.get("/")[0] == 200 and bool(redis.keys(DRAWN)))
    redis.kill()
    assert_quick(run, ada, visitor)
    redis.start()
    until(lambda: ada.get("/")[0] == 200 and bool(redis.keys(DRAWN)))
    until(lambda: sign_in(visitor) and bool(redis.keys(COUNTED)), within=40)
