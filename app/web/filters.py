"""How days and times are written on the screen, and what else every template has."""

import secrets
from collections.abc import MutableMapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.templating import Environment
from markupsafe import Markup, escape

from app.rules.language import _, lazy, ngettext
from app.web import access

# Lazy: only the one that is shown is looked up.
_WEEKDAYS = (
    lazy("Monday"), lazy("Tuesday"), lazy("Wednesday"), lazy("Thursday"), lazy("Friday"),
    lazy("Saturday"), lazy("Sunday"),
)  # fmt: skip
_MONTHS = (
    lazy("January"), lazy("February"), lazy("March"), lazy("April"), lazy("May"), lazy("June"),
    lazy("July"), lazy("August"), lazy("September"), lazy("October"), lazy("November"),
    lazy("December"),
)  # fmt: skip
_SHORT_MONTHS = (
    lazy("Jan"), lazy("Feb"), lazy("Mar"), lazy("Apr"), lazy("May"), lazy("Jun"), lazy("Jul"),
    lazy("Aug"), lazy("Sep"), lazy("Oct"), lazy("Nov"), lazy("Dec"),
)  # fmt: skip


class _Environment(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        # No template here has globals of its own. Jinja would look through two layers of them at
        # every import of a macro, which took as long as drawing the pet.
        return self.globals if d is None else super().make_globals(d)


def init_app(app: Flask) -> None:
    """Give the templates their filters and the one translation function."""
    app.jinja_environment = _Environment
    app.jinja_env.globals.update({"_": _say, "ngettext": _say_number})
    app.jinja_env.filters.update(
        weekday=weekday, longday=longday, shortday=shortday, clock=clock_time
    )
    app.jinja_env.globals["fresh_key"] = fresh_key
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def fresh_key() -> str:
    """Return a key that no form has had: 16 letters, digits, - and _."""
    return secrets.token_urlsafe(12)


# A page says dozens of sentences, and Jinja's own i18n extension takes thrice as long for each.
def _say(message: str, **values: object) -> Markup:
    sentence = _(message)
    if values:
        sentence %= {name: escape(value) for name, value in values.items()}
    return Markup(sentence)


def _say_number(one: str, many: str, num: int) -> Markup:
    return Markup(ngettext(one, many, num) % {"num": num})


def weekday(day: date) -> str:
    """Return the name of the day of the week."""
    return str(_WEEKDAYS[day.weekday()])


def longday(day: date) -> str:
    """Return the day as "Tuesday, 10 March"."""
    return f"{weekday(day)}, {day.day} {_MONTHS[day.month - 1]}"


def shortday(day: date) -> str:
    """Return the day as "10 Mar 2026"."""
    return f"{day.day} {_SHORT_MONTHS[day.month - 1]} {day.year}"


def clock_time(instant: datetime) -> str:
    """Return an instant as "10 Mar 2026, 14:05" on the clock of the one who looks."""
    who = access.signed_in()
    local = instant.astimezone(ZoneInfo(who.timezone if who else "UTC"))
    return f"{shortday(local.date())}, {local:%H:%M}"
