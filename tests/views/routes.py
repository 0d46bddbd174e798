"""Every route of the app, taken from its URL map, with ids filled in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask

# The views that a visitor may reach. A new one is a decision, made here.
PUBLIC = {
    "accounts.create",
    "accounts.new",
    # Links by mail, which are opened on whichever device.
    "addresses.create",
    "addresses.new",
    # Programs show a token.
    "api.keep",
    "api.me",
    "api.take_back",
    "api.today",
    "assets.by_name",
    "assets.file",
    "feeds.read",
    "first_admin.show",
    "health.healthz",
    "health.readyz",
    "how.show",
    "invitations.accept",
    "invitations.show",
    "joins.create",
    "joins.new",
    "links.sent",
    "manifest.show",
    "metrics.show",
    "resets.create",
    "resets.edit",
    "resets.new",
    "resets.update",
    "passkeys.lead_to_sign_in",
    "passkeys.sign_in",
    "second_step.finish",
    "second_step.show",
    "sessions.create",
    "sessions.end",
    "sessions.leave",
    "sessions.new",
    # Sent twice, its form comes with a sign-in that the first time has ended.
    "settings.password",
    "style.pets",
    "style.show",
    "subscriptions.ask",
    "subscriptions.turn_off",
    "today.show",
    "well_known.change_password",
    "well_known.security",
}
# What mail programs press, from no page of ours: tests/views/test_subscriptions.py is about it.
BY_MAIL_PROGRAMS = {"subscriptions.turn_off"}
# What programs ask for by a token, from no page and with no cookie: tests/views/test_api.py.
API = "api."
# Fields that satisfy every form of the app at once, so that nothing but the route decides.
GOOD = {
    "email": "new@example.net",
    "name": "Walk",
    "color": "moss",
    "icon": "leaf",
    "effort": "hard",
    "day_part": "evening",
    "species": "owl",
    "direction": "up",
    "act": "archive",
    "starts_on": "2026-03-05",
    "reason": "at sea",
    "address": "https://hooks.example.org/",
    "events": "habit.kept",
    "timezone": "Europe/Berlin",
    "day_start": "3",
    "current": "correct horse battery staple",
    "password": "another horse battery staple",
}
RUBBISH = {
    "name": "\0" * 10_000,
    "color": "<script>",
    "effort": "9" * 500,
    "starts_on": "9999-99-99",
    "reason": "\x1b" * 10_000,
    "day": "tomorrow",
    "key": "k" * 10_000,
    "direction": "sideways",
    "act": "burn",
    "before": "first",
    "pillar": "-1",
    "ends_on": "never",
    "pillar_id": "-1",
    "schedule": "yearly",
    "day_part": "noon",
    "weekdays": "7",
    "target": "1e309",
    "address": "https://[::1",
    "events": "moon.full",
    "secret": "\0",
}


# Tokens of links; whether anybody has made one with them is for the test to say.
TOKEN, ADMIN_TOKEN = "t" * 43, "a" * 43
OBJECTS = (
    "pillar_id",
    "habit_id",
    "rest_id",
    "session_id",
    "passkey_id",
    "app_id",
    "webhook_id",
    "token_id",
)


@dataclass(frozen=True)
class Route:
    """One method of one rule, under a URL of its own."""

    method: str
    url: str
    endpoint: str
    has_object: bool


def routes(app: Flask, *objects: object, **more: object) -> Iterator[Route]:
    """Yield every method of every rule but those for programs.

    OPTIONS is left out: it answers no more than which methods there are.

    `objects` are the ids of a user's things, in the order of OBJECTS; `more` are those of others,
    by their names in the rules. What is not given is 1.
    """
    numbers = dict(zip(OBJECTS, objects, strict=False)) | more
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(API):
            continue
        url = rule.rule.replace("<name>", "app.css")
        url = url.replace("first-admin/<token>", f"first-admin/{ADMIN_TOKEN}")
        url = url.replace("<token>", TOKEN)
        url = re.sub("<key:(.*?)>", lambda name: str(numbers.get(name[1], 1)), url)
        for method in sorted(rule.methods - {"OPTIONS"}):
            yield Route(method, url, rule.endpoint, not rule.arguments.isdisjoint(OBJECTS))


def closed(app: Flask, *objects: object, **more: object) -> list[Route]:
    """Return the routes that need a sign-in."""
    found = [r for r in routes(app, *objects, **more) if r.endpoint not in PUBLIC]
    assert len(found) > 30, "the URL map was not read"
    return found


def unsafe(app: Flask, *objects: object, **more: object) -> list[Route]:
    """Return the routes by which something can change, from a page of ours."""
    found = [
        r
        for r in routes(app, *objects, **more)
        if r.method not in {"GET", "HEAD"} and r.endpoint not in BY_MAIL_PROGRAMS
    ]
    assert len(found) >= 18, "the URL map was not read"
    return found
