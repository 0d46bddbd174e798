"""Limits under a crowd: the plan's pillars, one account an address, the first account."""

import pytest

from app.infra import db
from app.operations import pillars
from tests import world as make
from tests.conftest import browser
from tests.races.crowd import at_once, counted, differences, post, scalar
from tests.world import PASSWORD

pytestmark = pytest.mark.usefixtures("at")


@pytest.mark.parametrize(("held", "passed"), [(3, 0), (2, 1)])
def test_no_pillar_passes_the_plan_however_many_come_at_once(world, held, passed):
    """Line 25 of docs/security.md."""
    for number in range(held):
        make.pillar(world.ada, f"Pillar {number}")
    statuses = post(
        world, world.ada, 20, lambda n: {"path": "/pillars", "data": {"name": f"More {n}"}}
    )
    assert statuses == [303] * passed + [402] * (20 - passed)
    assert (counted("pillars"), scalar("SELECT pillar_count FROM users")) == (3, 3)
    assert differences() == []


@pytest.mark.parametrize("different", [True, False], ids=["different pillars", "one pillar"])
def test_no_restore_passes_the_plan_however_many_come_at_once(world, different):
    make.pillar(world.ada), make.pillar(world.ada)
    put_away = [make.pillar(world.ada, f"Pillar {n}") for n in range(10 if different else 1)]
    for pillar_id in put_away:
        with db.transaction() as session:
            pillars.archive(session, world.ada, pillar_id)
    statuses = post(
        world,
        world.ada,
        10,
        lambda n: {"path": f"/pillars/{put_away[n % len(put_away)]}/restore"},
    )
    assert statuses == ([303] + [402] * 9 if different else [303] * 10)
    assert (scalar("SELECT pillar_count FROM users"), differences()) == (3, [])


def test_a_pillar_put_away_and_deleted_at_once_frees_one_place(world):
    make.pillar(world.ada, "Mind")
    gone = world.pillar
    paths = [f"/pillars/{gone}/archive", f"/pillars/{gone}/restore", f"/pillars/{gone}/delete"]
    statuses = post(world, world.ada, 12, lambda n: {"path": paths[n % 3]})
    assert set(statuses) <= {303, 404}
    assert (counted("pillars"), scalar("SELECT pillar_count FROM users")) == (1, 1)
    assert differences() == []


def test_ten_sign_ups_with_one_address_make_one_account(world):
    form = {"email": "new@example.org", "password": PASSWORD, "timezone": "UTC"}
    answers = at_once(
        world.app, 10, lambda _: browser(world.app).post("/signup", data=form).status_code
    )
    # Whoever comes second knows the password, and is signed in.
    assert answers == [303] * 10
    assert [counted(table) for table in ("users", "addresses", "pets")] == [1] * 3


def test_only_one_of_several_first_accounts_passes_a_closed_registration(world, make_app):
    database_url = world.app.extensions["settings"].database_url
    app = make_app(database_url, registration="closed")
    form = {"password": PASSWORD, "timezone": "UTC"}
    answers = at_once(
        app,
        6,
        lambda n: browser(app).post("/signup", data={"email": f"{n}@x.org", **form}).status_code,
    )
    assert sorted(answers) == [303] + [403] * 5
    assert counted("users") == 1


def test_of_two_who_follow_one_invitation_at_once_one_comes_in(world):
    url = f"/invite/{make.invite()}"
    form = {"password": PASSWORD, "timezone": "UTC"}
    answers = at_once(
        world.app,
        6,
        lambda n: browser(world.app).post(url, data={"email": f"{n}@x.org", **form}).status_code,
    )
    assert sorted(answers) == [303] + [410] * 5
    assert [counted(table) for table in ("users", "addresses", "pets")] == [1] * 3


def test_of_several_who_follow_the_link_at_once_one_is_the_first_admin(world):
    url = f"/first-admin/{make.first_admin_link()}"
    clients = [world.signed_in(make.user(f"{n}@x.org")) for n in range(6)]
    answers = at_once(world.app, 6, lambda n: clients[n].post(url).status_code)
    assert sorted(answers) == [303] + [410] * 5
    assert counted("users WHERE is_admin") == 1
