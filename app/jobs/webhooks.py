"""Tells the programs of users what has happened: see operations/deliveries.py.

Receivers are slow, and there is other work: each is told by a thread of its own, of few. The job
looks after them for a moment and leaves off; whoever hangs is asked for next time. The threads know
nothing of the database.
"""

import logging
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from flask import Flask

from app.config import Settings
from app.infra import clock, db, reach, signature
from app.infra.outward import Outward, Unsent
from app.infra.reach import Resolve
from app.infra.worker import Shift
from app.operations import deliveries
from app.operations.deliveries import Taken
from app.rules.webhooks import Failure
from app.web import sealed
from app.web.webhooks import SECRET

_log = logging.getLogger(__name__)
# As many receivers may hang at once before others wait for them, ten seconds at most.
THREADS = 8
# Seconds that the other jobs wait while there is much to tell.
_SLICE = 2.0
# Webhooks that are looked through in one go.
_GATHERED_AT_ONCE = 100
_AGENT = "CommitLife-Webhooks"

Told = tuple[int | None, Failure | None]


class Webhooks:
    """The way out of one worker to the programs of users."""

    def __init__(self, app: Flask, resolve: Resolve = reach.resolve) -> None:
        """Go where the settings of `app` allow; names are found by `resolve`."""
        settings: Settings = app.extensions["settings"]
        self.outward = Outward(settings.webhook_networks, resolve)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="webhook")
        self._under_way: dict[Future[Told], Taken] = {}

    def gather(self, shift: Shift) -> None:
        """Post what webhooks were not told yet."""
        for _ in range(_GATHERED_AT_ONCE):
            if not shift.goes_on():
                return
            with db.transaction() as writing:
                if not deliveries.gather(writing):
                    return

    def run(self, shift: Shift) -> None:
        """Tell what is due, for a moment; what is under way then is noted the next time."""
        ends = time.monotonic() + _SLICE
        while shift.goes_on():
            self._take_up()
            left = ends - time.monotonic()
            if not self._under_way or left <= 0:
                return
            self._note(left)

    def end(self) -> None:
        """Note what is under way before the worker leaves. Each takes seconds at most."""
        while self._under_way:
            self._note(None)

    def sweep(self, shift: Shift) -> None:
        """Forget what was long ago."""
        done = deliveries.AT_ONCE
        while shift.goes_on() and done == deliveries.AT_ONCE:
            with db.transaction() as writing:
                done = deliveries.sweep(writing)

    def _take_up(self) -> None:
        while len(self._under_way) < THREADS:
            with db.transaction() as writing:
                taken = deliveries.take(writing)
            if taken is None:
                return
            self._under_way[self._threads.submit(self._tell, taken, _secret(taken))] = taken

    def _note(self, seconds: float | None) -> None:
        done, _ = wait(self._under_way, seconds, FIRST_COMPLETED)
        for each in done:
            taken = self._under_way[each]
            with db.transaction() as writing:
                became = deliveries.note(writing, taken, *each.result())
            del self._under_way[each]
            # Where it went is the user's matter, and no log's.
            level = logging.INFO if became == "taken" else logging.WARNING
            _log.log(
                level, "Delivery %d (%s) to webhook %d is %s",
                taken.id, taken.event, taken.webhook_id, became,
            )  # fmt: skip

    def _tell(self, taken: Taken, secret: str | None) -> Told:
        if secret is None:
            return None, Failure.SECRET
        body, second = taken.body.encode(), int(clock.now().timestamp())
        signed = signature.headers(secret, taken.mark, second, body)
        about = {"Content-Type": "application/json", "User-Agent": _AGENT}
        try:
            return self.outward.post(taken.address, about | signed, body), None
        except Unsent as error:
            return None, Failure(str(error))


def _secret(taken: Taken) -> str | None:
    try:
        return sealed.unseal(SECRET, taken.secret)
    except ValueError:
        # SECRET_KEY is another one now.
        return None
