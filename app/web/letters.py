"""Letters: what a message of the outbox becomes in words, once as text and once as a page.

Both come from one template, `mail/<kind>.html`. It fills the blocks `subject` and `words`, and
draws with what it is given as `draw`: the same names, as text and as HTML.
"""

import html
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from textwrap import fill
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Flask, current_app
from markupsafe import Markup
from rcssmin import cssmin

from app.config import Settings
from app.infra.mail import Letter
from app.rules.language import _
from app.rules.subscriptions import Subscription
from app.web import formats, unsubscribing
from app.web.unsubscribing import Reader

_BLANK_LINES = re.compile(r"\n{3,}")
_LINE = 72
_STYLES = Path(__file__).parent.parent / "static/css"


class Message(Protocol):
    """A message as it stands in the outbox."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def address(self) -> str:
        """Where it goes."""

    @property
    def kind(self) -> str:
        """The name of its template."""

    @property
    def facts(self) -> Mapping[str, Any] | None:
        """What the template says."""

    @property
    def user_id(self) -> int | None:
        """Whose account it is about, if there is one."""

    @property
    def subscription(self) -> str | None:
        """What its reader can turn off."""

    @property
    def mark(self) -> str:
        """The local part of its Message-ID."""

    @property
    def created_at(self) -> datetime:
        """When it was written."""


def init_app(app: Flask) -> None:
    """Give the templates `letters_are_sent`."""
    app.jinja_env.globals.update(letters_are_sent=are_sent)


def are_sent() -> bool:
    """Tell whether letters leave by a mail server; without one each is a file of the operator's."""
    settings: Settings = current_app.extensions["settings"]
    return settings.mail_url is not None


def write(app: Flask, message: Message) -> Letter:
    """Return a message in words, in the language of its reader. Needs the context of the app.

    Raises whatever its template raises: the facts may not be those that it asks for.
    """
    formats.speak(app)
    settings: Settings = app.extensions["settings"]
    unsubscribe = _unsubscribe(app, message)
    subject, page = _drawn(app, message, "page", unsubscribe)
    _subject, text = _drawn(app, message, "text", unsubscribe)
    return Letter(
        number=message.id,
        mark=message.mark,
        sender=settings.mail_from,
        sender_name=_("Commit Life"),
        address=message.address,
        subject=html.unescape(subject).strip(),
        text=_plain(text),
        html=page.strip() + "\n",
        written_at=message.created_at,
        unsubscribe=unsubscribe,
    )


def _unsubscribe(app: Flask, message: Message) -> str | None:
    """Return the address that turns off what the message belongs to."""
    if message.subscription is None or message.user_id is None:
        return None
    reader = Reader(message.user_id, Subscription(message.subscription))
    return _link(app, "subscriptions.ask", token=unsubscribing.token_for(app, reader))


def _drawn(app: Flask, message: Message, medium: str, unsubscribe: str | None) -> tuple[str, str]:
    """Return the subject of a message, and the whole of it as text or as a page."""
    template = app.jinja_env.get_template(f"mail/{message.kind}.html")
    context = template.new_context(
        {
            **(message.facts or {}),
            "layout": f"mail/layouts/{medium}.html",
            "draw": app.jinja_env.get_template(f"mail/draw/{medium}.html").module,
            "link": partial(_link, app),
            # JSON knows no days.
            "date": date.fromisoformat,
            "pet_styles": _pet_styles,
            "host": urlsplit(app.extensions["settings"].origin).netloc,
            "address": message.address,
            "unsubscribe": unsubscribe,
        }
    )
    subject = "".join(template.blocks["subject"](context))
    return subject, "".join(template.root_render_func(context))


def _link(app: Flask, endpoint: str, **values: object) -> str:
    """Return the address of a page of ours, by PUBLIC_URL: no request has a say in it."""
    settings: Settings = app.extensions["settings"]
    scheme, host, *_rest = urlsplit(settings.origin)
    return app.url_map.bind(host, url_scheme=scheme).build(endpoint, values, force_external=True)


@cache
def _pet_styles() -> Markup:
    """Return the styles of our pages by which a pet has its colours."""
    styles = (_STYLES / f"{name}.css" for name in ("art", "tones"))
    return Markup(cssmin("".join(style.read_text(encoding="utf-8") for style in styles)))


def _plain(drawn: str) -> str:
    """Return what was drawn as text: nothing is escaped, lines have a length that can be read."""
    lines = [" ".join(line.split()) for line in html.unescape(drawn).split("\n")]
    filled = (fill(line, _LINE, break_long_words=False, break_on_hyphens=False) for line in lines)
    return _BLANK_LINES.sub("\n\n", "\n".join(filled)).strip() + "\n"
