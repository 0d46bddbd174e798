"""Workers of the app are killed, or asked to go, while people press Commit."""

from concurrent.futures import ThreadPoolExecutor

from tests.stack.engine import Stack, eventually, log
from tests.stack.visitor import Crowd, lost, prepared

TIMES = 5
# Ends every worker at once, as the kernel does when memory is short; prints how many.
_KILL = """
import os, signal
from pathlib import Path
def parent(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
named = [file for file in Path("/proc").glob("[0-9]*/cmdline") if b"gunicorn" in file.read_bytes()]
pids = {int(file.parent.name) for file in named}
workers = [pid for pid in pids if parent(pid) in pids]
for pid in workers:
    os.kill(pid, signal.SIGKILL)
print(len(workers))
"""


def test_killed_workers_lose_nothing_that_was_acknowledged(stack: Stack):
    with Crowd(stack, 8) as crowd:
        for _ in range(TIMES):
            crowd.gets_on()
            assert int(stack.inside("app", "python", "-c", _KILL)) == 2
            away = crowd.gets_on(within=10)
            log.info("both workers were killed; the next 50 presses took %.1f s", away)
    statuses = crowd.tally.statuses
    log.info("%s", crowd.tally)
    assert set(statuses) <= {0, 200, 503}
    assert statuses[0] + statuses[503], "no request was under way when workers were killed"
    assert not crowd.tally.curt
    assert not lost(stack, crowd.tally.acknowledged)
    assert "agree" in stack.verify()


def test_requests_under_way_finish_when_the_app_is_asked_to_go(stack: Stack):
    people = [prepared(stack) for _ in range(4)]
    # Nobody's press can go on until this one connection lets go of the rows.
    psql = ["psql", "-U", "postgres", "-d", "commit_life", "-q"]
    holder = stack.started("docker", "compose", "exec", "-T", "db", *psql)
    assert holder.stdin
    holder.stdin.write("BEGIN; SELECT FROM users FOR UPDATE;\n")
    holder.stdin.flush()
    eventually(lambda: _sessions(stack, "state = 'idle in transaction'") == 1)
    with ThreadPoolExecutor(len(people) + 1) as pool, stack.started_again("app"):
        presses = [pool.submit(visitor.press, habit) for visitor, habit in people]
        eventually(lambda: _sessions(stack, "wait_event_type = 'Lock'") == len(people))
        stopping = pool.submit(stack.engine, "stop", "app")
        eventually(lambda: "Handling signal: term" in stack.logs("app"))
        holder.communicate("ROLLBACK;\n")
        assert [press.result().status for press in presses] == [200] * len(people)
        stopping.result()
        assert stack.inspect("app")["State"]["ExitCode"] == 0


def test_whoever_the_app_answers_while_it_goes_gets_the_answer(stack: Stack):
    logged = len(stack.lines("app"))
    with Crowd(stack, 8) as crowd:
        crowd.gets_on()
        stack.engine("stop", "app")
        stack.engine("start", "app")
        crowd.gets_on()
    log.info("%s", crowd.tally)
    assert set(crowd.tally.statuses) <= {200, 503}
    assert not crowd.tally.curt
    assert not lost(stack, crowd.tally.acknowledged)
    heard = {line["request_id"] for line in stack.lines("nginx") if line.get("status") == 200}
    pressed = [line for line in stack.lines("app")[logged:] if line.get("method") == "POST"]
    answered = {line["request_id"] for line in pressed if line["status"] == 200}
    assert len(answered) > 100
    assert answered <= heard


def _sessions(stack: Stack, which: str) -> int:
    return int(stack.sql(f"SELECT count(*) FROM pg_stat_activity WHERE {which}"))
