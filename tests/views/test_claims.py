"""Signed claims that no version of the app can have written: whoever has them is a visitor."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.rules.identity import Claims
from tests.conftest import browser
from tests.world import NOON, World, claims

pytestmark = pytest.mark.usefixtures("at")

# Whatever JSON can say, and what it says beyond the numbers: Python reads NaN and 1e999 too.
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, 10**300])
    | st.floats()
    | st.sampled_from([1e300, -1e300, 1e18, 253402300800.0, 253402300799.9, -62135596800.0])
    | st.text(max_size=5)
    | st.sampled_from(["\ud800", "\0", "UTC", "system", "x" * 10_000])
)
ANY = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)
)
NAMES = sorted(Claims.__dataclass_fields__)


def status(app: Flask, said: object, user: object = "1", path: str = "/settings") -> int:
    client = browser(app)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = user
        cookie["claims"] = said
    return client.get(path).status_code


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(NAMES), ANY, min_size=1, max_size=2))
def test_no_claim_of_whatever_kind_is_a_fault(world: World, said: dict[str, object]):
    true = claims(world.ada).to_cookie()
    assert status(world.app, true | said) in {200, 303}
    assert status(world.app, true | said, path="/") == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("user_id", 10**30), ("user_id", 2**63), ("user_id", -(2**63) - 1), ("user_id", 1e300),
        ("session_id", 10**30), ("session_id", float("nan")), ("issued_at", 1e300),
        ("issued_at", float("inf")), ("name", "\ud800"), ("theme", "\ud800"), ("theme", "blue"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=6)])
def test_a_claim_past_all_bounds_makes_a_visitor_now_and_when_it_is_read_again(
    world: World, at, name: str, value: object, later: timedelta
):
    said = claims(world.ada).to_cookie() | {name: value}
    at(NOON + later)
    assert status(world.app, said) == 303
    assert status(world.app, said, path="/") == 200


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY, ANY)
def test_no_claims_of_whatever_shape_are_a_fault(app: Flask, said: object, user: object):
    assert status(app, said, user) == 303
