"""Whatever is done, Today as it is served is Today as it would be drawn."""

import re
from dataclasses import dataclass, field, fields

import pyotp
import pytest
from flask import Flask

from app.infra import db
from app.operations import accounts
from tests import world as make
from tests.conftest import browser
from tests.views.cached_pages import FORM, Home, assert_true, looked
from tests.views.factors import SECURITY
from tests.views.routes import ADMIN_TOKEN, TOKEN, unsafe
from tests.world import NOON, PASSWORD, SECRET, World

pytestmark = pytest.mark.usefixtures("at", "empty_cache")


@dataclass(frozen=True)
class Deed:
    """One way to change something: where it is sent and what, `{name}` being one of Home's ids.

    `shows` tells whether Today looks otherwise afterwards; `who` is the one who does it, and
    `status` what comes of it.
    """

    endpoint: str
    url: str
    sent: dict[str, str] = field(default_factory=dict)
    shows: bool = True
    who: str = "ada"
    status: int = 303

    def __str__(self) -> str:
        return f"{self.endpoint} {' '.join(f'{k}={v}' for k, v in self.sent.items())}"


SIGN_IN = {"email": "ada@example.org", "password": PASSWORD}
NEW = SIGN_IN | {"email": "new@example.org"}
CHANGE = {"current": PASSWORD, "password": "another horse battery staple"}
LINKED = {"password": "another horse battery staple"}
NEW_PASSKEY = {"credential": "{made}", "key": FORM}
NEW_NAME = {"name": "The old phone"}
NEW_APP = {"secret": "{secret}", "code": pyotp.TOTP(SECRET).at(NOON)}
WEBHOOKS = "/settings/webhooks"
WEBHOOK = {"address": "https://hooks.example.net", "events": "pet.stage"}
NEW_WEBHOOK = WEBHOOK | {"secret": "{webhook_secret}"}
NEW_TOKEN = {"secret": "{new_token}", "name": "Shelf", "scope": "read"}
DEEDS = [
    Deed("accounts.create", "/signup", NEW, who="visitor"),
    Deed("invitations.accept", f"/invite/{TOKEN}", NEW, who="visitor"),
    Deed("first_admin.become", f"/first-admin/{ADMIN_TOKEN}", shows=False),
    Deed("admin.set_plan", "/admin/accounts/{account}/plan", {"plan": "premium"}, False, "root"),
    Deed("admin.disable", "/admin/accounts/{account}/disable", {}, False, "root"),
    Deed("admin.enable", "/admin/accounts/{account}/enable", {}, False, "root"),
    Deed("admin.sign_out", "/admin/accounts/{account}/sign-out", {}, False, "root"),
    Deed(
        "admin.delete",
        "/admin/accounts/{account}/delete",
        {"address": "eve@example.org"},
        False,
        "root",
    ),
    Deed("admin.invite", "/admin/invitations", {"days": "7"}, False, "root"),
    Deed("admin.retry", "/admin/mail/retry", {}, False, "root"),
    Deed("admin.withdraw", "/admin/invitations/{invitation}/withdraw", {}, False, "root"),
    Deed("sessions.create", "/login", SIGN_IN, who="visitor"),
    Deed("sessions.end", "/logout"),
    Deed("sessions.end", "/logout", {"everywhere": "1"}),
    Deed("settings.update", "/settings", {"theme": "dark"}),
    Deed("settings.update", "/settings", {"timezone": "Pacific/Kiritimati"}),
    Deed("settings.update", "/settings", {"day_start": "6"}),
    Deed("settings.update", "/settings", {"shortcuts": "off"}),
    Deed("settings.update", "/settings", {"name": "Ada L."}, shows=False),
    Deed("proofs.create", "/settings/proof", {"password": PASSWORD}, shows=False),
    Deed("sign_ins.end", "/settings/sign-ins/{sign_in}/end", shows=False),
    Deed("sign_ins.end_others", "/settings/sign-ins/end-others", shows=False),
    Deed("settings.password", "/settings/password", CHANGE, shows=False),
    Deed("subscriptions.update", "/letters", {"reminder": "on", "at": "1200"}, shows=False),
    Deed("addresses.ask_to_move", "/settings/email", {"email": "a@example.net"}, shows=False),
    Deed("addresses.ask_to_confirm", "/settings/email/confirm", shows=False),
    Deed("addresses.create", "/address", {"link": "{confirm}"}, shows=False),
    Deed("resets.create", "/forgot", {"email": "ada@example.org"}, shows=False, who="visitor"),
    Deed("resets.update", "/reset", LINKED | {"link": "{reset}"}, shows=False, who="visitor"),
    Deed("joins.create", "/join", LINKED | {"link": "{join}"}, who="visitor"),
    Deed("export.create", "/export", shows=False, status=200),
    Deed("leaving.ask", "/settings/leave", {"address": "ada@example.org"}),
    Deed("leaving.stay", "/settings/leave/stay", shows=False),
    Deed(
        "second_step.finish",
        "/login/second-step",
        {"code": pyotp.TOTP(SECRET).at(NOON)},
        who="half way",
    ),
    Deed(
        "passkeys.sign_in", "/login/passkey", {"credential": "{used}", "key": FORM}, who="visitor"
    ),
    Deed("passkeys.create", f"{SECURITY}/passkeys", NEW_PASSKEY, shows=False, who="pia"),
    Deed("passkeys.rename", f"{SECURITY}/passkeys/{{passkey}}", NEW_NAME, shows=False, who="pia"),
    Deed("passkeys.remove", f"{SECURITY}/passkeys/{{passkey}}/remove", shows=False, who="pia"),
    Deed("codes.create", f"{SECURITY}/apps", NEW_APP, shows=False, who="pia"),
    Deed("codes.rename", f"{SECURITY}/apps/{{code_app}}", NEW_NAME, shows=False, who="pia"),
    Deed("codes.remove", f"{SECURITY}/apps/{{code_app}}/remove", shows=False, who="pia"),
    Deed("codes.renew", f"{SECURITY}/codes", {"codes": "{codes}"}, shows=False, who="pia"),
    Deed("factors.remove_password", f"{SECURITY}/password/remove", shows=False, who="pia"),
    Deed("feeds.create", "/settings/calendar", {"secret": "{feed_token}"}, shows=False),
    Deed("feeds.end", "/settings/calendar/end", shows=False),
    Deed("tokens.create", "/settings/tokens", NEW_TOKEN, shows=False),
    Deed("tokens.end", "/settings/tokens/{token}/end", shows=False),
    Deed("webhooks.create", WEBHOOKS, NEW_WEBHOOK, shows=False),
    Deed("webhooks.update", f"{WEBHOOKS}/{{webhook}}", WEBHOOK, shows=False),
    Deed("webhooks.try_out", f"{WEBHOOKS}/{{webhook}}/trial", shows=False),
    Deed(
        "webhooks.renew",
        f"{WEBHOOKS}/{{webhook}}/secret",
        {"secret": "{webhook_secret}"},
        shows=False,
    ),
    Deed("webhooks.remove", f"{WEBHOOKS}/{{webhook}}/remove", shows=False),
    Deed("pets.update", "/pet", {"name": "Miso"}),
    Deed("pets.update", "/pet", {"species": "cat"}),
    Deed("pets.update", "/pet", {"coat": "sky"}),
    Deed("pets.update", "/pet", {"pet": "{resting}"}),
    Deed("pets.update", "/pet", {"egg": "2", "name": "Kiwi", "species": "cat", "coat": "own"}),
    Deed("pets.not_now", "/pet/not-now"),
    Deed("pillars.create", "/pillars", {"name": "Music", "color": "moss", "icon": "leaf"}),
    Deed("pillars.update", "/pillars/{pillar}", {"name": "Corpus"}),
    Deed("pillars.update", "/pillars/{pillar}", {"name": "Body", "color": "iris"}),
    Deed("pillars.move", "/pillars/{pillar}/move", {"direction": "down"}),
    Deed("pillars.fold", "/pillars/{pillar}/fold"),
    Deed("pillars.unfold", "/pillars/{pillar}/unfold", shows=False),
    Deed("pillars.archive", "/pillars/{pillar}/archive"),
    Deed("pillars.restore", "/pillars/{archived}/restore"),
    Deed("pillars.delete", "/pillars/{pillar}/delete"),
    Deed("habits.create", "/habits", {"pillar_id": "{second}", "name": "Read"}),
    Deed("habits.update", "/habits/{habit}", {"name": "Run far"}),
    Deed("habits.update", "/habits/{habit}", {"name": "Run", "effort": "hard"}),
    Deed("habits.update", "/habits/{habit}", {"name": "Run", "day_part": "morning"}),
    Deed("habits.move", "/habits/{habit}/move", {"direction": "down"}),
    Deed("habits.move", "/habits/{habit}/move", {"pillar_id": "{second}"}),
    Deed("order.place", "/order", {"pillar": "{second}", "before": "{pillar}"}),
    Deed("order.place", "/order", {"pillar": "{second}", "habit": "{habit}"}),
    Deed("order.act_on_several", "/order/several", {"habit": "{habit}", "act": "archive"}),
    Deed("order.act_on_several", "/order/several", {"habit": "{habit}", "act": "rest"}),
    Deed(
        "order.act_on_several",
        "/order/several",
        {"habit": "{habit}", "act": "move", "pillar_id": "{second}"},
    ),
    Deed("habits.archive", "/habits/{habit}/archive"),
    Deed("habits.restore", "/habits/{put_away}/restore"),
    Deed("habits.delete", "/habits/{habit}/delete"),
    Deed("commits.record", "/habits/{habit}/commit"),
    Deed("commits.record", "/habits/{habit}/commit", {"day": "2026-03-09"}),
    Deed("commits.undo", "/habits/{kept}/undo"),
    Deed("amounts.create", "/habits/{counted}/amount", {"amount": "1.5"}),
    Deed("amounts.collect", "/habits/{limited}/collect"),
    Deed("notes.write", "/habits/{habit}/note", {"note": "Slow, and fun."}, shows=False),
    Deed("rests.create", "/rests", {"ends_on": "2027-03-12"}),
    Deed("rests.create", "/rests", {"pillar_id": "{pillar}", "reason": "ill"}),
    Deed("rests.update", "/rests/{rest}", {"ends_on": "2026-03-12"}, who="bob"),
    Deed("rests.update", "/rests/{spare}", {"starts_on": "2026-03-09"}),
    Deed("rests.end", "/rests/{rest}/end", who="bob"),
    Deed("rests.delete", "/rests/{rest}/delete", who="bob"),
    Deed("rests.count_away", "/rests/away", {"starts_on": "2026-03-09"}),
    Deed("rests.leave_away", "/rests/not-away", shows=False),
    Deed("rests.skip", "/habits/{habit}/skip", {"reason": "ill"}),
    Deed("rests.unskip", "/habits/{habit}/unskip", shows=False),
    Deed("rooted.root", "/habits/{strong}/root"),
    Deed("rooted.unroot", "/habits/{rooted}/unroot"),
    Deed("rooted.not_yet", "/habits/{habit}/not-yet", shows=False),
    Deed("unkept.answer", "/habits/{habit}/answer", {"answer": "keep"}, shows=False),
    Deed("unkept.answer", "/habits/{habit}/answer", {"answer": "rest"}),
    Deed("unkept.answer", "/habits/{habit}/answer", {"answer": "let-go"}),
    Deed("welcome.finish", "/welcome", {"name": "Kiwi", "work-picked": "y"}, who="bob"),
    Deed("welcome.skip_rest", "/welcome/skip", {"name": "Kiwi"}, who="bob"),
]


@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_no_deed_leaves_an_old_page_behind(app: Flask, world: World, home: Home, deed: Deed):
    people = {"ada": world.signed_in(world.ada), "bob": world.signed_in(world.bob)}
    people |= {"ada's phone": world.signed_in(world.ada), "visitor": browser(app)}
    people |= {
        "pia": world.signed_in(world.pia), "half way": world.half_way("pia@example.org"),
    }  # fmt: skip
    if deed.who == "root":
        people["root"] = world.signed_in(make.admin())
    before = {name: looked(client, {}) for name, client in people.items()}
    assert_true(app, people)
    names = {f.name: str(getattr(home, f.name)) for f in fields(home)}
    sent = {name: value.format(**names) for name, value in deed.sent.items()}
    answer = people[deed.who].post(deed.url.format(**names), data=sent)
    assert answer.status_code == deed.status, answer.data
    assert_true(app, people)
    changed = without_version(looked(people[deed.who], {})) != without_version(before[deed.who])
    assert changed == deed.shows


def without_version(text: str) -> str:
    return re.sub(r'data-version="\d+"', "", text)


def test_every_route_by_which_something_can_change_is_among_the_deeds(app: Flask):
    assert {deed.endpoint for deed in DEEDS} == {route.endpoint for route in unsafe(app)}


def test_the_operators_deeds_are_seen_too(app: Flask, world: World, home: Home):
    client = world.signed_in(world.ada)
    before = looked(client, {})
    with db.transaction() as session:
        accounts.set_premium(session, world.ada.user_id, True)
    assert_true(app, {"ada": client})
    assert "of 3 pillars" in before
    assert "of 3 pillars" not in looked(world.signed_in(world.ada), {})
