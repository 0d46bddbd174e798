"""Ends the accounts whose grace is over, and again those that a backup has brought back."""

import logging
from itertools import islice

from flask import Flask

from app.config import Settings
from app.infra import db, departed
from app.infra.worker import Shift
from app.operations import leaving
from app.operations.leaving import Gone

_log = logging.getLogger(__name__)
_AT_ONCE = 1000
# Seconds. Ten years of two hundred habits go with one row, and nobody waits for it.
_TAKES = 600


def end(shift: Shift) -> None:
    """Delete every account whose time has come, each in a transaction of its own."""
    ended = True
    while ended and shift.goes_on():
        with db.patient(_TAKES), db.transaction() as writing:
            ended = leaving.end_one(writing)


class Again:
    """Looks through the list beside the backups whether somebody is back who had left."""

    def __init__(self, app: Flask) -> None:
        """Look where the settings of `app` say that the backups are."""
        settings: Settings = app.extensions["settings"]
        self._folder = settings.backups_dir

    def run(self, shift: Shift) -> None:
        """Delete again who is back, and forget those who are in no backup any more."""
        found = (Gone(*one) for one in departed.listed(self._folder))
        while shift.goes_on() and (gone := tuple(islice(found, _AT_ONCE))):
            with db.patient(_TAKES), db.transaction() as writing:
                back = leaving.end_again(writing, gone)
            if back:
                _log.warning("A backup had brought %d deleted accounts back: gone again", back)
        with db.transaction() as writing:
            leaving.sweep(writing)
