"""What programs read and press, by a token and without a browser."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.infra import db
from app.operations import admin, sessions, tokens
from app.rules.identity import Actor
from app.rules.scopes import Scope
from tests import world as make
from tests.conftest import browser
from tests.views.database import execute, scalar
from tests.views.pages import page
from tests.world import TUESDAY, World

pytestmark = pytest.mark.usefixtures("at")

PAGE = "/settings/tokens"


def token_of(me: Actor, scope: Scope = Scope.COMMIT) -> str:
    make.token(me, scope)
    return f"{me.user_id}-{scope}"


def shown(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def ask(client: FlaskClient, path: str, token: str, method: str = "GET", **headers: str):
    given = shown(token) | {name.replace("_", "-"): value for name, value in headers.items()}
    return client.open(f"/api/v1{path}", method=method, headers=given)


def day_of(habit: int, day: object = TUESDAY) -> str:
    return f"/habits/{habit}/days/{day}"


def is_problem(answer, status: int) -> bool:
    said = answer.get_json(force=True)
    return (answer.mimetype, answer.status_code, said["status"], bool(said["detail"])) == (
        "application/problem+json", status, status, True
    )  # fmt: skip


def test_a_token_is_made_on_its_page_counts_and_is_ended(app: Flask, world: World):
    ada, program = world.signed_in(world.ada), app.test_client()
    form = page(ada.get(f"{PAGE}/new")).form(PAGE)
    refused = ada.post(PAGE, data=form.fields | {"name": ""})
    assert refused.status_code == 422
    form = page(refused).form(PAGE)
    token = refused.text.split("<code")[1].split(">")[1].split("<")[0].strip()
    assert ask(program, "/me", token).status_code == 401
    for _ in range(2):
        made = ada.post(PAGE, data=form.fields | {"name": "Shelf", "scope": "commit"})
        assert made.status_code == 303
    assert scalar("SELECT count(*) FROM api_tokens") == 1
    assert token not in str(scalar("SELECT token_hash FROM api_tokens"))
    me = ask(program, "/me", token)
    assert (me.status_code, me.json["id"]) == (200, world.ada.user_id)
    assert me.json["today"] == TUESDAY.isoformat()
    number = scalar("SELECT session_id FROM api_tokens")
    assert f"token-{number}" in ada.get(PAGE).text
    assert f"sign-in-{number}" not in ada.get("/settings/sign-ins").text
    end = f"{PAGE}/{number}/end"
    assert ada.post(end, data=page(ada.get(PAGE)).form(end).fields).status_code == 303
    assert is_problem(ask(program, "/me", token), 401)


def test_a_token_is_made_from_what_was_shown_to_oneself_alone(world: World):
    ada, bob = world.signed_in(world.ada), world.signed_in(world.bob)
    fields = page(bob.get(f"{PAGE}/new")).form(PAGE).fields | {"name": "x", "scope": "read"}
    assert ada.post(PAGE, data={k: v for k, v in fields.items() if k != "key"}).status_code == 422
    assert scalar("SELECT count(*) FROM api_tokens") == 0


def test_there_are_not_endlessly_many(world: World):
    for _ in range(tokens.MOST):
        token_of(world.ada)
    ada = world.signed_in(world.ada)
    fields = page(ada.get(f"{PAGE}/new")).form(PAGE).fields | {"name": "x", "scope": "read"}
    assert ada.post(PAGE, data=fields).status_code == 422
    assert scalar("SELECT count(*) FROM api_tokens") == tokens.MOST


def test_today_is_what_the_screen_shows(app: Flask, world: World):
    habit, program, token = world.habit, app.test_client(), token_of(world.ada, Scope.READ)
    make.keep(world.ada, habit)
    said = ask(program, "/today", token).json
    (row,) = [one for pillar in said["pillars"] for one in pillar["habits"]]
    assert (row["id"], row["name"], row["kept"], row["streak"]) == (habit, "Read 10 pages", True, 1)
    assert (said["day"], said["due"], said["kept"]) == (TUESDAY.isoformat(), 1, 1)


def test_a_day_is_kept_and_taken_back_once_however_often(app: Flask, world: World):
    habit, program, token = world.habit, app.test_client(), token_of(world.ada)
    kept = [ask(program, day_of(habit), token, "PUT") for _ in range(3)]
    assert [one.status_code for one in kept] == [200] * 3
    assert [one.json["kept"] for one in kept] == [True] * 3
    assert kept[0].json["xp"] > 0
    assert scalar("SELECT count(*) FROM commits") == 1
    assert scalar("SELECT count(*) FROM ledger_entries") == 1
    assert "Set-Cookie" not in kept[0].headers
    gone = [ask(program, day_of(habit), token, "DELETE") for _ in range(2)]
    assert [one.json["kept"] for one in gone] == [False] * 2
    assert scalar("SELECT count(*) FROM commits") == 0


def test_a_key_acts_once(app: Flask, world: World):
    habit, program, token = world.habit, app.test_client(), token_of(world.ada)
    ask(program, day_of(habit), token, "PUT", Idempotency_Key="one")
    ask(program, day_of(habit), token, "DELETE")
    again = ask(program, day_of(habit), token, "PUT", Idempotency_Key="one")
    assert (again.status_code, again.json["kept"]) == (200, False)
    assert is_problem(ask(program, day_of(habit), token, "PUT", Idempotency_Key="k" * 65), 422)


@pytest.mark.parametrize("day", ["x", "2026-02-30", "0001-01-01", "9999-12-31", "2026-03-11"])
def test_a_day_that_cannot_be_is_a_problem_with_the_sentence_of_the_form(app, world: World, day):
    answer = ask(app.test_client(), day_of(world.habit, day), token_of(world.ada), "PUT")
    assert is_problem(answer, 422)
    assert answer.get_json(force=True)["errors"]["day"]


def test_a_habit_that_counts_is_refused(app: Flask, world: World):
    habit = make.habit(
        world.ada, world.pillar, "Run", kind="at_least", target="5", unit="km", step="1"
    )
    answer = ask(app.test_client(), day_of(habit), token_of(world.ada), "PUT")
    assert is_problem(answer, 422)
    assert scalar("SELECT count(*) FROM commits") == 0


ROUTES = [("GET", "/me"), ("GET", "/today"), ("PUT", day_of(7)), ("DELETE", day_of(7))]


def test_all_routes_are_here(app: Flask):
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    assert len(rules) == len(ROUTES)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_cookie_alone_is_nobody(world: World, method: str, path: str):
    """Line 47 of docs/security.md."""
    answer = world.signed_in(world.ada).open(f"/api/v1{path}", method=method)
    assert is_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_cookie_beside_a_token_is_not_looked_at(world: World):
    """Line 47 of docs/security.md."""
    bob, token = world.signed_in(world.bob), token_of(world.ada)
    assert ask(bob, "/me", token).json["id"] == world.ada.user_id
    assert ask(bob, "/me", "1-x").status_code == 401


@pytest.mark.parametrize(
    "how", ["ended", "disabled", "leaving", "another's", "late", "huge", "empty", "odd", "\u00b2"]
)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_token_that_does_not_count_is_refused(app, world: World, how: str, method: str, path):
    """Line 47 of docs/security.md."""
    token = token_of(world.ada)
    me = world.ada.user_id
    if how == "ended":
        with db.transaction() as session:
            sessions.end_other(session, world.ada, None)
    elif how == "disabled":
        with db.transaction() as session:
            admin.disable(session, None, me)
    elif how == "leaving":
        execute("UPDATE users SET leaves_at = '2026-03-17' WHERE id = :me", me=me)
    elif how == "late":
        execute("UPDATE sessions SET expires_at = '2026-03-01' WHERE kind = 'token'")
    elif how == "another's":
        token = token.replace(f"{me}-", f"{world.bob.user_id}-")
    else:
        token = {"huge": f"{'9' * 19}-x", "empty": "", "odd": "x"}.get(how, f"{how}-x")
    assert is_problem(ask(app.test_client(), path, token, method), 401)


def test_a_token_that_may_look_changes_nothing(app: Flask, world: World):
    """Line 47 of docs/security.md."""
    habit, token = world.habit, token_of(world.ada, Scope.READ)
    make.keep(world.ada, habit)
    for method in ("PUT", "DELETE"):
        assert is_problem(ask(app.test_client(), day_of(habit), token, method), 403)
    assert scalar("SELECT count(*) FROM commits") == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("day", [TUESDAY, "x"])
def test_what_is_a_strangers_is_not_there(app: Flask, world: World, method: str, day: object):
    """Line 47 of docs/security.md."""
    make.keep(world.ada, world.habit)
    token = token_of(world.bob)
    assert is_problem(ask(app.test_client(), day_of(world.habit, day), token, method), 404)
    assert scalar("SELECT count(*) FROM commits") == 1


def test_what_is_not_there_is_a_problem_too(app: Flask, world: World):
    program, token = app.test_client(), token_of(world.ada)
    assert is_problem(ask(program, "/nothing", token), 404)
    assert browser(app).get("/nothing").mimetype == "text/html"
