"""Today as it is served and as it would be drawn, and somebody with things in every state."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from app.infra import cache, db
from app.operations import feeds as feed_operations
from app.operations import habits, links, pillars, rooted, sessions
from app.rules.identity import Actor
from app.rules.links import Purpose
from app.rules.places import NOWHERE
from app.views import codes, feeds, tokens
from app.web import passkeys, sealed, webhooks
from app.web.codes import new_recovery_codes
from tests import world as make
from tests.authenticator import Authenticator, asking
from tests.views.database import execute, scalar
from tests.views.routes import ADMIN_TOKEN, TOKEN
from tests.world import NOON, World

HTMX = {"HX-Request": "true"}
NOW = re.compile(r'data-now="\d+"')
# The key of a form that asked for a passkey, by which its answer is known.
FORM = "the form's"
KEY = re.compile(r'name="key"\s+value="[^"]*"|data-options="[^"]*"')


@dataclass(frozen=True)
class Home:
    """Ada's things, one in every state that an act begins with."""

    pillar: int
    second: int
    archived: int
    habit: int
    kept: int
    put_away: int
    resting: int
    rest: int
    spare: int
    counted: int
    limited: int
    strong: int
    rooted: int
    sign_in: int
    account: int
    invitation: int
    join: str
    reset: str
    confirm: str
    passkey: int
    code_app: int
    made: str
    used: str
    secret: str
    codes: str
    webhook: int
    webhook_secret: str
    feed_token: str
    new_token: str
    token: int


def furnish(world: World) -> Home:
    """Make Ada's things."""
    ada, first = world.ada, world.pillar
    began = date(2026, 1, 1)
    made = [make.habit(ada, first, name, starts_on=began) for name in ("Run", "Stretch", "Swim")]
    second, third = make.pillar(ada, "Mind"), make.pillar(ada, "Work")
    make.keep(ada, made[1])
    with db.transaction() as session:
        pillars.archive(session, ada, third)
    with db.transaction() as session:
        habits.archive(session, ada, made[2])
    # A grown pet rests in the den, its successor is about, and another egg waits.
    execute("UPDATE pets SET is_active = false, best_stage = 4 WHERE user_id = :me", me=ada.user_id)
    execute(
        "INSERT INTO pets (user_id, species, is_active, created_at)"
        " VALUES (:me, 'owl', true, :now)",
        me=ada.user_id,
        now=NOON,
    )
    resting = scalar("SELECT min(id) FROM pets WHERE user_id = :me", me=ada.user_id)
    spare = make.rest(ada, starts_on=date(2026, 3, 20))
    # His day says so, and hers goes on saying that an egg waits.
    rest = make.rest(world.bob)
    counted = make.habit(
        ada, first, "Read", starts_on=began, kind="at_least", target="2", unit="pages"
    )
    limited = make.habit(ada, first, "Coffee", starts_on=began, kind="at_most", target="2")
    strong, took_root = make.strong(ada, first, "Write"), make.strong(ada, first, "Sing")
    with db.transaction() as session:
        rooted.root(session, ada, took_root)
    make.invite(TOKEN)
    invitation = scalar("SELECT id FROM invitations")
    make.first_admin_link(ADMIN_TOKEN)
    with db.transaction() as session:
        other = sessions.open_session(session, ada.user_id, NOON).credential
    # Whom an admin has to do with; there is none yet, so that the link above holds.
    account = make.user("eve@example.org").user_id
    made = [*made, resting, rest, spare, counted, limited, strong, took_root, other]
    made = [*made, account, invitation]
    offered = sealed.seal(webhooks.NEW_SECRET, f"{ada.user_id} {make.WEBHOOK_SECRET}")
    with db.transaction() as session:
        feed_operations.renew(session, ada, f"{ada.user_id}-old", NOWHERE)
    feed = sealed.seal(feeds.NEW_TOKEN, f"{ada.user_id} {ada.user_id}-new")
    offered_token = sealed.seal(tokens.NEW, f"{ada.user_id} {ada.user_id}-more")
    told = make.webhook(ada), offered, feed, offered_token, make.token(ada)
    return Home(first, second, third, *made, *links_of(ada.user_id), *_factors(world.pia), *told)


def links_of(me: int) -> list[str]:
    """Make links by mail, one for each form of theirs, and return their tokens; `me` is Ada."""
    with db.transaction() as session:
        return [
            links.make(session, Purpose.JOIN, 0, "eva@example.org"),
            links.make(session, Purpose.RESET, me, "ada@example.org"),
            links.make(session, Purpose.CONFIRM, me, "ada@example.org"),
        ]


def _factors(pia: Actor) -> tuple[int, int, str, str, str, str]:
    """Make Pia's factors, and what the form with the key FORM sends to add some and to use one."""
    device = Authenticator()
    mine = make.passkey(pia, device), make.code_app(pia)
    to_make = sealed.seal(passkeys.MAKE, f"{pia.user_id} {FORM}")
    to_use = sealed.seal(passkeys.SIGN_IN, f"0 {FORM}")
    return (
        *mine,
        Authenticator(secret=7).make(asking(to_make, pia.user_id)),
        device.use(asking(to_use)),
        sealed.seal(codes.NEW_SECRET, f"{pia.user_id} {make.SECRET}"),
        sealed.seal(codes.NEW_CODES, f"{pia.user_id} {' '.join(new_recovery_codes())}"),
    )


def looked(client: FlaskClient, headers: dict[str, str]) -> str:
    """Today as the client sees it, without what may repeat: the keys of the forms."""
    return KEY.sub("", client.get("/", headers=headers).text)


@contextmanager
def nothing_kept(app: Flask) -> Iterator[None]:
    """A fresh cache inside the block, so that a page is drawn from the database."""
    kept_so_far = app.extensions["cache"]
    app.extensions["cache"] = cache.Own()
    try:
        yield
    finally:
        app.extensions["cache"] = kept_so_far


def assert_true(app: Flask, clients: dict[str, FlaskClient]) -> None:
    """Whatever a browser is shown, in either shape, is what would be drawn for it now."""
    for name, client in clients.items():
        for headers in ({}, HTMX):
            # The first look shows what is flashed, which is no part of the page.
            client.get("/", headers=headers)
            warm = looked(client, headers)
            with nothing_kept(app):
                assert looked(client, headers) == warm, name
