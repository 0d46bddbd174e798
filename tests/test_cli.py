"""The commands of whoever runs the place."""

import pytest
from click.testing import Result
from flask import Flask

from tests import world as make
from tests.conftest import browser
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
