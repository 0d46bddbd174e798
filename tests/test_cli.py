"""The commands of whoever runs the place."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import Result
from flask import Flask

from tests import world as make
from tests.conftest import MakeApp, browser
from tests.views.database import execute, scalar
from tests.world import PASSWORD, World

pytestmark = pytest.mark.usefixtures("at")


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=arguments)


def signs_in(app: Flask, email: str, password: str) -> bool:
    sent = {"email": email, "password": password}
    return browser(app).post("/login", data=sent).status_code == 303


def test_the_list_has_one_line_for_each_account(world: World):
    assert run(world.app, "users", "list").output == ""
    assert world.pia
    make.keep(world.ada, world.habit)
    lines = run(world.app, "users", "list").output.splitlines()
    assert lines == [
        "ada@example.org  free  1 pillars  since 2026-03-10  last commit 2026-03-10",
        "pia@example.org  premium  0 pillars  since 2026-03-10  last commit never",
    ]


def test_an_account_is_added_and_its_password_printed(app: Flask):
    added = run(app, "users", "add", "Eva@Example.org", "--timezone", "Asia/Tokyo")
    assert added.exit_code == 0
    assert signs_in(app, "eva@example.org", added.output.strip())
    assert scalar("SELECT timezone FROM users") == "Asia/Tokyo"
    assert scalar("SELECT count(*) FROM pets WHERE is_active") == 1
    assert run(app, "users", "add", "second@example.org").output != added.output


def test_an_address_is_cleaned_as_the_sign_in_cleans_it(app: Flask):
    password = run(app, "users", "add", "e\u0301va@example.org").output.strip()
    assert signs_in(app, "\u00e9va@example.org", password)
    assert run(app, "users", "premium", "E\u0301VA@example.org ", "on").exit_code == 0


def test_a_new_password_ends_every_sign_in(world: World):
    ada = world.signed_in(world.ada)
    changed = run(world.app, "users", "password", "ada@example.org")
    assert changed.exit_code == 0
    assert signs_in(world.app, "ada@example.org", changed.output.strip())
    assert not signs_in(world.app, "ada@example.org", PASSWORD)
    assert ada.post("/pet", data={"name": "x"}).headers["Location"] == "/login"


def test_premium_is_put_on_and_off(world: World):
    assert world.ada
    for state in ("on", "off"):
        told = run(world.app, "users", "premium", "ADA@example.org", state)
        assert told.exit_code == 0
        assert f"premium {state}" in told.output
        assert scalar("SELECT is_premium FROM users") is (state == "on")


def test_a_deleted_account_is_gone_and_the_others_stay(world: World):
    make.keep(world.ada, world.habit)
    assert world.bob
    assert run(world.app, "users", "delete", "ada@example.org").exit_code == 0
    assert scalar("SELECT string_agg(email, ' ') FROM users") == "bob@example.org"
    assert scalar("SELECT count(*) FROM ledger_entries") == 0
    assert run(world.app, "ledger", "verify").exit_code == 0


def test_the_demo_is_an_account_to_sign_in_to_and_is_made_anew_each_time(world: World):
    assert world.ada
    first = run(world.app, "demo", "--timezone", "Asia/Tokyo")
    assert first.exit_code == 0
    assert "made anew" not in first.output
    assert signs_in(world.app, "demo@example.org", first.output.split()[-1])
    again = run(world.app, "demo", "--seed", "7")
    assert "demo@example.org was there: it is deleted and made anew." in again.output
    assert signs_in(world.app, "demo@example.org", again.output.split()[-1])
    assert not signs_in(world.app, "demo@example.org", first.output.split()[-1])
    assert run(world.app, "ledger", "verify").exit_code == 0
    assert scalar("SELECT string_agg(email, ' ' ORDER BY id) FROM users") == (
        "ada@example.org demo@example.org"
    )


def test_everything_of_an_account_is_written_into_a_file_for_its_owner(
    world: World, tmp_path: Path
):
    make.keep(world.ada, world.habit)
    file = tmp_path / "ada.zip"
    assert run(world.app, "export", "ada@example.org", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    told = json.loads(ZipFile(file).read("commit-life.json"))
    assert len(told["commits"]) == 1
    again = run(world.app, "export", "ada@example.org", str(file))
    assert again.exit_code == 1
    assert "cannot be written" in again.output
    assert "There is no account" in run(world.app, "export", "eve@example.org", "x").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("users", "add", "ada@example.org"), "has an account already"),
        (("users", "add", "no address"), "no address is not an email address."),
        (("users", "add", "a\x01b@example.org"), "is not an email address."),
        (("users", "add", "x" * 250 + "@example.org"), "is not an email address."),
        (("users", "add", "eva@example.org", "--timezone", "Mars"), "Mars is not an IANA time"),
        (("demo", "--timezone", "Mars"), "Mars is not an IANA time zone."),
        (("users", "premium", "eve@example.org", "on"), "There is no account eve@example.org."),
        (("users", "premium", "ada@example.org", "maybe"), "'maybe' is not one of"),
        (("users", "password", "eve@example.org"), "There is no account"),
        (("users", "delete", "eve@example.org"), "There is no account"),
        (("users", "show", "eve@example.org"), "There is no account"),
        (("users", "disable", "eve@example.org"), "There is no account"),
        (("users", "admin", "ada@example.org", "maybe"), "'maybe' is not one of"),
        (("invitations", "add", "--email", "no address"), "is not an email address."),
        (("invitations", "add", "--days", "0"), "0 is not in the range"),
        (("invitations", "withdraw", "7"), "There is no open invitation 7."),
        (("invitations", "withdraw", "9" * 30), "is not in the range"),
        (("users", "delete", "\udcff@example.org"), "is not an email address."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    world: World, arguments: tuple[str, ...], said: str
):
    assert world.ada
    told = run(world.app, *arguments)
    assert told.exit_code != 0
    assert said in told.output
    assert "Traceback" not in told.output
    assert scalar("SELECT count(*) FROM users") == 1


def test_the_ledger_agrees_or_every_difference_is_told(world: World):
    make.keep(world.ada, world.habit)
    fine = run(world.app, "ledger", "verify")
    assert (fine.exit_code, fine.output) == (0, "All balances agree with 1 ledger entries.\n")
    execute("UPDATE pets SET xp = xp + 1")
    execute("UPDATE habits SET folded_kept = 7")
    wrong = run(world.app, "ledger", "verify")
    assert wrong.exit_code == 1
    assert len(wrong.output.splitlines()) == 2
    assert f"user {world.ada.user_id}: pet" in wrong.output
    assert f"habit {world.habit}" in wrong.output


def test_every_answer_can_be_read_by_a_program(world: World):
    assert world.ada
    address = "ada@example.org"
    told = run(world.app, "users", "list", "--json")
    (line,) = json.loads(told.output)
    assert (line["email"], line["pillars"], line["disabled_at"]) == (address, 0, None)
    for command, facts in (
        (("premium", address, "on"), {"is_premium": True}),
        (("disable", address), {"is_disabled": True}),
        (("enable", address), {"is_disabled": False}),
        (("sign-out", address), {"sign_ins": 0}),
        (("admin", address, "on"), {"is_admin": True}),
        (("show", address), {"is_admin": True, "is_premium": True, "sign_ins": 0}),
        (("delete", address), {"is_deleted": True}),
    ):
        told = json.loads(run(world.app, "users", *command, "--json").output)
        assert {"email": address, **facts}.items() <= told.items()
    assert json.loads(run(world.app, "users", "list", "--json").output) == []


def test_an_account_is_shown_with_its_plan_and_its_sign_ins_and_nothing_of_a_life(world: World):
    make.keep(world.ada, world.habit)
    run(world.app, "users", "disable", "ada@example.org")
    run(world.app, "users", "admin", "ada@example.org", "on")
    shown = run(world.app, "users", "show", "Ada@example.org").output
    assert shown == (
        "ada@example.org  free  admin  disabled  since 2026-03-10  0 sign-ins"
        "  last used 2026-03-10\n"
    )
    assert run(world.app, "users", "list").output.endswith("admin  disabled\n")
    assert not signs_in(world.app, "ada@example.org", PASSWORD)
    run(world.app, "users", "enable", "ada@example.org")
    assert signs_in(world.app, "ada@example.org", PASSWORD)


def test_a_command_signs_out_everywhere(world: World):
    ada = world.signed_in(world.ada)
    assert run(world.app, "users", "sign-out", "ada@example.org").exit_code == 0
    assert ada.post("/pet", data={"name": "x"}).headers["Location"] == "/login"
    assert signs_in(world.app, "ada@example.org", PASSWORD)


def test_an_invitation_is_made_listed_and_withdrawn(world: World):
    made = run(world.app, "invitations", "add", "--email", "Eva@example.org", "--days", "2")
    assert made.output.startswith("http://127.0.0.1:8000/invite/")
    (line,) = run(world.app, "invitations", "list").output.splitlines()
    assert line.endswith("for eva@example.org  until 2026-03-12  made by a command")
    number = line.split()[0]
    (listed,) = json.loads(run(world.app, "invitations", "list", "--json").output)
    assert (str(listed["id"]), listed["email"]) == (number, "eva@example.org")
    assert "token" not in str(listed)
    assert run(world.app, "invitations", "withdraw", number).output == f"{number}: withdrawn\n"
    assert run(world.app, "invitations", "list").output == ""


def test_the_link_of_the_first_admin_is_printed_until_there_is_one(world: World):
    link = run(world.app, "users", "first-admin").output.strip()
    path = link.removeprefix("http://127.0.0.1:8000")
    assert world.signed_in(world.ada).post(path).status_code == 303
    told = run(world.app, "users", "first-admin")
    assert told.exit_code == 1
    assert "There is an admin already" in told.output


def test_a_prepared_place_has_the_link_in_a_file_that_its_owner_alone_reads(
    make_app: MakeApp, tmp_path: Path
):
    app = make_app(data_dir=tmp_path / "data", public_url="https://habits.example.org")
    file = tmp_path / "data" / "first-admin"
    with app.app_context():
        told = run(app, "prepare")
        assert (told.exit_code, str(file) in told.output) == (0, True)
        assert file.stat().st_mode & 0o777 == 0o600
        link = file.read_text().strip()
        assert link.startswith("https://habits.example.org/first-admin/")
        assert link.rpartition("/")[2] not in told.output
        assert run(app, "users", "add", "ada@example.org").exit_code == 0
        assert run(app, "users", "admin", "ada@example.org", "on").exit_code == 0
        assert run(app, "prepare").output == ""
        assert not file.exists()


def test_a_lost_second_factor_is_removed_with_all_that_stands_in_for_it(world: World):
    assert world.code_app
    make.recovery_codes(world.ada)
    world.half_way("ada@example.org")
    told = run(world.app, "users", "second-factor", "Ada@example.org", "off")
    assert (told.exit_code, told.output) == (0, "Ada@example.org: second factor off\n")
    sent = {"email": "ada@example.org", "password": PASSWORD}
    assert browser(world.app).post("/login", data=sent).headers["Location"] == "/"
    assert scalar("SELECT count(*) FROM recovery_codes") == 0
