"""A circuit breaker: what has failed is left alone for a while, so that nobody waits for it."""

import threading
import time

# How long nobody asks again after a failure, unless said otherwise.
REST_SECONDS = 5.0


class Circuit:
    """Closed while all is well. A failure opens it: then one try is let through now and then.

    `rest` is how many seconds lie between two tries.
    """

    def __init__(self, rest: float = REST_SECONDS) -> None:
        self._rest = rest
        self._lock = threading.Lock()
        self._next_try: float | None = None

    def lets_through(self) -> bool:
        """Tell whether to try. While it is open, one of many that ask is told yes, once a rest."""
        # Without the lock: while all is well this is asked by every request.
        if self._next_try is None:
            return True
        with self._lock:
            if self._next_try is None or time.monotonic() < self._next_try:
                return self._next_try is None
            self._next_try = time.monotonic() + self._rest
            return True

    def open(self) -> None:
        """Note a failure."""
        with self._lock:
            self._next_try = time.monotonic() + self._rest

    def close(self) -> None:
        """Note that a try went well."""
        if self._next_try is not None:
            with self._lock:
                self._next_try = None
