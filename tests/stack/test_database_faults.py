"""The database is killed, absent, frozen, or has a full disk."""

from concurrent.futures import ThreadPoolExecutor

from tests.stack.engine import Stack, eventually, log
from tests.stack.visitor import Answer, Crowd, Visitor, lost, prepared

# In the container the server is a child of the init process, which ends when it does.
_KILL_SERVER = 'kill -9 "$(head -n 1 "$PGDATA/postmaster.pid")"'
MANY = 20
# Files of 16 MB, on a disk of 160.
_MORE_THAN_FIT = "FROM generate_series(1, 12)"


def test_a_killed_server_comes_back_without_a_restart_of_the_app(stack: Stack):
    began = stack.inspect("app")["State"]["StartedAt"]
    with Crowd(stack, 8) as crowd:
        for _ in range(3):
            crowd.gets_on()
            stack.inside("db", "sh", "-c", _KILL_SERVER, check=False)
            away = crowd.gets_on()
            log.info("the server was killed; the next 50 presses took %.1f s", away)
            stack.healthy("db")
    log.info("%s", crowd.tally)
    assert set(crowd.tally.statuses) == {200, 503}
    assert not crowd.tally.curt, "a 503 says when to come again"
    assert not lost(stack, crowd.tally.acknowledged)
    assert "agree" in stack.verify()
    assert stack.inspect("app")["State"]["StartedAt"] == began


def test_the_app_starts_without_a_database_and_says_so(stack: Stack, ada: Visitor):
    with stack.started_again("db"):
        stack.engine("stop", "db")
        stack.engine("restart", "app")
        stack.healthy("app")
        assert stack.asks_itself("/healthz").status == 200
        ready = stack.asks_itself("/readyz")
        assert ready.status == 503
        assert ready.seconds < 2
        eventually(lambda: "X-Request-Id" in ada.get("/").headers, 10)
        answer = ada.get("/")
        log.info("/readyz answers after %.2f s, a page after %.2f s", ready.seconds, answer.seconds)
        assert _friendly(answer)
    eventually(lambda: ada.get("/").status == 200, 10)
    assert stack.asks_itself("/readyz").status == 200


def test_a_frozen_database_holds_nobody_for_long(stack: Stack):
    people = [prepared(stack) for _ in range(MANY)]

    def all_press() -> list[Answer]:
        pressed = [pool.submit(visitor.press, habit) for visitor, habit in people]
        return [one.result() for one in pressed]

    with ThreadPoolExecutor(MANY + 1) as pool, stack.frozen("db"):
        # Whoever comes first waits as long as anybody may; then it is known, and one asks for all.
        first = all_press()
        waiting = pool.submit(all_press)
        alive = [Visitor(stack).get("/healthz")]
        while not waiting.done():
            alive.append(Visitor(stack).get("/healthz"))
        second = waiting.result()
    first_wait, second_wait, alive_wait = (
        max(answer.seconds for answer in answers) for answers in (first, second, alive)
    )
    log.info(
        "%d presses at once: 503 after %.1f s, again after %.1f s; /healthz takes %.2f s",
        MANY, first_wait, second_wait, alive_wait,
    )  # fmt: skip
    assert not [answer for answer in (*first, *second) if not _friendly(answer)]
    assert all(answer.status == 200 for answer in alive)
    assert first_wait < 6
    assert second_wait < 4
    assert alive_wait < 1
    # Each worker finds out by itself, within a second.
    eventually(lambda: {visitor.press(habit).status for visitor, habit in people} == {200}, 10)


def test_a_full_disk_refuses_writes_keeps_reads_and_needs_no_restart(cramped: Stack):
    visitor, habit = prepared(cramped)
    began = {each: cramped.inspect(each)["State"]["StartedAt"] for each in ("app", "db")}
    with Crowd(cramped, 8) as crowd:
        crowd.gets_on()
        _fill(cramped)
        eventually(lambda: crowd.tally.statuses[503] >= MANY)
        assert visitor.get("/").status == 200
        assert visitor.get("/stats").status == 200
        _make_room(cramped)
        away = crowd.gets_on()
    log.info("%s; with room again 50 presses took %.1f s", crowd.tally, away)
    assert set(crowd.tally.statuses) == {200, 503}
    assert not crowd.tally.curt
    assert not lost(cramped, crowd.tally.acknowledged)
    assert visitor.press(habit).status == 200
    assert "agree" in cramped.verify()
    for each, at in began.items():
        assert cramped.inspect(each)["State"]["StartedAt"] == at, each


def test_a_server_without_room_for_its_log_stands_still_and_goes_on_by_itself(cramped: Stack):
    began = cramped.inspect("app")["State"]["StartedAt"]
    with Crowd(cramped, 4) as crowd:
        crowd.gets_on()
        _fill(cramped)
        # Whoever needs the next file of the log ends the server; its recovery needs one as well, so
        # the container ends, and the engine starts it again and again.
        eventually(lambda: _panics(cramped), 60)
        refused = crowd.tally.statuses[503]
        eventually(lambda: crowd.tally.statuses[503] >= refused + MANY)
        _make_room(cramped)
        # After pauses that double, up to a minute.
        away = crowd.gets_on(within=120)
    log.info("%s; with room again 50 presses took %.1f s", crowd.tally, away)
    assert set(crowd.tally.statuses) == {200, 503}
    assert not crowd.tally.curt
    assert not lost(cramped, crowd.tally.acknowledged)
    assert "agree" in cramped.verify()
    assert cramped.inspect("app")["State"]["StartedAt"] == began


def _fill(stack: Stack) -> None:
    stack.inside("disks", "sh", "-c", "cat /dev/zero >/pgdata/filler", check=False)


def _make_room(stack: Stack) -> None:
    stack.inside("disks", "rm", "/pgdata/filler")


def _panics(stack: Stack) -> bool:
    """Make the server need more files for its log than its disk has room for; did it give up?

    One more each time would not do: those that it keeps ready for later come first, and how many
    of them there are depends on how long it has run.
    """
    files = f"SELECT pg_logical_emit_message(false, '', ''), pg_switch_wal() {_MORE_THAN_FIT}"
    stack.inside("db", "psql", "-U", "postgres", "-c", files, check=False)
    return "PANIC" in stack.logs("db")


def _friendly(answer: Answer) -> bool:
    return answer.status == 503 and bool(answer.headers["Retry-After"]) and "away" in answer.text
