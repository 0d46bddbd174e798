"""Whoever tries an address at a door learns nothing of whether it has an account."""

import time
from statistics import median

import pytest
from flask.testing import FlaskClient

from tests.views.cached_pages import KEY
from tests.world import World

pytestmark = pytest.mark.usefixtures("at", "mail")

KNOWN, UNKNOWN = "ada@example.org", "eve@example.org"
NO_PASSWORD = {"password": "not this one"}
# Named for each request, and not made of what was asked.
NAMES = {"X-Request-Id"}


def answer_for(
    client: FlaskClient, path: str, email: str
) -> tuple[int, list[tuple[str, str]], str]:
    """Everything that whoever asks is told, but for the address that they typed."""
    answer = client.post(path, data=NO_PASSWORD | {"email": email})
    headers = [(name, value) for name, value in answer.headers if name not in NAMES]
    return answer.status_code, headers, KEY.sub("", answer.text).replace(email, "")


@pytest.mark.parametrize("path", ["/login", "/forgot", "/signup"])
def test_known_and_unknown_addresses_get_the_same_bytes(
    world: World, client: FlaskClient, path: str
):
    """Line 9 of docs/security.md."""
    assert world.ada
    assert answer_for(client, path, KNOWN) == answer_for(client, path, UNKNOWN)


@pytest.mark.parametrize("path", ["/forgot", "/signup"])
def test_known_and_unknown_addresses_take_the_same_time(
    world: World, client: FlaskClient, path: str
):
    """Line 9 of docs/security.md."""
    assert world.ada

    def seconds(email: str) -> float:
        """The work of this thread, which does not grow while others have the machine."""
        began = time.thread_time()
        client.post(path, data={"email": email})
        return time.thread_time() - began

    pairs = [(seconds(KNOWN), seconds(UNKNOWN)) for _ in range(100)]
    known, unknown = map(median, zip(*pairs, strict=True))
    assert abs(known - unknown) < 0.01
