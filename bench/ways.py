"""The requests that are measured: those of the reference, and those of who has more than others."""

from collections.abc import Callable

from flask import Flask

from bench import data, stage
from bench.browser import Answer, Browser
from bench.measure import Way

# What is asked of the reference.
HELLO, IDENTITY = "hello", "identity"
COLD, UNCHANGED = "Today, cold", "Today, unchanged"
COMMIT, UNDO = "commit with its fragments", "undo with its fragments"
# What is asked of those who have more, or less, than the reference: `of(STATS, data.TEN_YEARS)`.
TODAY, STATS, HABIT = "Today", "/stats", "a habit's page"


def of(what: str, email: str) -> str:
    """Return the name of what is asked of one of `data.PEOPLE`; the reference's has no addition."""
    return what if email == data.REFERENCE else f"{what}: {email.partition('@')[0]}"


def every(app: Flask) -> dict[str, Way]:
    """Return all of them by name, the requests of each person signed in already."""
    empty = app.extensions["cache"].clear
    with app.app_context():
        browsers = {email: Browser(app, email) for email in data.PEOPLE}
        found = _reference(browsers[data.REFERENCE], empty)
        for email in (data.TWELVE_WEEKS, data.TEN_YEARS):
            found |= _grown(browsers[email], email, empty)
        for email, browser in browsers.items():
            found |= _presses(browser, email)
    return found


def _reference(ada: Browser, empty: Callable[[], object]) -> dict[str, Way]:
    return {
        HELLO: Way(lambda: ada.page(stage.HELLO)),
        IDENTITY: Way(lambda: ada.page(stage.IDENTITY)),
        COLD: Way(lambda: ada.page("/"), before=empty),
        UNCHANGED: Way(lambda: ada.page("/"), before=lambda: ada.page("/")),
    }


def _grown(browser: Browser, email: str, empty: Callable[[], object]) -> dict[str, Way]:
    pages = {TODAY: "/", STATS: "/stats", HABIT: browser.habit_page()}

    def look(path: str) -> Callable[[], Answer]:
        return lambda: browser.page(path)

    return {of(what, email): Way(look(path), before=empty) for what, path in pages.items()}


def _presses(browser: Browser, email: str) -> dict[str, Way]:
    # Both, wherever one is measured: what one keeps the other has to take back.
    return {
        of(COMMIT, email): Way(browser.presses("commit")),
        of(UNDO, email): Way(browser.presses("undo")),
    }
