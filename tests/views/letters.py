"""Letters as they are read: who gets one, which one it is, and the link in it."""

import re
from dataclasses import dataclass, replace

import pytest
from flask import Flask, current_app

from app.infra import db
from app.queries import outbox
from app.web.letters import write

# What a reader presses, without the place.
_LINK = re.compile(r"^(https?://[^/\s]+)(/\S+\?link=\S+|/invite/\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """One letter; `link` is empty where it has none, and `place` is where that leads."""

    to: str
    kind: str
    link: str
    place: str


def switch_mail_on(app: Flask, monkeypatch: pytest.MonkeyPatch, **said: object) -> None:
    """Let `app` send mail for the time of a test."""
    settings = replace(app.extensions["settings"], mail_url="smtp://localhost:1", **said)
    monkeypatch.setitem(app.extensions, "settings", settings)


def letters() -> list[Letter]:
    """Return all letters that are to be sent, the oldest first."""
    with db.reading() as reading:
        messages = outbox.latest(reading, 100)
    found = []
    for message in messages:
        link = _LINK.search(write(current_app, message).text)
        place, path = link.groups() if link else ("", "")
        found.append(Letter(message.address, message.kind, path, place))
    return found


def letter(to: str, kind: str) -> Letter:
    """Return the newest letter of this kind to an address."""
    return [each for each in letters() if (each.to, each.kind) == (to, kind)][-1]
