"""Ids in URLs and forms: what cannot be an id in the database is answered as not there."""

import re

from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter

_HIGHEST = 2**63 - 1
_KEY = re.compile(r"[1-9][0-9]{0,18}")


def init_app(app: Flask) -> None:
    """Teach the app's routes `<key:…>`."""
    app.url_map.converters["key"] = KeyConverter


def parse_key(text: str) -> int | None:
    """Return the id that `text` writes in plain digits, or None if it cannot be one."""
    key = int(text) if _KEY.fullmatch(text) else 0
    return key if 0 < key <= _HIGHEST else None


class KeyConverter(BaseConverter):
    """An id, 1 to 2⁶³ − 1; anything else is a page that does not exist."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> int:
        """Return the id. Raises NotFound."""
        key = parse_key(value)
        if key is None:
            # ValidationError would end in 405 where the URL is known with another method too.
            raise NotFound
        return key
