"""The requests that are measured, and whose they are."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from app.infra import clock
from bench import data, stage
from bench.browser import Answer, Browser
from bench.measure import Way

# What is asked of the reference.
HELLO, IDENTITY = "hello", "identity"
COLD, UNCHANGED = "Today, cold", "Today, unchanged"
UNFOLDED = "Today, yesterday unfolded"
COMMIT, UNDO = "commit with its fragments", "undo with its fragments"
AMOUNT, TAKE = "an amount with its fragments", "an amount taken back"
# What is asked of those who have been here for a short and a long time, beside presses.
TODAY, STATS, HABIT = "Today", "/stats", "a habit's page"
# What changes what is folded already.
LATE, REST = "a change of a past day", "a rest"
# A day that is long folded, and the days of a rest that began a week ago.
_PAST = timedelta(days=400)
_RESTED = (timedelta(days=7), timedelta(days=5))
# Folding two hundred habits anew takes a while.
_SELDOM = 10


def of(what: str, email: str) -> str:
    """Return the name of what is asked of one of `data.PEOPLE`; the reference's has no addition."""
    return what if email == data.REFERENCE else f"{what}: {email.partition('@')[0]}"


def every(app: Flask) -> dict[str, Way]:
    """Return all of them by name, each person signed in already."""
    empty = app.extensions["cache"].clear
    with app.app_context():
        browsers = {email: Browser(app, email) for email in data.PEOPLE}
        pressed = (data.REFERENCE, data.TWELVE_WEEKS, data.TEN_YEARS, data.MANY_HABITS)
        asked = {email: _presses(browsers[email]) for email in pressed}
        for email in (data.TWELVE_WEEKS, data.TEN_YEARS):
            asked[email] |= _pages(browsers[email], empty)
        asked[data.YEAR_AWAY] = _pages(browsers[data.YEAR_AWAY], empty)
        asked[data.TEN_YEARS] |= _late(browsers[data.TEN_YEARS])
        asked[data.MANY_YEARS] = _rests(browsers[data.MANY_YEARS])
    asked[data.REFERENCE] |= _alone(browsers[data.REFERENCE], empty)
    return {of(what, email): way for email, ways in asked.items() for what, way in ways.items()}


def _alone(ada: Browser, empty: Callable[[], object]) -> dict[str, Way]:
    return {
        HELLO: Way(lambda: ada.page(stage.HELLO)),
        IDENTITY: Way(lambda: ada.page(stage.IDENTITY)),
        COLD: Way(lambda: ada.page("/"), before=empty),
        UNCHANGED: Way(lambda: ada.page("/"), before=lambda: ada.page("/")),
        UNFOLDED: Way(lambda: ada.page("/", "yesterday=open"), before=empty),
    }


def _pages(browser: Browser, empty: Callable[[], object]) -> dict[str, Way]:
    paths = {TODAY: "/", STATS: "/stats", HABIT: browser.habit_page()}

    def look(path: str) -> Callable[[], Answer]:
        return lambda: browser.page(path)

    return {what: Way(look(path), before=empty) for what, path in paths.items()}


def _presses(browser: Browser) -> dict[str, Way]:
    # Both, wherever one is measured: what one keeps the other has to take back.
    add, take = browser.amounts()
    return {
        COMMIT: Way(browser.presses("commit")),
        UNDO: Way(browser.presses("undo")),
        AMOUNT: Way(add),
        TAKE: Way(take),
    }


def _late(browser: Browser) -> dict[str, Way]:
    press, check = browser.late_presses(clock.now().date() - _PAST)
    return {LATE: Way(press, before=check)}


def _rests(browser: Browser) -> dict[str, Way]:
    today = clock.now().date()
    rest, delete = browser.rests(*(today - ago for ago in _RESTED))
    return {REST: Way(rest, before=delete, rounds=_SELDOM)}
