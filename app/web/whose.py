"""Whose page a form stands on: the key of every form of ours says it, and tells nobody else.

Somebody may sign in as another in a second tab. What is pressed on a page of before is meant for
the account that the page was drawn for, and for no other.
"""

import secrets
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import blake2b

from flask import Flask, current_app, request

from app.config import Settings
from app.rules.errors import AnothersPage
from app.web import access
from app.web.security import SAFE

# A key begins with the mark of its page: twelve characters by chance, and four of the account.
_BY_CHANCE, _OF_ACCOUNT = 12, 4
_MARK = _BY_CHANCE + _OF_ACCOUNT
_VISITOR = 0


def init_app(app: Flask) -> None:
    """Refuse what is pressed on another account's page, before any view looks at it."""
    app.before_request(_check_closed_views)


def fresh_mark() -> str:
    """Return a mark that no page has had, of a page for the one who looks: 16 letters, - and _."""
    who = access.current()
    keys = _keys()
    return secrets.token_urlsafe(9) + _tag(keys[0], who.user_id if who else _VISITOR)


def check(key: str) -> None:
    """Raise AnothersPage where the form with this key was drawn for another account.

    A key that is none of ours says nothing of that.
    """
    who = access.current()
    if who and is_marked(key) and not is_of(key, who.user_id) and not is_of(key, _VISITOR):
        raise AnothersPage


def is_marked(key: str) -> bool:
    """Tell whether a key is one of a form of ours."""
    return key[_MARK : _MARK + 1] == "-"


def is_of(key: str, user_id: int) -> bool:
    """Tell whether the form with this key was drawn for a user, also before the key of the app
    was another one."""
    return key[_BY_CHANCE:_MARK] in {_tag(secret, user_id) for secret in _keys()}


def _check_closed_views() -> None:
    # Who signs in or up means the account that they type.
    if request.method not in SAFE and not access.is_public(request.endpoint):
        check(request.form.get("key", ""))


def _keys() -> list[str]:
    settings: Settings = current_app.extensions["settings"]
    return settings.secret_keys


@lru_cache(1024)
def _tag(secret: str, user_id: int) -> str:
    key = blake2b(secret.encode()).digest()
    digest = blake2b(str(user_id).encode(), key=key, person=b"whose page", digest_size=3).digest()
    return urlsafe_b64encode(digest).decode()
