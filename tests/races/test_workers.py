"""gunicorn as containers run it: two real workers, killed, recycled and told to end."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import psycopg2
import pytest

from app.config import ROOT
from tests.races.place import ENDS_WITHIN, STARTS_WITHIN, Place
from tests.races.test_launcher import until

KINDS = ("counter", "histogram", "gauge_all", "gauge_mostrecent")
FILES = {f"{kind}_{slot}.db" for kind in KINDS for slot in (0, 1)}


def ask(place: Place, times: int) -> None:
    """Ask /healthz so often; the answers of a worker that is killed just now do not count."""
    answered = 0
    while answered < times:
        answered += place.get("/healthz")[0] == 200


def test_counters_do_not_fall_and_files_do_not_grow_when_workers_are_killed(place: Place):
    place.start()
    ask(place, 20)
    assert place.counted() == 20
    before = place.workers()
    # One after the other, so that in the end only successors answer.
    for number, worker in enumerate(sorted(before), start=1):
        os.kill(worker, signal.SIGKILL)
        until(lambda worker=worker: len(place.workers() - {worker}) == 2, STARTS_WITHIN, place.said)
        ask(place, 20)
        assert place.counted() == 20 + 20 * number
    assert not place.workers() & before
    assert place.slots() == ["0", "1"]
    assert place.files() <= FILES


def test_recycled_workers_go_on_counting_where_the_ones_before_left_off(place: Place):
    place.start("--max-requests", "20", "--max-requests-jitter", "0")
    before = place.workers()
    asked = 0
    while place.workers() & before:
        ask(place, 5)
        asked += 5
        assert place.counted() == asked
    assert place.files() <= FILES


def test_a_new_run_begins_at_nothing(place: Place):
    (place.folder / "metrics" / "counter_17.db").write_bytes(b"of another run")
    place.start()
    assert "counter_17.db" not in place.files()


def test_a_command_tells_the_running_app_what_the_ledger_says(place: Place):
    place.start()
    assert not re.search(r"^commit_life_ledger_(mismatches|verified)", place.metrics(), re.M)
    assert place.flask("ledger", "verify").returncode == 0
    assert "\ncommit_life_ledger_mismatches 0.0\n" in place.metrics()
    with closing(psycopg2.connect(place.database_url)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "WITH u AS (INSERT INTO users"
            " (email, password_hash, timezone, pillar_count, version, created_at)"
            " VALUES ('ada@example.org', '-', 'UTC', 3, 0, now()) RETURNING id, email)"
            " INSERT INTO addresses (email, user_id) SELECT email, id FROM u"
        )
        connection.commit()
    assert place.flask("ledger", "verify").returncode == 1
    told = place.metrics()
    assert "\ncommit_life_ledger_mismatches 1.0\n" in told
    assert re.search(r"^commit_life_ledger_verified_timestamp_seconds 1\.\d+e\+09$", told, re.M)


def test_every_line_of_app_and_gunicorn_is_json_and_names_its_request(place: Place):
    place.start()
    name = "0123456789abcdef" * 2
    assert place.get("/no%0d%0awhere?token=hush", **{"X-Request-Id": name})[0] == 404
    assert place.get("/login", "brew")[0] == 400
    (worker, _other) = sorted(place.workers())
    os.kill(worker, signal.SIGKILL)
    until(lambda: f"Worker (pid:{worker}) was sent SIGKILL" in place.said(), 5, place.said)
    lines = [json.loads(line) for line in place.said().splitlines()]
    assert {"gunicorn.error", "app.access"} <= {line["logger"] for line in lines}
    assert any("Invalid HTTP method" in line["message"] for line in lines)
    (line,) = [line for line in lines if line.get("request_id") == name]
    assert (line["path"], line["status"]) == ("/no\r\nwhere", 404)
    assert "hush" not in place.said()


def test_a_request_under_way_is_answered_when_the_place_is_told_to_end(place: Place):
    place.start()
    assert place.gunicorn is not None
    answers: list[int] = []
    origin = f"http://127.0.0.1:{place.port}"
    with closing(psycopg2.connect(place.database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("LOCK TABLE users")
        sign_in = Thread(
            target=lambda: answers.append(place.get("/login", "POST", Origin=origin)[0])
        )
        sign_in.start()
        until(lambda: waiting(place.database_url), 5, place.said)
        place.gunicorn.send_signal(signal.SIGTERM)
        # The idle worker goes at once; the other one was told too, and is waited for.
        until(lambda: len(place.workers()) == 1, 5, place.said)
        assert not answers
        connection.rollback()
    sign_in.join(ENDS_WITHIN)
    assert answers == [422]
    assert place.gunicorn.wait(ENDS_WITHIN) == 0


def test_a_setting_that_makes_no_sense_stops_the_start_with_one_sentence(place: Place):
    command = [sys.executable, "-m", "gunicorn", "--config", "python:app.workers", "wsgi:app"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**place.environment, "LOG_FORMAT": "xml"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "LOG_FORMAT must be json or text, not 'xml'.\n"


def waiting(database_url: str) -> bool:
    """Does anybody wait for a lock?"""
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        (found,) = cursor.fetchone() or (False,)
        return bool(found)


COUNT = """
import sys
from pathlib import Path
from app.infra import metrics

metrics.take_slot(0, Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    metrics.answered(f"view {number % 5000}", 200, 0.01)
    print(number + 1, flush=True)
print(metrics.Report(Path(sys.argv[1]), None, "-").text().decode())
"""
TOTAL = re.compile(r"^commit_life_requests_total{.*} (\S+)$", re.M)


@pytest.fixture
def count(tmp_path: Path) -> Callable[[int], subprocess.Popen[str]]:
    """A function that starts a process which counts so often in slot 0, and then reports."""
    environment = {"PATH": os.environ["PATH"], "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    def start(times: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", COUNT, str(tmp_path), str(times)]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )

    return start


def total(report: str) -> float:
    return sum(map(float, TOTAL.findall(report)))


def test_a_kill_in_the_middle_of_counting_loses_nothing_that_was_counted(
    count: Callable[[int], subprocess.Popen[str]],
):
    least = 0
    for kill_at in (1, 700, 3000):
        process = count(1_000_000)
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) == kill_at:
                process.kill()
                break
        # What was said after that, until the kill, was counted too.
        least += max([kill_at, *map(int, re.findall(r"^\d+$", process.stdout.read(), re.M))])
        process.wait()
        process.stdout.close()
        said, _nothing = count(0).communicate(timeout=30)
        assert least <= total(said) <= least + 1
        least = int(total(said))


@pytest.mark.parametrize(
    "left",
    [b"", b"\0" * 65_536, b"\x08\0\0\0", b"\xff\xff\xff\x7f" + b"\0" * 60, b"rubbish" * 100],
    ids=["empty", "untouched", "short", "endless", "rubbish"],
)
def test_a_file_that_was_torn_stops_no_worker(
    tmp_path: Path, count: Callable[[int], subprocess.Popen[str]], left: bytes
):
    for kind in KINDS:
        (tmp_path / f"{kind}_0.db").write_bytes(left)
    process = count(3)
    said, _nothing = process.communicate(timeout=30)
    assert process.returncode == 0
    assert total(said) == 3
