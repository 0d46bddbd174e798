"""In which language a request is answered, and how Babel writes its days, times and numbers.

A page writes the same few days and numbers over and over, and Babel takes some ten microseconds
for each: what was written once is cached.
"""

from calendar import MONDAY
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial

from babel import Locale, UnknownLocaleError, localedata
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask

from app.rules import language
from app.rules.language import Language
from app.rules.weeks import FIRST_DAYS

# A pattern of CLDR for each thing that is written, for each language that is spoken: the one place
# where their order and punctuation are decided. The names in them come from Babel.
PATTERNS = {
    "en": {
        "weekday": "cccc",
        "short weekday": "ccc",
        "narrow weekday": "ccccc",
        "short month": "LLL",
        "month": "LLLL",
        "month and year": "LLLL y",
        "day and month": "d MMM",
        "short day": "d MMM y",
        "long day": "EEEE, d MMMM",
        "full day": "EEEE, d MMMM y",
        "moment": "d MMM y, HH:mm",
        "hour": "HH:mm",
        # No thousands are set apart.
        "number": "0",
        "signed number": "+0;−0",
        "amount": "0.###",
    }
}
# Days of ten years, or all numbers of a long table.
_CACHED = 4096


@lru_cache(_CACHED)
def day(tag: str, pattern: str, on: date) -> str:
    """Return the day `on` in the language `tag`, by its pattern of that name ("long day")."""
    return format_date(on, PATTERNS[tag][pattern], _locale(tag))


@lru_cache(_CACHED)
def moment(tag: str, pattern: str, local: datetime) -> str:
    """Return a local time in the language `tag`, by its pattern of that name.

    `local` has no zone: two of different zones that name one instant would be taken for the same.
    """
    return format_datetime(local, PATTERNS[tag][pattern], locale=_locale(tag))


@lru_cache(_CACHED)
def number(tag: str, pattern: str, n: int) -> str:
    """Return a whole number in the language `tag`, by its pattern of that name.

    Its signs are those of the language. Its digits are Western ones, for Babel knows no others.
    """
    return format_decimal(n, PATTERNS[tag][pattern], _locale(tag), numbering_system="default")


@lru_cache(_CACHED)
def amount(tag: str, thousandths: int) -> str:
    """Return an amount of whole thousandths in the language `tag`, with up to three decimals."""
    value = Decimal(thousandths).scaleb(-3)
    return format_decimal(value, PATTERNS[tag]["amount"], _locale(tag), numbering_system="default")


def first_day_of_week(tags: Iterable[str]) -> int:
    """Return where weeks begin for who speaks the languages `tags`, the best first: 0 is Monday.

    Only a tag that names a country says anything of it ("en-US"), and only Babel knows.
    """
    for tag in tags:
        try:
            locale = Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
        if locale.territory:
            return locale.first_week_day if locale.first_week_day in FIRST_DAYS else MONDAY
    return MONDAY


@lru_cache(_CACHED)
def is_weekend(tag: str, on: date) -> bool:
    """Tell whether the day `on` is one of the weekend where the language `tag` is spoken."""
    locale = _locale(tag)
    return (on.weekday() - locale.weekend_start) % 7 <= (
        locale.weekend_end - locale.weekend_start
    ) % 7


@lru_cache
def _locale(tag: str) -> Locale:
    locale = Locale.parse(tag, sep="-")
    localedata.load(str(locale))
    return locale


# Four megabytes, read with the code: so gunicorn's master has them once for all workers.
for _tag in PATTERNS:
    _locale(_tag)


ENGLISH = Language("en", number=partial(number, "en", "number"))


def init_app(app: Flask) -> None:
    """Speak from the first to the last word of a request: today all are answered in English."""
    app.extensions["language"] = ENGLISH
    app.before_request(lambda: speak(app))


def speak(app: Flask) -> None:
    """Speak the language of who looks, or of who gets a letter, from here on."""
    # The one place that decides; a claim of the user's would be asked for here.
    language.use(app.extensions["language"])
