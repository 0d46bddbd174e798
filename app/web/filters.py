"""How days, times and numbers are written on the screen, and what else every template has."""

import re
from collections.abc import MutableMapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g
from flask.templating import Environment
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from app.infra import clock
from app.rules import amounts, audit, full_day, language, reward
from app.rules.language import Language, _
from app.web import access, formats, rhythms, whose

# What templates alone write: the name of the filter, and of the pattern.
_MORE_DAYS = {
    "shortweekday": "short weekday",
    "narrowweekday": "narrow weekday",
    "shortmonth": "short month",
    "month": "month",
    "monthyear": "month and year",
    "daymonth": "day and month",
    "fullday": "full day",
}


_CACHED = 4096
# A day for hours that belong to none; like every time that is written here it has no zone.
_EPOCH = datetime.fromtimestamp(0, UTC).replace(tzinfo=None)

_MONDAY = date(2000, 1, 3)

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class _Context(Context):
    def call(
        self, called: Any, /, *args: Any, _loop_vars: Any = None, _block_vars: Any = None,
        **values: Any,
    ) -> Any:  # fmt: skip
        """Call what a template calls. Of all that, macros alone ask for more than their arguments.

        Jinja asks whatever is called what it wants, which took as long as the rows of Today.
        """
        if isinstance(called, Macro):
            return called(self.eval_ctx, *args, **values)
        return called(*args, **values)


class _Environment(Environment):
    context_class = _Context

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        # Who reads a template is helped by its indentation; the page would carry it. A space
        # stays, which may part two words, and the lines, so that an error names the right one.
        return _INDENTATION.sub(" ", super().preprocess(source, name, filename))

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        # No template here has globals of its own. Jinja would look through two layers of them at
        # every import of a macro, which took as long as drawing the pet.
        return self.globals if d is None else super().make_globals(d)


def init_app(app: Flask) -> None:
    """Give the templates their filters and the one translation function."""
    # Before anybody has asked for the environment: it is made once.
    app.jinja_environment = _Environment
    app.jinja_env.globals.update({"_": _say, "ngettext": _say_number, "spoken": language.spoken})
    app.jinja_env.filters.update(
        weekday=weekday, longday=longday, shortday=shortday, clock=clock_time,
        local_day=local_day, number=language.number, signed=signed, isolated=language.isolated,
        rhythm=rhythms.sentence, amount=rhythms.amount, progress=rhythms.progress,
        typed=amounts.as_typed, quiet=rhythms.quiet, beside=beside, deed=audit.sentence,
        **{name: partial(_day, pattern) for name, pattern in _MORE_DAYS.items()},
    )  # fmt: skip
    app.jinja_env.tests |= {"over": reward.is_over, "weekend": is_weekend}
    app.jinja_env.globals |= {"page_mark": page_mark, "form_key": form_key, "now_ms": now_ms}
    app.jinja_env.globals["full_day_line"] = full_day_line
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def page_mark() -> str:
    """Return what the key of every form begins with that is drawn for this request.

    A page that is cached has another one put in its place whenever it is served.
    """
    if "page_mark" not in g:
        g.page_mark = whose.fresh_mark()
    mark: str = g.page_mark
    return mark


def form_key() -> str:
    """Return the key of the next form that is drawn for this request: none has the same."""
    g.forms_drawn = g.get("forms_drawn", 0) + 1
    return f"{page_mark()}-f{g.forms_drawn}"


def now_ms() -> int:
    """Return what the server's clock shows, in milliseconds since 1970, as scripts count them."""
    return int(clock.now().timestamp() * 1000)


# A page says dozens of sentences, and Jinja's own i18n extension takes thrice as long for each.
def _say(message: str, **values: object) -> Markup:
    if not values:
        return _said(language.spoken(), message)
    if all(type(value) is int for value in values.values()):
        return _said(language.spoken(), message, *values.items())
    return Markup(_(message) % _shown(values))


def _say_number(one: str, many: str, num: int, **values: object) -> Markup:
    if values:
        return Markup(language.ngettext(one, many, num) % _shown({"num": num} | values))
    return _counted(language.spoken(), one, many, num)


# Whatever says no more than numbers is said over and over, on one page and on all.
@lru_cache(_CACHED)
def _said(_spoken: Language, message: str, *numbers: tuple[str, int]) -> Markup:
    sentence = _(message)
    return Markup(sentence % _shown(dict(numbers)) if numbers else sentence)


# Two hundred rows say how often in a row they were kept.
@lru_cache(_CACHED)
def _counted(_spoken: Language, one: str, many: str, num: int) -> Markup:
    return Markup(language.ngettext(one, many, num) % {"num": language.number(num)})


def _shown(values: dict[str, object]) -> dict[str, object]:
    """Return the values as they stand in a sentence.

    Numbers are in its digits, texts are escaped, and names that are read the other way isolated.
    """
    return {
        name: language.number(value) if type(value) is int else _isolated(escape(value))
        for name, value in values.items()
    }


def _isolated(text: Markup) -> Markup:
    # An element isolates what is in it by itself: <bdi>, or a link with dir="auto".
    return text if "<" in text else language.isolated(text)


def full_day_line(day: date, pet: str) -> Markup:
    """Return what stands beside the pet of that name on a full day of the one who looks."""
    who = access.signed_in()
    # The guide to the style is open to visitors.
    said = full_day.line(who.user_id if who else 0, day)
    return Markup(said % _shown({"pet": pet}))


def weekday(day: date) -> str:
    """Return the name of the day of the week."""
    return _day("weekday", day)


def shortweekday(number: int) -> str:
    """Return the short name of the day of the week with that number, 0 for Monday."""
    return _day("short weekday", _MONDAY + timedelta(days=number))


def longday(day: date) -> str:
    """Return the day as "Tuesday, 10 March"."""
    return _day("long day", day)


def shortday(day: date) -> str:
    """Return the day as "10 Mar 2026"."""
    return _day("short day", day)


def is_weekend(day: date) -> bool:
    """Tell whether the day is one of the weekend where the language in use is spoken."""
    return formats.is_weekend(language.spoken().tag, day)


def beside(day: date, many: int) -> date:
    """Return the day so many days after `day`, or before it."""
    return day + timedelta(days=many)


def local_day(instant: datetime) -> date:
    """Return the calendar day of an instant on the clock of the one who looks."""
    return _local(instant).date()


def clock_time(instant: datetime) -> str:
    """Return an instant as "10 Mar 2026, 14:05" on the clock of the one who looks."""
    local = _local(instant).replace(second=0, microsecond=0, tzinfo=None)
    return formats.moment(language.spoken().tag, "moment", local)


def hour(of_day: int) -> str:
    """Return a full hour of the day, 0 to 23, as "04:00"."""
    return time_of_day(of_day * 60)


def time_of_day(minute: int) -> str:
    """Return a minute of the day, 0 to 1439, as "20:30"."""
    hours, minutes = divmod(minute, 60)
    local = _EPOCH.replace(hour=hours, minute=minutes)
    return formats.moment(language.spoken().tag, "hour", local)


def signed(n: int) -> str:
    """Return a whole number with its sign, as "+12" or "−12"."""
    return formats.number(language.spoken().tag, "signed number", n)


def _day(pattern: str, day: date) -> str:
    return formats.day(language.spoken().tag, pattern, day)


def _local(instant: datetime) -> datetime:
    who = access.signed_in()
    return instant.astimezone(ZoneInfo(who.timezone if who else "UTC"))
