"""Backups are made, thinned out, verified, and above all restored."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.stack.conftest import WIDE, MakeStack
from tests.stack.engine import Stack, eventually, log
from tests.stack.visitor import Crowd, Visitor, lost

FOLDER = "/var/lib/postgresql"
_DUMP = re.compile(r"commit-life-\d{8}T\d{6}Z\.dump")
# Names of tables, for a count of each.
_TABLES = "SELECT relname FROM pg_stat_user_tables ORDER BY relname"


def backed_up(stack: Stack) -> str:
    """Make a backup and return its name."""
    found = _DUMP.search(stack.inside("backup", "backup", "now"))
    assert found
    return found[0]


def listed(stack: Stack) -> list[str]:
    """The names of all backups, as the operator sees them."""
    return _DUMP.findall(stack.inside("backup", "backup", "list"))


def attempt(stack: Stack, *command: str) -> tuple[int, str]:
    """A command of the backup service that may fail."""
    return stack.attempt("docker", "compose", "exec", "-T", "backup", *command)


def shell(stack: Stack, script: str) -> str:
    """A line of shell beside the dumps."""
    return stack.inside("backup", "sh", "-c", f"cd {FOLDER} && {script}")


def counts(stack: Stack) -> dict[str, str]:
    """How many rows every table has."""
    return {
        table: stack.sql(f"SELECT count(*) FROM {table}") for table in stack.sql(_TABLES).split()
    }


def databases(stack: Stack, prefix: str) -> list[str]:
    """The databases whose names begin so."""
    return stack.sql(f"SELECT datname FROM pg_database WHERE datname LIKE '{prefix}%'").split()


def test_the_first_backup_is_made_at_the_start(stack: Stack):
    eventually(lambda: listed(stack))
    stack.healthy("backup")


def test_a_backup_by_hand_is_listed_verified_and_its_age_is_known(stack: Stack, ada: Visitor):
    ada.press(ada.habits()[0])
    name = backed_up(stack)
    assert listed(stack)[0] == name
    said = stack.inside("backup", "backup", "verify")
    assert f"Whole: {name}" in said
    assert f"{stack.sql('SELECT count(*) FROM commits')} commits" in said
    assert "All balances agree" in said
    assert not databases(stack, "commit_life_verifying")

    metrics = stack.asks_itself("/metrics").text
    age = re.search(r"^commit_life_backup_age_seconds (\S+)$", metrics, re.M)
    assert age
    assert 0 <= float(age[1]) < 60
    assert f"commit_life_backup_count {len(listed(stack))}.0" in metrics


def _flip(name: str) -> str:
    return (
        f"printf x | dd of={name} bs=1 seek=$(($(stat -c %s {name}) / 2)) conv=notrunc status=none"
    )


def _halve(name: str) -> str:
    return f"truncate -s $(($(stat -c %s {name}) / 2)) {name} && rm {name}.sha256"


@pytest.mark.parametrize("damage", [_flip, _halve])
def test_a_damaged_backup_is_refused_and_nothing_is_changed(
    stack: Stack, damage: Callable[[str], str]
):
    backed_up(stack)
    name = "commit-life-20200101T000000Z.dump"
    shell(
        stack, f"cp {listed(stack)[0]} {name} && sha256sum {name} | cut -d ' ' -f 1 >{name}.sha256"
    )
    shell(stack, damage(name))
    before = counts(stack)
    for command in (["backup", "verify", name], ["restore", name]):
        code, said = attempt(stack, *command)
        assert code != 0
        assert "is damaged" in said or "could not read" in said, said
    assert counts(stack) == before
    assert databases(stack, "commit_life") == ["commit_life"]
    shell(stack, f"rm {name}*")


def test_rotation_keeps_seven_days_four_weeks_and_six_months(stack: Stack):
    today = datetime.now(UTC).date()
    days = [today - timedelta(days=back) for back in range(2, 400)]
    # Two a day, and the newer of them stays.
    old = {
        f"commit-life-{day:%Y%m%d}T{hour}1500Z.dump": day for day in days for hour in ("03", "15")
    }
    fresh = set(listed(stack))
    shell(
        stack,
        "; ".join(f"touch -d {day} {name} {name}.sha256" for name, day in old.items()),
    )
    fresh.add(backed_up(stack))

    kept = set(listed(stack))
    assert fresh <= kept, "what is younger than a day stays"
    newest = {day: f"commit-life-{day:%Y%m%d}T151500Z.dump" for day in days}
    newest |= {today: max(fresh)}
    wanted = set(_newest(newest, 7, lambda day: day))
    wanted |= set(_newest(newest, 4, lambda day: day.isocalendar()[:2]))
    wanted |= set(_newest(newest, 6, lambda day: (day.year, day.month)))
    assert kept == wanted | fresh
    sums = shell(stack, "ls *.sha256").split()
    assert {name.removesuffix(".sha256") for name in sums} == kept
    shell(stack, "rm -f " + " ".join(f"{name}*" for name in kept - fresh))


def _newest(newest: dict[date, str], many: int, period: Callable[[date], object]) -> list[str]:
    """The newest dump of each of the `many` newest periods."""
    found: dict[object, str] = {}
    for day in sorted(newest, reverse=True):
        found.setdefault(period(day), newest[day])
    return list(found.values())[:many]


def test_a_full_disk_fails_loudly_and_keeps_what_is_there(cramped: Stack):
    eventually(lambda: listed(cramped))
    before = listed(cramped)
    cramped.inside("disks", "sh", "-c", "cat /dev/zero >/backups/filler", check=False)
    code, said = attempt(cramped, "backup", "now")
    assert code == 1
    assert "No space left on device" in said
    assert "the older backups are kept" in said
    cramped.inside("disks", "rm", "/backups/filler")
    assert listed(cramped) == before
    assert "All balances agree" in cramped.inside("backup", "backup", "verify", before[0])
    assert ".part" not in shell(cramped, "ls")
    assert backed_up(cramped) in listed(cramped)


def test_the_drill_a_backup_becomes_a_new_stack(
    stack: Stack, make_stack: MakeStack, tmp_path: Path
):
    visitor = Visitor(stack)
    email = visitor.sign_up()
    kept, open_habit = visitor.habits(2)
    assert visitor.press(kept).status == 200
    name = backed_up(stack)
    before = counts(stack)
    stack.compose("cp", f"backup:{FOLDER}/{name}", str(tmp_path))

    other = make_stack(WIDE)
    assert counts(other)["users"] == "0"
    other.compose("cp", str(tmp_path / name), f"backup:{FOLDER}/")
    said = other.compose("run", "--rm", "-T", "backup", "restore", name)
    assert f"Restored: {name}" in said
    assert counts(other) == before
    assert "agree" in other.verify()

    again = Visitor(other)
    signed_in = again.post("/login", {"email": email, "password": "a-long-enough-phrase"})
    assert signed_in.status == 303
    page = again.get("/").text
    assert re.search(rf'id="habit-{kept}"[^>]*data-done="true"', page, re.S)
    assert re.search(rf'id="habit-{open_habit}"[^>]*data-done="false"', page, re.S)
    assert again.press(open_habit).status == 200


def test_people_may_go_on_pressing_while_a_backup_is_restored(stack: Stack):
    many = 4
    with Crowd(stack, many) as crowd:
        crowd.gets_on()
        name = backed_up(stack)
        crowd.gets_on()
        newest = int(stack.sql("SELECT max(version) FROM users"))
        so_far = list(crowd.tally.acknowledged)
        said = stack.compose("run", "--rm", "-T", "backup", "restore", name)
        crowd.gets_on()
    log.info("%s", crowd.tally)
    assert set(crowd.tally.statuses) <= {200, 503}
    assert not crowd.tally.curt
    assert "agree" in stack.verify()
    # What a browser holds of the time before never looks newer than what there is now.
    assert int(stack.sql("SELECT min(version) FROM users")) > newest

    [before] = databases(stack, "commit_life_before_")
    assert before in said
    assert not lost(stack, so_far, before)
    # Whoever pressed what the backup had done already was told so, and that writes nothing.
    assert len(lost(stack, crowd.tally.acknowledged, "commit_life", before)) <= many
    stack.inside("db", "dropdb", "-U", "postgres", before)


def test_who_was_deleted_since_does_not_come_back(stack: Stack):
    gone, stays = Visitor(stack).sign_up(), Visitor(stack).sign_up()
    name = backed_up(stack)
    stack.inside("app", "flask", "--app", "wsgi", "users", "delete", gone)
    stack.compose("run", "--rm", "-T", "backup", "restore", name)
    there = f"SELECT string_agg(email, ' ') FROM users WHERE email IN ('{gone}', '{stays}')"
    eventually(lambda: stack.sql(there) == stays, 120)
