"""One request to an address that somebody has typed: bounded in time, and to where it may go.

The name is resolved once. All that it resolves to is looked at, and one of just these addresses is
connected to: a name that says something else a moment later leads nowhere else. No redirect is
followed, no proxy of the environment is asked.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from app.infra import reach
from app.infra.reach import Network, Resolve

# Seconds: until a connection stands, and for a request with all that belongs to it.
CONNECT_SECONDS, WHOLE_SECONDS = 3.0, 10.0
# Bytes of an answer that are read: its status says all, but a receiver may end its sentence.
_LITTLE = 4096
_PORTS = {"https": 443, "http": 80}


class Unsent(Exception):
    """A request that was not answered; its text is one word of why."""


@dataclass(frozen=True, slots=True)
class Outward:
    """The way out, to the internet and to the `networks` that the operator allows.

    Plain http goes to these alone.
    """

    networks: Sequence[Network] = ()
    resolve: Resolve = reach.resolve
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Send `body` and return the status of the answer.

        Raises Unsent with one of the words name, forbidden, unreached, certificate, slow, broken.
        """
        began, parts = time.monotonic(), urlsplit(url)
        line = _Line(self._connected(parts))
        with line.cut_at(began + WHOLE_SECONDS):
            try:
                return self._answered(line, parts, headers, body)
            except ssl.SSLCertVerificationError as error:
                raise Unsent("certificate") from error
            except (OSError, HTTPException, ValueError) as error:
                raise Unsent("slow" if line.is_cut else "broken") from error

    def _answered(
        self, line: "_Line", parts: SplitResult, headers: Mapping[str, str], body: bytes
    ) -> int:
        host = parts.hostname or ""
        if parts.scheme == "https":
            line.encrypt(self.tls(), host)
        connection = HTTPConnection(parts.netloc)
        # It never connects by itself: that would ask for the name once more.
        connection.auto_open = 0
        connection.sock = line.socket
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        where = {"Host": parts.netloc, "Connection": "close"}
        connection.request("POST", target, body, {**headers, **where})
        answer = connection.getresponse()
        # What a cut leaves behind may look like a whole answer.
        if line.is_cut:
            raise Unsent("slow")
        with suppress(OSError, HTTPException):
            answer.read1(_LITTLE)
        return answer.status

    def _connected(self, parts: SplitResult) -> socket.socket:
        port = parts.port or _PORTS[parts.scheme]
        last: OSError | None = None
        ends = time.monotonic() + CONNECT_SECONDS
        for address in self._addresses(parts, port):
            left = ends - time.monotonic()
            if left <= 0:
                break
            try:
                return socket.create_connection((address, port), timeout=left)
            except OSError as error:
                last = error
        raise Unsent("unreached") from last

    def _addresses(self, parts: SplitResult, port: int) -> Sequence[str]:
        """Return where the host is, if everything that it is called may be reached."""
        try:
            found = self.resolve(parts.hostname or "", port)
            # A name that leads outside and inside at once is no mistake.
            allowed = all(self._may_reach(parts.scheme, address) for address in found)
        except (OSError, ValueError) as error:
            raise Unsent("name") from error
        if not found:
            raise Unsent("name")
        if not allowed:
            raise Unsent("forbidden")
        return found

    def _may_reach(self, scheme: str, address: str) -> bool:
        if scheme == "http":
            return reach.is_in(address, self.networks)
        return reach.may_reach(address, self.networks)


class _Line:
    """A connection that another thread may cut."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket, self.is_cut = connected, False

    def encrypt(self, tls: ssl.SSLContext, host: str) -> None:
        """Speak TLS from here on, with a certificate of the host."""
        self.socket = tls.wrap_socket(
            self.socket, server_hostname=host, do_handshake_on_connect=False
        )
        self.socket.do_handshake()

    @contextmanager
    def cut_at(self, ends: float) -> Iterator[None]:
        """Close the line after the block, or in the midst of it: no drop by drop lasts longer."""
        left = max(ends - time.monotonic(), 0.0)
        self.socket.settimeout(left or None)
        timer = Timer(left, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.socket.close()

    def _cut(self) -> None:
        self.is_cut = True
        with suppress(OSError):
            # Not the one of TLS, which would wait for the other side.
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)
