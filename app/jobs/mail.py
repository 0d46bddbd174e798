"""Sends what stands in the outbox.

A message is taken in one transaction, sent outside of any, and noted in another one: see
operations/outbox.py. Between the last two a worker may be killed; the message is sent once more
then, with the same Message-ID.
"""

import logging
import time

from flask import Flask

from app.config import Settings
from app.infra import clock, db, metrics
from app.infra.mail import Delayed, Folder, Letter, Refused, Server, Unreached, Way
from app.infra.mail.server import Address
from app.infra.worker import Shift
from app.operations import outbox
from app.operations.outbox import Taken
from app.queries import outbox as queries
from app.queries.outbox import Message
from app.rules.mail import REMEMBERED
from app.web import letters

_log = logging.getLogger(__name__)
# Seconds. A server that is away is left alone; a database that is away is told again what was sent.
_LEFT_ALONE, _NOTED_AGAIN = 15.0, 1.0


class Delivery:
    """The way out of one worker."""

    def __init__(self, app: Flask) -> None:
        """Deliver as the settings of `app` say."""
        self._app = app
        self._way = _way(app.extensions["settings"])
        self._left_alone_until = 0.0

    def run(self, shift: Shift) -> None:
        """Send all that is due by one connection, or leave off when no server is there.

        What the reader waits for goes before what was subscribed to.
        """
        try:
            while shift.goes_on() and time.monotonic() >= self._left_alone_until:
                with db.transaction() as writing:
                    taken = outbox.take(writing)
                if taken is None:
                    return
                metrics.mailed(self._deliver(taken))
        finally:
            self._way.close()

    def count(self, _shift: Shift) -> None:
        """Tell the metrics how much waits."""
        with db.reading() as reading:
            counts = queries.counts(reading)
        age = (clock.now() - counts.oldest).total_seconds() if counts.oldest else 0.0
        metrics.outbox(counts.waiting, counts.parked, age)

    def sweep(self, shift: Shift) -> None:
        """Forget what is too late or was long ago."""
        done = outbox.AT_ONCE
        while shift.goes_on() and done == outbox.AT_ONCE:
            with db.transaction() as writing:
                done = outbox.sweep(writing)
        if isinstance(self._way, Folder):
            self._way.sweep(clock.now() - REMEMBERED)

    def _deliver(self, taken: Taken) -> str:
        failed: Exception | None = None
        # What a server says may hold the address, which no log does: the row of the outbox has it.
        try:
            where = self._way.send(self._written(taken))
            # Where no server is set somebody looks for the file, and so must be told.
            level = logging.WARNING if isinstance(self._way, Folder) else logging.INFO
            _log.log(level, "Message %d (%s) went to %s", taken.id, taken.kind, where)
        except Unreached as error:
            _log.warning("No mail server takes anything: %s", error)
            self._left_alone_until = time.monotonic() + _LEFT_ALONE
            failed = error
        except (Delayed, Refused) as error:
            failed = error
        became = self._note(taken, failed)
        if became in ("delayed", "parked"):
            _log.warning("Message %d (%s) is %s: see `mail show`", taken.id, taken.kind, became)
        return became

    def _written(self, taken: Taken) -> Letter:
        try:
            return letters.write(self._app, taken)
        except Exception as error:
            # The next message may be a good one.
            _log.exception("Message %d (%s) cannot be written", taken.id, taken.kind)
            raise Refused(f"cannot be written: {type(error).__name__}") from error

    def _note(self, taken: Taken, failed: Exception | None) -> str:
        """Note what became of a message, however often the database is away meanwhile."""
        while True:
            try:
                with db.transaction() as writing:
                    return outbox.note(writing, taken, failed)
            except Exception as error:
                if not db.is_away(error) or clock.now() >= taken.due_at:
                    raise
                time.sleep(_NOTED_AGAIN)


def read(app: Flask, message: Message) -> str | None:
    """Return a message as it is going to be sent, or as its file has it.

    None when a mail server has accepted it: what it said is not here any more.
    """
    if message.facts is not None:
        return letters.write(app, message).message().as_string()
    file = _folder(app.extensions["settings"]).file(message.id)
    return file.read_text(encoding="utf-8") if file.exists() else None


def _way(settings: Settings) -> Way:
    if settings.mail_url is None:
        return _folder(settings)
    return Server(Address.of(settings.mail_url))


def _folder(settings: Settings) -> Folder:
    return Folder(settings.data_dir / "mail")
