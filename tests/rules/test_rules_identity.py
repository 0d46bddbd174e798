"""What a cookie may claim, and what it is taken for."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.rules.identity import Claims

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
ADA = Claims(
    user_id=7, session_id=9, issued_at=NOON, name="Ada", is_premium=True, timezone="Asia/Tokyo",
    day_start=4, theme="dark", shortcuts=False,
)  # fmt: skip
LISTED = [7, 9, "Ada", True, "Asia/Tokyo", 4, "dark", False, NOON.timestamp()]
NAMELESS = replace(ADA, name="")
DEFAULTS = {
    "is_premium": False, "timezone": "UTC", "day_start": 0, "theme": "system", "shortcuts": True,
}  # fmt: skip


def test_what_was_claimed_comes_back_but_for_the_name():
    assert Claims.from_cookie(ADA.to_cookie()) == NAMELESS


def test_a_name_that_an_older_cookie_holds_is_taken():
    assert Claims.from_cookie(ADA.to_cookie() | {"name": "Ada"}) == ADA


def test_claims_without_names_are_those_of_their_places():
    assert Claims.from_cookie(LISTED) == ADA


@pytest.mark.parametrize(("name", "default"), DEFAULTS.items())
def test_a_claim_that_is_missing_has_its_default(name: str, default: object):
    said = ADA.to_cookie()
    assert said.pop(name) != default
    assert Claims.from_cookie(said) == replace(NAMELESS, **{name: default})


def test_a_claim_that_nobody_knows_is_passed_over():
    assert Claims.from_cookie(ADA.to_cookie() | {"locale": "fr", "actor": 1}) == NAMELESS


@pytest.mark.parametrize("name", ["user_id", "session_id", "issued_at"])
def test_nothing_stands_in_for_whose_claims_they_are_and_of_when(name: str):
    said = ADA.to_cookie()
    del said[name]
    assert Claims.from_cookie(said) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("user_id", "7"), ("user_id", None), ("user_id", True), ("session_id", 9.0),
        ("session_id", [9]), ("name", None), ("name", 5), ("is_premium", 1), ("timezone", 1),
        ("timezone", "Mars/Olympus"), ("timezone", ""), ("timezone", "../etc/passwd"),
        ("timezone", ["UTC"]), ("day_start", "4"), ("day_start", 24), ("day_start", -1),
        ("theme", None), ("shortcuts", "on"), ("issued_at", "noon"), ("issued_at", None),
        ("issued_at", 1e300), ("issued_at", 1e12), ("issued_at", float("nan")),
        ("issued_at", [1]),
    ],
)  # fmt: skip
def test_a_claim_that_is_damaged_spoils_them_all(name: str, value: object):
    assert Claims.from_cookie(ADA.to_cookie() | {name: value}) is None


@pytest.mark.parametrize(
    "said",
    [None, "", "text", 5, True, [], {}, LISTED[:-1], [*LISTED, 1], [None] * 9, [[]] * 9, [{}] * 9],
    ids=repr,
)
def test_what_has_another_shape_claims_nothing(said: object):
    assert Claims.from_cookie(said) is None
