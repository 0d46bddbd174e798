"""What the profile `scale` brings is taken when it is there, and missed by nobody."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.stack.conftest import LIMITED, WIDE, MakeStack
from tests.stack.engine import Stack, eventually, log
from tests.stack.visitor import Crowd, Visitor, lost

PAGES = ("/", "/pet", "/pillars", "/stats", "/ledger", "/settings")
# Nobody is told to wait for longer than what is optional may take.
QUICK = 1.5


@pytest.fixture(scope="module")
def stack(make_stack: MakeStack) -> Stack:
    """A stack to which the profile came a year later; its app has all its limits."""
    old = make_stack(WIDE, LIMITED)
    visitor = Visitor(old)
    visitor.sign_up()
    assert visitor.press(visitor.habits()[0]).status == 200
    old.compose("--profile", "scale", "up", "--detach", "--no-build", "--wait")
    assert visitor.get("/").text.count('data-done="true"') == 1
    return old


def address(stack: Stack, service: str) -> str:
    """The address of a service in the network of the data."""
    networks = stack.inspect(service)["NetworkSettings"]["Networks"]
    found: str = next(net["IPAddress"] for name, net in networks.items() if name.endswith("_data"))
    return found


def reads(stack: Stack) -> int:
    """How many rows the replica has handed out."""
    counted = "SELECT tup_returned FROM pg_stat_database WHERE datname = 'commit_life'"
    return int(stack.sql(counted, "replica"))


@contextmanager
def paused(stack: Stack) -> Iterator[None]:
    """A replica that hears everything and replays nothing."""
    stack.sql("SELECT pg_wal_replay_pause()", "replica")
    try:
        yield
    finally:
        stack.sql("SELECT pg_wal_replay_resume()", "replica")


def all_well(visitor: Visitor) -> None:
    """Every page is there, and quickly, and so is a press."""
    for path in PAGES:
        answer = visitor.get(path)
        assert (path, answer.status) == (path, 200)
        assert answer.seconds < QUICK, path


def test_the_app_goes_through_pgbouncer(stack: Stack, ada: Visitor):
    all_well(ada)
    peers = stack.sql(
        "SELECT DISTINCT client_addr FROM pg_stat_activity WHERE usename = 'commit_life'"
    )
    assert peers.split() == [address(stack, "pgbouncer")]


def test_a_statement_has_its_limits_behind_pgbouncer_too(stack: Stack):
    ask = (
        "from wsgi import app\nfrom app.infra import db\nfrom sqlalchemy import text\n"
        "with app.app_context(), db.reading() as reading:\n"
        "    for name in ('statement_timeout', 'lock_timeout',"
        " 'idle_in_transaction_session_timeout', 'TimeZone'):\n"
        "        print(reading.scalar(text('SHOW ' + name)))"
    )
    said = stack.inside("app", "python", "-c", ask)
    assert said.split()[-4:] == ["5s", "2s", "10s", "UTC"]


def test_what_looks_back_is_read_from_the_replica(stack: Stack, ada: Visitor):
    habit = ada.habits()[0]
    assert ada.press(habit).status == 200
    before = reads(stack)
    for path in ("/ledger", "/stats"):
        assert ada.get(path).status == 200
    # PostgreSQL writes its statistics down now and then.
    eventually(lambda: reads(stack) > before, 15)
    sources = stack.sql(
        "SELECT DISTINCT client_addr FROM pg_stat_activity WHERE usename = 'commit_life'", "replica"
    )
    assert sources.split() == [address(stack, "pgbouncer")]


def test_a_commit_is_seen_at_once_by_its_user_though_the_replica_stands_still(
    stack: Stack, ada: Visitor
):
    habit = ada.habits()[0]
    with paused(stack):
        assert ada.press(habit).status == 200
        entries = ada.get("/ledger")
        assert entries.status == 200
        assert "Habit 0" in entries.text
        assert 'data-done="true"' in ada.get("/").text
        behind = "SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()"
        assert stack.sql(behind, "replica") == "t"


def test_limits_and_pages_are_shared_in_redis(stack: Stack, ada: Visitor):
    ada.get("/")
    for _ in range(4):
        Visitor(stack).post("/login", {"email": "nobody@example.org", "password": "wrong"})
    keys = stack.inside("redis", "redis-cli", "--scan").split()
    assert any(key.startswith("commit-life:drawn:") for key in keys), keys
    [counter] = [key for key in keys if key.startswith("LIMITS") and "sessions.create" in key]
    assert int(stack.inside("redis", "redis-cli", "get", counter)) >= 4


@pytest.mark.parametrize("verb", ["kill", "pause"])
@pytest.mark.parametrize("service", ["redis", "replica"])
def test_nobody_notices_that_redis_or_the_replica_is_gone(
    stack: Stack, ada: Visitor, service: str, verb: str
):
    habit = ada.habits()[0]
    all_well(ada)
    with Crowd(stack, 4) as crowd:
        stack.engine(verb, service)
        try:
            for _ in range(5):
                all_well(ada)
            assert ada.press(habit).status == 200
            assert ada.press(habit, "undo").status == 200
        finally:
            stack.engine({"kill": "start", "pause": "unpause"}[verb], service)
    stack.healthy(service)
    log.info("%s %s: %s", verb, service, dict(crowd.tally.statuses))
    assert set(crowd.tally.statuses) == {200}
    assert not lost(stack, crowd.tally.acknowledged)


@pytest.mark.parametrize("verb", ["restart", "kill"])
def test_pgbouncer_may_come_and_go(stack: Stack, verb: str):
    with Crowd(stack, 4) as crowd:
        stack.engine(verb, "pgbouncer")
        begun = len(crowd.tally.acknowledged)
        eventually(lambda: len(crowd.tally.acknowledged) > begun + 20, 15)
        if verb == "kill":
            stack.engine("start", "pgbouncer")
        stack.healthy("pgbouncer")
    log.info("%s pgbouncer: %s", verb, dict(crowd.tally.statuses))
    assert set(crowd.tally.statuses) <= {200, 503}
    assert not lost(stack, crowd.tally.acknowledged)
    assert "agree" in stack.verify()
