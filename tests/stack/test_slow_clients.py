"""Hundreds of connections that hardly send anything hold up nobody else."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.stack.engine import DOMAIN, Stack, eventually, log, trusting
from tests.stack.visitor import Visitor

# Seconds: what nginx gives a whole header, or the next piece of a body; what a busy machine adds;
# and what a page may take meanwhile.
PATIENCE, LEEWAY, QUICK = 10, 5, 1
HEADERS = 400
# Of one address nginx lets a hundred be inside a request.
BODIES = 90
_BEGUN = (
    f"POST /pet HTTP/1.1\r\nHost: {DOMAIN}\r\nContent-Length: 5000\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\nname="
)

Send = Callable[[asyncio.StreamWriter], Awaitable[None]]


async def _drip(writer: asyncio.StreamWriter) -> None:
    """Send a header, a byte a second."""
    for byte in b"GET / HTTP/1.1\r\nX-Slow: " + b"a" * 1000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(1)


async def _stall(writer: asyncio.StreamWriter) -> None:
    """Send the beginning of a form, and nothing more."""
    writer.write(_BEGUN.encode())
    await writer.drain()


@pytest.mark.parametrize(("many", "send"), [(HEADERS, _drip), (BODIES, _stall)])
def test_slow_clients_are_closed_after_ten_seconds_and_others_do_not_notice(
    stack: Stack, ada: Visitor, many: int, send: Send
):
    opened: list[float] = []
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(asyncio.run, _all(many, stack.port, send, opened))
        eventually(lambda: len(opened) == many, PATIENCE)
        answers = [ada.get("/")]
        while not slow.done():
            answers.append(ada.get("/"))
    lasted = slow.result()
    waits = sorted(answer.seconds for answer in answers)
    log.info(
        "%d slow connections lasted %.1f to %.1f s; %d pages meanwhile took %.0f ms, at most %.0f",
        many, min(lasted), max(lasted), len(waits), waits[len(waits) // 2] * 1000, waits[-1] * 1000,
    )  # fmt: skip
    assert {answer.status for answer in answers} == {200}
    assert waits[-1] < QUICK
    assert min(lasted) > PATIENCE - 1
    assert max(lasted) < PATIENCE + LEEWAY


async def _all(many: int, port: int, send: Send, opened: list[float]) -> list[float]:
    """Keep so many slow connections until each is closed; how many seconds each lasted."""
    context = trusting()
    return await asyncio.gather(*(_one(port, context, send, opened) for _ in range(many)))


async def _one(port: int, context: ssl.SSLContext, send: Send, opened: list[float]) -> float:
    # From the first packet on: with hundreds of handshakes at once, nginx counts long before ours
    # is done.
    begun = time.monotonic()
    reader, writer = await asyncio.open_connection(DOMAIN, port, ssl=context)
    opened.append(begun)
    sending = asyncio.ensure_future(send(writer))
    # Closed by a reset, or after a page that says so.
    with suppress(OSError):
        await reader.read()
    seconds = time.monotonic() - begun
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    writer.transport.abort()
    return seconds
