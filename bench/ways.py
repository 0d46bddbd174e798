"""The requests that are measured, and whose they are."""

from collections.abc import Callable

from flask import Flask

from bench import data, stage
from bench.browser import Answer, Browser
from bench.measure import Way

# What is asked of the reference.
HELLO, IDENTITY = "hello", "identity"
COLD, UNCHANGED = "Today, cold", "Today, unchanged"
COMMIT, UNDO = "commit with its fragments", "undo with its fragments"
# What is asked of those who have been here for a short and a long time, beside presses.
TODAY, STATS, HABIT = "Today", "/stats", "a habit's page"


def of(what: str, email: str) -> str:
    """Return the name of what is asked of one of `data.PEOPLE`; the reference's has no addition."""
    return what if email == data.REFERENCE else f"{what}: {email.partition('@')[0]}"


def every(app: Flask) -> dict[str, Way]:
    """Return all of them by name, each person signed in already."""
    empty = app.extensions["cache"].clear
    with app.app_context():
        browsers = {email: Browser(app, email) for email in data.PEOPLE}
        asked = {email: _presses(browser) for email, browser in browsers.items()}
        for email in (data.TWELVE_WEEKS, data.TEN_YEARS):
            asked[email] |= _pages(browsers[email], empty)
    asked[data.REFERENCE] |= _alone(browsers[data.REFERENCE], empty)
    return {of(what, email): way for email, ways in asked.items() for what, way in ways.items()}


def _alone(ada: Browser, empty: Callable[[], object]) -> dict[str, Way]:
    return {
        HELLO: Way(lambda: ada.page(stage.HELLO)),
        IDENTITY: Way(lambda: ada.page(stage.IDENTITY)),
        COLD: Way(lambda: ada.page("/"), before=empty),
        UNCHANGED: Way(lambda: ada.page("/"), before=lambda: ada.page("/")),
    }


def _pages(browser: Browser, empty: Callable[[], object]) -> dict[str, Way]:
    paths = {TODAY: "/", STATS: "/stats", HABIT: browser.habit_page()}

    def look(path: str) -> Callable[[], Answer]:
        return lambda: browser.page(path)

    return {what: Way(look(path), before=empty) for what, path in paths.items()}


def _presses(browser: Browser) -> dict[str, Way]:
    # Both, wherever one is measured: what one keeps the other has to take back.
    return {COMMIT: Way(browser.presses("commit")), UNDO: Way(browser.presses("undo"))}
