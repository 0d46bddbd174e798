"""In which language a request is answered: today all in one."""

from functools import partial

from flask import Flask, current_app

from app.rules import language
from app.rules.language import Language
from app.web import formats

ENGLISH = Language("en", number=partial(formats.number, "en", "number"))


def init_app(app: Flask) -> None:
    """Speak from the first to the last word of a request."""
    app.extensions["language"] = ENGLISH
    app.before_request(_speak)


def _speak() -> None:
    # The one place that decides; a claim of the user's would be asked for here.
    language.use(current_app.extensions["language"])
