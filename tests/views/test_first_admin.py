"""The link that makes an account the first admin of its server."""

import pytest
from flask.testing import FlaskClient

from tests import world as make
from tests.conftest import browser
from tests.views.database import contents, scalar
from tests.views.pages import page, send
from tests.world import PASSWORD, World

pytestmark = pytest.mark.usefixtures("at")


def test_no_account_is_an_admin_until_it_has_followed_the_link_and_then_no_other_can(world: World):
    """Line 8 of docs/security.md."""
    assert world.bob
    url = f"/first-admin/{make.first_admin_link()}"
    ada = world.signed_in(world.ada)
    form = page(ada.get(url)).form(url)
    assert scalar("SELECT count(*) FROM users WHERE is_admin") == 0
    assert "is the admin of this server now" in send(ada, form).text
    # The same form once more has done it already; another account comes too late.
    assert ada.post(url, data=form.fields).status_code == 303
    bob = world.signed_in(world.bob)
    for answer in (bob.get(url), bob.post(url), browser(world.app).get(url)):
        assert answer.status_code == 410
        assert not [f for f in page(answer).forms if f.action == url]
    assert scalar("SELECT string_agg(email, ' ') FROM users WHERE is_admin") == "ada@example.org"


def test_a_visitor_signs_in_first_and_comes_back(world: World, client: FlaskClient):
    assert world.ada
    url = f"/first-admin/{make.first_admin_link()}"
    before = contents()
    shown = page(client.get(url))
    assert client.post(url).headers["Location"] == "/login"
    assert contents() == before
    (login,) = [g["href"] for tag, g in shown.elements if g.get("href", "").startswith("/login?")]
    form = page(client.get(login)).form("/login")
    back = send(client, form, email="ada@example.org", password=PASSWORD)
    assert page(back).form(url)


def test_a_link_that_nobody_made_is_told_as_dead(world: World):
    ada = world.signed_in(world.ada)
    for token in ("x" * 43, make.invite(), "%ff"):
        assert ada.get(f"/first-admin/{token}").status_code == 410
        assert ada.post(f"/first-admin/{token}").status_code == 410
    assert scalar("SELECT count(*) FROM users WHERE is_admin") == 0


def test_a_link_is_told_as_dead_once_a_command_has_made_an_admin(world: World):
    url = f"/first-admin/{make.first_admin_link()}"
    assert make.admin()
    assert world.signed_in(world.ada).get(url).status_code == 410
