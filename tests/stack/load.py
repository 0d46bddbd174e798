"""Many clients at once, cheaply: they ask as soon as they are answered, and count."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from tests.stack.engine import DOMAIN, Stack, trusting
from tests.stack.visitor import Tally, Visitor

# Seconds until a client that was refused asks again.
_PAUSE = 0.1
_ACCEPTED = (200, 303)

Requests = Iterator[bytes]


def run(stack: Stack, requests: Callable[[int], Requests], many: int, seconds: float) -> Tally:
    """Let `many` clients send what `requests(number)` yields, one after the other, for so long."""
    return asyncio.run(_run(stack.port, requests, many, seconds))


def pages_and_presses(people: list[tuple[Visitor, int]]) -> Callable[[int], Requests]:
    """What people do: look at Today and at their pet, commit, take back."""

    def requests(number: int) -> Requests:
        visitor, habit = people[number % len(people)]
        while True:
            yield _request(visitor, "/")
            yield _request(visitor, f"/habits/{habit}/commit", {"key": secrets.token_hex(12)})
            yield _request(visitor, "/pet")
            yield _request(visitor, f"/habits/{habit}/undo", {"key": secrets.token_hex(12)})

    return requests


def _request(visitor: Visitor, path: str, form: dict[str, str] | None = None) -> bytes:
    body = urlencode(form or {})
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    lines = [
        f"{'GET' if form is None else 'POST'} {path} HTTP/1.1",
        f"Host: {DOMAIN}:{visitor.port}", f"Origin: {visitor.origin}", f"Cookie: {cookies}",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
    ]  # fmt: skip
    return "\r\n".join([*lines, "", body]).encode()


async def _run(port: int, requests: Callable[[int], Requests], many: int, seconds: float) -> Tally:
    tally, context, end = Tally(), trusting(), time.monotonic() + seconds

    async def client(number: int) -> None:
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        for request in requests(number):
            if time.monotonic() > end:
                break
            begun = time.monotonic()
            try:
                connection = connection or await asyncio.open_connection(DOMAIN, port, ssl=context)
                status, keeps = await _answer(*connection, request)
            except (OSError, asyncio.IncompleteReadError):
                status, keeps = 0, False
            tally.statuses[status] += 1
            if status in _ACCEPTED:
                tally.seconds.append(time.monotonic() - begun)
            else:
                await asyncio.sleep(_PAUSE)
            if connection and not keeps:
                connection[1].transport.abort()
                connection = None
        if connection:
            connection[1].transport.abort()

    await asyncio.gather(*map(client, range(many)))
    return tally


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, bool]:
    """Send a request; return the status of its answer, and whether the connection stays."""
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
    await reader.readexactly(int(headers["content-length"]))
    return int(head.split(" ", 2)[1]), headers.get("connection") != "close"
