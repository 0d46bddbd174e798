"""A real receiver on this machine, which does as it is told, and who checks what it gets."""

import socket
import ssl
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.client import parse_headers

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

# A receiver that hangs says nothing for so many seconds, unless the other side leaves.
_HANGS = 20.0


@dataclass(frozen=True)
class Request:
    """What somebody has sent."""

    line: str
    headers: Message
    body: bytes

    @property
    def mark(self) -> str:
        return str(self.headers["webhook-id"])


@dataclass
class Receiver:
    """What was received, and what is said from now on.

    `answers` are given one after the other, a status or the word for something worse, then each is
    taken. `on_request` is done with each request in hand, before anything is answered.
    """

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    answers: list[int | str] = field(default_factory=list)
    on_request: Callable[[int], object] = lambda _number: None
    tls: ssl.SSLContext | None = None
    names: list[str | None] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/kept?by=us"

    @property
    def marks(self) -> list[str]:
        return [request.mark for request in self.requests]

    def serve(self, connected: socket.socket) -> None:
        with suppress(OSError), closing(connected):
            self.connections += 1
            if self.tls is not None:
                connected = self.tls.wrap_socket(connected, server_side=True)
            with closing(connected), connected.makefile("rb") as said:
                line = said.readline().decode()
                headers = parse_headers(said)
                # Who was killed says nothing.
                body = said.read(int(headers["Content-Length"] or 0))
                if not line.startswith("POST"):
                    return
                self.requests.append(Request(line.strip(), headers, body))
                answer = self.answers.pop(0) if self.answers else 200
                self.on_request(len(self.requests))
                self.say(connected, answer)

    def say(self, to: socket.socket, answer: int | str) -> None:
        if answer == "hang":
            to.settimeout(_HANGS)
            to.recv(1)
        elif answer == "drip":
            to.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
            for _ in range(100):
                to.sendall(b"a")
                time.sleep(0.05)
        elif answer == "huge":
            to.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
            for _ in range(100):
                to.sendall(b"a" * 1_000_000)
        elif answer == "garbage":
            to.sendall(b"\0\xff" * 100 + b"\r\n\r\n")
        elif answer == "headers":
            to.sendall(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 10_000 + b"\r\n")
        elif answer == "redirect":
            to.sendall(
                f"HTTP/1.1 302 Found\r\nLocation: {self.url}\r\nContent-Length: 0\r\n\r\n".encode()
            )
        elif answer != "close":
            to.sendall(f"HTTP/1.1 {answer} Said\r\nContent-Length: 2\r\n\r\nhm".encode())


@contextmanager
def served(**said: object) -> Iterator[Receiver]:
    """Run a receiver for the length of the block."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        receiver = Receiver(server.getsockname()[1], **said)  # type: ignore[arg-type]

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connected, _ = server.accept()
                    threading.Thread(target=receiver.serve, args=(connected,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield receiver
        # Closing alone does not wake who waits for somebody.
        server.shutdown(socket.SHUT_RDWR)


def is_signed(request: Request, secret: str, now: float | None = None) -> bool:
    """Tell whether a request is of who knows the secret, as the specification says it.

    Written from https://www.standardwebhooks.com, on another implementation of HMAC than ours.
    """
    headers = request.headers
    second = int(headers["webhook-timestamp"])
    if now is not None and abs(now - second) > 300:
        return False
    hmac = HMAC(b64decode(secret[len("whsec_") :]), SHA256())
    hmac.update(f"{headers['webhook-id']}.{second}.".encode() + request.body)
    wanted = "v1," + b64encode(hmac.finalize()).decode()
    return wanted in headers["webhook-signature"].split(" ")
