"""Ten times what one machine can take, for a minute."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.stack import load
from tests.stack.conftest import MakeStack
from tests.stack.engine import Stack, eventually, log
from tests.stack.visitor import NO_ANSWER, Tally, Visitor, prepared

# With one client for each thread of the app nobody waits and no thread is idle.
AT_CAPACITY = 8
TIMES = 10
MINUTE, WARM = 60, 10
SERVICES = ("nginx", "app", "db")
# MiB that a service may hold more after a minute than when it was warm.
FLAT = 48


@pytest.fixture(scope="module")
def shipped(make_stack: MakeStack) -> Stack:
    """A stack with the limits that it is delivered with."""
    return make_stack()


def test_ten_times_overload_is_refused_politely_and_forgotten_at_once(stack: Stack):
    # Each client is somebody, since one person's writes wait for each other.
    people = [prepared(stack) for _ in range(TIMES * AT_CAPACITY)]
    requests = load.pages_and_presses(people)
    capacity = load.run(stack, requests, AT_CAPACITY, WARM)
    before = {service: stack.memory(service) for service in SERVICES}
    overload = load.run(stack, requests, TIMES * AT_CAPACITY, MINUTE)
    back = eventually(_as_ever(stack), 10)
    after = {service: stack.memory(service) for service in SERVICES}
    _tell(capacity, WARM)
    _tell(overload, MINUTE)
    log.info("as ever after %.1f s; MiB before: %s, after: %s", back, before, after)
    assert set(overload.statuses) <= {200, 303, 429, 503}
    assert overload.statuses[200] + overload.statuses[303] > len(capacity.seconds)
    assert overload.slowest < 2
    assert back < 5
    for service in SERVICES:
        assert after[service] - before[service] < FLAT, service
    assert "agree" in stack.verify()


def test_one_address_that_sends_ten_times_too_much_is_told_to_wait(shipped: Stack):
    requests = load.pages_and_presses([prepared(shipped) for _ in range(AT_CAPACITY)])
    overload = load.run(shipped, requests, TIMES * AT_CAPACITY, MINUTE)
    back = eventually(_as_ever(shipped), 10)
    _tell(overload, MINUTE)
    log.info("as ever after %.1f s", back)
    assert set(overload.statuses) <= {200, 303, 429, 503}
    assert overload.statuses[429]
    # Thirty pages and a hundred presses a second, and what may come at once.
    assert overload.statuses[200] + overload.statuses[303] < 130 * MINUTE + 320
    assert back < 5
    assert "agree" in shipped.verify()


def _as_ever(stack: Stack) -> Callable[[], bool]:
    """A question whether a newcomer's page comes at once."""

    def ask() -> bool:
        with suppress(*NO_ANSWER):
            answer = Visitor(stack).get("/login")
            return answer.status == 200 and answer.seconds < 0.5
        return False

    return ask


def _tell(tally: Tally, seconds: float) -> None:
    log.info("%.0f accepted a second: %s", len(tally.seconds) / seconds, tally)
