"""A worker of gunicorn that a slow or idle client cannot hold, and whose own errors are dressed.

A connection on which nothing has come yet waits beside the threads. One that has begun a request
holds a thread until it is read whole, hence not for long: whoever is slower counts as gone.
"""

import socket
import time
from collections.abc import Mapping
from functools import partial
from selectors import EVENT_READ
from typing import Any, ClassVar

from gunicorn.workers.gthread import TConn, ThreadWorker

# Seconds that a whole request, its form too, may take to arrive.
READ_WITHIN = 10.0


class WebWorker(ThreadWorker):
    """gunicorn's worker with threads, with a bound for whoever sends a request.

    `headers` go with the answers that gunicorn makes itself.
    """

    headers: ClassVar[Mapping[str, str]] = {}

    def enqueue_req(self, conn: TConn) -> None:
        """Give a connection to a thread if something has come, else to those that are watched."""
        if not isinstance(conn.sock, _Bounded):
            conn.sock = _Bounded(fileno=conn.sock.detach())
        if conn.initialized or conn.wait_for_data(0):
            conn.sock.begin()
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + READ_WITHIN
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, EVENT_READ, readable)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what is no request, or what went wrong outside of the app."""
        super().handle_error(req, _Dressed(client, self.headers), addr, exc)


class _Bounded(socket.socket):
    """A connection whose next request must be read within READ_WITHIN; later it looks ended."""

    _ends_at = 0.0

    def begin(self) -> None:
        """Bound the next request from now on, be a thread free for it or not."""
        self._ends_at = time.monotonic() + READ_WITHIN

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        if self.gettimeout() is not None:
            # gunicorn has a bound of its own, as for what nobody has read.
            return super().recv(size, flags)
        try:
            # What is there already is read, however long it had to wait for a thread.
            self.settimeout(max(0.0, self._ends_at - time.monotonic()))
            return super().recv(size, flags)
        except (BlockingIOError, TimeoutError):
            return b""
        finally:
            # For what is sent, which takes as long as it takes.
            self.settimeout(None)


class _Dressed:
    """A client to whom answers go with more headers than gunicorn gives them."""

    def __init__(self, client: Any, headers: Mapping[str, str]) -> None:
        self._client = client
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def sendall(self, answer: bytes) -> None:
        status, rest = answer.split(b"\r\n", 1)
        self._client.sendall(status + b"\r\n" + self._headers + rest)
